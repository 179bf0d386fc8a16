"""What was done with a plan, when and by whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .annual_plans import AnnualPlan


class Decision(models.TextChoices):
    CREATED = "created", pgettext_lazy("what was done with a plan", "Started")
    IMPORTED = "imported", pgettext_lazy("what was done with a plan", "Imported from a file")
    IMPORT_UNDONE = "import_undone", pgettext_lazy("what was done with a plan", "Import undone")
    SUBMITTED = "submitted", pgettext_lazy("what was done with a plan", "Handed in")
    RECALLED = "recalled", pgettext_lazy("what was done with a plan", "Recalled")
    UNIT_OPINION = "unit_opinion", pgettext_lazy("what was done with a plan", "Opinion of the unit")
    ACCEPTED = "accepted", pgettext_lazy("what was done with a plan", "Accepted for review")
    RETURNED = "returned", pgettext_lazy("what was done with a plan", "Sent back")
    FILED = "filed", pgettext_lazy("what was done with a plan", "Filed")
    AMENDMENT_OPENED = (
        "amendment_opened",
        pgettext_lazy("what was done with a plan", "Change begun"),
    )
    AMENDMENT_DROPPED = (
        "amendment_dropped",
        pgettext_lazy("what was done with a plan", "Change dropped"),
    )
    REPORT_HANDED_IN = (
        "report_handed_in",
        pgettext_lazy("what was done with a plan", "Execution report handed in"),
    )
    REPORT_RETURNED = (
        "report_returned",
        pgettext_lazy("what was done with a plan", "Execution report sent back"),
    )
    REPORT_ACCEPTED = (
        "report_accepted",
        pgettext_lazy("what was done with a plan", "Execution report accepted"),
    )
    ARCHIVED = "archived", pgettext_lazy("what was done with a plan", "Archived")


class PlanStep(models.Model):
    """Who did what with a plan, when, and with what opinion.

    Rows are only added. `by` is empty for a command.
    """

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="steps")
    at = models.DateTimeField(pgettext_lazy("of a step", "when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decision = models.CharField(_("decision"), max_length=20, choices=Decision)
    opinion = models.CharField(_("opinion"), max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of a plan")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="plan_step_decision_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=(Decision.RETURNED, Decision.REPORT_RETURNED))
                | ~Q(opinion=""),
                name="returned_plan_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.decision}"
