"""Adding evidence to an item: a text, a file, or both."""

import hashlib
import logging
import uuid
from datetime import date, datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.kept_settings import setting
from academy.templatetags.portal_tags import full_day

from ..errors import (
    AlreadySigned,
    EvidenceMissing,
    FileNotKept,
    NotDeclared,
    NotNamed,
    WithTheSigners,
    WrongDay,
)
from ..evidence.kinds import EvidenceFile
from ..models import Evidence, EvidenceKind, ItemKind, ItemStatus, Secondment, SevenItem
from .guidance import is_only_filled_in
from .locks import LATEST_DUE, lock_item, refuse_long
from .signers import may_add_to

logger = logging.getLogger(__name__)
TEXT_LENGTH = 20_000


def add_evidence(
    *,
    item: SevenItem,
    by,
    now: datetime,
    declared_open: bool,
    text: str = "",
    file: EvidenceFile | None = None,
    held_on: date | None = None,
) -> list[Evidence]:
    """Add a text, a file, or both. The same again for the same hand-in adds nothing, nor does the
    same get-together.

    Raises EvidenceMissing, NotDeclared, TextTooLong, FileNotKept, WrongDay, NotNamed,
    SecondmentEnded, WithTheSigners, AlreadySigned.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text and file is None:
        raise EvidenceMissing(_("Write a few lines or choose a file; one of the two is enough."))
    refuse_long(text, TEXT_LENGTH)
    if not declared_open:
        raise NotDeclared(
            _("Say that it holds nothing classified. Classified material must not be put here.")
        )
    stored = _store(file) if file else ""
    try:
        with transaction.atomic():
            added = _add_evidence(item, by, now, text, file, stored, held_on)
    except BaseException:
        if stored:
            default_storage.delete(stored)
        raise
    if stored and not any(piece.file.name == stored for piece in added):
        default_storage.delete(stored)  # the same file was there already
    return added


def _store(file: EvidenceFile) -> str:
    try:
        return default_storage.save(f"evidence/{uuid.uuid4().hex}.{file.extension}", file.upload)
    except OSError as error:
        logger.error("A file of %d bytes cannot be kept: %s", file.size, error.strerror)
        raise FileNotKept(
            _(
                "The file could not be stored: the server's disk is full. Choose it again later, or"
                " call the academy office on %(phone)s."
            )
            % {"phone": setting("office_phone")}
        ) from error


def _add_evidence(
    item: SevenItem,
    by,
    now: datetime,
    text: str,
    file: EvidenceFile | None,
    stored: str,
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
        held_on = _day_of_get_together(item.secondment, held_on, timezone.localdate(now))
    else:
        held_on = None
        _refuse_unless_open(item)
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
        if not file and (digest, held_on) not in there:
            _refuse_if_only_filled_in(item, text)
        added.append(
            there.get((digest, held_on))
            or Evidence.objects.create(
                kind=EvidenceKind.TEXT, text=text, size=len(text.encode()), sha256=digest, **common
            )
        )
    if file:
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


def _refuse_if_only_filled_in(item: SevenItem, text: str) -> None:
    if item.is_appraisal or not is_only_filled_in(item, text):
        return
    if item.status == ItemStatus.SENT_BACK:
        raise EvidenceMissing(
            _("Nothing was added since it came back. Add what was asked for, then hand it in.")
        )
    raise EvidenceMissing(
        _("So far this is only what the portal filled in. Add what you did, or choose a file.")
    )


def _refuse_unless_open(item: SevenItem) -> None:
    if item.is_with_signers:
        raise WithTheSigners(_("It is being looked at. You can add to it when it comes back."))
    if item.is_signed:
        raise AlreadySigned(
            _("This item is done and signed. Ask the academy office if something has to change.")
        )


def _day_of_get_together(secondment: Secondment, held_on: date | None, today: date) -> date:
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
