"""May this person book this class? Every rule as a line in plain words, the same on the page and in a refusal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.templatetags.portal_tags import clock, day, short_day
from courses.models import HELD, ClassStatus, Lesson, SeatPool, TrainingClass

from .errors import AlreadyStarted, BookingClosed, BookingError, BookingNotOpen, ClassCancelled
from .models import SEAT_HOLDING, Enrolment, Trainee
from .seats import Outlook, fold_due, outlook, pool_with_a_seat


@dataclass(frozen=True)
class Reason:
    """One rule: whether it passes, what it says, the fact behind it, and the way out when it fails."""

    ok: bool
    title: str
    fact: str = ""
    way_out: str = ""
    hint: bool = False  # passes, but with something to know: a full class with a waiting list


def reasons_for(trainee: Trainee, training_class: TrainingClass, now: datetime) -> list[Reason]:
    """Every rule as it stands for the trainee now, those that fail first."""
    refusal = why_not_now(training_class, now)
    reasons = [
        *([Reason(False, str(refusal))] if refusal else []),
        position_reason(trainee, training_class),
        clash_reason(trainee, training_class),
        _seat_reason(trainee.village.town, training_class, training_class.pools.all(), now),
    ]
    return sorted(reasons, key=lambda reason: reason.ok)


def reasons_against_promotion(trainee: Trainee, training_class: TrainingClass) -> list[Reason]:
    """What is checked again when a seat comes free: everything but the booking window and the seats themselves."""
    return [reason for reason in (position_reason(trainee, training_class), clash_reason(trainee, training_class)) if not reason.ok]


def why_not_now(training_class: TrainingClass, now: datetime) -> BookingError | None:
    """The refusal that holds for everybody at this moment, or nothing while booking is open. Asks no database."""
    names = {"title": training_class.title}
    match training_class.status:
        case ClassStatus.CANCELLED:
            return ClassCancelled(_("“%(title)s” is cancelled. Please look for another class.") % names)
        case ClassStatus.CLOSED:
            return BookingClosed(_("“%(title)s” is over. Please look for another class.") % names)
        case ClassStatus.DRAFT:
            return BookingNotOpen(_("“%(title)s” is still being planned; it cannot be booked yet.") % names)
    if training_class.status == ClassStatus.RUNNING or training_class.has_started(now):
        return AlreadyStarted(_("“%(title)s” has started. Please look for the next one of its kind.") % names)
    if now < training_class.booking_opens_at:
        return BookingNotOpen(_("Booking opens on %(moment)s. Please come back then.") % {"moment": moment_in_words(training_class.booking_opens_at)})
    if now >= training_class.booking_closes_at:
        return BookingClosed(_("Booking closed on %(moment)s. Please look for another class.") % {"moment": moment_in_words(training_class.booking_closes_at)})
    return None


def moment_in_words(moment: datetime) -> str:
    """11月10日 周三 17:00."""
    return f"{day(moment)} {clock(moment)}"


# --- Single rules -----------------------------------------------------------------------------------------------------


def position_reason(trainee: Trainee, training_class: TrainingClass) -> Reason:
    """The post held now is among those the class is for; a class that names no post is for all."""
    audiences = list(training_class.audiences.all())
    holds = _("On file you are %(position)s") % {"position": trainee.position.name}
    if not audiences:
        return Reason(True, _("Open to every post"), holds)
    if any(position.pk == trainee.position_id for position in audiences):
        return Reason(True, _("Your post fits"), holds)
    return Reason(
        False,
        _("Your post is not among those this class is for"),
        _("this class is for %(audiences)s; on file you are %(position)s")
        % {"audiences": pgettext("between names", ", ").join(position.name for position in audiences), "position": trainee.position.name},
        _("If the post on file is wrong, ask your coordinator to correct it."),
    )


def clash_reason(trainee: Trainee, training_class: TrainingClass) -> Reason:
    """Lesson against lesson, never class span against class span. Source: DESIGN.md 5.4."""
    lessons = _own_lessons_beside(trainee, training_class)
    clashing = [lesson for lesson in lessons if lesson.clashes]
    if clashing:
        return Reason(
            False,
            ngettext("One lesson clashes with another class of yours", "%(count)d lessons clash with other classes of yours", len(clashing))
            % {"count": len(clashing)},
            _("%(moment)s you have “%(title)s”") % {"moment": moment_in_words(clashing[0].starts_at), "title": clashing[0].training_class.title},
            _("Cancel the other class first, or take the next one of this kind."),
        )
    if not lessons:
        return Reason(True, _("No clash of times"), _("You have booked no other class"))
    compared = {"classes": len({lesson.training_class_id for lesson in lessons}), "lessons": len(lessons)}
    return Reason(True, _("No clash of times"), _("Compared lesson by lesson with your %(classes)d classes, %(lessons)d lessons") % compared)


def _own_lessons_beside(trainee: Trainee, training_class: TrainingClass) -> list[Lesson]:
    """Lessons of the other classes in which the trainee holds a seat, each with `clashes`; one query."""
    holds_a_seat = Enrolment.objects.filter(trainee=trainee, status__in=SEAT_HOLDING)
    at_the_same_time = Lesson.objects.filter(training_class=training_class, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    lessons = Lesson.objects.filter(training_class__in=holds_a_seat.values("training_class"), training_class__status__in=HELD)
    return list(
        lessons.exclude(training_class=training_class)
        .annotate(clashes=Exists(at_the_same_time))
        .select_related("training_class")
        .only("starts_at", "training_class__title")
        .order_by("starts_at", "pk")
    )


def _seat_reason(town, training_class: TrainingClass, pools: Iterable[SeatPool], now: datetime) -> Reason:
    """What booking would give now: a seat of the own town, a seat open to all, or a place in the queue."""
    pools = list(pools)
    fold_due(pools, now)
    match outlook(town.pk, training_class, pools, now):
        case Outlook.SEAT:
            pool = pool_with_a_seat(town.pk, pools)
            if pool.town_id is None:
                return Reason(True, _("Seats are left"), ngettext("%(count)d seat left", "%(count)d seats left", pool.seats_left) % {"count": pool.seats_left})
            kept = {"town": town.name, "count": pool.seats_left, "day": short_day(pool.release_at)}
            fact = _("%(town)s has %(count)d left; what is unused is open to all from %(day)s") if pool.release_at else _("%(town)s has %(count)d left")
            return Reason(True, _("Your town has seats left"), fact % kept)
        case Outlook.QUEUE:
            return Reason(True, _queue_title(town, pools), _("When somebody cancels, the seat goes to the queue in its order, and you are told at once"), hint=True)
    if _kept_for_others(town, pools):
        return Reason(False, _("The seats left are kept for other towns"), _("this class keeps no waiting list"), _open_to_all_later(pools))
    return Reason(
        False,
        _("Full"),
        _("every seat is taken, and this class keeps no waiting list"),
        _("Please look for another class; when somebody cancels, the seat shows here again."),
    )


def _queue_title(town, pools: Iterable[SeatPool]) -> str:
    if _kept_for_others(town, pools):
        return _("The seats left are kept for other towns; you can wait")
    return _("Full at the moment; you can wait")


def _kept_for_others(town, pools: Iterable[SeatPool]) -> bool:
    return any(pool.seats_left > 0 for pool in pools if pool.town_id not in (town.pk, None))


def _open_to_all_later(pools: Iterable[SeatPool]) -> str:
    hours = [pool.release_at for pool in pools if pool.seats_left > 0 and pool.town_id is not None and pool.release_at is not None]
    if not hours:
        return _("Please look for another class.")
    return _("What is unused is open to all from %(moment)s; come back then.") % {"moment": moment_in_words(min(hours))}
