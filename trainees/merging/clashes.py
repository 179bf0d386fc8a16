"""Bookings of two entries of which one person can have only one: the same class, or lessons at the
same time. Source: docs/rules.md R3, R4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.models import HELD, ClashRule, Lesson

from ..models import LIVE, OPEN, SEAT_HOLDING, Enrolment, EnrolmentStatus, Trainee, choices_in

# which of two is proposed: what has gone further
ORDER = (
    EnrolmentStatus.COMPLETED,
    EnrolmentStatus.BOOKED,
    EnrolmentStatus.OFFERED,
    EnrolmentStatus.WAITLISTED,
)


@dataclass(frozen=True)
class Clash:
    """Two bookings that exclude each other, and which of them stays."""

    survivors: Enrolment
    aways: Enrolment
    keeps: Enrolment
    # as it was before anything was written
    states: tuple[str, str]
    frees_a_seat: bool
    # the class has been held and closed: the record that does not count stays as it is
    is_over: bool

    @property
    def key(self) -> str:
        return f"{self.survivors.pk}-{self.aways.pk}"

    @property
    def both(self) -> tuple[Enrolment, Enrolment]:
        return self.survivors, self.aways

    @property
    def lines(self) -> list[tuple[Enrolment, str]]:
        """Both bookings, each with its state."""
        return list(zip(self.both, self.states, strict=True))

    @property
    def drops(self) -> Enrolment:
        return self.aways if self.keeps == self.survivors else self.survivors

    @property
    def is_same_class(self) -> bool:
        return self.survivors.training_class_id == self.aways.training_class_id

    @property
    def words(self) -> str:
        if self.is_over:
            return _("The other record stays with the closed entry; its hours do not count.")
        if self.frees_a_seat:
            return _("The other seat is given back and goes to the next in the queue.")
        return _("The other place in the queue is given up.")


def clashes_of(
    survivor: Trainee | None, away: Trainee | None, choices: Mapping[str, str]
) -> list[Clash]:
    """Every pair; `choices` names for a pair the booking that stays, else the one that has gone
    further is proposed.
    """
    if survivor is None or away is None:
        return []
    own, others = _live(survivor), _live(away)
    pairs = [
        (one, other)
        for one in own
        for other in others
        if one.training_class_id == other.training_class_id
    ]
    in_pairs = {enrolment.pk for pair in pairs for enrolment in pair}
    pairs += _at_the_same_time(
        [enrolment for enrolment in own if enrolment.pk not in in_pairs],
        [enrolment for enrolment in others if enrolment.pk not in in_pairs],
    )
    return [_chosen(one, other, choices) for one, other in pairs]


def _live(trainee: Trainee) -> list[Enrolment]:
    return list(
        Enrolment.objects.filter(trainee=trainee, status__in=LIVE)
        .select_related("training_class__campus", "pool__town", "group", "village", "trainee__user")
        .order_by("training_class", "pk")
    )


def _at_the_same_time(
    own: Sequence[Enrolment], others: Sequence[Enrolment]
) -> list[tuple[Enrolment, Enrolment]]:
    """Seats of classes to be held whose lessons share a moment, unless both classes only warn."""
    own, others = _seats(own), _seats(others)
    found = list(
        Lesson.objects.filter(
            training_class__in={item.training_class_id for item in (*own, *others)}
        )
    )
    chosen = choices_in(found)
    lessons = {
        item.pk: [
            lesson
            for lesson in found
            if lesson.training_class_id == item.training_class_id
            and chosen.attends(item.pk, lesson)
        ]
        for item in (*own, *others)
    }
    return [
        (one, other)
        for one in own
        for other in others
        if ClashRule.BLOCK in (one.training_class.clash_rule, other.training_class.clash_rule)
        and _meet(lessons[one.pk], lessons[other.pk])
    ]


def _seats(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    return [
        item
        for item in enrolments
        if item.status in SEAT_HOLDING
        and item.status in OPEN
        and item.training_class.status in HELD
    ]


def _meet(first: Iterable[Lesson], second: Iterable[Lesson]) -> bool:
    second = list(second)
    return any(
        one.starts_at < other.ends_at and other.starts_at < one.ends_at
        for one in first
        for other in second
    )


def _chosen(one: Enrolment, other: Enrolment, choices: Mapping[str, str]) -> Clash:
    wanted = choices.get(f"{one.pk}-{other.pk}", "")
    first = min((one, other), key=lambda item: (ORDER.index(item.status), item.queued_at, item.pk))
    keeps = next((item for item in (one, other) if str(item.pk) == wanted), first)
    drops = other if keeps == one else one
    is_over = drops.training_class.status not in HELD or drops.status not in OPEN
    return Clash(
        one,
        other,
        keeps,
        states=(str(one.get_status_display()), str(other.get_status_display())),
        frees_a_seat=drops.holds_a_seat,
        is_over=is_over,
    )
