"""Celery entry points of academy: thin, each run logs one line of counts."""

import logging

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from .accounts.lockout import forget_lapsed

log = logging.getLogger(__name__)


@shared_task
def forget_what_lapsed() -> None:
    """Delete sessions that ended and tries that no limit counts any more."""
    SessionStore.clear_expired()
    log.info("%d tallies of tries forgotten", forget_lapsed(timezone.now()))
