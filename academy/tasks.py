"""Celery entry points of academy: thin, each run logs one line of counts."""

import logging

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from .accounts.lockout import forget_lapsed
from .people_keys import keep_findable, not_findable

log = logging.getLogger(__name__)


@shared_task
def forget_what_lapsed() -> None:
    """Delete sessions that ended and tries that no limit counts any more."""
    SessionStore.clear_expired()
    log.info("%d tallies of tries forgotten", forget_lapsed(timezone.now()))


@shared_task
def keep_people_findable() -> None:
    """Write the keys of people whose name or number was changed without them, as by a restore."""
    behind = list(not_findable())
    keep_findable(behind)
    log.info("%d people made findable", len(behind))
