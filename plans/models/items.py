"""An item of a plan: one training of the year."""

import uuid
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.text.phones import LONGEST_TELEPHONE, masked, telephone_number
from courses.models import Course

from .annual_plans import AnnualPlan, by_code_of_owner


class TrainingCategory(models.TextChoices):
    """The class of the fee rules that caps the cost per person and day.

    Source: docs/rules.md R36.
    """

    FIRST = "first", pgettext_lazy("training category", "First")
    SECOND = "second", pgettext_lazy("training category", "Second")
    THIRD = "third", pgettext_lazy("training category", "Third")


class Standing(models.TextChoices):
    """Where an item stands in its plan. Source: docs/rules.md R38."""

    PLANNED = "planned", pgettext_lazy("standing of a plan item", "Planned")
    AD_HOC = "ad_hoc", pgettext_lazy("standing of a plan item", "Added during the year")
    CANCELLED = "cancelled", pgettext_lazy("standing of a plan item", "Cancelled")


class PlanItemQuerySet(models.QuerySet):
    def in_code_order(self) -> Self:
        """As the plans they belong to, then by number."""
        return self.order_by("plan__year", *by_code_of_owner("plan__"), "number")

    def counted(self) -> Self:
        """Those that are to be held: without the cancelled ones. Source: docs/rules.md R49."""
        return self.exclude(standing=Standing.CANCELLED)

    def totals(self) -> dict:
        """Items, people, hours in the year and yuan; cancelled items do not count."""
        return self.counted().aggregate(
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
    may be 0. `key` stays with an item through every version of its plan, whatever else changes.
    """

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="items")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    standing = models.CharField(
        pgettext_lazy("of a plan item", "standing"),
        max_length=9,
        choices=Standing,
        default=Standing.PLANNED,
    )
    standing_reason = models.CharField(
        _("why it was added or cancelled"), max_length=200, blank=True
    )
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
    # no column of the form: what the catalogue calls it; retired courses stay
    course = models.ForeignKey(
        Course,
        models.PROTECT,
        related_name="plan_items",
        null=True,
        blank=True,
        verbose_name=_("course of the catalogue"),
    )
    # by a person, be it none; matching leaves it alone
    course_is_chosen = models.BooleanField(default=False)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "number"]
        verbose_name = _("plan item")
        verbose_name_plural = _("plan items")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_item_per_number"),
            models.UniqueConstraint(fields=["plan", "key"], name="one_item_per_key"),
            models.CheckConstraint(
                condition=Q(standing=Standing.PLANNED, standing_reason="")
                | Q(standing__in=(Standing.AD_HOC, Standing.CANCELLED)) & ~Q(standing_reason=""),
                name="plan_item_standing_has_its_reason",
            ),
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
    def is_cancelled(self) -> bool:
        return self.standing == Standing.CANCELLED

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

# What a filed version keeps of an item; of its course the code.
FROZEN_FIELDS = (
    "key",
    "standing",
    "standing_reason",
    *ITEM_FIELDS,
    "course",
    "course_is_chosen",
)
