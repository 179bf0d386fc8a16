"""The draft of an item: what is typed and the files chosen, kept until it is handed in.

A draft is its owner's alone. Every change counts its revision, so that nobody hands in what they
have not looked at.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.errors import PortalError
from academy.models import User
from academy.uploads.keeping import store
from academy.uploads.kinds import CheckedFile

from ..models import EvidenceDraft, HeldFile, ItemStatus, SevenItem
from .held_files import FOLDER, forget, write_row

MOST_FILES = 9  # of one hand-in, as many as a message on a phone takes
MOST_BYTES = 40 * 1024 * 1024  # of one hand-in


class TooManyFiles(PortalError):
    """The draft is full; the file was not kept, everything else was."""


def draft_of(item: SevenItem, owner) -> EvidenceDraft | None:
    """The draft as it is kept."""
    return EvidenceDraft.objects.filter(item=item, owner=owner).first()


def locked_draft(item: SevenItem, owner) -> EvidenceDraft:
    """The draft, locked until the transaction ends; a new one, not saved yet, where there is
    none.
    """
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    return draft_of(item, owner) or EvidenceDraft(item=item, owner=owner, revision=0)


def files_of(item: SevenItem, owner) -> list[HeldFile]:
    """The files of the draft in the order in which they were chosen."""
    return list(HeldFile.objects.filter(item=item, owner=owner))


@transaction.atomic
def save(
    *,
    item: SevenItem,
    owner,
    answers: Mapping[str, str],
    held_on: date | None = None,
    now: datetime,
) -> EvidenceDraft:
    """Keep what is typed; the same again changes nothing."""
    draft = locked_draft(item, owner)
    typed = {name: text for name, text in answers.items() if text}
    if draft.pk and (draft.answers, draft.held_on) == (typed, held_on):
        return draft
    draft.answers, draft.held_on = typed, held_on
    return _changed(draft, now)


def add_file(*, item: SevenItem, owner, file: CheckedFile, now: datetime) -> HeldFile:
    """Keep a file with the draft; the same file again is the one that is there.

    Raises TooManyFiles, FileNotKept.
    """
    stored = store(file, FOLDER)
    try:
        with transaction.atomic():
            draft = locked_draft(item, owner)
            there = HeldFile.objects.filter(item=item, owner=owner, sha256=file.sha256).first()
            if there is None:
                _refuse_beyond_limits(item, owner, file)
                held = write_row(stored, file, item=item, owner=owner, now=now)
                _changed(draft, now)
                return held
    except BaseException:
        default_storage.delete(stored)
        raise
    default_storage.delete(stored)
    return there


def _refuse_beyond_limits(item: SevenItem, owner, file: CheckedFile) -> None:
    files = HeldFile.objects.filter(item=item, owner=owner)
    if files.count() >= MOST_FILES:
        raise TooManyFiles(
            ngettext(
                "%(limit)d file is the most for one hand-in. “%(name)s” was not kept; take another"
                " one out first.",
                "%(limit)d files are the most for one hand-in. “%(name)s” was not kept; take"
                " another one out first.",
                MOST_FILES,
            )
            % {"limit": MOST_FILES, "name": file.name}
        )
    kept = files.aggregate(total=Sum("size"))["total"] or 0
    if kept + file.size > MOST_BYTES:
        raise TooManyFiles(
            _(
                "All files together may have %(limit)d MB. “%(name)s” was not kept; take another"
                " one out, or send it smaller."
            )
            % {"limit": MOST_BYTES // (1024 * 1024), "name": file.name}
        )


@transaction.atomic
def drop_file(*, item: SevenItem, owner, key: uuid.UUID, now: datetime) -> None:
    """Take a file out of the draft; once more changes nothing."""
    draft = locked_draft(item, owner)
    if forget(HeldFile.objects.filter(item=item, owner=owner, key=key)):
        _changed(draft, now)


def let_go(draft: EvidenceDraft) -> None:
    """Delete the draft and its files: it was handed in."""
    forget(HeldFile.objects.filter(item=draft.item_id, owner=draft.owner_id))
    draft.delete()


def _changed(draft: EvidenceDraft, now: datetime) -> EvidenceDraft:
    draft.revision, draft.saved_at = draft.revision + 1, now
    draft.save()
    SevenItem.objects.filter(pk=draft.item_id, status=ItemStatus.NOT_STARTED).update(
        status=ItemStatus.IN_PROGRESS
    )
    return draft
