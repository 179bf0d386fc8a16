"""What the unit itself says of its plan before it is handed in, and what the office says of single
items when it sends a plan back.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .steps import PlanStep


class UnitPart(models.TextChoices):
    """Whose opinion: of the money, of the whole plan. Source: docs/rules.md R50."""

    FINANCE = "finance", pgettext_lazy("opinion of a unit", "Finance")
    LEADER = "leader", pgettext_lazy("opinion of a unit", "Leader or office meeting")


class UnitOpinion(models.Model):
    """Who of the unit said what of its plan, as its staff wrote it down; they have no log-in.

    `texts` is the SHA-256 of the items that the opinion is about. Rows are only added; the newest
    of a part counts. When and by whom it was written down, and the words, stand in the step.
    """

    step = models.OneToOneField(PlanStep, models.CASCADE, related_name="unit_opinion")
    part = models.CharField(
        pgettext_lazy("opinion of a unit", "of"), max_length=8, choices=UnitPart
    )
    name = models.CharField(pgettext_lazy("opinion of a unit", "name"), max_length=40)
    post = models.CharField(pgettext_lazy("opinion of a unit", "post"), max_length=40)
    day = models.DateField(pgettext_lazy("opinion of a unit", "day"))
    agrees = models.BooleanField(pgettext_lazy("opinion of a unit", "agrees"))
    texts = models.CharField(max_length=64)

    class Meta:
        ordering = ["step"]
        verbose_name = _("opinion of a unit")
        verbose_name_plural = _("opinions of units")
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=UnitPart.values), name="unit_opinion_part_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(post=""), name="unit_opinion_says_who"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.part}"


class ReturnReason(models.Model):
    """Why an item came back. `item_key` leads to the item; number and name stay as they were."""

    step = models.ForeignKey(PlanStep, models.CASCADE, related_name="item_reasons")
    item_key = models.UUIDField()
    number = models.PositiveSmallIntegerField(pgettext_lazy("of a plan item", "No."))
    name = models.CharField(_("training name"), max_length=80)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        ordering = ["step", "number"]
        verbose_name = _("reason why an item came back")
        verbose_name_plural = _("reasons why items came back")
        constraints = [
            models.UniqueConstraint(
                fields=["step", "item_key"], name="one_return_reason_per_item_and_step"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="return_reason_is_given"),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.number}"
