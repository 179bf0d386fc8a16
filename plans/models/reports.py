"""What became of a filed plan in its year, as its unit reports it. Source: docs/rules.md R51."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .annual_plans import AnnualPlan, report_deadline


class ReportStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("execution report", "Draft")
    HANDED_IN = "handed_in", pgettext_lazy("execution report", "Handed in")
    RETURNED = "returned", pgettext_lazy("execution report", "Sent back")
    ACCEPTED = "accepted", pgettext_lazy("execution report", "Accepted")


REPORT_EDITABLE = (ReportStatus.DRAFT, ReportStatus.RETURNED)


class ExecutionReport(models.Model):
    """The yearly report of a plan; `plans/reports/` moves its status."""

    plan = models.OneToOneField(AnnualPlan, models.CASCADE, related_name="report")
    status = models.CharField(
        _("status"), max_length=9, choices=ReportStatus, default=ReportStatus.DRAFT
    )
    # the first time: decides whether it was in time
    handed_in_on = models.DateField(_("handed in on"), null=True, blank=True)
    begun_at = models.DateTimeField(_("begun at"))

    class Meta:
        verbose_name = _("execution report")
        verbose_name_plural = _("execution reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ReportStatus.values), name="execution_report_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.DRAFT) | Q(handed_in_on__isnull=False),
                name="handed_in_report_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.plan)

    @property
    def is_editable(self) -> bool:
        return self.status in REPORT_EDITABLE

    @property
    def is_late(self) -> bool:
        """Handed in after the last day: flagged, never blocked. Source: docs/rules.md R51."""
        return self.handed_in_on is not None and self.handed_in_on > report_deadline(self.plan.year)


class ReportRow(models.Model):
    """One item of the plan and what became of it; `spent` is yuan, `staff` the people who worked
    for it. Name, audience and content are what the report says, whatever the plan said.
    """

    report = models.ForeignKey(ExecutionReport, models.CASCADE, related_name="rows")
    item_key = models.UUIDField()
    number = models.PositiveSmallIntegerField(pgettext_lazy("of a plan item", "No."))
    name = models.CharField(_("training name"), max_length=80)
    audience = models.CharField(
        pgettext_lazy("of a plan item", "for whom"), max_length=300, blank=True
    )
    content = models.CharField(_("training content"), max_length=2000, blank=True)
    held = models.CharField(pgettext_lazy("execution report", "time"), max_length=80, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    people = models.PositiveIntegerField(
        pgettext_lazy("execution report", "people trained"),
        default=0,
        validators=[MaxValueValidator(1_000_000)],
    )
    staff = models.PositiveIntegerField(
        pgettext_lazy("execution report", "staff"),
        default=0,
        validators=[MaxValueValidator(100_000)],
    )
    spent = models.DecimalField(
        pgettext_lazy("execution report", "money spent (yuan)"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    funding = models.CharField(_("source of money"), max_length=60, blank=True)
    results = models.CharField(
        pgettext_lazy("execution report", "results"), max_length=500, blank=True
    )
    problems = models.CharField(
        pgettext_lazy("execution report", "problems and suggestions"), max_length=500, blank=True
    )

    class Meta:
        ordering = ["report", "number"]
        verbose_name = _("row of an execution report")
        verbose_name_plural = _("rows of an execution report")
        constraints = [
            models.UniqueConstraint(fields=["report", "item_key"], name="one_report_row_per_item"),
            models.CheckConstraint(condition=~Q(name=""), name="report_row_has_a_name"),
            models.CheckConstraint(
                condition=Q(spent__gte=0),
                name="report_row_spent_not_negative",
                violation_error_message=_("The number must not be below 0."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
