"""Materials of a lesson: what its people may read before and after."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Lesson

LONGEST_MATERIAL_TITLE = 60  # characters


class LessonMaterial(models.Model):
    """One file. It is taken away and put back, never overwritten."""

    # names it in addresses: it cannot be guessed
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="materials")
    title = models.CharField(
        pgettext_lazy("of a material", "title"), max_length=LONGEST_MATERIAL_TITLE
    )
    # a generated name below MEDIA_ROOT, never served directly
    file = models.FileField(_("file"), max_length=120)
    original_name = models.CharField(_("name of the file"), max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"))
    removed_at = models.DateTimeField(_("taken away at"), null=True, blank=True)

    class Meta:
        ordering = ["lesson__starts_at", "pk"]
        verbose_name = _("material of a lesson")
        verbose_name_plural = _("materials of lessons")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "sha256"], name="one_row_for_each_file_of_a_lesson"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="material_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("trainees:material", args=[self.key])
