"""Celery entry points of the front door."""

import logging

from celery import shared_task
from django.utils import timezone

from .monitor.counting import count_all

logger = logging.getLogger(__name__)


@shared_task
def count_the_monitor() -> None:
    logger.info("%d figures of the monitor counted", count_all(timezone.now()))
