"""Celery entry points of practicums."""

import logging

from celery import shared_task
from django.utils import timezone

from .evidence import held_files

logger = logging.getLogger(__name__)


@shared_task
def drop_held_files() -> None:
    logger.info("%d held files deleted", held_files.sweep(timezone.now()))
