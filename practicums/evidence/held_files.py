"""Files that wait for the next try of a form: chosen once, they need not be chosen again because
another field was wrong.
"""

import uuid
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from academy.models import User
from academy.uploads.kinds import CheckedFile
from academy.web.storage import WholeFileStorage

from ..models import HeldFile, SevenItem

FOLDER = "held"
HELD_FOR = timedelta(days=1)


def hold(*, file: CheckedFile, item: SevenItem, owner, now: datetime) -> HeldFile:
    """Keep the file for the owner's next try; it takes the place of an earlier one.

    Raises OSError when the disk is full.
    """
    stored = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}.{file.extension}", file.upload)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # two tries at once follow each other
        let_go(item=item, owner=owner)
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
    try:
        with held.file.open("rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    upload = SimpleUploadedFile(held.original_name, content, held.content_type)
    return CheckedFile(
        upload, held.extension, held.content_type, held.original_name, held.sha256, held.size
    )


def let_go(*, item: SevenItem, owner) -> None:
    """Forget the file: it was handed in, or replaced."""
    _delete(HeldFile.objects.filter(item=item, owner=owner))


def sweep(now: datetime) -> int:
    """Delete what waited for more than a day, and what a process left behind that died.

    Returns the number of files.
    """
    unfinished = WholeFileStorage.PARTIAL
    swept = _delete(HeldFile.objects.filter(held_at__lt=now - HELD_FOR))
    for folder, leftover in ((FOLDER, ""), ("evidence", unfinished), ("materials", unfinished)):
        if not default_storage.exists(folder):
            continue
        for name in default_storage.listdir(folder)[1]:
            path = f"{folder}/{name}"
            if (
                name.endswith(leftover)
                and default_storage.get_modified_time(path) < now - 2 * HELD_FOR
            ):
                default_storage.delete(path)
                swept += 1
    return swept


def _delete(rows) -> int:
    """Delete rows and, once that is certain, their files."""
    names = list(rows.values_list("file", flat=True))
    rows.delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])
    return len(names)
