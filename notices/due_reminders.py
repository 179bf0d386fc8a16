"""Writing what reminders say is due into the outbox, and keeping what already stands there true."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.contrib.contenttypes.models import ContentType

from .models import Notice, NoticeStatus, dedupe_key
from .reminders import PLAN_AHEAD, NoticeDraft, Reminder, discover, instant

logger = logging.getLogger(__name__)

BATCH = 500  # keys in one query


@dataclass
class Planned:
    """What one round of planning did, in notices."""

    written: int = 0
    changed: int = 0
    withdrawn: int = 0
    failed: int = 0  # reminders that raised; the others were planned


def plan(now: datetime) -> Planned:
    """Write, move and withdraw reminders. Any number may run at once: every write is conditional on
    what it found.

    A reminder whose text, hour or moment changed is moved; one that is no longer due to anybody is
    withdrawn, and put back when it becomes due again. What has been sent is never touched. Source:
    docs/rules.md R8.
    """
    planned = Planned()
    for reminder in discover().values():
        try:
            _plan_one(reminder, now, planned)
        except Exception:  # one broken reminder must not keep the others from their people
            logger.exception("The reminder %s cannot be planned.", reminder.kind)
            planned.failed += 1
    return planned


def _plan_one(reminder: Reminder, now: datetime, planned: Planned) -> None:
    # Read before the drafts: what another worker writes meanwhile for a newer booking is then not
    # taken for out of date.
    pending = set(
        Notice.objects.pending().filter(kind=reminder.kind).values_list("dedupe_key", flat=True)
    )
    drafts = {_key(reminder, draft): draft for draft in _drafts(reminder, now)}
    known = {notice.dedupe_key: notice for notice in _notices(drafts)}

    new = [_notice(reminder, key, draft) for key, draft in drafts.items() if key not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True, batch_size=BATCH)
    planned.written += len(new)
    for key, notice in known.items():
        planned.changed += _bring_up_to_date(notice, drafts[key])
    for keys in _batches(pending - drafts.keys()):
        planned.withdrawn += (
            Notice.objects.pending()
            .filter(dedupe_key__in=keys)
            .update(status=NoticeStatus.WITHDRAWN)
        )


def _drafts(reminder: Reminder, now: datetime) -> Iterator[NoticeDraft]:
    if reminder.rule.active:
        yield from (draft for draft in reminder.due(now) if draft.due_at <= now + PLAN_AHEAD)


def _key(reminder: Reminder, draft: NoticeDraft) -> str:
    return dedupe_key(reminder.kind, draft.subject, draft.person, draft.moment or draft.due_at)


def _notices(keys: Iterable[str]) -> Iterator[Notice]:
    for batch in _batches(keys):
        yield from Notice.objects.filter(dedupe_key__in=batch)


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    keys = iter(keys)
    while batch := list(islice(keys, BATCH)):
        yield batch


def _notice(reminder: Reminder, key: str, draft: NoticeDraft) -> Notice:
    return Notice(
        dedupe_key=key,
        kind=reminder.kind,
        person=draft.person,
        subject_type=ContentType.objects.get_for_model(draft.subject),
        subject_id=draft.subject.pk,
        **_content(draft),
    )


def _content(draft: NoticeDraft) -> dict[str, object]:
    text = draft.text
    return {
        "due_at": draft.due_at,
        "moment": instant(draft.moment) if draft.moment else None,
        "title": text.title,
        "body": text.body,
        "link": draft.link,
    }


def _bring_up_to_date(notice: Notice, draft: NoticeDraft) -> int:
    if notice.status == NoticeStatus.SENT:
        return 0
    content = _content(draft)
    if notice.status == NoticeStatus.PENDING and all(
        getattr(notice, name) == value for name, value in content.items()
    ):
        return 0
    as_found = Notice.objects.filter(pk=notice.pk, status=notice.status)
    return as_found.update(status=NoticeStatus.PENDING, **content)
