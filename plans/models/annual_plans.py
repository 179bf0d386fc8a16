"""Annual training plans (年度培训方案): what each unit means to teach in a year, and how the plan
was filed.
"""

from datetime import date
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, DecimalField, ExpressionWrapper, F, OrderBy, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from academy.access import campuses_of, departments_of, is_office, towns_of
from academy.days_of_year import day_in
from academy.models import Campus, Department, Town
from academy.office_settings import office_setting

FIRST_YEAR, LAST_YEAR = 2000, 2100
OWNER_KINDS = ("town", "department", "campus")


def filing_deadline(year: int) -> date:
    """The last day on which a plan of the year is in time, as the office set it.

    Source: docs/rules.md R37.
    """
    return day_in(str(office_setting("plan_due")), year)


def report_deadline(year: int) -> date:
    """The last day on which the execution report of the year's plan is in time: a day of the year
    after. Source: docs/rules.md R51.
    """
    return day_in(str(office_setting("plan_report_due")), year + 1)


class PlanStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a plan", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("of a plan", "Handed in")
    ACCEPTED = "accepted", pgettext_lazy("of a plan", "In review")
    RETURNED = "returned", pgettext_lazy("of a plan", "Returned")
    FILED = "filed", pgettext_lazy("of a plan", "Filed")
    ARCHIVED = "archived", pgettext_lazy("of a plan", "Archived")


EDITABLE = (PlanStatus.DRAFT, PlanStatus.RETURNED)
IN_REVIEW = (PlanStatus.SUBMITTED, PlanStatus.ACCEPTED)
SETTLED = (PlanStatus.FILED, PlanStatus.ARCHIVED)
HANDED_IN = (*IN_REVIEW, *SETTLED)


class AmendmentKind(models.TextChoices):
    """What a version that follows the first one does to the plan. Source: docs/rules.md R49."""

    CHANGE = "change", pgettext_lazy("kind of a change", "Changed")
    AD_HOC = "ad_hoc", pgettext_lazy("kind of a change", "Added during the year")
    CANCEL = "cancel", pgettext_lazy("kind of a change", "Cancelled")


