"""Who stands before a lesson, and as what."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .experts import Expert
from .lessons import Lesson


class TeachingRole(models.TextChoices):
    """As what somebody stands before a lesson (授课角色)."""

    LECTURER = "lecturer", pgettext_lazy("role in a lesson", "Lecturer")
    COMMENTATOR = "commentator", pgettext_lazy("role in a lesson", "Commentator")
    CLASS_TEACHER = "class_teacher", pgettext_lazy("role in a lesson", "Class teacher")


class LessonTeacherQuerySet(models.QuerySet):
    def named(self) -> Self:
        """With the names of everybody."""
        return self.select_related("expert", "person")


class LessonTeacher(models.Model):
    """One of those who teach a lesson: an expert in any role, or a person of staff as class teacher
    (班主任). Whoever stands here is in the room, whatever the role.
    """

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="teachers")
    role = models.CharField(_("role"), max_length=15, choices=TeachingRole)
    expert = models.ForeignKey(
        Expert, models.PROTECT, related_name="teaching", null=True, verbose_name=_("expert")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="class_teaching",
        null=True,
        verbose_name=_("person"),
    )
    place = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = LessonTeacherQuerySet.as_manager()

    class Meta:
        ordering = ["lesson", "place", "pk"]
        verbose_name = _("teacher of a lesson")
        verbose_name_plural = _("teachers of lessons")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=TeachingRole.values), name="teaching_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(expert__isnull=False, person__isnull=True)
                | Q(expert__isnull=True, person__isnull=False, role=TeachingRole.CLASS_TEACHER),
                name="an_expert_or_a_class_teacher",
            ),
            models.UniqueConstraint(fields=["lesson", "expert"], name="an_expert_once_in_a_lesson"),
            models.UniqueConstraint(fields=["lesson", "person"], name="a_person_once_in_a_lesson"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.role}"
