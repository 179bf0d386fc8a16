"""Sending what is due: first into the inbox, which cannot fail halfway, then through the channels
that leave the house.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from academy.accounts.sms import channel_for, has_gateway

from .models import (
    DIGEST,
    Channel,
    Delivery,
    DeliveryStatus,
    Notice,
    NoticeStatus,
    Urgency,
    preference_of,
)
from .reminders import Reminder, discover
from .urgency import Urgencies, is_quiet

logger = logging.getLogger(__name__)

# notices read at a time; each is written by itself, so that a dying worker loses nothing
BATCH = 100
LEASE = timedelta(minutes=5)  # longer than any gateway takes; the same as the longest run of a task
MAX_ATTEMPTS = 5
# before the second try, the third, …
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


@dataclass
class Delivered:
    """What one round of delivery did."""

    sent: int = 0  # notices that appeared in an inbox
    withdrawn: int = 0  # notices that were no longer true
    failed: int = 0  # notices whose facts could not be looked up; the next sweep tries again
    messages: int = 0  # text messages handed to the gateway
    messages_failed: int = 0


def deliver(now: datetime) -> Delivered:
    """Send every notice that is due.

    Any number may run at once, and any may be killed at any moment.
    """
    delivered = Delivered()
    reminders = discover()
    urgencies = Urgencies.read()
    for notice in _due(now):
        try:
            if _holds(notice, reminders.get(notice.kind), now):
                delivered.sent += _send(notice, now, urgencies.of(notice.kind))
            else:
                delivered.withdrawn += (
                    Notice.objects.pending()
                    .filter(pk=notice.pk)
                    .update(status=NoticeStatus.WITHDRAWN)
                )
        except Exception:  # one notice that cannot be judged must not hold up the rest
            logger.exception("A notice of kind %s cannot be delivered.", notice.kind)
            delivered.failed += 1
    _send_outside(now, delivered, urgencies)
    return delivered


def _due(now: datetime) -> Iterator[Notice]:
    """Due notices in the order in which they were written; those that another worker sends
    meanwhile drop out.
    """
    last = 0
    while batch := list(
        Notice.objects.due(now)
        .filter(pk__gt=last)
        .order_by("pk")
        .select_related("person__notice_preference")
        .prefetch_related("subject")[:BATCH]
    ):
        yield from batch
        last = batch[-1].pk


def _holds(notice: Notice, reminder: Reminder | None, now: datetime) -> bool:
    """What an action told a person stays told; a reminder must still lie ahead and be true."""
    if reminder is None:
        return True
    too_late = notice.moment is not None and notice.moment <= now
    return (
        reminder.rule.active
        and not too_late
        and notice.subject is not None
        and reminder.still_true(notice)
    )


def _send(notice: Notice, now: datetime, urgency: str) -> int:
    """Let the notice appear in the inbox; 1 if this worker did it, 0 if another was first.

    Claim and delivery are one conditional UPDATE, so the inbox needs no lease: a worker killed
    before it has done nothing, one killed after it has done everything. What else has to go out is
    written in the same transaction.
    """
    with transaction.atomic():
        won = (
            Notice.objects.pending()
            .filter(pk=notice.pk)
            .update(status=NoticeStatus.SENT, sent_at=now)
        )
        if won:
            Delivery.objects.bulk_create(_deliveries(notice, now, urgency))
    return won


def _deliveries(notice: Notice, now: datetime, urgency: str) -> Iterator[Delivery]:
    """The inbox holds everything; a message goes out at once for what cannot wait, where the person
    wants it. The rest is named in the digest of the next morning.
    """
    yield Delivery(
        notice=notice,
        channel=Channel.INBOX,
        status=DeliveryStatus.SENT,
        attempts=1,
        next_try_at=now,
        sent_at=now,
    )
    person = notice.person
    wanted = notice.kind == DIGEST or preference_of(person).urgent_by_sms
    if (
        urgency != Urgency.DAILY
        and wanted
        and has_gateway()
        and person.is_active
        and not person.is_sample
    ):
        yield Delivery(notice=notice, channel=Channel.SMS, next_try_at=now)


# --- Out of the house -----------------------------------------------------------------------------


def _send_outside(now: datetime, delivered: Delivered, urgencies: Urgencies) -> None:
    """Messages that are to be tried now; in the quiet hours only urgent ones."""
    waits = urgencies.kinds_that_wait_at_night() if is_quiet(now) else []
    open_ones = Q(status__in=(DeliveryStatus.PENDING, DeliveryStatus.SENDING), next_try_at__lte=now)
    given_up = Delivery.objects.filter(open_ones, attempts__gte=MAX_ATTEMPTS)
    delivered.messages_failed += given_up.update(
        status=DeliveryStatus.FAILED, error="The last attempt did not come back."
    )
    last = 0
    while batch := list(
        Delivery.objects.filter(open_ones, pk__gt=last)
        .exclude(channel=Channel.INBOX)
        .exclude(notice__kind__in=waits)
        .order_by("pk")
        .select_related("notice__person")[:BATCH]
    ):
        for delivery in batch:
            _try(delivery, open_ones, delivered)
        last = batch[-1].pk


def _try(delivery: Delivery, open_ones: Q, delivered: Delivered) -> None:
    # a gateway may be slow: the lease runs from the claim, not from the start of the sweep
    now = timezone.now()
    claim = Delivery.objects.filter(open_ones, pk=delivery.pk)
    if not claim.update(
        status=DeliveryStatus.SENDING, next_try_at=now + LEASE, attempts=F("attempts") + 1
    ):
        return  # another worker was first
    ours = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.SENDING)
    person, notice = delivery.notice.person, delivery.notice
    try:
        channel_for(person).send(phone=person.phone, text=f"{notice.title} {notice.body}".strip())
    except Exception as error:  # whatever a gateway raises
        delivered.messages_failed += 1
        attempts = delivery.attempts + 1
        ours.update(
            status=DeliveryStatus.FAILED if attempts >= MAX_ATTEMPTS else DeliveryStatus.PENDING,
            next_try_at=timezone.now() + WAITS[min(attempts, len(WAITS)) - 1],
            error=type(error).__name__,  # not its text, which may name the phone
        )
    else:
        delivered.messages += 1
        ours.update(status=DeliveryStatus.SENT, sent_at=timezone.now(), error="")
