"""Adding evidence to an item: a text, files, or both."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import full_day
from academy.uploads.keeping import store
from academy.uploads.kinds import CheckedFile

from ..errors import (
    AlreadySigned,
    EvidenceMissing,
    NotDeclared,
    NotNamed,
    WithTheSigners,
    WrongDay,
)
from ..models import Evidence, EvidenceKind, ItemKind, ItemStatus, Secondment, SevenItem
from .guidance import is_only_filled_in
from .locks import LATEST_DUE, lock_item, refuse_long
from .signers import may_add_to

FOLDER = "evidence"  # below MEDIA_ROOT
TEXT_LENGTH = 20_000


def add_evidence(
    *,
    item: SevenItem,
    by,
    now: datetime,
    declared_open: bool,
    text: str = "",
    file: CheckedFile | None = None,
    files: Sequence[CheckedFile] = (),
    answers: Mapping[str, str] | None = None,
    held_on: date | None = None,
) -> list[Evidence]:
    """Add a text, files, or both. The same again for the same hand-in adds nothing, nor does the
    same get-together. `answers` are what the text was put together from.

    Raises EvidenceMissing, NotDeclared, TextTooLong, FileNotKept, WrongDay, NotNamed,
    SecondmentEnded, WithTheSigners, AlreadySigned.
    """
    text = text.replace("\r\n", "\n").strip()
    files = [*files, file] if file else files
    if not text and not files:
        raise EvidenceMissing(_("Write a few lines or choose a file; one of the two is enough."))
    refuse_long(text, TEXT_LENGTH)
    if not declared_open:
        raise NotDeclared(
            _("Say that it holds nothing classified. Classified material must not be put here.")
        )
    stored: list[str] = []
    try:
        for each in files:
            stored.append(store(each, FOLDER))
        with transaction.atomic():
            kept = list(zip(files, stored, strict=True))
            added = _add_evidence(item, by, now, text, answers or {}, kept, held_on)
    except BaseException:
        _delete_files(stored)
        raise
    # the same file was there already
    _delete_files(set(stored) - {piece.file.name for piece in added})
    return added


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _add_evidence(
    item: SevenItem,
    by,
    now: datetime,
    text: str,
    answers: Mapping[str, str],
    files: Sequence[tuple[CheckedFile, str]],
    held_on: date | None,
) -> list[Evidence]:
    item = lock_item(item)
    if not may_add_to(by, item):
        raise NotNamed(
            _("The appraisal is written by the host alone.")
            if item.is_appraisal
            else _("Evidence is added by the person on the secondment.")
        )
    if item.kind == ItemKind.GET_TOGETHER:
        held_on = day_of_get_together(item.secondment, held_on, timezone.localdate(now))
    else:
        held_on = None
        refuse_unless_open(item)
    common = {
        "item": item,
        "round": item.round + 1,
        "held_on": held_on,
        "declared_open": True,
        "uploaded_by": by,
        "uploaded_at": now,
    }
    known = item.evidence.filter(round=item.round + 1)
    if item.is_appraisal:  # its drafts follow each other; only the newest counts
        known = newest_of_each_kind(known)
    # recorded also after the hand-in, so a second tap finds the first in the round before
    elif item.kind == ItemKind.GET_TOGETHER:
        known = item.evidence.all()
    there = {(piece.sha256, piece.held_on): piece for piece in known}
    added = []
    if text:
        digest = hashlib.sha256(text.encode()).hexdigest()
        if not files and (digest, held_on) not in there:
            refuse_if_only_filled_in(item, text)
        added.append(
            there.get((digest, held_on))
            or Evidence.objects.create(
                kind=EvidenceKind.TEXT,
                text=text,
                answers=answers,
                size=len(text.encode()),
                sha256=digest,
                **common,
            )
        )
    for file, stored in files:
        added.append(
            there.get((file.sha256, held_on))
            or Evidence.objects.create(
                kind=EvidenceKind.FILE,
                file=stored,
                original_name=file.name,
                content_type=file.content_type,
                size=file.size,
                sha256=file.sha256,
                **common,
            )
        )
    if item.status == ItemStatus.NOT_STARTED:
        item.status = ItemStatus.IN_PROGRESS
        item.save(update_fields=["status"])
    return added


def refuse_if_only_filled_in(item: SevenItem, text: str) -> None:
    """Raise EvidenceMissing when the text says nothing new."""
    if item.is_appraisal or not is_only_filled_in(item, text):
        return
    if item.status == ItemStatus.SENT_BACK:
        raise EvidenceMissing(
            _("Nothing was added since it came back. Add what was asked for, then hand it in.")
        )
    raise EvidenceMissing(
        _("There is nothing new yet: so far this is only what the portal filled in.")
    )


def refuse_unless_open(item: SevenItem) -> None:
    """Raise WithTheSigners or AlreadySigned while nothing can be added."""
    if item.is_with_signers:
        raise WithTheSigners(_("It is being looked at. You can add to it when it comes back."))
    if item.is_signed:
        raise AlreadySigned(
            _("This item is done and signed. Ask the academy office if something has to change.")
        )


def day_of_get_together(secondment: Secondment, held_on: date | None, today: date) -> date:
    """The day, where a get-together may have been held on it. Raises WrongDay."""
    if held_on is None:
        raise WrongDay(_("Say on which day it was held."))
    if held_on > today:
        raise WrongDay(_("This day is still to come. Record the get-together after it was held."))
    if not secondment.starts_on <= held_on <= secondment.ends_on + LATEST_DUE:
        raise WrongDay(
            _("The secondment runs from %(start)s to %(end)s. Choose a day in this time.")
            % {
                "start": full_day(secondment.starts_on),
                "end": full_day(secondment.ends_on),
            }
        )
    return held_on


def newest_of_each_kind(evidence: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Return the newest piece of each kind: what is signed."""
    return evidence.filter(
        pk__in=evidence.order_by().values("kind").annotate(newest=Max("pk")).values("newest")
    )