class Approval(models.Model):
    """Why a filed plan changes and which principal leader of the unit approved of it; empty for
    the first version. Source: docs/rules.md R49.
    """

    amendment_kind = models.CharField(
        pgettext_lazy("of a change", "kind"), max_length=6, choices=AmendmentKind, blank=True
    )
    approved_by_name = models.CharField(_("approved by"), max_length=40, blank=True)
    approved_by_post = models.CharField(_("post of the leader"), max_length=40, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    class Meta:
        abstract = True


def exactly_one_owner() -> Q:
    """One of town, department and campus is filled, and the two others are empty."""
    condition = Q()
    for filled in OWNER_KINDS:
        condition |= Q(**{f"{name}__isnull": name != filled for name in OWNER_KINDS})
    return condition


def of_own_units(user) -> Q:
    """Rows of the person's own town, department or campus. Source: docs/rules.md R11."""
    return (
        Q(town__in=towns_of(user))
        | Q(department__in=departments_of(user))
        | Q(campus__in=campuses_of(user))
    )


def by_code_of_owner(plan: str = "") -> list[OrderBy]:
    """Return the order of the owners' codes."""
    return [F(f"{plan}{kind}__code").asc(nulls_last=True) for kind in OWNER_KINDS]


class AnnualPlanQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """The office sees every plan; town, department and campus staff their own.

        Source: docs/rules.md R11.
        """
        return self if is_office(user) else self.filter(of_own_units(user))

    def of_owner(self, owner: "Owner") -> Self:
        return self.filter(**{kind_of(owner): owner})

    def of_year(self, year: int) -> Self:
        return self.filter(year=year)

    def with_owner(self) -> Self:
        return self.select_related(*OWNER_KINDS)

    def with_totals(self) -> Self:
        """Annotate items, people, hours in the year (per run × runs) and yuan; cancelled items do
        not count.
        """
        hours_in_the_year = ExpressionWrapper(
            F("items__hours") * F("items__runs"), output_field=DecimalField()
        )
        counted = ~Q(items__standing="cancelled")
        return self.annotate(
            item_total=Count("items", filter=counted),
            people_total=Sum("items__people", default=0, filter=counted),
            hours_total=Sum(
                hours_in_the_year,
                default=Decimal(0),
                output_field=DecimalField(),
                filter=counted,
            ),
            budget_total=Sum(
                "items__budget",
                default=Decimal(0),
                output_field=DecimalField(),
                filter=counted,
            ),
        )

    def in_code_order(self) -> Self:
        """Towns, departments, campuses, each by code: never by value."""
        return self.order_by("year", *by_code_of_owner())


class AnnualPlan(Approval):
    """The plan of one town, department or campus for one year. `plans/filing/` moves its status.

    A filed plan that is being changed is a draft again; it keeps its number, and its filed versions
    stay as they are.
    """

    town = models.ForeignKey(
        Town, models.PROTECT, related_name="plans", null=True, blank=True, verbose_name=_("town")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="plans",
        null=True,
        blank=True,
        verbose_name=_("department"),
    )
    campus = models.ForeignKey(
        Campus,
        models.PROTECT,
        related_name="plans",
        null=True,
        blank=True,
        verbose_name=_("campus"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    status = models.CharField(
        _("status"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    # the first time: decides whether it was in time
    handed_in_on = models.DateField(_("handed in on"), null=True, blank=True)
    filing_sequence = models.PositiveIntegerField(_("number in the year"), null=True, blank=True)
    filing_number = models.CharField(_("filing number"), max_length=40, blank=True)
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)  # of the newest version
    amendment_reason = models.CharField(_("reason for the change"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("annual plan")
        verbose_name_plural = _("annual plans")
        indexes = [models.Index(fields=["year", "status"], name="plan_by_year_and_status")]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one_owner(),
                name="plan_has_exactly_one_owner",
                violation_error_message=_(
                    "A plan belongs to exactly one town, department or campus."
                ),
            ),
            *(
                models.UniqueConstraint(
                    fields=[kind, "year"],
                    condition=Q(**{f"{kind}__isnull": False}),
                    name=f"one_plan_per_{kind}_and_year",
                    violation_error_message=_("There is a plan for this year already."),
                )
                for kind in OWNER_KINDS
            ),
            models.UniqueConstraint(
                fields=["year", "filing_sequence"],
                condition=Q(filing_sequence__isnull=False),
                name="filing_sequence_unique_in_year",
            ),
            models.UniqueConstraint(
                fields=["year", "filing_number"],
                condition=~Q(filing_number=""),
                name="filing_number_unique_in_year",
            ),
            models.CheckConstraint(
                condition=Q(filing_number="", filing_sequence__isnull=True, filed_at__isnull=True)
                | (~Q(filing_number="") & Q(filing_sequence__gte=1, filed_at__isnull=False)),
                name="filing_number_and_date_together",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=SETTLED) | ~Q(filing_number=""),
                name="filed_plan_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=HANDED_IN) | Q(handed_in_on__isnull=False),
                name="handed_in_plan_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(status__in=PlanStatus.values), name="plan_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="plan_year_is_sensible",
                violation_error_message=_("The year lies between 2000 and 2100."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(owner)s, plan for %(year)s") % {"owner": self.owner, "year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.pk])

    @property
    def owner(self) -> "Owner":
        return self.town or self.department or self.campus

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def is_amendment(self) -> bool:
        """Filed once, and being changed now."""
        return bool(self.filing_number) and self.status not in SETTLED

    @property
    def is_in_review(self) -> bool:
        return self.status in IN_REVIEW

    @property
    def is_late(self) -> bool:
        """Handed in after the last day for plans of its year: flagged, never blocked.

        Source: docs/rules.md R37.
        """
        return self.handed_in_on is not None and self.handed_in_on > filing_deadline(self.year)

    @property
    def status_words(self) -> str:
        return (
            gettext("Change being drafted")
            if self.is_amendment and self.is_editable
            else self.get_status_display()
        )


Owner = Town | Department | Campus


def kind_of(owner: Owner) -> str:
    """ "town", "department" or "campus": the field of the plan that holds this owner."""
    return owner._meta.model_name


class FilingCounter(models.Model):
    """The last filing number given out in a year; raised under lock in the transaction that files,
    never lowered.
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("filing counter")
        verbose_name_plural = _("filing counters")

    def __str__(self) -> str:
        return f"{self.year}: {self.last_number}"
