from datetime import date
from types import SimpleNamespace

from academy import waiting
from academy.waiting import WaitingItem, gather

from ..factories import NOW


def test_gather_asks_every_app_and_puts_what_is_due_first_on_top(monkeypatch):
    declared = {
        "plans": [
            WaitingItem("方案", "", "/a/"),
            WaitingItem("审核", "", "/b/", due_on=date(2027, 3, 5)),
        ],
        "trainees": [WaitingItem("结班", "", "/c/", due_on=date(2027, 3, 2))],
    }

    def module(items):
        return SimpleNamespace(waiting_for=lambda user, now: items)

    monkeypatch.setattr(
        waiting, "declared_in", lambda name, but: [module(items) for items in declared.values()]
    )

    assert [item.title for item in gather("the person", NOW)] == ["结班", "审核", "方案"]


def test_nothing_waits_for_a_person_without_work(cadre):
    assert gather(cadre.user, NOW) == []
