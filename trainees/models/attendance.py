"""Who was there, and each change of a mark."""

from collections.abc import Mapping
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from academy.models import Term
from courses.models import Lesson

from .enrolments import Enrolment
from .mark_labels import mark_label
from .marks import AWAY, AttendanceStatus


class MarkMethod(models.TextChoices):
    """The way in which a mark came about. Source: docs/rules.md R70."""

    ROLL = "roll", pgettext_lazy("way of marking", "On the roll")
    QR = "qr", pgettext_lazy("way of marking", "By the code on the wall")
    TICKET = "ticket", pgettext_lazy("way of marking", "By the ticket")
    PAPER = "paper", pgettext_lazy("way of marking", "From the sheet")
    WALK_IN = "walk_in", pgettext_lazy("way of marking", "Came without booking")
    OFFLINE = "offline", pgettext_lazy("way of marking", "Without a network")
    CLOSING = "closing", pgettext_lazy("way of marking", "When the class was closed")
    SEAT = "seat", pgettext_lazy("way of marking", "With the seat")
    ANSWER = "answer", pgettext_lazy("way of marking", "By the answer to a request")


class AbsenceReason(Term):
    """Why somebody was away (缺勤原因), such as 公务."""

    class Meta(Term.Meta):
        verbose_name = _("reason for an absence")
        verbose_name_plural = _("reasons for absences")


def mark_in_words(status: str, reason: str = "", labels: Mapping[str, str] | None = None) -> str:
    """请假（公务）; `labels` are those of `mark_labels`, where many marks are written."""
    words = labels[status] if labels else mark_label(status)
    if not reason:
        return words
    return pgettext("mark and reason", "%(mark)s (%(reason)s)") % {"mark": words, "reason": reason}


class Attendance(models.Model):
    """How one person attended one lesson (考勤).

    No row means unmarked; nobody is present by default.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="attendances")
    status = models.CharField(_("mark"), max_length=10, choices=AttendanceStatus)
    # only late or left early
    minutes = models.PositiveSmallIntegerField(_("minutes present"), null=True, blank=True)
    reason = models.ForeignKey(
        AbsenceReason,
        models.PROTECT,
        related_name="attendances",
        null=True,
        blank=True,
        verbose_name=_("reason"),
    )
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(_("marked at"))
    method = models.CharField(
        pgettext_lazy("of marking", "way"),
        max_length=8,
        choices=MarkMethod,
        default=MarkMethod.ROLL,
    )

    class Meta:
        verbose_name = pgettext_lazy("of a lesson", "attendance")
        verbose_name_plural = pgettext_lazy("of a lesson", "attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson"], name="one_attendance_per_lesson"
            ),
            models.CheckConstraint(
                condition=Q(status__in=AttendanceStatus.values), name="attendance_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(method__in=MarkMethod.values), name="way_of_marking_is_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__isnull=True) | Q(status__in=AWAY),
                name="only_an_absence_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.lesson_id} {self.status}"

    def get_status_display(self) -> str:
        """As the office calls the mark, wherever Django asks."""
        return mark_label(self.status) if self.status else ""

    @property
    def in_words(self) -> str:
        return mark_in_words(self.status, self.reason.name if self.reason else "")


class AttendanceChange(models.Model):
    """One change of one mark: who, when, from what to what.

    `batch` is one tap, so that one tap can be undone.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendance_changes")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="attendance_changes")
    batch = models.UUIDField(_("tap"))  # doubles as the nonce: a replayed tap changes nothing
    old_status = models.CharField(max_length=10, blank=True)  # blank: was unmarked
    old_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    new_status = models.CharField(max_length=10, blank=True)
    new_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    old_reason = models.ForeignKey(AbsenceReason, models.PROTECT, related_name="+", null=True)
    new_reason = models.ForeignKey(AbsenceReason, models.PROTECT, related_name="+", null=True)
    undoes = models.UUIDField(null=True, blank=True)  # the batch that this one took back
    # empty where the portal itself acted
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    method = models.CharField(max_length=8, choices=MarkMethod, default=MarkMethod.ROLL)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attendance change")
        verbose_name_plural = _("attendance changes")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "enrolment", "lesson"], name="a_tap_changes_a_mark_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.enrolment_id} {self.old_status}→{self.new_status}"


class RollLockQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Locks of rolls that nobody has opened again."""
        return self.filter(reopened_at=None)


class RollLock(models.Model):
    """The roll of a lesson was locked, and perhaps opened again with a reason.

    While a lock stands no mark of the lesson changes; the database refuses it too
    (`trainees/record/locked_marks.py`). Source: docs/rules.md R73.
    """

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="roll_locks")
    locked_at = models.DateTimeField(_("locked at"))
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    with_the_class = models.BooleanField(_("locked by closing the class"), default=False)
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = RollLockQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("lock of a roll")
        verbose_name_plural = _("locks of rolls")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson"], condition=Q(reopened_at=None), name="one_lock_per_roll"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None, reason="")
                | Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reason=""),
                name="reopened_roll_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.locked_at:%Y-%m-%d}"
