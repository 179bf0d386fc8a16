import json
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from academy import invariants
from academy.invariants import Breach, audit


@pytest.fixture
def one_app(monkeypatch):
    """A house with one app whose checks a test names."""

    def build(*breaches):
        apps = SimpleNamespace(
            get_app_configs=lambda: [
                SimpleNamespace(name="academy", module=None),
                SimpleNamespace(name="room", module=None),
            ]
        )
        monkeypatch.setattr(invariants, "apps", apps)
        monkeypatch.setattr(
            invariants, "module_has_submodule", lambda module, name: name == "invariants"
        )
        monkeypatch.setattr(
            invariants,
            "import_module",
            lambda name: SimpleNamespace(breaches=lambda: iter(breaches)),
        )

    return build


def test_every_app_that_declares_invariants_is_asked(monkeypatch):
    asked = []

    def import_module(name):
        asked.append(name)
        return SimpleNamespace(breaches=lambda: iter(()))

    monkeypatch.setattr(invariants, "import_module", import_module)

    assert list(audit()) == []
    assert asked
    assert all(name.endswith(".invariants") for name in asked)


def test_the_audit_of_an_empty_house_finds_nothing(db, capsys):
    call_command("audit_invariants", "--json")

    assert json.loads(capsys.readouterr().out) == []


def test_breaches_are_printed_and_exit_with_1(one_app, capsys):
    one_app(Breach(1, "courses.SeatPool", 7, "21 of 20 seats are taken"))

    with pytest.raises(SystemExit) as end:
        call_command("audit_invariants", "--json")

    assert end.value.code == 1
    assert json.loads(capsys.readouterr().out) == [
        {"rule": 1, "model": "courses.SeatPool", "key": 7, "text": "21 of 20 seats are taken"}
    ]


def test_breaches_are_lines_for_people(one_app, capsys):
    one_app(
        Breach(1, "courses.SeatPool", 7, "21 of 20 seats are taken"),
        Breach(6, "plans.PlanVersion", 3, "not what was filed"),
    )

    with pytest.raises(SystemExit):
        call_command("audit_invariants")

    assert capsys.readouterr().out.splitlines() == [
        "1  courses.SeatPool  7  21 of 20 seats are taken",
        "6  plans.PlanVersion  3  not what was filed",
    ]
