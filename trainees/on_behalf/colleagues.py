"""Booking for colleagues: a coordinator for people of the own village, and one seat passed on to a
colleague.

Everything goes through `booking.py`, one person at a time, so that one refusal never costs the
others their seat. Source: docs/rules.md R19.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.access import is_office, villages_of
from academy.search.index import people_found
from academy.text.phones import mobile_in
from courses.models import ClassStatus, TrainingClass
from notices.outbox import notify

from ..booking import approvals
from ..booking.enrolling import book, book_group, lock, withdraw
from ..booking.queue import give_up, lock_people, record, release_pools, take
from ..eligibility.reasons import own_clash_reason, reasons_before_the_lock
from ..eligibility.reasons import repeat_reason as taken_before
from ..errors import (
    AlreadyEnrolled,
    AlreadyStarted,
    BookingError,
    GroupRefused,
    NotEligible,
    NothingToCancel,
    RepeatTraining,
)
from ..models import Enrolment, EnrolmentChannel, EnrolmentEventKind, EnrolmentStatus, Trainee

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


# --- Booking and cancelling for many --------------------------------------------------------------


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
    with translation.override(settings.LANGUAGE_CODE):
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
    with translation.override(settings.LANGUAGE_CODE):
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
        with translation.override(settings.LANGUAGE_CODE):
            _tell_cancelled(ended, by)
        outcomes.append(Outcome(enrolment.trainee, ended))
    return outcomes


# --- One seat from hand to hand -------------------------------------------------------------------


def colleague_by_phone(enrolment: Enrolment, phone: str) -> Trainee:
    """Somebody of the village that has the seat, whose number one knows.

    Says the same of strangers and of unknown numbers. Raises NotAColleague.
    """
    found = (
        Trainee.objects.cadres()
        .filter(village=enrolment.village_id, user__phone=phone, user__is_active=True)
        .exclude(pk=enrolment.trainee_id)
        .first()
    )
    if found is None:
        raise NotAColleague(
            _(
                "Nobody else of your village is on the roster with this number. Check it, or ask"
                " your coordinator."
            )
        )
    return found


@transaction.atomic
def pass_on(
    *,
    enrolment: Enrolment,
    to: Trainee,
    by,
    now: datetime,
    repeat_reason: str = "",
    channel: str = "",
    within_town: bool = False,
    tell: bool = True,
    leaving: TrainingClass | None = None,
) -> Enrolment:
    """Give a seat to a colleague of the same village (or town) in one step; the quota stays as it
    is, and both are told.

    Whoever waited for the class leaves the queue by it; `leaving` is another class that the
    colleague gives up for it. Possible until the first lesson begins. Raises NothingToCancel,
    AlreadyStarted, NotAColleague, AlreadyEnrolled, NotEligible, RepeatTraining.
    """
    training_class = lock(enrolment.training_class)
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("trainee__user", "village")
        .get(pk=enrolment.pk)
    )
    if enrolment.status != EnrolmentStatus.BOOKED:
        raise NothingToCancel(
            _("There is no seat to pass on: this booking has ended, or has no seat yet.")
        )
    if training_class.status != ClassStatus.OPEN or training_class.has_started(now):
        raise AlreadyStarted(
            _("“%(title)s” has started; seats stay with who has them.")
            % {"title": training_class.title}
        )
    to = lock_people(training_class, [to.pk], with_the_queue=False)[to.pk]
    if to.is_light or enrolment.learner_group_id is not None:
        raise NotAColleague(
            _(
                "Only cadres of one village pass seats on to each other. Cancel the booking, and"
                " the seat goes to whoever waits."
            )
        )
    if within_town and to.village.town_id != enrolment.village.town_id:
        raise NotAColleague(_("A seat of a street-town is passed on within the street-town only."))
    if not within_town and to.village_id != enrolment.village_id:
        raise NotAColleague(
            _("A seat is passed on within the village only, so that the quotas stay fair.")
        )
    live = Enrolment.objects.live().filter(trainee=to, training_class=training_class).first()
    if live is not None and not live.is_waiting:
        raise AlreadyEnrolled(live)
    is_repeat = _refuse_unfit(to, training_class, now, repeat_reason, channel, leaving)
    if live is not None:
        give_up(live, training_class, by=by, now=now, reason=gettext_lazy("Got a colleague's seat"))
    pool = enrolment.pool
    give_up(
        enrolment, training_class, by=by, now=now, reason=gettext_lazy("Passed on to a colleague")
    )
    pool.refresh_from_db()
    take(pool)
    passed = Enrolment.objects.create(
        trainee=to,
        training_class=training_class,
        pool=pool,
        status=EnrolmentStatus.BOOKED,
        queued_at=now,
        village=to.village,
        position_id=to.position_id,
        channel=channel
        or (
            EnrolmentChannel.SELF
            if by.pk == enrolment.trainee.user_id
            else EnrolmentChannel.COORDINATOR
        ),
        booked_by=by,
        is_repeat=is_repeat,
        repeat_reason=repeat_reason.strip()[:200] if is_repeat else "",
    )
    record(passed, EnrolmentEventKind.BOOKED, now, by, gettext_lazy("Got a colleague's seat"))
    approvals.begin(enrolment=passed, training_class=training_class, by=by, now=now)
    release_pools(training_class=training_class, now=now)
    if tell:
        with translation.override(settings.LANGUAGE_CODE):
            _tell_passed_on(enrolment, passed, training_class)
    return passed


def _refuse_unfit(
    to: Trainee,
    training_class: TrainingClass,
    now: datetime,
    repeat_reason: str,
    channel: str,
    leaving: TrainingClass | None,
) -> bool:
    """The rules of the class hold for whoever gets the seat; returns whether they repeat what they
    have taken.
    """
    against, earlier = reasons_before_the_lock(to, training_class, now)
    clash = own_clash_reason(
        to, training_class, channel=EnrolmentChannel.COORDINATOR, leaving=leaving
    )
    against += [] if clash.ok else [clash]
    if against:
        raise NotEligible(against)
    if (
        earlier
        and training_class.guards_repeats
        and channel != EnrolmentChannel.DISPATCH
        and not repeat_reason.strip()
    ):
        raise RepeatTraining([taken_before(earlier)], earlier)
    return bool(earlier)


# --- What people are told -------------------------------------------------------------------------


def tell_booked(enrolment: Enrolment, training_class: TrainingClass, by) -> None:
    """Tell somebody that a colleague booked for them; nobody is told of an own tap."""
    if enrolment.trainee.user_id == by.pk:
        return
    words = {"title": training_class.title, "name": by.name}
    if enrolment.is_waiting:
        title, body = (
            _("On the waiting list: %(title)s") % words,
            _("%(name)s put you on the waiting list. You are told when a seat comes free.") % words,
        )
    else:
        title, body = (
            _("Booked for you: %(title)s") % words,
            _(
                "%(name)s booked a seat for you. If you cannot come, cancel on the page of the"
                " class."
            )
            % words,
        )
    notify(
        person=enrolment.trainee.user,
        kind="booked_by_colleague",
        subject=enrolment,
        dedupe="booked",
        title=title,
        body=body,
        link=training_class.get_absolute_url(),
    )


def _tell_cancelled(enrolment: Enrolment, by) -> None:
    if enrolment.trainee.user_id == by.pk:
        return
    training_class = enrolment.training_class
    notify(
        person=enrolment.trainee.user,
        kind="cancelled_by_colleague",
        subject=enrolment,
        dedupe="cancelled",
        title=_("Cancelled for you: %(title)s") % {"title": training_class.title},
        body=_("%(name)s cancelled your booking. If that is wrong, speak to them, or book again.")
        % {"name": by.name},
        link=training_class.get_absolute_url(),
    )


def _tell_passed_on(enrolment: Enrolment, passed: Enrolment, training_class: TrainingClass) -> None:
    words = {"title": training_class.title}
    notify(
        person=enrolment.trainee.user,
        kind="seat_passed_on",
        subject=enrolment,
        dedupe="passed on",
        title=_("Your seat is passed on: %(title)s") % words,
        body=_("A colleague of your village comes in your place; you need do nothing more."),
        link=training_class.get_absolute_url(),
    )
    notify(
        person=passed.trainee.user,
        kind="seat_received",
        subject=passed,
        dedupe="received",
        title=_("You have a colleague's seat: %(title)s") % words,
        body=_(
            "A colleague of your village cannot come and passed the seat on to you. If you cannot"
            " come either, cancel on the page of the class."
        ),
        link=training_class.get_absolute_url(),
    )
