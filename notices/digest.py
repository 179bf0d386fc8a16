"""The daily digest: one text message in the morning that names what can wait.

It is a notice like any other, with a key of its day, so that two workers, or one that died and came
back, send one; the inbox does not show it, for it holds everything that the digest names.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from academy.accounts.sms import has_gateway

from .models import (
    DIGEST,
    Channel,
    Delivery,
    Notice,
    NoticeStatus,
    dedupe_key,
    preference_of,
)
from .notices import DAILY_DIGEST
from .urgency import is_quiet, suggestions

HOUR = 8  # of the morning, in Shanghai; later where the quiet hours last longer
LOOK_BACK = timedelta(days=7)  # older notices are not brought up again
BATCH = 500


def plan_digests(now: datetime) -> int:
    """Write a digest for everybody who has unread notices that came since their last one and of
    which no message told them. Returns how many were written; at most one a day for each person.
    """
    if not has_gateway() or timezone.localtime(now).hour < HOUR or is_quiet(now):
        return 0
    digests = list(_digests(now))
    Notice.objects.bulk_create(digests, ignore_conflicts=True, batch_size=BATCH)
    return len(digests)


def _digests(now: datetime) -> Iterator[Notice]:
    day = timezone.localdate(now)
    left_out = suggestions()
    for person, notices in groupby(_not_told(now), key=lambda notice: notice.person):
        wanted = preference_of(person)
        titles = [
            notice.title for notice in notices if wanted.suggestions or notice.kind not in left_out
        ]
        if titles:
            yield _digest(person, titles, day.isoformat(), now)


def _digest(person, titles: list[str], day: str, now: datetime) -> Notice:
    text = DAILY_DIGEST.text({"count": len(titles), "titles": titles})
    return Notice(
        dedupe_key=dedupe_key(DIGEST, None, person, day),
        person=person,
        kind=DIGEST,
        title=text.title,
        body=text.body,
        due_at=now,
        created_at=now,
    )


def _not_told(now: datetime) -> QuerySet[Notice]:
    """Unread notices that no message and no digest has told of, by person."""
    morning = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    digests = Notice.objects.filter(kind=DIGEST, person=OuterRef("person"))
    told = Exists(
        digests.filter(Q(created_at__gte=OuterRef("sent_at")) | Q(created_at__gte=morning))
    )
    by_message = Exists(Delivery.objects.filter(notice=OuterRef("pk"), channel=Channel.SMS))
    return (
        Notice.objects.filter(
            ~told,
            ~by_message,
            status=NoticeStatus.SENT,
            read_at=None,
            sent_at__gt=now - LOOK_BACK,
            sent_at__lte=now,
            person__is_active=True,
            person__is_sample=False,
        )
        .exclude(kind=DIGEST)
        .exclude(person__notice_preference__daily_digest=False)
        .select_related("person__notice_preference")
        .order_by("person_id", "pk")
    )
