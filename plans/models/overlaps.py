"""Whom trainings are for, in the office's words; what was answered where two overlap."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Term

from .items import PlanItem


class AudienceGroup(Term):
    """A group of people that trainings are for, such as 居委主任: words that mean it and the wider
    groups that hold it, 、 between them.
    """

    words = models.CharField(
        _("other words for it"), max_length=300, blank=True, help_text=_("、 between them.")
    )
    within = models.CharField(
        _("part of"),
        max_length=200,
        blank=True,
        help_text=_("Names of wider groups, 、 between them."),
    )

    class Meta(Term.Meta):
        verbose_name = _("group of people in plans")
        verbose_name_plural = _("groups of people in plans")


class WayOut(models.TextChoices):
    """What becomes of a training that overlaps another; to withdraw it is to delete it."""

    JOIN = "join", pgettext_lazy("where trainings overlap", "Held together")
    DIFFERS = "differs", pgettext_lazy("where trainings overlap", "Differs")


class OverlapAnswer(models.Model):
    """What was answered where two trainings of a year overlap; it holds for the texts of that day.

    `first` has the smaller key. `texts` is the SHA-256 of what was compared.
    """

    first = models.ForeignKey(PlanItem, models.CASCADE, related_name="+")
    second = models.ForeignKey(PlanItem, models.CASCADE, related_name="+")
    way = models.CharField(
        pgettext_lazy("where trainings overlap", "answer"), max_length=8, choices=WayOut
    )
    reason = models.CharField(_("reason"), max_length=200)
    texts = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("answer to an overlap")
        verbose_name_plural = _("answers to overlaps")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_answer_per_overlap"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="overlap_answer_names_the_smaller_first"
            ),
            models.CheckConstraint(
                condition=Q(way__in=WayOut.values), name="overlap_answer_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="overlap_answer_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}: {self.way}"
