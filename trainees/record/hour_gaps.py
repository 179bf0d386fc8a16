"""How the year of many people stands: done, booked and missing, each against their own target.

For each person by themselves: nobody is compared with anybody. Source: docs/rules.md R14, R27.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

from academy.models import CampusKind
from courses.models import ClassStatus

from ..models import Enrolment, EnrolmentStatus, HourEntry, HourTarget, Trainee
from .hours import Progress


@dataclass(frozen=True)
class YearOfPerson:
    """One person's year, without its parts by track."""

    trainee: Trainee
    progress: Progress

    @property
    def target_hours(self) -> Decimal | None:
        return self.progress.target.hours if self.progress.target else None

    @property
    def centralised(self) -> tuple[int, int] | None:
        """(done, asked); None where none is asked."""
        target = self.progress.target
        if target is None or not target.centralised_sessions:
            return None
        return self.progress.centralised_done, target.centralised_sessions

    @property
    def has_gap(self) -> bool:
        """Whether hours or a centralised training are missing; without a target nothing is."""
        return bool(self.progress.missing or self.progress.centralised_missing)


def years_of_people(people: Iterable[Trainee], year: int, now: datetime) -> list[YearOfPerson]:
    """The year of each, in the order given; four queries, however many they are."""
    people = list(people)
    keys = [person.pk for person in people]
    done, booked = _done(keys, year), _booked(keys, year, now)
    sessions, targets = _centralised(keys, year), _targets(year)
    return [
        YearOfPerson(
            person,
            Progress(
                year=year,
                done=done.get(person.pk, Decimal(0)),
                booked=booked.get(person.pk, Decimal(0)),
                target=targets.get(person.position_id),
                centralised_done=sessions.get(person.pk, 0),
                tracks=[],
            ),
        )
        for person in people
    ]


def _done(people: list[int], year: int) -> dict[int, Decimal]:
    return dict(
        HourEntry.objects.filter(trainee__in=people, earned_on__year=year)
        .order_by()
        .values_list("trainee")
        .annotate(total=Sum("hours"))
    )


def _booked(people: list[int], year: int, now: datetime) -> dict[int, Decimal]:
    """Of lessons still to come; `hours.booked_lessons` is the same for one person."""
    return dict(
        Enrolment.objects.filter(
            trainee__in=people,
            status=EnrolmentStatus.BOOKED,
            training_class__status__in=(ClassStatus.OPEN, ClassStatus.RUNNING),
            training_class__lessons__starts_at__year=year,
            training_class__lessons__ends_at__gt=now,
        )
        .order_by()
        .values_list("trainee")
        .annotate(total=Sum("training_class__lessons__hours"))
    )


def _centralised(people: list[int], year: int) -> dict[int, int]:
    return dict(
        Enrolment.objects.filter(
            trainee__in=people,
            status=EnrolmentStatus.COMPLETED,
            training_class__campus__kind=CampusKind.COLLEGE,
            training_class__ends_at__year=year,
        )
        .order_by()
        .values_list("trainee")
        .annotate(total=Count("training_class", distinct=True))
    )


def _targets(year: int) -> dict[int, HourTarget]:
    """Position → what holds at the end of the year, as `hours.target_for` says of one."""
    last_day = date(year, 12, 31)
    found: dict[int, HourTarget] = {}
    for target in (
        HourTarget.objects.filter(valid_from__lte=last_day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=last_day))
        .order_by("valid_from")
    ):
        found[target.position_id] = target  # the latest stays
    return found
