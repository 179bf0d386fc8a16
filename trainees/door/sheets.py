"""Photos of the sign-in sheet on paper. Source: docs/rules.md R71."""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.uploads.keeping import store
from academy.uploads.kinds import CheckedFile, FileRefused
from academy.uploads.photos import FORMATS
from courses.models import Lesson

from ..models import SheetPhoto

FOLDER = "sheets"  # below MEDIA_ROOT
MOST_OF_A_LESSON = 10
KEPT = timedelta(days=365)  # after the lesson; a proposal, docs/rules.md R71


class TooManyPhotos(PortalError):
    """The lesson has MOST_OF_A_LESSON photos already."""


def add_photo(*, lesson: Lesson, file: CheckedFile, by, now: datetime) -> SheetPhoto:
    """Keep a photo of the sheet; the same one again is kept once.

    Raises FileRefused for what is no photo, TooManyPhotos, FileNotKept.
    """
    if file.extension not in FORMATS:
        raise FileRefused(_("Only photos (JPG, PNG) of the sheet are taken here."))
    stored = store(file, FOLDER)
    try:
        with transaction.atomic():
            # two clicks at once add one
            Lesson.objects.select_for_update(no_key=True).get(pk=lesson.pk)
            known = lesson.sheet_photos.filter(sha256=file.sha256).first()
            if known is None and lesson.sheet_photos.count() >= MOST_OF_A_LESSON:
                raise TooManyPhotos(
                    _("A lesson holds %(count)d photos. Delete one first.")
                    % {"count": MOST_OF_A_LESSON}
                )
            photo = known or SheetPhoto.objects.create(
                lesson=lesson,
                file=stored,
                content_type=file.content_type,
                size=file.size,
                sha256=file.sha256,
                added_by=by,
                added_at=now,
            )
    except BaseException:
        default_storage.delete(stored)
        raise
    if known is not None:
        default_storage.delete(stored)
    return photo


def delete_photo(*, photo: SheetPhoto) -> None:
    """The row and the file are gone; a second time nothing happens."""
    with transaction.atomic():
        if SheetPhoto.objects.filter(pk=photo.pk).delete()[0]:
            name = photo.file.name
            transaction.on_commit(lambda: default_storage.delete(name))


def delete_old_photos(*, now: datetime) -> int:
    """Delete photos of lessons that ended KEPT ago; returns how many."""
    old = list(SheetPhoto.objects.filter(lesson__ends_at__lt=now - KEPT))
    for photo in old:
        delete_photo(photo=photo)
    return len(old)
