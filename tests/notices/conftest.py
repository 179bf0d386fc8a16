import pytest

from notices import delivery, due_reminders

from .factories import HandHeldReminder


@pytest.fixture
def reminder(db, monkeypatch):
    """The only reminder there is."""
    held = HandHeldReminder()

    def only_this_one() -> dict:
        vars(held).pop("rule", None)  # a real sweep reads the rule anew
        return {held.kind: held}

    monkeypatch.setattr(due_reminders, "discover", only_this_one)
    monkeypatch.setattr(delivery, "discover", only_this_one)
    return held
