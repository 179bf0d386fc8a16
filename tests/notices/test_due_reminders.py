from datetime import timedelta

import pytest

from notices.due_reminders import Planned, plan
from notices.models import Notice, NoticeStatus, ReminderRule

from ..factories import NOW, TownFactory
from .factories import FIVE_O_CLOCK, TOMORROW, NoticeFactory


@pytest.fixture
def about(reminder, cadre, town):
    """The key under which the reminder holds the one thing of these tests: the cadre is reminded of
    the town.
    """
    reminder.moments = {(cadre.user, town): TOMORROW}
    return cadre.user, town


def outbox():
    return [
        (notice.person, notice.subject, notice.due_at, notice.moment, notice.title, notice.status)
        for notice in Notice.objects.order_by("pk")
    ]


def test_nothing_is_written_long_before_its_time(reminder, about):
    assert plan(NOW) == Planned()
    assert outbox() == []


def test_what_is_due_within_the_hour_is_written(reminder, about):
    assert plan(FIVE_O_CLOCK - timedelta(minutes=59)) == Planned(written=1)
    assert outbox() == [(*about, FIVE_O_CLOCK, TOMORROW, "提醒", NoticeStatus.PENDING)]


def test_a_second_sweep_writes_nothing(reminder, about):
    plan(FIVE_O_CLOCK)

    assert plan(FIVE_O_CLOCK) == Planned()
    assert len(outbox()) == 1


def test_what_another_worker_wrote_at_the_same_time_is_not_written_twice(
    reminder, about, monkeypatch
):
    plan(FIVE_O_CLOCK)
    # as if this one had looked before the other wrote
    monkeypatch.setattr("notices.due_reminders._notices", lambda keys: [])

    plan(FIVE_O_CLOCK)

    assert len(outbox()) == 1


def test_a_moved_moment_withdraws_the_old_reminder_and_writes_the_new_one(reminder, about):
    plan(FIVE_O_CLOCK)
    reminder.moments[about] = TOMORROW + timedelta(hours=4)

    assert plan(FIVE_O_CLOCK) == Planned(written=1, withdrawn=1)
    assert [(row[3], row[5]) for row in outbox()] == [
        (TOMORROW, NoticeStatus.WITHDRAWN),
        (TOMORROW + timedelta(hours=4), NoticeStatus.PENDING),
    ]


def test_a_changed_hour_or_text_changes_the_row_that_waits(reminder, about):
    plan(FIVE_O_CLOCK - timedelta(minutes=30))
    ReminderRule.objects.update(at_hour=16)
    reminder.title = "换了教室"

    assert plan(FIVE_O_CLOCK - timedelta(minutes=30)) == Planned(changed=1)
    assert outbox() == [
        (*about, FIVE_O_CLOCK - timedelta(hours=1), TOMORROW, "换了教室", NoticeStatus.PENDING)
    ]


def test_what_has_been_sent_is_left_alone_even_when_the_rule_changes_its_hour(reminder, about):
    plan(FIVE_O_CLOCK)
    Notice.objects.update(status=NoticeStatus.SENT, sent_at=FIVE_O_CLOCK)
    ReminderRule.objects.update(at_hour=18)
    reminder.title = "换了教室"

    assert plan(FIVE_O_CLOCK + timedelta(hours=1)) == Planned()
    assert outbox() == [(*about, FIVE_O_CLOCK, TOMORROW, "提醒", NoticeStatus.SENT)]


def test_what_is_no_longer_due_to_anybody_is_withdrawn(reminder, about):
    plan(FIVE_O_CLOCK)
    reminder.moments = {}

    assert plan(FIVE_O_CLOCK) == Planned(withdrawn=1)
    assert outbox() == [(*about, FIVE_O_CLOCK, TOMORROW, "提醒", NoticeStatus.WITHDRAWN)]


def test_a_moment_that_has_passed_withdraws_its_reminder(reminder, about):
    plan(FIVE_O_CLOCK)

    assert plan(TOMORROW) == Planned(withdrawn=1)


def test_what_becomes_due_again_is_put_back(reminder, about):
    plan(FIVE_O_CLOCK)
    moments, reminder.moments = reminder.moments, {}
    plan(FIVE_O_CLOCK)
    reminder.moments = moments

    assert plan(FIVE_O_CLOCK) == Planned(changed=1)
    assert outbox() == [(*about, FIVE_O_CLOCK, TOMORROW, "提醒", NoticeStatus.PENDING)]


def test_a_rule_that_is_switched_off_withdraws_what_waits_and_one_switched_on_puts_it_back(
    reminder, about
):
    plan(FIVE_O_CLOCK)
    ReminderRule.objects.update(active=False)
    assert plan(FIVE_O_CLOCK) == Planned(withdrawn=1)

    ReminderRule.objects.update(active=True)
    assert plan(FIVE_O_CLOCK) == Planned(changed=1)


def test_notices_of_other_kinds_are_nobodys_to_withdraw(reminder):
    NoticeFactory(kind="promoted")

    assert plan(FIVE_O_CLOCK) == Planned()


def test_a_reminder_that_breaks_is_counted_and_does_not_break_the_sweep(reminder, caplog):
    reminder.moments = RuntimeError("no")

    assert plan(FIVE_O_CLOCK) == Planned(failed=1)
    assert "hand_held cannot be planned" in caplog.text


def test_the_number_of_queries_does_not_grow_with_the_reminders(
    reminder, cadre, django_assert_num_queries
):
    def remind_of(count):
        reminder.moments |= {(cadre.user, TownFactory()): TOMORROW for _ in range(count)}

    remind_of(1)
    plan(FIVE_O_CLOCK)  # writes the rule and warms the content types
    for count in (1, 3):
        remind_of(count)
        with django_assert_num_queries(4):  # rule, pending, known, insert
            plan(FIVE_O_CLOCK)
