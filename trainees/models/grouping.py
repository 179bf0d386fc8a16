"""The groups of a class: people mixed by town and post."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingClass

from .enrolments import Enrolment

MOST_GROUPS = 30
BIGGEST_SEED = 999_999


class ClassGrouping(models.Model):
    """How a class is divided. The same people with the same seed come into the same groups.

    Source: docs/rules.md R75.
    """

    training_class = models.OneToOneField(TrainingClass, models.CASCADE, related_name="grouping")
    groups = models.PositiveSmallIntegerField(_("number of groups"))
    seed = models.PositiveIntegerField(
        _("number of the draw"), validators=[MaxValueValidator(BIGGEST_SEED)]
    )
    version = models.PositiveIntegerField(default=1)  # changes with each draw and each move
    drawn_at = models.DateTimeField(_("drawn at"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("groups of a class")
        verbose_name_plural = _("groups of classes")
        constraints = [
            models.CheckConstraint(
                condition=Q(groups__gte=2, groups__lte=MOST_GROUPS), name="groups_of_a_class_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.groups}"


class GroupPlace(models.Model):
    """In which group of the class somebody is; a place of who gave the seat up counts no more."""

    grouping = models.ForeignKey(ClassGrouping, models.CASCADE, related_name="places")
    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="group_place")
    number = models.PositiveSmallIntegerField(_("group"))

    class Meta:
        ordering = ["grouping", "number", "pk"]
        verbose_name = _("place in a group")
        verbose_name_plural = _("places in groups")
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="group_numbers_begin_at_one")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.number}"
