"""What is to do next in a class, and by whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.templatetags.portal_tags import full_day, moment_in_words, short_day
from courses.models import HELD, ClassStatus, SeatPool, TrainingClass
from courses.schedule.scheduling import against_opening

from ..models import Nomination, NominationStatus
from ..record.lesson_rolls import LessonRoll
from .frame import Figures


@dataclass(frozen=True)
class Step:
    """Something to do: what, by when or why, who does it, and where."""

    words: str
    detail: str
    who: str
    url: str = ""
    is_due: bool = False


@dataclass(frozen=True)
class SentPeople:
    """How the nominations of a class stand."""

    asked: int
    cannot: int
    towns_silent: int  # with seats that nobody has filled


def sent_people(training_class: TrainingClass) -> SentPeople:
    """Two statements."""
    answers = Nomination.objects.filter(training_class=training_class).aggregate(
        asked=Count("pk", filter=Q(status=NominationStatus.ASKED)),
        cannot=Count("pk", filter=Q(status=NominationStatus.CANNOT)),
    )
    silent = SeatPool.objects.filter(
        training_class=training_class,
        town__isnull=False,
        released_at__isnull=True,
        seats__gt=0,
        seats_taken=0,
    )
    return SentPeople(**answers, towns_silent=silent.count())


def next_steps(
    training_class: TrainingClass,
    *,
    figures: Figures,
    rolls: Sequence[LessonRoll],
    sent: SentPeople,
    staff: str,
    now: datetime,
) -> list[Step]:
    """What is to do, what is due first; asks no database."""
    if training_class.status == ClassStatus.DRAFT:
        steps = list(_before_opening(training_class, staff, now))
    elif training_class.status in HELD:
        steps = [
            *_of_lessons(rolls, staff),
            *_to_close(training_class, rolls, staff, now),
            *_before_the_start(training_class, figures, sent, staff, now),
            *_next_lesson(rolls, staff, now),
        ]
    else:
        steps = []
    return sorted(steps, key=lambda step: not step.is_due)


def _before_opening(training_class: TrainingClass, staff: str, now: datetime) -> Iterator[Step]:
    problem = against_opening(training_class, now)
    yield Step(
        _("Open it for booking"),
        problem.sentence
        if problem
        else _("Only staff see the draft. Booking is to open on %(moment)s.")
        % {"moment": moment_in_words(training_class.booking_opens_at)},
        staff,
        reverse("trainees:class_edit", args=[training_class.code]),
        is_due=problem is None and training_class.booking_opens_at <= now,
    )


def _of_lessons(rolls: Sequence[LessonRoll], staff: str) -> Iterator[Step]:
    for roll in rolls:
        if roll.is_over and roll.marked < roll.people:
            missing = roll.people - roll.marked
            yield Step(
                _("Take the attendance of %(day)s") % {"day": short_day(roll.lesson.starts_at)},
                ngettext("%(count)d mark is missing.", "%(count)d marks are missing.", missing)
                % {"count": missing},
                staff,
                reverse("trainees:attendance", args=[roll.lesson.pk]),
                is_due=True,
            )


def _next_lesson(rolls: Sequence[LessonRoll], staff: str, now: datetime) -> Iterator[Step]:
    roll = next((roll for roll in rolls if not roll.is_over), None)
    if roll is not None:
        yield Step(
            _("Hold the next lesson"),
            moment_in_words(roll.lesson.starts_at),
            staff,
            reverse("trainees:attendance", args=[roll.lesson.pk]),
            is_due=roll.lesson.starts_at <= now,
        )


def _to_close(
    training_class: TrainingClass, rolls: Sequence[LessonRoll], staff: str, now: datetime
) -> Iterator[Step]:
    if training_class.ends_at is None or now < training_class.ends_at:
        return
    is_marked = all(roll.marked >= roll.people for roll in rolls)
    yield Step(
        _("Close the class"),
        _("Everybody is marked. Closing posts the study hours to everybody who came.")
        if is_marked
        else _("Once everybody is marked."),
        staff,
        reverse("trainees:close_class", args=[training_class.code]),
        is_due=is_marked,
    )


def _before_the_start(
    training_class: TrainingClass, figures: Figures, sent: SentPeople, staff: str, now: datetime
) -> Iterator[Step]:
    if training_class.has_started(now):
        return
    code = [training_class.code]
    if training_class.minimum_size and figures.seated < training_class.minimum_size:
        yield Step(
            _("Decide whether it takes place"),
            _("%(booked)d of at least %(least)d people have booked.")
            % {"booked": figures.seated, "least": training_class.minimum_size}
            + (
                _(" To be decided on %(day)s.") % {"day": full_day(training_class.decide_on)}
                if training_class.decide_on
                else ""
            ),
            staff,
            reverse("trainees:class_roster", args=code),
            is_due=bool(
                training_class.decide_on and training_class.decide_on <= timezone.localdate(now)
            ),
        )
    if figures.unanswered:
        yield Step(
            _("Approve bookings"),
            ngettext(
                "%(count)d booking still waits for approval.",
                "%(count)d bookings still wait for approval.",
                figures.unanswered,
            )
            % {"count": figures.unanswered},
            _("whoever approves them"),
            reverse("trainees:class_roster", args=code),
        )
    if sent.cannot:
        yield Step(
            _("Send somebody else"),
            ngettext(
                "%(count)d person who was sent cannot come.",
                "%(count)d people who were sent cannot come.",
                sent.cannot,
            )
            % {"count": sent.cannot},
            _("their street-towns"),
            reverse("trainees:class_quotas", args=code),
            is_due=True,
        )
    if sent.asked:
        yield Step(
            _("Answer the call"),
            ngettext(
                "%(count)d person who was sent has not answered.",
                "%(count)d people who were sent have not answered.",
                sent.asked,
            )
            % {"count": sent.asked},
            _("the people themselves"),
            reverse("trainees:class_roster", args=code) + "?who=called",
        )
    if sent.towns_silent:
        yield Step(
            _("Fill the quotas"),
            ngettext(
                "%(count)d street-town has filled no seat yet.",
                "%(count)d street-towns have filled no seat yet.",
                sent.towns_silent,
            )
            % {"count": sent.towns_silent},
            _("their street-towns"),
            reverse("trainees:class_quotas", args=code),
        )
