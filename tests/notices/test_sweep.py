import json
import logging
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from notices.models import Notice, NoticeStatus
from notices.sweep import sweep
from notices.tasks import deliver_due_notices, send_due_notices

from ..factories import UserFactory
from .factories import FIVE_O_CLOCK, TOMORROW, NoticeFactory

NOTHING = {
    "written": 0,
    "changed": 0,
    "withdrawn": 0,
    "failed": 0,
    "digests": 0,
    "sent": 0,
    "messages": 0,
    "messages_failed": 0,
}


@pytest.fixture(autouse=True)
def _clock_and_one_reminder(reminder):
    """Every test here sweeps at five o'clock, with the hand-held reminder only."""
    with time_machine.travel(FIVE_O_CLOCK, tick=False):
        yield


def test_a_sweep_plans_and_sends_once(reminder, cadre, town):
    reminder.moments = {(cadre.user, town): TOMORROW}

    assert sweep(FIVE_O_CLOCK) == NOTHING | {"written": 1, "sent": 1}
    assert sweep(FIVE_O_CLOCK + timedelta(minutes=1)) == NOTHING
    assert Notice.objects.visible_to(cadre.user).count() == 1


def test_a_sweep_logs_one_line_with_counts_and_nobody_in_it(caplog, cadre):
    NoticeFactory(person=UserFactory(name="某某某", phone="13911112222"), title="给某某某的通知")

    with caplog.at_level(logging.INFO):
        sweep(FIVE_O_CLOCK)

    assert [
        record.getMessage() for record in caplog.records if record.name.startswith("notices")
    ] == [
        "Notices: written=0 changed=0 withdrawn=0 failed=0 digests=0 sent=1 messages=0"
        " messages_failed=0"
    ]
    assert "某某某" not in caplog.text
    assert "13911112222" not in caplog.text


def test_the_task_sweeps(cadre):
    NoticeFactory(person=cadre.user)

    send_due_notices()

    assert Notice.objects.get().status == NoticeStatus.SENT


def test_the_hurried_task_delivers_without_planning(reminder, cadre, town):
    reminder.moments = RuntimeError("must not be asked")
    NoticeFactory(person=cadre.user)

    deliver_due_notices()

    assert Notice.objects.get().status == NoticeStatus.SENT


def test_the_command_prints_counts(cadre, capsys):
    NoticeFactory(person=cadre.user)

    call_command("send_due_notices", "--json")

    assert json.loads(capsys.readouterr().out) == NOTHING | {"sent": 1}


def test_the_command_exits_1_when_something_failed(reminder, capsys):
    reminder.moments = RuntimeError("no")

    with pytest.raises(SystemExit) as end:
        call_command("send_due_notices", "--json")

    assert end.value.code == 1
    assert json.loads(capsys.readouterr().out) == NOTHING | {"failed": 1}
