from datetime import date
from types import SimpleNamespace

from academy import waiting
from academy.waiting import WaitingItem, gather

from ..factories import NOW


def test_gather_asks_every_app_and_puts_what_is_due_first_on_top(monkeypatch):
    declared = {
        "plans.waiting": [
            WaitingItem("方案", "", "/a/"),
            WaitingItem("审核", "", "/b/", due_on=date(2027, 3, 5)),
        ],
        "trainees.waiting": [WaitingItem("结班", "", "/c/", due_on=date(2027, 3, 2))],
    }
    apps = [
        SimpleNamespace(name=name, module=None)
        for name in ("plans", "trainees", "courses", "academy")
    ]
    monkeypatch.setattr(waiting, "apps", SimpleNamespace(get_app_configs=lambda: apps))
    monkeypatch.setattr(waiting, "module_has_submodule", lambda module, name: True)
    monkeypatch.setattr(
        waiting,
        "import_module",
        lambda name: SimpleNamespace(waiting_for=lambda user, now: declared.get(name, [])),
    )

    assert [item.title for item in gather("the person", NOW)] == ["结班", "审核", "方案"]


def test_nothing_waits_for_a_person_without_work(cadre):
    assert gather(cadre.user, NOW) == []
