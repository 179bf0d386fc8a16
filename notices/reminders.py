"""What is due, declared by each app, or one of its rooms, in `reminders.py` as subclasses of
`Reminder`; the outbox makes it happen once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Model
from django.utils import timezone

from academy.rooms import declared_in

from .kinds import NoticeKind, NoticeText
from .models import Notice, ReminderRule

PLAN_AHEAD = timedelta(hours=1)  # how long before its time a reminder is written into the outbox
# a rule whose hour lies behind the moment itself reminds this long before it
LAST_CALL = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class NoticeDraft:
    """One reminder for one person: a text of its kind, with raw values. `moment` is when the thing
    itself happens: once it has come, nobody is reminded any more.

    Two drafts with the same kind, subject, person and moment are the same reminder, also when its
    rule changed the hour.
    """

    person: Model
    subject: Model
    due_at: datetime
    kind: NoticeKind
    values: Mapping[str, object]
    link: str = ""
    # empty: `due_at` tells the reminders apart, and it never grows stale
    moment: date | datetime | None = None

    @property
    def text(self) -> NoticeText:
        """What the person would read."""
        return self.kind.text(self.values)


class Reminder:
    """A kind of reminder.

    `kind` is the key of its texts in `notices.py`. `days_before` and `at_hour` are only the first
    values of its rule, which staff edit.
    """

    kind: str
    name: str  # lazily translated: what staff call it
    days_before = 1
    at_hour = 9

    def due(self, now: datetime) -> Iterable[NoticeDraft]:
        """A draft for every person whose thing lies ahead within `window(now)`: due already, or
        soon, or sent before.

        What is no longer named here is withdrawn, so a draft is named until its moment has come.
        """
        raise NotImplementedError

    def still_true(self, notice: Notice) -> bool:
        """Whether the facts still stand when the notice is about to be sent: the subject exists,
        `notice.moment` lies ahead.
        """
        raise NotImplementedError

    def draft(
        self,
        kind: NoticeKind,
        person: Model,
        *,
        subject: Model,
        moment: date | datetime,
        values: Mapping[str, object],
        link: str = "",
    ) -> NoticeDraft:
        """A draft that is due as the rule says for this moment."""
        return NoticeDraft(
            person=person,
            subject=subject,
            moment=moment,
            due_at=self.due_at(moment),
            kind=kind,
            values=values,
            link=link,
        )

    @cached_property
    def rule(self) -> ReminderRule:
        """The rule as staff left it; written with the defaults when it is missing."""
        defaults = {
            "name": str(self.name),
            "days_before": self.days_before,
            "at_hour": self.at_hour,
        }
        return ReminderRule.objects.get_or_create(kind=self.kind, defaults=defaults)[0]

    def due_at(self, moment: date | datetime) -> datetime:
        """So many days before the moment, at the hour of the rule, in Shanghai; never after the
        moment itself.
        """
        moment = instant(moment)
        day = timezone.localdate(moment) - timedelta(days=self.rule.days_before)
        return min(
            timezone.make_aware(datetime.combine(day, time(self.rule.at_hour))), moment - LAST_CALL
        )

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """From when to when the moments lie whose reminder is due by now or within the planned
        hour.
        """
        return now, now + timedelta(days=self.rule.days_before + 1) + PLAN_AHEAD


def instant(moment: date | datetime) -> datetime:
    """A day as a moment is its last minute: what is due on a day may be done on that day."""
    if isinstance(moment, datetime):
        return moment
    return timezone.make_aware(datetime.combine(moment, time(23, 59)))


def discover() -> dict[str, Reminder]:
    """kind → reminder, from the `reminders.py` of every app and room; fresh ones, so that each
    sweep reads the rules anew.
    """
    found: dict[str, Reminder] = {}
    for module in declared_in("reminders", but="notices"):
        for thing in vars(module).values():
            if (
                isinstance(thing, type)
                and issubclass(thing, Reminder)
                and thing.__module__ == module.__name__
                and hasattr(thing, "kind")  # what several share has none
            ):
                found[thing.kind] = thing()
    return found
