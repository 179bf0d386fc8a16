"""Annual training plans (年度培训方案): what each unit means to teach in a year, and how the plan
was filed.
"""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, DecimalField, ExpressionWrapper, F, OrderBy, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from academy.access import campuses_of, departments_of, is_office, towns_of
from academy.models import Campus, Department, Town
from academy.text.numbers import plain
from academy.text.phones import LONGEST_TELEPHONE, masked, telephone_number

FIRST_YEAR, LAST_YEAR = 2000, 2100
OWNER_KINDS = ("town", "department", "campus")


def filing_deadline(year: int) -> date:
    """The last day on which a plan of the year is in time. Source: docs/rules.md R37."""
    return date(year, 3, 31)


# --- Plans ----------------------------------------------------------------------------------------


class PlanStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a plan", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("of a plan", "In review")
    RETURNED = "returned", pgettext_lazy("of a plan", "Returned")
    FILED = "filed", pgettext_lazy("of a plan", "Filed")


EDITABLE = (PlanStatus.DRAFT, PlanStatus.RETURNED)
HANDED_IN = (PlanStatus.SUBMITTED, PlanStatus.FILED)


def _exactly_one_owner() -> Q:
    condition = Q()
    for filled in OWNER_KINDS:
        condition |= Q(**{f"{name}__isnull": name != filled for name in OWNER_KINDS})
    return condition


def _by_code_of_owner(plan: str = "") -> list[OrderBy]:
    return [F(f"{plan}{kind}__code").asc(nulls_last=True) for kind in OWNER_KINDS]


class AnnualPlanQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """The office sees every plan; town, department and campus staff their own.

        Source: docs/rules.md R11.
        """
        if is_office(user):
            return self
        return self.filter(
            Q(town__in=towns_of(user))
            | Q(department__in=departments_of(user))
            | Q(campus__in=campuses_of(user))
        )

    def of_owner(self, owner: "Owner") -> Self:
        return self.filter(**{kind_of(owner): owner})

    def of_year(self, year: int) -> Self:
        return self.filter(year=year)

    def with_owner(self) -> Self:
        return self.select_related(*OWNER_KINDS)

    def with_totals(self) -> Self:
        """Annotate items, people, hours in the year (per run × runs) and yuan."""
        hours_in_the_year = ExpressionWrapper(
            F("items__hours") * F("items__runs"), output_field=DecimalField()
        )
        return self.annotate(
            item_total=Count("items"),
            people_total=Sum("items__people", default=0),
            hours_total=Sum(hours_in_the_year, default=Decimal(0), output_field=DecimalField()),
            budget_total=Sum("items__budget", default=Decimal(0), output_field=DecimalField()),
        )

    def in_code_order(self) -> Self:
        """Towns, departments, campuses, each by code: never by value."""
        return self.order_by("year", *_by_code_of_owner())


class AnnualPlan(models.Model):
    """The plan of one town, department or campus for one year. `plans/filing.py` moves its status.

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
                condition=_exactly_one_owner(),
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
                condition=~Q(status=PlanStatus.FILED) | ~Q(filing_number=""),
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
        return bool(self.filing_number) and self.status != PlanStatus.FILED

    @property
    def is_late(self) -> bool:
        """Handed in after 31 March of its year: flagged, never blocked.

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


# --- Items ----------------------------------------------------------------------------------------


class TrainingCategory(models.TextChoices):
    """The class of the fee rules that caps the cost per person and day.

    Source: docs/rules.md R36.
    """

    FIRST = "first", pgettext_lazy("training category", "First")
    SECOND = "second", pgettext_lazy("training category", "Second")
    THIRD = "third", pgettext_lazy("training category", "Third")


class PlanItemQuerySet(models.QuerySet):
    def in_code_order(self) -> Self:
        """As the plans they belong to, then by number."""
        return self.order_by("plan__year", *_by_code_of_owner("plan__"), "number")

    def totals(self) -> dict:
        return self.aggregate(
            items=Count("pk"),
            people=Sum("people", default=0),
            hours=Sum(
                ExpressionWrapper(F("hours") * F("runs"), output_field=DecimalField()),
                default=Decimal(0),
                output_field=DecimalField(),
            ),
            budget=Sum("budget", default=Decimal(0), output_field=DecimalField()),
        )


