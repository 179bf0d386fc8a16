"""The sweep over the outbox: what delivers, whatever became of the queue.

Source: docs/rules.md R40.
"""

import logging
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.utils import translation

from .delivery import Delivered, deliver
from .digest import plan_digests
from .due_reminders import plan
from .urgency import write_missing_rules

logger = logging.getLogger(__name__)


def sweep(now: datetime) -> dict[str, int]:
    """Plan, then deliver; returns counts and logs them in one line, without a person in it."""
    with translation.override(settings.LANGUAGE_CODE):
        write_missing_rules()
        planned = plan(now)
        digests = plan_digests(now)
        delivered = deliver(now)
    counts = asdict(planned) | {"digests": digests}
    for name, count in asdict(delivered).items():
        counts[name] = counts.get(name, 0) + count
    logger.info("Notices: %s", " ".join(f"{name}={count}" for name, count in counts.items()))
    return counts


def deliver_now(now: datetime) -> Delivered:
    """Deliver what is due without planning anew: for notices that were written a moment ago."""
    with translation.override(settings.LANGUAGE_CODE):
        delivered = deliver(now)
    logger.info(
        "Notices: %s", " ".join(f"{name}={count}" for name, count in asdict(delivered).items())
    )
    return delivered
