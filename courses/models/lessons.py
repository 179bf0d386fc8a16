"""The lessons of a class, and those that were taken out."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.models import Venue

from .catalogue import CourseVersion
from .class_status import ClassStatus


class LessonQuerySet(models.QuerySet):
    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Lessons of classes that will be held and share a moment with the span (touching ends do
        not clash).
        """
        return self.filter(
            starts_at__lt=ends_at,
            ends_at__gt=starts_at,
            training_class__status__in=(ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING),
        )


class Lesson(models.Model):
    """One sitting (课次) of a class. Its hours are a field: breaks lie inside the clock time."""

    training_class = models.ForeignKey("TrainingClass", models.CASCADE, related_name="lessons")
    number = models.PositiveSmallIntegerField(_("number"))
    course_version = models.ForeignKey(
        CourseVersion, models.PROTECT, related_name="lessons", verbose_name=_("course")
    )
    venue = models.ForeignKey(
        Venue, models.PROTECT, related_name="lessons", verbose_name=_("venue")
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=2)
    # inside the clock time; they count for nothing but what the timetable proposes
    break_minutes = models.PositiveSmallIntegerField(_("breaks (minutes)"), default=0)
    lecturer_type = models.CharField(_("kind of lecturer"), max_length=40, blank=True)
    # lessons of a class with the same number are one lesson held several times, of which each
    # person chooses one (docs/rules.md R90); empty: everybody attends
    slot_group = models.PositiveSmallIntegerField(_("parallel slots"), null=True, blank=True)
    # empty: as many as the class has
    slot_seats = models.PositiveIntegerField(_("seats of the slot"), null=True, blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["training_class", "starts_at", "number"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        indexes = [models.Index(fields=["starts_at"], name="lesson_by_start")]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "number"], name="one_lesson_per_number"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="lesson_ends_after_it_starts",
                violation_error_message=_("The lesson ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0),
                name="lesson_hours_are_not_negative",
                violation_error_message=_("Study hours cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(slot_group__isnull=True) | Q(slot_group__gte=1),
                name="groups_of_slots_begin_at_one",
            ),
            models.CheckConstraint(
                condition=Q(slot_seats__isnull=True)
                | Q(slot_group__isnull=False, slot_seats__gte=1),
                name="only_a_slot_has_its_own_seats",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} #{self.number}"

    @property
    def title(self) -> str:
        return self.course_version.title

    @property
    def duration_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class RemovedLesson(models.Model):
    """A lesson that was taken out after people could have booked it: calendars have to be told that
    it is cancelled.
    """

    training_class = models.ForeignKey(
        "TrainingClass", models.CASCADE, related_name="removed_lessons"
    )
    # never used again, and part of the name a calendar knows it by
    lesson_key = models.PositiveBigIntegerField(_("key of the lesson"))
    course_version = models.ForeignKey(
        CourseVersion, models.PROTECT, related_name="+", verbose_name=_("course")
    )
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="+", verbose_name=_("venue"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    slot_group = models.PositiveSmallIntegerField(_("parallel slots"), null=True, blank=True)
    removed_at = models.DateTimeField(_("taken out at"))

    class Meta:
        ordering = ["training_class", "starts_at", "pk"]
        verbose_name = _("removed lesson")
        verbose_name_plural = _("removed lessons")

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.lesson_key}"

    @property
    def title(self) -> str:
        return self.course_version.title
