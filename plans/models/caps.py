"""What a training may cost: figures that the office keeps, each with its source.

Until it keeps its own, those of the national rules count (`plans/drafting/usual_caps.py`).
"""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .items import TrainingCategory


class LecturerRank(models.TextChoices):
    """Whom a lecture fee is for. Source: docs/rules.md R53."""

    ASSOCIATE = "associate", pgettext_lazy("rank of a lecturer", "Associate professor and below")
    PROFESSOR = "professor", pgettext_lazy("rank of a lecturer", "Full professor")
    EMINENT = (
        "eminent",
        pgettext_lazy("rank of a lecturer", "Academician or nationally known expert"),
    )


def _yuan(label) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Yuan. Empty: it is not checked."),
    )


class PersonDayCap(models.Model):
    """The most that a training of a category costs per person and day, in yuan; empty: no limit."""

    category = models.CharField(
        _("training category"), max_length=6, choices=TrainingCategory, unique=True
    )
    yuan_per_person_day = _yuan(_("yuan per person and day"))
    source = models.CharField(_("source of the figure"), max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("cap per person and day")
        verbose_name_plural = _("caps per person and day")
        constraints = [
            models.CheckConstraint(
                condition=Q(category__in=TrainingCategory.values),
                name="person_day_cap_category_is_known",
            ),
            models.CheckConstraint(
                condition=Q(yuan_per_person_day__isnull=True) | Q(yuan_per_person_day__gte=0),
                name="person_day_cap_not_negative",
                violation_error_message=_("The number must not be below 0."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_category_display()


class LectureFeeCap(models.Model):
    """The most that a lecturer of a rank is paid per study hour after tax, in yuan; empty: no
    limit."""

    rank = models.CharField(
        pgettext_lazy("of a lecturer", "rank"), max_length=9, choices=LecturerRank, unique=True
    )
    yuan_per_hour = _yuan(_("yuan per study hour, after tax"))
    source = models.CharField(_("source of the figure"), max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("cap of lecture fees")
        verbose_name_plural = _("caps of lecture fees")
        constraints = [
            models.CheckConstraint(
                condition=Q(rank__in=LecturerRank.values), name="lecture_fee_cap_rank_is_known"
            ),
            models.CheckConstraint(
                condition=Q(yuan_per_hour__isnull=True) | Q(yuan_per_hour__gte=0),
                name="lecture_fee_cap_not_negative",
                violation_error_message=_("The number must not be below 0."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_rank_display()
