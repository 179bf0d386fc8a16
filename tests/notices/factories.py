"""A notice as it stands in the outbox, and a reminder whose facts a test holds in its hand."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from notices.kinds import NoticeKind, Value
from notices.models import Notice, NoticeStatus
from notices.reminders import NoticeDraft, Reminder

from ..factories import NOW, UserFactory

TYPED = (Value("title", "标题"), Value("body", "正文"))


def kind_of(key: str, **texts) -> NoticeKind:
    """A kind that says whatever a test gives it as `title` and `body`."""
    return NoticeKind(
        **{"title": "%(title)s", "body": "%(body)s", "values": TYPED, **texts}, key=key
    )


TEST = kind_of("test")


def saying(title: str, body: str = "") -> dict[str, str]:
    """The values of such a kind."""
    return {"title": title, "body": body}


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


HAND_HELD = kind_of("hand_held")


class HandHeldReminder(Reminder):
    """Reminds of whatever the test puts into `moments`: (person, subject) → moment.

    `truth` is what `still_true` says.
    """

    kind = HAND_HELD.key
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
                yield self.draft(
                    HAND_HELD, person, subject=subject, moment=moment, values=saying(self.title)
                )

    def still_true(self, notice: Notice) -> bool:
        if isinstance(self.truth, Exception):
            raise self.truth
        return self.truth


TOMORROW = NOW + timedelta(days=1)  # Tuesday 10:00; the reminder of it is due on Monday at 17:00
FIVE_O_CLOCK = NOW.replace(hour=17)
