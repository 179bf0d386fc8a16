from datetime import date, datetime, timedelta

import pytest

from notices.models import ReminderRule
from notices.reminders import discover

from ..factories import NOW, SHANGHAI
from .factories import HandHeldReminder

pytestmark = pytest.mark.django_db


def test_the_rule_is_written_from_the_defaults_once():
    first, second = HandHeldReminder().rule, HandHeldReminder().rule

    assert (first.pk, first.name, first.days_before, first.at_hour, first.active) == (
        second.pk,
        "示例提醒",
        1,
        17,
        True,
    )
    assert ReminderRule.objects.count() == 1


def test_staff_decide_how_many_days_before_and_at_which_hour():
    ReminderRule.objects.create(kind="hand_held", name="我们的提醒", days_before=3, at_hour=8)

    assert HandHeldReminder().due_at(datetime(2027, 3, 10, 13, 30, tzinfo=SHANGHAI)) == datetime(
        2027, 3, 7, 8, tzinfo=SHANGHAI
    )


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2027, 3, 10, 13, 30, tzinfo=SHANGHAI), datetime(2027, 3, 9, 17, tzinfo=SHANGHAI)),
        # the day in Shanghai, not in UTC
        (datetime(2027, 3, 10, 0, 30, tzinfo=SHANGHAI), datetime(2027, 3, 9, 17, tzinfo=SHANGHAI)),
        (date(2027, 3, 10), datetime(2027, 3, 9, 17, tzinfo=SHANGHAI)),
    ],
)
def test_due_at_counts_days_in_shanghai(moment, due):
    assert HandHeldReminder().due_at(moment) == due


def test_due_at_is_never_after_the_moment_itself():
    ReminderRule.objects.create(kind="hand_held", name="当天提醒", days_before=0, at_hour=17)

    assert HandHeldReminder().due_at(datetime(2027, 3, 10, 9, tzinfo=SHANGHAI)) == datetime(
        2027, 3, 10, 8, tzinfo=SHANGHAI
    )


def test_the_window_holds_every_moment_whose_reminder_is_due_within_the_hour():
    reminder = HandHeldReminder()
    start, end = reminder.window(NOW)

    late_enough = [NOW + timedelta(minutes=10 * step) for step in range(1, 1000)]
    due_soon = [
        moment for moment in late_enough if reminder.due_at(moment) <= NOW + timedelta(hours=1)
    ]

    assert due_soon
    assert all(start <= moment <= end for moment in due_soon)


def test_discover_finds_the_reminders_of_every_app():
    assert discover().keys() >= {"class_tomorrow"}
    assert all(kind == reminder.kind for kind, reminder in discover().items())
