"""Lessons taken in another class in place of one that was missed (补课)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Lesson

from .enrolments import Enrolment
from .marks import STANDING_MAKE_UPS, MakeUpStatus


class MakeUp(models.Model):
    """A seat in one lesson of another class, in place of the lesson that was missed.

    It holds no seat of that class. Source: docs/rules.md R78.
    """

    # of the class in which the lesson was missed
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="make_ups")
    missed = models.ForeignKey(Lesson, models.PROTECT, related_name="made_up_by")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="make_ups")
    status = models.CharField(
        _("status"), max_length=8, choices=MakeUpStatus, default=MakeUpStatus.BOOKED
    )
    # where less than the whole lesson
    minutes = models.PositiveSmallIntegerField(_("minutes present"), null=True, blank=True)
    booked_at = models.DateTimeField(_("booked at"))
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("make-up lesson")
        verbose_name_plural = _("make-up lessons")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "missed"],
                condition=Q(status__in=STANDING_MAKE_UPS),
                name="an_absence_is_made_up_once",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "lesson"],
                condition=Q(status__in=STANDING_MAKE_UPS),
                name="a_lesson_makes_up_one_absence",
            ),
            models.CheckConstraint(
                condition=~Q(lesson=F("missed")), name="made_up_in_another_lesson"
            ),
            models.CheckConstraint(
                condition=Q(status__in=MakeUpStatus.values), name="make_up_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("came", "missed")) | Q(marked_by__isnull=False),
                name="somebody_marks_a_make_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.missed_id} {self.lesson_id} {self.status}"

    @property
    def is_booked(self) -> bool:
        return self.status == MakeUpStatus.BOOKED
