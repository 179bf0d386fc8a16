"""What the door of a lesson keeps: scans of the code on the wall, photos of the sheet on paper."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.models import Lesson

from .enrolments import Enrolment

DEVICE_LETTERS = 32  # hexadecimal digits of the hash of a browser's cookie


class WallScan(models.Model):
    """Somebody scanned the code on the wall; kept for 30 days. Source: docs/rules.md R70, R72.

    The mark is a row of its own. A scan that came before marking opens waits until `counted_at`.
    `device` is a hash of a random cookie, the same for all who scan with one browser.
    """

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="wall_scans")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="wall_scans")
    device = models.CharField(max_length=DEVICE_LETTERS)
    at = models.DateTimeField(_("scanned at"))
    # when it was looked at for a mark; empty: it came early and waits
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["lesson", "at", "pk"]
        verbose_name = _("scan of the code on the wall")
        verbose_name_plural = _("scans of the code on the wall")
        indexes = [
            models.Index(
                fields=["lesson"], condition=Q(counted_at__isnull=True), name="scan_that_waits"
            ),
            models.Index(fields=["at"], name="scan_by_moment"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "enrolment"], name="one_scan_for_each_seat_and_lesson"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.enrolment_id}"


class SheetPhoto(models.Model):
    """A photo of the sign-in sheet of a lesson, without the place where it was taken.

    Deleting takes the file away as well. Source: docs/rules.md R71.
    """

    # names it in addresses: it cannot be guessed
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="sheet_photos")
    # a generated name below MEDIA_ROOT, never served directly
    file = models.FileField(_("file"), max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        ordering = ["lesson__starts_at", "pk"]
        verbose_name = _("photo of a sign-in sheet")
        verbose_name_plural = _("photos of sign-in sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "sha256"], name="one_row_for_each_photo_of_a_sheet"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="sheet_photo_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:sheet_photo", args=[self.key])
