"""Putting notices into the outbox.

A notice is a row first; a worker sends it after the transaction that wrote it.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from academy.web.redis_cache import redis_answers, redis_is_away

from .kinds import NoticeKind
from .models import Notice, dedupe_key
from .tasks import deliver_due_notices

logger = logging.getLogger(__name__)


def tell(
    kind: NoticeKind,
    person,
    *,
    values: Mapping[str, object] | None = None,
    link: str = "",
    subject: Model | None = None,
    due_at: datetime | None = None,
    dedupe: str = "",
) -> Notice:
    """Tell a person something once, at `due_at` (default: now), in the language of the portal.

    `values` are raw: dates, numbers, names; the kind says how they are written. The key is (kind,
    subject, person, due time), or (kind, subject, person, `dedupe`) where the caller knows better
    what makes two notices the same. A second call with the same key returns the first notice and
    writes nothing. Source: docs/rules.md R8.
    """
    now = timezone.now()
    due_at = due_at or now
    text = kind.text(values or {})
    notice, created = Notice.objects.get_or_create(
        dedupe_key=dedupe_key(kind.key, subject, person, dedupe or due_at),
        defaults={
            "person": person,
            "kind": kind.key,
            "title": text.title,
            "body": text.body,
            "link": link,
            "due_at": due_at,
            "subject_type": (
                ContentType.objects.get_for_model(subject) if subject is not None else None
            ),
            "subject_id": subject.pk if subject is not None else None,
        },
    )
    if created and due_at <= now:
        wake_worker()
    return notice


def tell_all(
    kind: NoticeKind,
    people: Iterable,
    *,
    values: Mapping[str, object] | None = None,
    link: str,
    due_at: datetime,
    dedupe: str,
) -> None:
    """Tell many people the same, each once, in few statements; the key is (kind, person, dedupe).

    A second call writes nothing for whoever has the notice.
    """
    text = kind.text(values or {})
    Notice.objects.bulk_create(
        [
            Notice(
                dedupe_key=dedupe_key(kind.key, None, person, dedupe),
                person=person,
                kind=kind.key,
                title=text.title,
                body=text.body,
                link=link,
                due_at=due_at,
            )
            for person in people
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    if due_at <= timezone.now():
        wake_worker()


def wake_worker() -> None:
    """Have a worker deliver after the commit, asked once for a transaction however many notices it
    wrote.
    """
    if not any(
        function is _ask_a_worker for _savepoints, function, _robust in connection.run_on_commit
    ):
        transaction.on_commit(_ask_a_worker, robust=True)


def _ask_a_worker() -> None:
    """Only a hint: when the queue is away the request goes on and the next sweep delivers."""
    if redis_is_away() or not redis_answers():  # answered soon; the queue would wait longer
        return
    try:
        deliver_due_notices.apply_async(retry=False, expires=settings.SWEEP_SECONDS)
    except Exception as error:
        logger.warning(
            "The queue cannot be reached (%s); the next sweep delivers.", type(error).__name__
        )
