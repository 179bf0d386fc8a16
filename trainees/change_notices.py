"""What people are told when a class moves or is cancelled: one text, shown to staff before it is sent and sent as it was shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.models import Venue
from academy.templatetags.portal_tags import clock, day, short_day, span
from courses.models import HELD, ClassStatus, Lesson, TrainingClass
from courses.scheduling import LessonPlan
from courses.season import campus_label

from .models import OPEN, SEAT_HOLDING, Enrolment

MOST_ALTERNATIVES = 3


@dataclass(frozen=True)
class Slot:
    """When and where a lesson is."""

    starts_at: datetime
    ends_at: datetime
    venue: Venue

    def __str__(self) -> str:
        return _("%(day)s %(span)s, %(room)s") % {"day": day(self.starts_at), "span": span(self), "room": self.venue.name}


@dataclass(frozen=True)
class LessonChange:
    """A lesson before and after: moved, or only one of the two where it was added or taken out."""

    before: Slot | None
    after: Slot | None

    def __str__(self) -> str:
        if self.before is None:
            return _("New: %(after)s") % {"after": self.after}
        if self.after is None:
            return _("Taken out: %(before)s") % {"before": self.before}
        return _("%(before)s → %(after)s") % {"before": self.before, "after": self.after}


@dataclass(frozen=True)
class Telling:
    """What one person gets; `clash` is the sentence that only they get, empty where nothing of theirs is in the way."""

    enrolment: Enrolment
    title: str
    body: str
    clash: str = ""

    @property
    def text(self) -> str:
        return f"{self.body}\n{self.clash}" if self.clash else self.body


def changes_between(lessons: Iterable[Lesson], plans: Sequence[LessonPlan]) -> list[LessonChange]:
    """What a plan changes in the time and place of the lessons that stand; pure."""
    wanted = {plan.pk: Slot(plan.starts_at, plan.ends_at, plan.venue) for plan in plans if plan.pk is not None}
    changes = []
    for lesson in lessons:
        before, after = Slot(lesson.starts_at, lesson.ends_at, lesson.venue), wanted.get(lesson.pk)
        if before != after:
            changes.append(LessonChange(before, after))
    changes += [LessonChange(None, Slot(plan.starts_at, plan.ends_at, plan.venue)) for plan in plans if plan.pk is None]
    return sorted(changes, key=lambda change: (change.before or change.after).starts_at)


# --- Alternatives -----------------------------------------------------------------------------------------------------


def alternatives_to(training_class: TrainingClass, now: datetime, group: int | None = None) -> list[TrainingClass]:
    """Other classes of the same courses that can be booked now and have a seat, the next one first; one query.

    For somebody with a light account (`group`) those open to the group, else those that cadres may book.
    """
    courses = Lesson.objects.filter(training_class=training_class).values("course_version__course")
    whom = {"open_to_groups": group} if group else {"groups_only": False}
    return list(
        TrainingClass.objects.filter(
            **whom, status=ClassStatus.OPEN, booking_opens_at__lte=now, booking_closes_at__gt=now, starts_at__gt=now,
            lessons__course_version__course__in=courses, pools__seats_taken__lt=F("pools__seats"),
        ).exclude(pk=training_class.pk).select_related("campus__town").order_by("starts_at", "code").distinct()[:MOST_ALTERNATIVES]
    )  # fmt: skip


def _alternatives_in_words(alternatives: Sequence[TrainingClass]) -> str:
    if not alternatives:
        return ""
    named = pgettext("between names", ", ").join(
        _("%(title)s (%(day)s, %(campus)s)") % {"title": item.title, "day": short_day(item.starts_at), "campus": campus_label(item.campus)}
        for item in alternatives
    )
    return _("The same course, with seats: %(classes)s. The link leads to them.") % {"classes": named}


# --- What is said -----------------------------------------------------------------------------------------------------


def tellings_of_a_move(training_class: TrainingClass, changes: Sequence[LessonChange], now: datetime) -> list[Telling]:
    """One for everybody with a seat or a place in the queue, in the language of the portal; none without a change."""
    if not changes:
        return []
    with translation.override(settings.LANGUAGE_CODE):
        enrolments = _affected(training_class)
        clashes = _clashes_with(enrolments, training_class, changes)
        lines = [
            *map(str, changes), _way_out(training_class, now),
            _alternatives_in_words(alternatives_to(training_class, now)),
        ]  # fmt: skip
        title, body = _("Moved: %(title)s") % {"title": training_class.title}, "\n".join(filter(None, lines))
        return [Telling(item, title, body, clashes.get(item.trainee_id, "")) for item in enrolments]


def _way_out(training_class: TrainingClass, now: datetime) -> str:
    """The place is kept; who cannot come cancels with one tap, after the deadline with a call."""
    if now < training_class.cancellable_until:
        return _("Your booking stays as it is. If the new time does not suit you, please cancel it on the class page.")
    return _("Your booking stays as it is. If the new time does not suit you, please call %(campus)s: %(phone)s.") % {
        "campus": training_class.campus.name, "phone": training_class.campus.phone or settings.OFFICE_PHONE,
    }  # fmt: skip


def tellings_of_a_cancellation(training_class: TrainingClass, reason: str, now: datetime) -> list[Telling]:
    """One for everybody with a seat or a place in the queue."""
    with translation.override(settings.LANGUAGE_CODE):
        lines = [
            _("The class will not be held: %(reason)s. Please look for another one.") % {"reason": reason.strip()},
            _("It was to begin on %(moment)s.") % {"moment": f"{day(training_class.starts_at)} {clock(training_class.starts_at)}"} if training_class.starts_at else "",
            _alternatives_in_words(alternatives_to(training_class, now)),
        ]  # fmt: skip
        title, body = _("Cancelled: %(title)s") % {"title": training_class.title}, "\n".join(filter(None, lines))
        return [Telling(item, title, body) for item in _affected(training_class)]


def _affected(training_class: TrainingClass) -> list[Enrolment]:
    found = Enrolment.objects.filter(training_class=training_class, status__in=OPEN)
    return list(found.select_related("trainee__user", "village__town").order_by("status", "trainee__stroke_key", "pk"))


def _clashes_with(enrolments: Sequence[Enrolment], training_class: TrainingClass, changes: Sequence[LessonChange]) -> Mapping[int, str]:
    """Trainee key → what of theirs lies at a new time; one query for all of them."""
    at_a_new_time = Q(pk__in=[])
    for change in changes:
        if change.after:
            at_a_new_time |= Q(starts_at__lt=change.after.ends_at, ends_at__gt=change.after.starts_at)
    lessons = (
        Lesson.objects.filter(
            at_a_new_time, training_class__status__in=HELD, training_class__enrolments__status__in=SEAT_HOLDING,
            training_class__enrolments__trainee__in=[item.trainee_id for item in enrolments],
        ).exclude(training_class=training_class).select_related("training_class")
        .annotate(whose=F("training_class__enrolments__trainee")).order_by("-starts_at", "-pk")
    )  # fmt: skip
    return {
        lesson.whose: _("At the new time you also have “%(title)s” (%(day)s %(span)s). Please keep one of the two and cancel the other.")
        % {"title": lesson.training_class.title, "day": day(lesson.starts_at), "span": span(lesson)}
        for lesson in lessons
    }