class PlanItem(models.Model):
    """One training project (培训项目) of a plan: the 18 columns of docs/rules.md R36, in their
    order.

    `people` and `runs` are for the whole year, `days` and `hours` for one run, `budget` is yuan and
    may be 0.
    """

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(pgettext_lazy("of a plan item", "No."))
    name = models.CharField(_("training name"), max_length=80)
    organiser = models.CharField(_("organised by"), max_length=60)
    co_organiser = models.CharField(_("carried out by"), max_length=80, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    audience = models.CharField(
        pgettext_lazy("of a plan item", "for whom"), max_length=300, blank=True
    )
    people = models.PositiveIntegerField(
        _("people in the year"), validators=[MaxValueValidator(1_000_000)]
    )
    runs = models.PositiveSmallIntegerField(
        _("runs in the year"), default=1, validators=[MaxValueValidator(1_000)]
    )
    # as written: 4月、8月 · 第二季度
    months = models.CharField(_("planned time"), max_length=80, blank=True)
    # read from `months`
    quarter = models.PositiveSmallIntegerField(_("first quarter"), null=True, blank=True)
    days = models.DecimalField(
        _("days per run"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    hours = models.DecimalField(
        _("study hours per run"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    content = models.CharField(_("training content"), max_length=2000, blank=True)
    formats = models.CharField(_("ways of teaching"), max_length=80, blank=True)
    budget = models.DecimalField(
        _("budget (yuan)"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    funding = models.CharField(_("source of money"), max_length=60, blank=True)
    category = models.CharField(
        _("training category"), max_length=6, choices=TrainingCategory, blank=True
    )
    other_system_cadres = models.BooleanField(_("includes cadres of other systems"), default=False)
    contact_name = models.CharField(_("contact person"), max_length=40, blank=True)
    contact_phone = models.CharField(
        _("contact phone"), max_length=LONGEST_TELEPHONE, blank=True, validators=[telephone_number]
    )
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "number"]
        verbose_name = _("plan item")
        verbose_name_plural = _("plan items")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_item_per_number"),
            models.CheckConstraint(condition=~Q(name=""), name="plan_item_has_a_name"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__gte": 0}),
                    name=f"plan_item_{field}_not_negative",
                    violation_error_message=_("The number must not be below 0."),
                )
                for field in ("days", "hours", "budget")
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__gte": 1}),
                    name=f"plan_item_{field}_at_least_one",
                    violation_error_message=_("The number must be at least 1."),
                )
                for field in ("people", "runs")
            ),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) | Q(quarter__gte=1, quarter__lte=4),
                name="plan_item_quarter_is_a_quarter",
            ),
            models.CheckConstraint(
                condition=Q(category="") | Q(category__in=TrainingCategory.values),
                name="plan_item_category_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def contact_phone_masked(self) -> str:
        """What a page shows of the number; the form and the exported document hold it in full.

        Source: docs/rules.md R12.
        """
        return masked(self.contact_phone)

    @property
    def hours_in_the_year(self) -> Decimal:
        return self.hours * self.runs


# What a person may write in an item; `quarter` follows from `months`.
ITEM_FIELDS = (
    "number",
    "name",
    "organiser",
    "co_organiser",
    "purpose",
    "audience",
    "people",
    "runs",
    "months",
    "days",
    "hours",
    "place",
    "content",
    "formats",
    "budget",
    "funding",
    "category",
    "other_system_cadres",
    "contact_name",
    "contact_phone",
    "remark",
)


# --- What was filed -------------------------------------------------------------------------------


class FrozenError(TypeError):
    """Code tried to change or delete what was filed. Source: docs/rules.md R6."""


class PlanVersionQuerySet(models.QuerySet):
    def update(self, **fields):
        raise FrozenError("A filed plan version never changes.")

    def delete(self):
        raise FrozenError("A filed plan version is never deleted.")

    def bulk_update(self, *args, **kwargs):
        raise FrozenError("A filed plan version never changes.")


class PlanVersion(models.Model):
    """The content of a plan as it was filed.

    It is written once; a change of the plan is a new version with a reason.
    """

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(pgettext_lazy("of a version", "number"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(_("reason for the change"), max_length=200, blank=True)
    filed_at = models.DateTimeField(_("filed at"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "number"]
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_plan_version_per_number"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="later_plan_version_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise FrozenError("A filed plan version never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise FrozenError("A filed plan version is never deleted.")

    @property
    def items(self) -> list[PlanItem]:
        """The items as they were filed; not rows of the database."""
        return items_from(self.content)


def content_of(plan: AnnualPlan, items: list[PlanItem]) -> dict:
    """The plan as plain JSON: numbers with a point are text, so that every database gives the same
    back.
    """
    return {
        "year": plan.year,
        "owner": {"kind": kind_of(plan.owner), "code": plan.owner.code, "name": plan.owner.name},
        "items": [
            {
                field: plain(value) if isinstance(value := getattr(item, field), Decimal) else value
                for field in ITEM_FIELDS
            }
            for item in items
        ],
    }


def items_from(content: dict) -> list[PlanItem]:
    """Return the items of a frozen version, unsaved."""
    numbers = ("days", "hours", "budget")
    return [
        PlanItem(
            **{field: Decimal(value) if field in numbers else value for field, value in row.items()}
        )
        for row in content["items"]
    ]


def digest(content: dict) -> str:
    """Return a hash that changes with any value of the version."""
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


class Decision(models.TextChoices):
    CREATED = "created", pgettext_lazy("what was done with a plan", "Started")
    IMPORTED = "imported", pgettext_lazy("what was done with a plan", "Imported from a file")
    IMPORT_UNDONE = "import_undone", pgettext_lazy("what was done with a plan", "Import undone")
    SUBMITTED = "submitted", pgettext_lazy("what was done with a plan", "Handed in")
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
                condition=~Q(decision=Decision.RETURNED) | ~Q(opinion=""),
                name="returned_plan_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.decision}"


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
