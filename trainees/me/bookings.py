"""A person's own bookings: coming, waiting, past."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from courses.models import HELD, ClassStatus, Lesson, TrainingClass

from ..booking.approval_state import approval_in_words, approval_of
from ..booking.withdrawing import may_cancel_seat
from ..models import Enrolment, EnrolmentStatus, Trainee, choices_in
from ..seats.counting import Place, places_of


@dataclass(frozen=True)
class Coming:
    """A class in which the person has a seat and that has lessons ahead."""

    training_class: TrainingClass
    lesson: Lesson
    number: int
    days_left: int
    may_cancel: bool
    approval: str = ""  # where it stands, in words
    lacks_a_slot: bool = False  # of parallel slots none is chosen yet
    has_slots: bool = False


@dataclass(frozen=True)
class Waiting:
    """A class for which the person waits."""

    training_class: TrainingClass
    place: Place
    approval: str = ""


def coming_classes(trainee: Trainee, now: datetime) -> list[Coming]:
    """Classes with a seat and lessons ahead, by their next lesson; two queries, and one where
    lessons are held in parallel slots.
    """
    lessons = Prefetch(
        "training_class__lessons",
        Lesson.objects.select_related("venue__campus", "course_version").order_by(
            "starts_at", "number"
        ),
    )
    seats = Enrolment.objects.filter(
        trainee=trainee,
        status=EnrolmentStatus.BOOKED,
        training_class__status__in=HELD,
        training_class__ends_at__gt=now,
    )
    coming = []
    seats = list(
        seats.select_related("training_class__campus", "approval").prefetch_related(lessons)
    )
    chosen = choices_in(
        (lesson for seat in seats for lesson in seat.training_class.lessons.all()), seats
    )
    for enrolment in seats:
        training_class = enrolment.training_class
        lessons_of_class = list(training_class.lessons.all())
        attended = [lesson for lesson in lessons_of_class if chosen.attends(enrolment.pk, lesson)]
        groups = {lesson.slot_group for lesson in attended}
        open_slots = [
            lesson
            for lesson in lessons_of_class
            if lesson.slot_group not in groups
            and lesson.slot_group is not None
            and lesson.starts_at > now
        ]
        ahead = [
            (number, lesson)
            for number, lesson in enumerate(attended, start=1)
            if lesson.ends_at > now
        ] or [(len(attended) + 1, lesson) for lesson in open_slots]
        if ahead:
            number, lesson = ahead[0]
            days_left = (timezone.localdate(lesson.starts_at) - timezone.localdate(now)).days
            coming.append(
                Coming(
                    training_class,
                    lesson,
                    number,
                    days_left,
                    may_cancel_seat(training_class, now),
                    approval_in_words(approval_of(enrolment)),
                    lacks_a_slot=bool(open_slots),
                    has_slots=any(item.slot_group is not None for item in lessons_of_class),
                )
            )
    return sorted(coming, key=lambda item: item.lesson.starts_at)


def waiting_classes(trainee: Trainee) -> list[Waiting]:
    """Classes waited for, the next one first; three queries."""
    enrolments = list(
        Enrolment.objects.filter(trainee=trainee, status=EnrolmentStatus.WAITLISTED).select_related(
            "training_class__campus", "approval"
        )
    )
    places = places_of(enrolments)
    waiting = [
        Waiting(
            enrolment.training_class,
            places[enrolment.pk],
            approval_in_words(approval_of(enrolment)),
        )
        for enrolment in enrolments
        if enrolment.pk in places
    ]
    return sorted(
        waiting,
        key=lambda item: (
            item.training_class.starts_at is None,
            item.training_class.starts_at,
            item.training_class.code,
        ),
    )


def past_enrolments(trainee: Trainee, now: datetime):
    """What is over: attended, missed, waited for in vain, or cancelled by the academy; own
    cancellations are not kept here.
    """
    over = Q(status__in=(EnrolmentStatus.COMPLETED, EnrolmentStatus.LAPSED)) | Q(
        status=EnrolmentStatus.BOOKED
    ) & (Q(training_class__status=ClassStatus.CLOSED) | Q(training_class__ends_at__lte=now))
    called_off = Q(status=EnrolmentStatus.WITHDRAWN, training_class__status=ClassStatus.CANCELLED)
    return (
        Enrolment.objects.filter(over | called_off, trainee=trainee)
        .select_related("training_class__campus")
        .order_by("-training_class__starts_at", "-pk")
    )
