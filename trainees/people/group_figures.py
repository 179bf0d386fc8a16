"""The figures of residents and other groups, by themselves: never beside those of cadres, never in
an order of more or less.

A booking, a mark and an hour count for the group that the person was in on the day of booking,
whatever they became later.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from academy.models import LearnerGroup
from courses.models import PUBLIC_CLASS_STATUSES, ClassStatus, TrainingClass

from ..models import CAME, LIVE, Attendance, Enrolment, HourEntry, LightAccount

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Period:
    """A year, or one quarter of it; days of Shanghai."""

    year: int
    quarter: int | None = None

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def after(self) -> date:
        """The first day that is no longer in it."""
        last_month = 3 * self.quarter if self.quarter else 12
        return date(self.year + last_month // 12, last_month % 12 + 1, 1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment to just before the first one after it."""
        first, after = (
            timezone.make_aware(datetime.combine(day, time.min)) for day in (self.first, self.after)
        )
        return first, after - timedelta(microseconds=1)


@dataclass(frozen=True)
class GroupFigures:
    """One group in one period."""

    group: LearnerGroup
    classes: int  # open to it, beginning in the period, not cancelled
    accounts: int  # in being at the end of the period, or now
    joined: int
    bookings: int  # that stand, of classes beginning in the period
    people: int  # who were at one lesson at least
    hours: Decimal  # posted for lessons in the period


def figures_of(period: Period, now: datetime) -> list[GroupFigures]:
    """Every group in use or ever used, in the order of the vocabulary; seven queries."""
    moments = period.moments
    end = min(moments[1], now)

    def by_group(rows, group: str, total) -> dict:
        return dict(rows.order_by().values_list(group).annotate(total=total))

    classes = TrainingClass.objects.filter(
        starts_at__range=moments, status__in=PUBLIC_CLASS_STATUSES
    ).exclude(status=ClassStatus.CANCELLED)
    accounts = LightAccount.objects.filter(joined_at__lte=end).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=end)
    )
    open_to = by_group(
        classes.filter(open_to_groups__isnull=False), "open_to_groups", Count("pk", distinct=True)
    )
    in_being = by_group(accounts, "group", Count("pk"))
    joined = by_group(LightAccount.objects.filter(joined_at__range=moments), "group", Count("pk"))
    bookings = by_group(
        Enrolment.objects.filter(
            learner_group__isnull=False, status__in=LIVE, training_class__starts_at__range=moments
        ),
        "learner_group",
        Count("pk"),
    )
    came = Attendance.objects.filter(
        enrolment__learner_group__isnull=False, status__in=CAME, lesson__starts_at__range=moments
    )
    people = by_group(
        came.annotate(group=F("enrolment__learner_group")),
        "group",
        Count("enrolment__trainee", distinct=True),
    )
    earned = HourEntry.objects.filter(
        enrolment__learner_group__isnull=False,
        earned_on__gte=period.first,
        earned_on__lt=period.after,
    )
    hours = by_group(earned, "enrolment__learner_group", Sum("hours"))
    shown = LearnerGroup.objects.filter(
        Q(active=True) | Q(pk__in=[*open_to, *in_being, *joined, *bookings, *people, *hours])
    )
    return [
        GroupFigures(
            group,
            open_to.get(group.pk, 0),
            in_being.get(group.pk, 0),
            joined.get(group.pk, 0),
            bookings.get(group.pk, 0),
            people.get(group.pk, 0),
            hours.get(group.pk) or Decimal(0),
        )
        for group in shown
    ]
