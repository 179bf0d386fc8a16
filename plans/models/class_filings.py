"""Which item of a plan a class carries out, or why it stands outside the plans; what it cost."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import TrainingClass

from .items import PlanItem


class ClassFiling(models.Model):
    """The plan item of a class, or the reason why it has none.

    An ad-hoc class may get its item later, when the change of the plan is filed, and keeps its
    reason. Source: docs/rules.md R59.
    """

    training_class = models.OneToOneField(
        TrainingClass, models.PROTECT, related_name="plan_filing", verbose_name=_("training class")
    )
    item = models.ForeignKey(
        PlanItem,
        models.PROTECT,
        related_name="class_filings",
        null=True,
        blank=True,
        verbose_name=_("plan item"),
    )
    reason = models.CharField(
        pgettext_lazy("of a class", "why it stands outside the plans"), max_length=200, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("plan item of a class")
        verbose_name_plural = _("plan items of classes")
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False) | ~Q(reason=""),
                name="class_filing_has_item_or_reason",
                violation_error_message=_("Choose a plan item, or write why there is none."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} → {self.item_id or self.reason}"


class ClassCost(models.Model):
    """What a class has cost by the day it was written down, in yuan.

    Only ever added to: the newest row counts, and on an earlier day the newest of that day. Source:
    docs/rules.md R60.
    """

    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="plan_costs", verbose_name=_("training class")
    )
    amount = models.DecimalField(
        _("spent (yuan)"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["training_class", "pk"]
        verbose_name = _("cost of a class")
        verbose_name_plural = _("costs of classes")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="class_cost_not_negative",
                violation_error_message=_("The number must not be below 0."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}: {self.amount}"
