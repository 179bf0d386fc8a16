"""Celery entry points of trainees: thin, each run logs one line of counts."""

import logging

from celery import shared_task
from django.utils import timezone

from .booking.approvals import pass_on_silent
from .booking.queue import expire_offers, release_due
from .classes.changes import start_due_classes
from .door.checking_in import count_early, forget_scans
from .door.sheets import delete_old_photos
from .evaluation.windows import destroy_leftovers, open_due
from .on_behalf.nominations import free_unreplaced
from .people.light_accounts import close_unused, warn_unused

log = logging.getLogger(__name__)


@shared_task
def release_due_seat_pools() -> None:
    """Open unused quotas to all when their hour has come, end offers nobody took, let classes
    begin, and count scans that came early.
    """
    now = timezone.now()
    log.info("%d approvals passed on to the next level", pass_on_silent(now=now))
    log.info("%d early scans counted", count_early(now=now))
    log.info("%d seats of people who cannot come given back", free_unreplaced(now=now))
    log.info(
        "%d evaluations opened, %d closed with answers too few to show",
        open_due(now),
        destroy_leftovers(now),
    )
    log.info(
        "%d offers ended, seats moved in %d classes, %d classes started",
        expire_offers(now=now),
        release_due(now=now),
        start_due_classes(now=now),
    )


@shared_task
def end_unused_accounts() -> None:
    """Close light accounts that nobody used for a year and warn those who are next; forget scans
    of walls after 30 days. A second time nothing changes.
    """
    now = timezone.now()
    log.info(
        "%d light accounts closed, %d people warned", close_unused(now=now), warn_unused(now=now)
    )
    log.info(
        "%d scans of walls forgotten, %d photos of sheets deleted",
        forget_scans(now=now),
        delete_old_photos(now=now),
    )
