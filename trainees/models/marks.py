"""What a mark may say: of a lesson of the own class, and of one made up in another."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AttendanceStatus(models.TextChoices):
    """The codes never change; `mark_label` says what each is called."""

    PRESENT = "present", _("Present")
    LATE = "late", _("Late")
    LEFT_EARLY = "left_early", _("Left early")
    EXCUSED = "excused", _("On leave")
    ABSENT = "absent", _("Absent")


CAME = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY)
PARTLY_THERE = (AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY)
AWAY = (AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT)  # may say why


class MakeUpStatus(models.TextChoices):
    BOOKED = "booked", pgettext_lazy("of a make-up lesson", "Booked")
    CAME = "came", pgettext_lazy("of a make-up lesson", "Made up")
    MISSED = "missed", pgettext_lazy("of a make-up lesson", "Not come")
    GIVEN_UP = "given_up", pgettext_lazy("of a make-up lesson", "Cancelled")


STANDING_MAKE_UPS = (MakeUpStatus.BOOKED, MakeUpStatus.CAME)
