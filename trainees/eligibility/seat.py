"""Whether there is a seat for the person, or a place in the queue."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.templatetags.portal_tags import short_day
from courses.models import SeatPool, TrainingClass

from ..errors import Reason
from ..seats.counting import Outlook, fold_due, outlook, pool_with_a_seat
from .window import moment_in_words


def seat_reason(
    town,
    training_class: TrainingClass,
    pools: Iterable[SeatPool],
    now: datetime,
    waiting: Collection[int],
) -> Reason:
    """What booking would give now: a seat of the own town, a seat open to all, or a place in the
    queue.
    """
    pools = list(pools)
    fold_due(pools, now)
    match outlook(town.pk, training_class, pools, now, waiting):
        case Outlook.SEAT:
            pool = pool_with_a_seat(town.pk, pools)
            if pool.town_id is None:
                return Reason(
                    True,
                    _("Seats are left"),
                    ngettext("%(count)d seat left", "%(count)d seats left", pool.seats_left)
                    % {"count": pool.seats_left},
                    rule="seat",
                )
            kept = {"town": town.name, "count": pool.seats_left, "day": short_day(pool.release_at)}
            fact = (
                _("%(town)s has %(count)d left; what is unused is open to all from %(day)s")
                if pool.release_at
                else _("%(town)s has %(count)d left")
            )
            return Reason(True, _("Your town has seats left"), fact % kept, rule="seat")
        case Outlook.QUEUE:
            return Reason(
                True,
                _queue_title(town, pools),
                _(
                    "When somebody cancels, the seat goes to the queue in its order, and you are"
                    " told at once"
                ),
                hint=True,
                rule="seat",
            )
    if _kept_for_others(town, pools):
        return Reason(
            False,
            _("The seats left are kept for other towns"),
            _("this class keeps no waiting list"),
            _open_to_all_later(pools),
            rule="seat",
        )
    return Reason(
        False,
        _("Full"),
        _("every seat is taken, and this class keeps no waiting list"),
        _("Please look for another class; when somebody cancels, the seat shows here again."),
        rule="seat",
    )


def _queue_title(town, pools: Iterable[SeatPool]) -> str:
    if _kept_for_others(town, pools):
        return _("The seats left are kept for other towns; you can wait")
    return _("Full at the moment; you can wait")


def _kept_for_others(town, pools: Iterable[SeatPool]) -> bool:
    return any(pool.seats_left > 0 for pool in pools if pool.town_id not in (town.pk, None))


def _open_to_all_later(pools: Iterable[SeatPool]) -> str:
    hours = [
        pool.release_at
        for pool in pools
        if pool.seats_left > 0 and pool.town_id is not None and pool.release_at is not None
    ]
    if not hours:
        return _("Please look for another class.")
    return _("What is unused is open to all from %(moment)s; come back then.") % {
        "moment": moment_in_words(min(hours))
    }
