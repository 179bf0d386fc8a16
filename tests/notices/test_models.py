"""Each constraint of the outbox, tested by breaking it; the words of its queryset."""

import pytest
from django.db import IntegrityError

from notices.models import Channel, Delivery, Notice, ReminderRule

from ..factories import NOW
from .factories import NoticeFactory

pytestmark = pytest.mark.django_db


def test_a_key_is_used_once():
    NoticeFactory(dedupe_key="same")

    with pytest.raises(IntegrityError, match="dedupe_key"):
        NoticeFactory(dedupe_key="same")


def test_an_unknown_status_is_refused():
    with pytest.raises(IntegrityError, match="notice_status_is_known"):
        NoticeFactory(status="lost")


@pytest.mark.parametrize("fields", [{"status": "sent"}, {"sent_at": NOW}, {"read_at": NOW}])
def test_only_what_was_sent_has_a_time_of_sending_and_reading(fields):
    with pytest.raises(IntegrityError, match="only_sent_notices_have_their_time"):
        NoticeFactory(**fields)


def test_a_channel_gets_a_notice_once():
    notice = NoticeFactory()
    Delivery.objects.create(notice=notice, channel=Channel.SMS)

    with pytest.raises(IntegrityError):  # SQLite names the columns, PostgreSQL the constraint
        Delivery.objects.create(notice=notice, channel=Channel.SMS)


def test_an_unknown_delivery_status_is_refused():
    with pytest.raises(IntegrityError, match="delivery_status_is_known"):
        Delivery.objects.create(notice=NoticeFactory(), channel=Channel.SMS, status="lost")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"days_before": 1, "at_hour": 24}, "reminder_hour_is_an_hour"),
        ({"days_before": 91, "at_hour": 9}, "reminder_is_not_too_far_ahead"),
    ],
)
def test_a_rule_names_an_hour_and_a_sensible_number_of_days(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        ReminderRule.objects.create(kind="test", name="示例", **fields)


def test_the_inbox_holds_the_own_notices_that_were_sent(cadre, colleague):
    own = NoticeFactory(person=cadre.user, sent=True)
    NoticeFactory(person=cadre.user)
    NoticeFactory(person=colleague.user, sent=True)

    assert list(Notice.objects.visible_to(cadre.user)) == [own]


def test_reading_counts_once(cadre):
    NoticeFactory.create_batch(2, person=cadre.user, sent=True)
    mine = Notice.objects.visible_to(cadre.user)

    assert (mine.mark_read(NOW), mine.mark_read(NOW)) == (2, 0)
    assert mine.unread().count() == 0
