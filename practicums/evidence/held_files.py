"""Files that wait: those of a draft, and those of a form that was refused. Chosen once, they need
not be chosen again because another field was wrong.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef

from academy.models import User
from academy.uploads.kinds import CheckedFile
from academy.web.storage import WholeFileStorage

from ..models import Evidence, EvidenceDraft, HeldFile, SevenItem

FOLDER = "held"
HELD_FOR = timedelta(days=1)
DRAFT_KEPT_FOR = timedelta(days=90)  # since it was changed last; then its files go with it


def hold(*, file: CheckedFile, item: SevenItem, owner, now: datetime) -> HeldFile:
    """Keep the file for the owner's next try; it takes the place of an earlier one.

    Raises OSError when the disk is full.
    """
    stored = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}.{file.extension}", file.upload)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # two tries at once follow each other
        let_go(item=item, owner=owner)
        return write_row(stored, file, item=item, owner=owner, now=now)


def write_row(stored: str, file: CheckedFile, *, item: SevenItem, owner, now: datetime) -> HeldFile:
    """The row of a file that was stored under this name."""
    return HeldFile.objects.create(
        owner=owner,
        item=item,
        file=stored,
        extension=file.extension,
        content_type=file.content_type,
        original_name=file.name,
        size=file.size,
        sha256=file.sha256,
        held_at=now,
    )


def held_for(*, item: SevenItem, owner) -> HeldFile | None:
    """Return the file that waits for the person's next try of the item, if any."""
    return HeldFile.objects.filter(item=item, owner=owner).first()


def as_evidence(held: HeldFile) -> CheckedFile | None:
    """The file as it was when it was chosen; nothing when it is gone from the disk."""
    return _checked(held, held.extension)


def as_checked(piece: Evidence) -> CheckedFile | None:
    """The file of a piece of evidence, to be kept with a draft again."""
    return _checked(piece, piece.file.name.rpartition(".")[2])


def _checked(row: HeldFile | Evidence, extension: str) -> CheckedFile | None:
    try:
        with row.file.open("rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    upload = SimpleUploadedFile(row.original_name, content, row.content_type)
    return CheckedFile(upload, extension, row.content_type, row.original_name, row.sha256, row.size)


def let_go(*, item: SevenItem, owner) -> None:
    """Forget the file: it was handed in, or replaced."""
    forget(HeldFile.objects.filter(item=item, owner=owner))


def sweep(now: datetime) -> int:
    """Delete drafts that nobody touched for long, files that waited for a form for more than a day,
    and what a process left behind that died.

    Returns the number of files.
    """
    unfinished = WholeFileStorage.PARTIAL
    swept = 0
    for folder, leftover in ((FOLDER, ""), ("evidence", unfinished), ("materials", unfinished)):
        if not default_storage.exists(folder):
            continue
        for name in default_storage.listdir(folder)[1]:
            path = f"{folder}/{name}"
            if (
                name.endswith(leftover)
                and default_storage.get_modified_time(path) < now - 2 * HELD_FOR
                and not HeldFile.objects.filter(file=path).exists()
            ):
                default_storage.delete(path)
                swept += 1
    EvidenceDraft.objects.filter(saved_at__lt=now - DRAFT_KEPT_FOR).delete()
    of_a_draft = EvidenceDraft.objects.filter(item=OuterRef("item"), owner=OuterRef("owner"))
    swept += forget(HeldFile.objects.filter(~Exists(of_a_draft), held_at__lt=now - HELD_FOR))
    return swept


def forget(rows) -> int:
    """Delete held files and, once that is certain, what is on the disk. Returns their number."""
    names = list(rows.values_list("file", flat=True))
    rows.delete()
    delete_after_commit(names)
    return len(names)


def delete_after_commit(names: Iterable[str]) -> None:
    """Delete files once it is certain that no row names them."""
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])
