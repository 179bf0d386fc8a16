"""Why there are no hours yet: what a class waits for, and who has it in hand.

Only the person's own page asks; nobody else is told. Source: docs/rules.md R80.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import full_day
from courses.models import HELD, ClassStatus, TrainingClass

from ..models import (
    CAME,
    SEAT_HOLDING,
    Attendance,
    Enrolment,
    EnrolmentStatus,
    Trainee,
)
from ..people.class_staff import owners_in_words
from .closing_parts import CLOSE_WITHIN, ClosingPart, in_words, missing_parts_of_all
from .hours import standing_entries


@dataclass(frozen=True)
class NoHoursYet:
    """A class without hours for one person: why, and who has it in hand (nobody: "")."""

    enrolment: Enrolment
    why: list[str]  # sentences
    who: str = ""

    @property
    def training_class(self) -> TrainingClass:
        return self.enrolment.training_class


def why_no_hours(trainee: Trainee, year: int, now: datetime) -> list[NoHoursYet]:
    """Classes of the year in which the person had a seat and which brought no hours so far, the
    latest first.

    Of classes that go on only those that the person has been to.
    """
    posted = standing_entries().filter(enrolment=OuterRef("pk"))
    came = Attendance.objects.filter(enrolment=OuterRef("pk"), status__in=CAME)
    found = (
        trainee.enrolments.filter(
            status__in=SEAT_HOLDING,
            training_class__starts_at__year=year,
            training_class__starts_at__lte=now,
            training_class__status__in=(*HELD, ClassStatus.CLOSED),
        )
        .exclude(Exists(posted))
        .annotate(came=Exists(came))
        .select_related("training_class__campus", "training_class__department")
        .order_by("-training_class__ends_at", "pk")
    )
    return list(_answers(found, now))


def _answers(found, now: datetime) -> Iterator[NoHoursYet]:
    found = list(found)
    missing = missing_parts_of_all(
        [one.training_class for one in found if _waits_for_closing(one.training_class, now)], now
    )
    for enrolment in found:
        training_class = enrolment.training_class
        who = owners_in_words(training_class, now) if training_class.ends_at <= now else ""
        if training_class.status == ClassStatus.CLOSED:
            yield NoHoursYet(enrolment, [_after_closing(enrolment)], who)
        elif training_class.ends_at > now:
            if enrolment.came:
                yield NoHoursYet(
                    enrolment,
                    [
                        _("The class goes on until %(day)s; the hours come when it is closed.")
                        % {"day": full_day(training_class.ends_at)}
                    ],
                )
        else:
            sentences = _before_closing(training_class, missing[training_class.pk])
            yield NoHoursYet(enrolment, sentences, who)


def _after_closing(enrolment: Enrolment) -> str:
    if enrolment.status == EnrolmentStatus.COMPLETED:
        return _("The class is closed; the minutes you were there come to less than 0.25 hours.")
    return _("The class is closed; by the roll you were in none of its lessons.")


def _waits_for_closing(training_class: TrainingClass, now: datetime) -> bool:
    return training_class.status != ClassStatus.CLOSED and training_class.ends_at <= now


def _before_closing(training_class: TrainingClass, missing: Sequence[ClosingPart]) -> list[str]:
    sentences = [
        _("It was opened again for a correction; the hours come back when it is closed.")
        if training_class.closings
        else _("It is not closed yet; the hours come by themselves when it is.")
    ]
    if missing:
        sentences.append(_("Still missing: %(parts)s.") % {"parts": in_words(missing)})
    day = timezone.localdate(training_class.ends_at + CLOSE_WITHIN)
    sentences.append(_("To be done by %(day)s; you need do nothing.") % {"day": full_day(day)})
    return sentences
