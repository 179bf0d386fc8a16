"""A notice as it stands in the outbox, and a reminder whose facts a test holds in its hand."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from notices.models import Notice, NoticeStatus
from notices.reminders import NoticeDraft, Reminder

from ..factories import NOW, UserFactory


class NoticeFactory(DjangoModelFactory):
    """A notice that is due at NOW and waits; `sent=True` for one that stands in the inbox."""

    class Meta:
        model = Notice

    class Params:
        sent = factory.Trait(status=NoticeStatus.SENT, sent_at=NOW)

    person = factory.SubFactory(UserFactory)
    kind = "test"
    due_at = NOW
    dedupe_key = factory.Sequence(lambda n: f"test|-|{n}")
    title = factory.Sequence(lambda n: f"通知{n}")


class HandHeldReminder(Reminder):
    """Reminds of whatever the test puts into `moments`: (person, subject) → moment.

    `truth` is what `still_true` says.
    """

    kind = "hand_held"
    name = "示例提醒"
    days_before = 1
    at_hour = 17

    def __init__(self) -> None:
        self.moments: dict = {}
        self.title = "提醒"
        self.truth: bool | Exception = True

    def due(self, now: datetime) -> Iterable[NoticeDraft]:
        if isinstance(self.moments, Exception):
            raise self.moments
        for (person, subject), moment in self.moments.items():
            if moment > now:
                yield self.draft(person=person, subject=subject, moment=moment, title=self.title)

    def still_true(self, notice: Notice) -> bool:
        if isinstance(self.truth, Exception):
            raise self.truth
        return self.truth


TOMORROW = NOW + timedelta(days=1)  # Tuesday 10:00; the reminder of it is due on Monday at 17:00
FIVE_O_CLOCK = NOW.replace(hour=17)
