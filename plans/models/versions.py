"""What was filed, frozen: a version never changes."""

import hashlib
import json
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.text.numbers import plain
from courses.models import Course

from .annual_plans import AmendmentKind, AnnualPlan, Approval, kind_of
from .items import FROZEN_FIELDS, PlanItem


class FrozenError(TypeError):
    """Code tried to change or delete what was filed. Source: docs/rules.md R6."""


class PlanVersionQuerySet(models.QuerySet):
    def update(self, **fields):
        raise FrozenError("A filed plan version never changes.")

    def delete(self):
        raise FrozenError("A filed plan version is never deleted.")

    def bulk_update(self, *args, **kwargs):
        raise FrozenError("A filed plan version never changes.")


class PlanVersion(Approval):
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
            models.CheckConstraint(
                condition=Q(number=1, amendment_kind="")
                | (
                    Q(number__gt=1, amendment_kind__in=AmendmentKind.values)
                    & ~Q(approved_by_name="")
                    & ~Q(approved_by_post="")
                    & Q(approved_on__isnull=False)
                ),
                name="later_plan_version_is_approved",
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
    prefetch_related_objects(items, "course")
    return {
        "year": plan.year,
        "owner": {"kind": kind_of(plan.owner), "code": plan.owner.code, "name": plan.owner.name},
        "items": [
            {field: _as_json(getattr(item, field)) for field in FROZEN_FIELDS} for item in items
        ],
    }


def _as_json(value):
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Course):
        return value.code
    return str(value) if isinstance(value, UUID) else value


def items_from(content: dict) -> list[PlanItem]:
    """Return the items of a frozen version, unsaved."""
    codes = {row["course"] for row in content["items"] if row.get("course")}
    courses = Course.objects.in_bulk(codes, field_name="code") if codes else {}
    read = {"days": Decimal, "hours": Decimal, "budget": Decimal, "key": UUID}
    read["course"] = courses.get
    return [
        PlanItem(**{field: read.get(field, _as_it_is)(value) for field, value in row.items()})
        for row in content["items"]
    ]


def _as_it_is(value):
    return value


def digest(content: dict) -> str:
    """Return a hash that changes with any value of the version."""
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()
