"""Materials of the lessons of a class, for those who have a seat in it."""

from collections import defaultdict
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.uploads.keeping import store
from academy.uploads.kinds import CheckedFile
from courses.models import Lesson, TrainingClass

from ..models import SEAT_HOLDING, Enrolment, LessonMaterial
from ..rules import runs_class

FOLDER = "materials"  # below MEDIA_ROOT
MOST_OF_A_LESSON = 20


class TooManyMaterials(PortalError):
    """The lesson has MOST_OF_A_LESSON files already."""


def may_read(user, training_class: TrainingClass) -> bool:
    """Whoever has a seat in the class or had one to its end, teaches in it, or runs it."""
    if not user.is_authenticated:
        return False
    return (
        runs_class.test(user, training_class)
        or Enrolment.objects.filter(
            training_class=training_class, trainee__user=user, status__in=SEAT_HOLDING
        ).exists()
        or training_class.lessons.filter(
            Q(teachers__expert__user=user) | Q(teachers__person=user)
        ).exists()
    )


def materials_of(training_class: TrainingClass) -> dict[int, list[LessonMaterial]]:
    """Lesson key → what is there for it; one query."""
    found = defaultdict(list)
    for item in LessonMaterial.objects.filter(
        lesson__training_class=training_class, removed_at__isnull=True
    ):
        found[item.lesson_id].append(item)
    return dict(found)


def add_material(
    *, lesson: Lesson, title: str, file: CheckedFile, by, now: datetime
) -> LessonMaterial:
    """Put the file beside the lesson; the same file again changes its title and brings it back.

    Raises FileNotKept, TooManyMaterials.
    """
    title = title.strip() or file.name.rsplit(".", 1)[0]
    stored = store(file, FOLDER)
    try:
        with transaction.atomic():
            material, is_new = _add(lesson, title, file, stored, by, now)
    except BaseException:
        default_storage.delete(stored)
        raise
    if not is_new:
        default_storage.delete(stored)
    return material


def _add(
    lesson: Lesson, title: str, file: CheckedFile, stored: str, by, now: datetime
) -> tuple[LessonMaterial, bool]:
    # two clicks at once add one
    Lesson.objects.select_for_update(no_key=True).get(pk=lesson.pk)
    title = title[: LessonMaterial._meta.get_field("title").max_length]
    known = lesson.materials.filter(sha256=file.sha256).first()
    if known is not None:
        known.title, known.removed_at = title, None
        known.save(update_fields=["title", "removed_at"])
        return known, False
    if lesson.materials.filter(removed_at__isnull=True).count() >= MOST_OF_A_LESSON:
        raise TooManyMaterials(
            _("A lesson holds %(count)d files. Take one away first.") % {"count": MOST_OF_A_LESSON}
        )
    material = LessonMaterial.objects.create(
        lesson=lesson,
        title=title,
        file=stored,
        original_name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        added_by=by,
        added_at=now,
    )
    return material, True


def take_away(*, material: LessonMaterial, now: datetime) -> None:
    """Nobody but whoever runs the class sees it from now on; doing it twice changes nothing."""
    LessonMaterial.objects.filter(pk=material.pk, removed_at__isnull=True).update(removed_at=now)


def put_back(*, material: LessonMaterial) -> None:
    """Those who have a seat see it again."""
    LessonMaterial.objects.filter(pk=material.pk).update(removed_at=None)
