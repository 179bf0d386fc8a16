"""Who is told what when a class moves or is cancelled: shown to staff before it is sent, and sent
as it was shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext as _

from academy.models import Venue
from academy.office_settings import office_setting
from academy.templatetags.portal_tags import day, span
from courses.models import HELD, ClassStatus, Lesson, TrainingClass
from courses.schedule.class_plans import LessonPlan
from courses.schedule.places import load_places
from notices.kinds import NoticeKind

from ..eligibility.choosing import seats_for
from ..models import OPEN, SEAT_HOLDING, Enrolment, Trainee, attended_by
from ..notices.classes import CLASS_CANCELLED, CLASS_MOVED, CLASS_MOVED_LATE

MOST_ALTERNATIVES = 3
MOST_LOOKED_AT = 30
NOTHING_OF_ONES_OWN = {"alternatives": (), "clash": None}


@dataclass(frozen=True)
class Slot:
    """When and where a lesson is."""

    starts_at: datetime
    ends_at: datetime
    venue: Venue

    def __str__(self) -> str:
        return _("%(day)s %(span)s, %(room)s") % {
            "day": day(self.starts_at),
            "span": span(self),
            "room": self.venue.name,
        }


@dataclass(frozen=True)
class LessonChange:
    """A lesson before and after: moved, or only one of the two where it was added or taken out."""

    before: Slot | None
    after: Slot | None
    is_slot: bool = False  # of parallel slots: only their people are told

    def __str__(self) -> str:
        if self.before is None:
            return _("New: %(after)s") % {"after": self.after}
        if self.after is None:
            return _("Taken out: %(before)s") % {"before": self.before}
        return _("%(before)s → %(after)s") % {"before": self.before, "after": self.after}


@dataclass(frozen=True)
class Telling:
    """What one person gets: what all get, and what only they get."""

    enrolment: Enrolment
    kind: NoticeKind
    values: Mapping[str, object]

    @property
    def title(self) -> str:
        """The title as it is sent."""
        return self.kind.text(self.values).title

    @property
    def text(self) -> str:
        """The text as it is sent."""
        return self.kind.text(self.values).body

    @property
    def body(self) -> str:
        """The text without what only this person gets."""
        return self.kind.text({**self.values, **NOTHING_OF_ONES_OWN}).body

    @property
    def clash(self) -> str:
        """What of theirs is at the new time, in a sentence; empty where nothing is in the way."""
        return self.kind.words(self.values).get("clash", "")

    @property
    def alternatives(self) -> str:
        """The classes that this person could take instead, in a sentence."""
        return self.kind.words(self.values).get("alternatives", "")


def changes_between(lessons: Iterable[Lesson], plans: Sequence[LessonPlan]) -> list[LessonChange]:
    """What a plan changes in the time and place of the lessons that stand; pure."""
    wanted = {
        plan.pk: Slot(plan.starts_at, plan.ends_at, plan.venue)
        for plan in plans
        if plan.pk is not None
    }
    groups = {plan.pk: plan.slot_group for plan in plans}
    changes = []
    for lesson in lessons:
        before, after = Slot(lesson.starts_at, lesson.ends_at, lesson.venue), wanted.get(lesson.pk)
        if before != after:
            is_slot = lesson.slot_group is not None and groups.get(lesson.pk, 0) is not None
            changes.append(LessonChange(before, after, is_slot))
    changes += [
        LessonChange(
            None,
            Slot(plan.starts_at, plan.ends_at, plan.venue),
            is_slot=plan.slot_group is not None,
        )
        for plan in plans
        if plan.pk is None
    ]
    return sorted(changes, key=lambda change: (change.before or change.after).starts_at)


# --- Alternatives ---------------------------------------------------------------------------------


def alternatives_to(
    training_class: TrainingClass, now: datetime, trainee: Trainee | None = None
) -> list[TrainingClass]:
    """Other classes of the same courses with a seat: those that the person may book and can attend,
    the nearest first.

    Without a person those that cadres may book, the next one first; one query.
    """
    others = _others_with_seats(training_class, now)
    if trainee is None:
        found = [item for item in others if not item.groups_only][:MOST_ALTERNATIVES]
        load_places(found)
        return found
    return seats_for(trainee, others, now, leaving=training_class)[:MOST_ALTERNATIVES]


def _others_with_seats(training_class: TrainingClass, now: datetime) -> list[TrainingClass]:
    courses = Lesson.objects.filter(training_class=training_class).values("course_version__course")
    return list(
        TrainingClass.objects.filter(
            status=ClassStatus.OPEN,
            booking_opens_at__lte=now,
            booking_closes_at__gt=now,
            starts_at__gt=now,
            lessons__course_version__course__in=courses,
            pools__seats_taken__lt=F("pools__seats"),
        )
        .exclude(pk=training_class.pk)
        .select_related("campus__town")
        .order_by("starts_at", "code")
        .distinct()[:MOST_LOOKED_AT]
    )


def _alternatives_for(
    enrolments: Iterable[Enrolment], training_class: TrainingClass, now: datetime
) -> dict[int, Sequence[TrainingClass]]:
    """Enrolment key → what this person could take instead; no query for a person where there is
    nothing else.
    """
    others = _others_with_seats(training_class, now)
    return {
        item.pk: (
            seats_for(item.trainee, others, now, leaving=training_class)[:MOST_ALTERNATIVES]
            if others
            else ()
        )
        for item in enrolments
    }


# --- What is said ---------------------------------------------------------------------------------


def tellings_of_a_move(
    training_class: TrainingClass, changes: Sequence[LessonChange], now: datetime
) -> list[Telling]:
    """One for everybody with a seat or a place in the queue; none without a change.

    The place is kept; who cannot come cancels with one tap, after the deadline with a call.
    """
    if not changes:
        return []
    enrolments = _affected(training_class)
    clashes = _clashes_with(enrolments, training_class, changes)
    alternatives = _alternatives_for(enrolments, training_class, now)
    kind, values = CLASS_MOVED, {"title": training_class.title, "changes": changes}
    if now >= training_class.cancellable_until:
        kind = CLASS_MOVED_LATE
        values |= {
            "campus": training_class.campus.name,
            "phone": training_class.campus.phone or office_setting("office_phone"),
        }
    return [
        Telling(
            item,
            kind,
            {
                **values,
                "alternatives": alternatives[item.pk],
                "clash": clashes.get(item.trainee_id),
            },
        )
        for item in enrolments
    ]


def tellings_of_a_cancellation(
    training_class: TrainingClass, reason: str, now: datetime
) -> list[Telling]:
    """One for everybody with a seat or a place in the queue."""
    enrolments = _affected(training_class)
    alternatives = _alternatives_for(enrolments, training_class, now)
    values = {
        "title": training_class.title,
        "reason": reason.strip(),
        "began": training_class.starts_at,
    }
    return [
        Telling(item, CLASS_CANCELLED, {**values, "alternatives": alternatives[item.pk]})
        for item in enrolments
    ]


def _affected(training_class: TrainingClass) -> list[Enrolment]:
    found = Enrolment.objects.filter(training_class=training_class, status__in=OPEN)
    return list(
        found.select_related(
            "trainee__user",
            "trainee__village__town",
            "trainee__position",
            "trainee__stage",
            "trainee__learner_group",
            "village__town",
        ).order_by("status", "trainee__stroke_key", "pk")
    )


def _clashes_with(
    enrolments: Sequence[Enrolment], training_class: TrainingClass, changes: Sequence[LessonChange]
) -> Mapping[int, Lesson]:
    """Trainee key → what of theirs lies at a new time; one query for all of them."""
    at_a_new_time = Q(pk__in=[])
    for change in changes:
        if change.after:
            at_a_new_time |= Q(
                starts_at__lt=change.after.ends_at, ends_at__gt=change.after.starts_at
            )
    lessons = (
        Lesson.objects.filter(
            at_a_new_time,
            attended_by(OuterRef("training_class__enrolments")),
            training_class__status__in=HELD,
            training_class__enrolments__status__in=SEAT_HOLDING,
            training_class__enrolments__trainee__in=[item.trainee_id for item in enrolments],
        )
        .exclude(training_class=training_class)
        .select_related("training_class")
        .annotate(whose=F("training_class__enrolments__trainee"))
        .order_by("-starts_at", "-pk")
    )
    return {lesson.whose: lesson for lesson in lessons}
