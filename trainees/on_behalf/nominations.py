"""Dispatch (调训): a street-town sends people to a class, hears whether they can come, and puts
others in their place.

The quota of a town in a class (its seat pool) is the limit of its nominations: a nomination takes
one of those seats at once and holds it while the answer is out. Who cannot come says why; the town
then has a day to send somebody else, and after that the seat goes to whoever waits. Source:
docs/rules.md R15, R18.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.models import Town
from courses.models import ClassStatus, TrainingClass
from notices.outbox import tell

from ..booking.class_lock import lock, lock_people
from ..booking.enrolling import book
from ..booking.queue import promote
from ..booking.seat_ledger import give_up
from ..errors import AlreadyEnrolled, BookingError
from ..models import (
    SEAT_HOLDING,
    Enrolment,
    EnrolmentChannel,
    Nomination,
    NominationStatus,
    Trainee,
)
from ..notices.on_behalf import NOMINATED, NOMINATION_REFUSED, NOMINATION_REPLACED
from .colleagues import MOST_AT_ONCE, Outcome, TooMany
from .passing_on import pass_on

REPLACE_WITHIN = timedelta(hours=24)  # of an answer "cannot": the town's time to send somebody else
LOAD_DAYS = 30  # how far ahead calls are counted; docs/rules.md R18
CLOSE_CALLS = timedelta(days=7)  # two calls within it are worth a second look; docs/rules.md R18


class NominationRefused(BookingError):
    """A nomination or an answer that cannot be taken."""


class QuotaUsed(NominationRefused):
    """The town has no seat of its own left in the class."""


# --- Sending --------------------------------------------------------------------------------------


def nominate(
    *, trainees: Sequence[Trainee], training_class: TrainingClass, town: Town, by, now: datetime
) -> list[Outcome]:
    """Send people of the town to the class; a line for each.

    Whoever has a seat already stays as they are. Raises TooMany.
    """
    if len(trainees) > MOST_AT_ONCE:
        raise TooMany(
            _("Choose at most %(most)d people at a time; you chose %(count)d.")
            % {
                "most": MOST_AT_ONCE,
                "count": len(trainees),
            }
        )
    outcomes = []
    for trainee in trainees:
        try:
            outcomes.append(
                Outcome(trainee, _nominate_one(trainee, training_class, town, by, now).enrolment)
            )
        except AlreadyEnrolled as known:
            outcomes.append(Outcome(trainee, known.enrolment, was_there=True))
        except BookingError as error:
            outcomes.append(Outcome(trainee, refusal=str(error)))
    return outcomes


@transaction.atomic
def _nominate_one(
    trainee: Trainee, training_class: TrainingClass, town: Town, by, now: datetime
) -> Nomination:
    if trainee.is_light or trainee.village.town_id != town.pk:
        raise NominationRefused(
            _("%(name)s does not work in %(town)s.") % {"name": trainee.name, "town": town.name}
        )
    enrolment = book(
        trainee=trainee,
        training_class=training_class,
        by=by,
        now=now,
        channel=EnrolmentChannel.DISPATCH,
    )
    if enrolment.pool is None or enrolment.pool.town_id != town.pk:
        raise QuotaUsed(
            _("%(town)s has no seat of its own left in this class.") % {"town": town.name}
        )
    return _ask(enrolment, town, by, now)


def _ask(
    enrolment: Enrolment, town: Town, by, now: datetime, replaces: Nomination | None = None
) -> Nomination:
    nomination = Nomination.objects.create(
        training_class=enrolment.training_class,
        town=town,
        trainee=enrolment.trainee,
        enrolment=enrolment,
        nominated_by=by,
        nominated_at=now,
        replaces=replaces,
    )
    training_class = enrolment.training_class
    tell(
        NOMINATED,
        enrolment.trainee.user,
        values={
            "title": training_class.title,
            "town": town.name,
            "day": training_class.starts_at,
            "clock": training_class.starts_at,
            "campus": training_class.places,
        },
        link=reverse("trainees:nomination", args=[nomination.pk]),
        subject=nomination,
        dedupe="nominated",
    )
    return nomination


# --- Answering ------------------------------------------------------------------------------------


@transaction.atomic
def answer(*, nomination: Nomination, comes: bool, reason: str = "", now: datetime) -> Nomination:
    """The person's answer; it may be changed until the town has replaced them or the class begins.
    The same answer twice is one.

    Raises NominationRefused.
    """
    reason = reason.strip()[:200]
    training_class = lock(nomination.training_class)
    nomination = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("trainee__user", "nominated_by")
        .get(pk=nomination.pk)
    )
    wanted = NominationStatus.COMING if comes else NominationStatus.CANNOT
    if nomination.status == wanted:
        return nomination
    if nomination.status not in (
        NominationStatus.ASKED,
        NominationStatus.COMING,
        NominationStatus.CANNOT,
    ):
        raise NominationRefused(
            _("Somebody else comes in your place already; there is nothing more to do.")
        )
    if training_class.status != ClassStatus.OPEN or training_class.has_started(now):
        raise NominationRefused(
            _("The class has begun or will not be held; please call your street-town.")
        )
    if not comes and not reason:
        raise NominationRefused(
            _(
                "Say in a few words why you cannot come, so that your street-town can send somebody"
                " else."
            )
        )
    nomination.status, nomination.reason, nomination.answered_at = (
        wanted,
        "" if comes else reason,
        now,
    )
    nomination.save(update_fields=["status", "reason", "answered_at"])
    if not comes:
        _tell_cannot(nomination, training_class)
    return nomination


def _tell_cannot(nomination: Nomination, training_class: TrainingClass) -> None:
    tell(
        NOMINATION_REFUSED,
        nomination.nominated_by,
        values={
            "title": training_class.title,
            "name": nomination.trainee.name,
            "reason": nomination.reason,
        },
        link=reverse("trainees:nominations", args=[training_class.code]),
        subject=nomination,
        dedupe=f"cannot {nomination.answered_at.isoformat()}",
    )


# --- Somebody else --------------------------------------------------------------------------------


@transaction.atomic
def replace(
    *,
    nomination: Nomination,
    trainee: Trainee,
    by,
    now: datetime,
    leaving: TrainingClass | None = None,
) -> Nomination:
    """Send somebody else of the town on the same seat, who may give up another class for it; who
    was replaced is told.

    Raises NominationRefused and what `pass_on` raises.
    """
    lock(nomination.training_class)
    nomination = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("enrolment", "town", "trainee__user")
        .get(pk=nomination.pk)
    )
    if nomination.status not in (
        NominationStatus.ASKED,
        NominationStatus.COMING,
        NominationStatus.CANNOT,
    ):
        raise NominationRefused(
            _("This person has been replaced already, or the seat was given back.")
        )
    passed = pass_on(
        enrolment=nomination.enrolment,
        to=trainee,
        by=by,
        now=now,
        channel=EnrolmentChannel.DISPATCH,
        within_town=True,
        tell=False,
        leaving=leaving,
    )
    _end(nomination, NominationStatus.REPLACED)
    tell(
        NOMINATION_REPLACED,
        nomination.trainee.user,
        values={"title": passed.training_class.title, "town": nomination.town.name},
        link=passed.training_class.get_absolute_url(),
        subject=nomination,
        dedupe="replaced",
    )
    return _ask(passed, nomination.town, by, now, replaces=nomination)


@transaction.atomic
def swap_classes(
    *, first: Nomination, second: Nomination, by, now: datetime
) -> tuple[Nomination, Nomination]:
    """Let two people of one town take each other's class; both are asked anew.

    Raises NominationRefused, and `pass_on`'s errors.
    """
    if first.town_id != second.town_id or first.training_class_id == second.training_class_id:
        raise NominationRefused(
            _("Choose two people of one street-town who go to different classes.")
        )
    for training_class in sorted(
        (first.training_class, second.training_class), key=lambda item: item.pk
    ):
        lock(training_class)
    # both in one order, before either moves
    lock_people(first.training_class, [first.trainee_id, second.trainee_id], with_the_queue=False)
    there = replace(
        nomination=first, trainee=second.trainee, by=by, now=now, leaving=second.training_class
    )
    back = replace(nomination=second, trainee=first.trainee, by=by, now=now)
    return there, back


def _end(nomination: Nomination, status: str) -> None:
    nomination.status = status
    nomination.save(update_fields=["status"])


def free_unreplaced(*, now: datetime) -> int:
    """Seats of people who cannot come and whom nobody replaced within a day go to whoever waits;
    returns how many.
    """
    freed = 0
    due = Nomination.objects.filter(
        status=NominationStatus.CANNOT, answered_at__lte=now - REPLACE_WITHIN
    )
    for found in TrainingClass.objects.filter(
        pk__in=due.values("training_class"), status=ClassStatus.OPEN
    ).order_by("pk"):
        with transaction.atomic():
            training_class = lock(found)
            if training_class.has_started(now):
                continue
            for nomination in (
                due.filter(training_class=training_class)
                .select_related("enrolment")
                .select_for_update(of=("self",))
            ):
                give_back(nomination, training_class, by=None, now=now)
                freed += 1
            promote(training_class=training_class, now=now)
    return freed


def give_back(nomination: Nomination, training_class: TrainingClass, *, by, now: datetime) -> None:
    """End a nomination and free its seat; the caller holds the lock and promotes."""
    if nomination.enrolment.status in SEAT_HOLDING:
        give_up(
            nomination.enrolment,
            training_class,
            by=by,
            now=now,
            reason=gettext_lazy("Cannot come, and nobody was sent instead"),
        )
    _end(nomination, NominationStatus.RELEASED)


# --- How often people are called ------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """One class that a person goes to in the days ahead."""

    on: date
    title: str
    code: str
    sent: bool  # dispatched; otherwise booked by oneself or a colleague


def calls_ahead(
    trainees: Iterable[Trainee], now: datetime, days: int = LOAD_DAYS
) -> dict[int, list[Call]]:
    """Trainee key → classes that begin in the next days, the first one first; one query.

    Counts calls, never people.
    """
    rows = Enrolment.objects.filter(
        trainee__in=[trainee.pk for trainee in trainees],
        status__in=SEAT_HOLDING,
        training_class__starts_at__gt=now,
        training_class__starts_at__lte=now + timedelta(days=days),
    ).order_by("training_class__starts_at", "pk")
    found = defaultdict(list)
    for key, starts_at, title, code, channel in rows.values_list(
        "trainee",
        "training_class__starts_at",
        "training_class__title",
        "training_class__code",
        "channel",
    ):
        found[key].append(
            Call(timezone.localdate(starts_at), title, code, channel == EnrolmentChannel.DISPATCH)
        )
    return dict(found)


def called_within_a_week(calls: Iterable[Call], on: date) -> Call | None:
    """A call that lies within a week of the day: worth a second look, never a refusal."""
    return next((call for call in calls if abs(call.on - on) <= CLOSE_CALLS), None)
