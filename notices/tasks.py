"""Thin entry points for Celery.

Beat calls the first; the second sends at once what was just written.
"""

from celery import shared_task
from django.utils import timezone

from .sweep import deliver_now, sweep


@shared_task
def send_due_notices() -> None:
    sweep(timezone.now())


@shared_task
def deliver_due_notices() -> None:
    deliver_now(timezone.now())
