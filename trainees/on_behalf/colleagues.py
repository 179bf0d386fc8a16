"""Booking and cancelling for colleagues of one's own village."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from academy.access import is_office, villages_of
from academy.search.index import people_found
from academy.text.phones import mobile_in
from courses.models import TrainingClass

from ..booking.enrolling import book, book_group
from ..booking.withdrawing import withdraw
from ..errors import AlreadyEnrolled, BookingError, GroupRefused
from ..models import Enrolment, EnrolmentChannel, Trainee
from .colleague_notices import tell_booked, tell_cancelled

MOST_AT_ONCE = 60  # people in one form; docs/rules.md R19
PHONE_OR_ITS_END = re.compile(r"1[0-9]{10}|[0-9]{4}", re.ASCII)
SEPARATELY, AS_MANY_AS_FIT, ALL_OR_NOBODY = "separately", "as_many", "all"


class NotAColleague(BookingError):
    """The person belongs to another village, or is not on the roster."""


class TooMany(BookingError):
    """More people than one form takes."""


@dataclass(frozen=True)
class Outcome:
    """What became of one person: the enrolment, or the sentence that says why not."""

    trainee: Trainee
    enrolment: Enrolment | None = None
    refusal: str = ""
    was_there: bool = False  # booked before: nothing was changed

    @property
    def kind(self) -> str:
        """booked, waitlisted, withdrawn, same or refused: what a badge is made of."""
        if self.refusal:
            return "refused"
        return "same" if self.was_there else str(self.enrolment.status)


def people_of(user) -> QuerySet[Trainee]:
    """Whom the person may book and swap: the own village's, the own town's, everybody for the
    office.
    """
    people = (
        Trainee.objects.cadres()
        .filter(user__is_active=True)
        .select_related("user", "village__town", "position", "stage")
    )
    return people if is_office(user) else people.filter(village__in=villages_of(user))


def found_among(people: QuerySet[Trainee], query: str) -> QuerySet[Trainee]:
    """Of the people those meant by a name, a whole mobile number or its last four digits.

    Only these four: they show in a masked number anyway, while a longer rest would let the hidden
    digits be guessed.
    """
    names = {str(pk): name for pk, name in people.order_by().values_list("pk", "user__name")}
    wanted = Q(pk__in=people_found(query, names))
    number = mobile_in(query)
    if PHONE_OR_ITS_END.fullmatch(number):
        wanted |= Q(user__phone__endswith=number)
    return people.filter(wanted)


def book_colleagues(
    *,
    trainees: Sequence[Trainee],
    training_class: TrainingClass,
    manner: str,
    by,
    now: datetime,
    repeat_reason: str = "",
) -> list[Outcome]:
    """Book up to 60 people; the answer has a line for each, in the order they were named.

    `manner`: everybody for themselves, or as a group of one village that queues together. A group
    of which somebody is refused is not booked at all, and says who stands in its way. Repeating it
    changes nothing. Raises TooMany.
    """
    _refuse_too_many(trainees)
    if manner != SEPARATELY and len(trainees) > 1:
        return _book_together(
            trainees, training_class, manner == ALL_OR_NOBODY, by, now, repeat_reason
        )
    return [_book_one(trainee, training_class, by, now, repeat_reason) for trainee in trainees]


def _refuse_too_many(people: Sequence) -> None:
    if len(people) > MOST_AT_ONCE:
        raise TooMany(
            _("Choose at most %(most)d people at a time; you chose %(count)d.")
            % {
                "most": MOST_AT_ONCE,
                "count": len(people),
            }
        )


def _book_one(
    trainee: Trainee, training_class: TrainingClass, by, now: datetime, repeat_reason: str
) -> Outcome:
    try:
        enrolment = book(
            trainee=trainee,
            training_class=training_class,
            by=by,
            now=now,
            channel=EnrolmentChannel.COORDINATOR,
            repeat_reason=repeat_reason,
        )
    except AlreadyEnrolled as known:
        return Outcome(trainee, known.enrolment, was_there=True)
    except BookingError as error:
        return Outcome(trainee, refusal=str(error))
    tell_booked(enrolment, training_class, by)
    return Outcome(trainee, enrolment)


def _book_together(
    trainees, training_class, together: bool, by, now: datetime, repeat_reason: str
) -> list[Outcome]:
    try:
        enrolments = book_group(
            trainees=trainees,
            training_class=training_class,
            together=together,
            by=by,
            now=now,
            repeat_reason=repeat_reason,
        )
    except GroupRefused as refused:
        others = _("Not booked, because the group stays together: %(reason)s") % {
            "reason": _("somebody else of it cannot be booked")
        }
        return [
            Outcome(
                trainee,
                refusal=str(
                    refused.refused.get(trainee) or (others if refused.refused else refused)
                ),
            )
            for trainee in trainees
        ]
    except BookingError as error:
        return [Outcome(trainee, refusal=str(error)) for trainee in trainees]
    for enrolment in enrolments:
        tell_booked(enrolment, training_class, by)
    return [
        Outcome(trainee, enrolment) for trainee, enrolment in zip(trainees, enrolments, strict=True)
    ]


def cancel_for_colleagues(*, enrolments: Iterable[Enrolment], by, now: datetime) -> list[Outcome]:
    """Cancel seats and places in the queue, each by itself and with its answer. Raises TooMany."""
    enrolments = list(enrolments)
    _refuse_too_many(enrolments)
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Cancelled by %(name)s") % {"name": by.name}
    outcomes = []
    for enrolment in enrolments:
        try:
            ended = withdraw(enrolment=enrolment, by=by, now=now, reason=reason)
        except BookingError as error:
            outcomes.append(Outcome(enrolment.trainee, refusal=str(error)))
            continue
        tell_cancelled(ended, by)
        outcomes.append(Outcome(enrolment.trainee, ended))
    return outcomes
