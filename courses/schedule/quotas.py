"""How the seats of a class are shared out: quotas of towns, and the open pool that holds the
rest.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import Town
from academy.office_settings import office_setting

from ..models import SeatPool, TrainingClass


class SeatsTaken(PortalError):
    """Fewer seats are asked for than people hold already."""


class QuotasExceedCapacity(PortalError):
    """The towns were promised more seats than there are."""


def default_release(training_class: TrainingClass) -> datetime:
    """So many hours before booking closes as the office has set, but never before it opens.

    Unused quotas are open to all from then on. Source: docs/rules.md R15.
    """
    before = timedelta(hours=office_setting("quota_release_hours"))
    return max(training_class.booking_closes_at - before, training_class.booking_opens_at)


class ReleaseOutOfRange(PortalError):
    """A quota would be kept until after booking closes, or until a moment that is past."""


def follow_the_window(training_class: TrainingClass) -> None:
    """Release what is kept for towns by the booking window as it is now; a moment that was set for
    one town stays, as far as booking is open until then. Call with the class locked.
    """
    closes = training_class.booking_closes_at
    pools = training_class.pools.filter(town__isnull=False, released_at__isnull=True)
    pools.filter(has_own_release=False).update(release_at=default_release(training_class))
    pools.filter(has_own_release=True, release_at__gt=closes).update(release_at=closes)


def keep_until(
    training_class: TrainingClass, moments: Mapping[Town, datetime | None], *, now: datetime
) -> None:
    """Keep the quotas of these towns until these moments; None for the usual one. A town without a
    quota is passed over. Call with the class locked. Raises ReleaseOutOfRange.
    """
    usual = default_release(training_class)
    kept = training_class.pools.filter(town__in=list(moments), released_at__isnull=True)
    for pool in kept.select_related("town"):
        wanted = moments[pool.town]
        if wanted is None or wanted == _minute(usual):
            wanted = usual
        if pool.release_at is not None and _minute(wanted) == _minute(pool.release_at):
            continue
        if not now < wanted <= training_class.booking_closes_at:
            raise ReleaseOutOfRange(
                _(
                    "%(town)s: choose a moment that is still to come, at the latest when booking"
                    " closes."
                )
                % {"town": pool.town.name}
            )
        pool.release_at, pool.has_own_release = wanted, wanted != usual
        pool.save(update_fields=["release_at", "has_own_release"])


def _minute(moment: datetime) -> datetime:
    """As exact as a form is."""
    return moment.replace(second=0, microsecond=0)


def share_out(
    training_class: TrainingClass, *, capacity: int, town_seats: Mapping[Town, int]
) -> bool:
    """Make the pools of a class fit its capacity and quotas; returns whether anything changed.

    Call with the class locked; who waits is promoted by `trainees.booking.queue.promote`. A
    quota that was released stays released: its taken seats remain, the rest is in the open pool.
    Raises SeatsTaken, QuotasExceedCapacity.
    """
    pools = {pool.town_id: pool for pool in training_class.pools.all()}
    wanted = {town.pk: seats for town, seats in town_seats.items() if seats}
    if sum(wanted.values()) > capacity:
        raise QuotasExceedCapacity(
            _(
                "The quotas add up to %(quotas)d seats, the class has %(capacity)d. Lower a quota"
                " or raise the seats."
            )
            % {"quotas": sum(wanted.values()), "capacity": capacity}
        )
    for town_id, pool in pools.items():
        if town_id is not None and pool.released_at is not None:
            wanted[town_id] = pool.seats_taken
    for town_id in list(pools):
        if town_id is not None and town_id not in wanted:
            wanted[town_id] = 0
    for town_id, seats in wanted.items():
        taken = pools[town_id].seats_taken if town_id in pools else 0
        if seats < taken:
            raise SeatsTaken(
                _("%(town)s holds %(taken)d seats already, so its quota cannot be lower.")
                % {
                    "town": pools[town_id].town.name,
                    "taken": taken,
                }
            )
    open_pool = pools.get(None)
    open_taken = open_pool.seats_taken if open_pool else 0
    open_seats = capacity - sum(wanted.values())
    if open_seats < open_taken:
        taken = sum(pool.seats_taken for pool in pools.values())
        raise SeatsTaken(
            _(
                "%(taken)d people hold a seat already, %(open)d of them outside the quotas. Set at"
                " least %(least)d seats."
            )
            % {"taken": taken, "open": open_taken, "least": open_taken + sum(wanted.values())}
        )
    release_at = default_release(training_class)
    changed = False
    for town_id, seats in [*wanted.items(), (None, open_seats)]:
        pool = pools.get(town_id)
        if pool is None:
            SeatPool.objects.create(
                training_class=training_class,
                town_id=town_id,
                seats=seats,
                release_at=release_at if town_id is not None else None,
            )
            changed = True
        elif town_id is not None and not seats and not pool.enrolments.exists():
            pool.delete()
            changed = True
        elif pool.seats != seats:
            pool.seats = seats
            pool.save(update_fields=["seats"])
            changed = True
    if training_class.capacity != capacity:
        training_class.capacity = capacity
        training_class.save(update_fields=["capacity", "updated_at"])
        changed = True
    return changed
