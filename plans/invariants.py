"""docs/rules.md R6: what was filed never changes, and a filing number is given once in a year."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count

from academy.invariants import Breach

from .lecture_fees.guards import GUARDS as FEE_GUARDS
from .models import SETTLED, AnnualPlan, FilingCounter, PlanVersion, content_of, digest
from .version_guard import GUARD

RULE, FEES = 6, 67


def breaches() -> Iterator[Breach]:
    yield from _guard_stands()
    yield from _versions_as_filed()
    yield from _filed_items_as_filed()
    yield from _numbers_once_in_a_year()
    yield from _status_and_number_agree()


def _guard_stands() -> Iterator[Breach]:
    for name in GUARD.missing(connection):
        yield Breach(
            RULE, "plans.PlanVersion", name, f"the trigger {name} is missing in the database"
        )
    for guard in FEE_GUARDS:
        for name in guard.missing(connection):
            yield Breach(
                FEES, "plans.LectureFeeList", name, f"the trigger {name} is missing in the database"
            )


def _versions_as_filed() -> Iterator[Breach]:
    for version in PlanVersion.objects.iterator(chunk_size=200):
        if digest(version.content) != version.sha256:
            yield Breach(
                RULE,
                "plans.PlanVersion",
                version.pk,
                f"version {version.number} of plan {version.plan_id} is not what was filed",
            )


def _filed_items_as_filed() -> Iterator[Breach]:
    """The rows of a filed plan are those of its newest version."""
    for plan in (
        AnnualPlan.objects.filter(status__in=SETTLED)
        .with_owner()
        .prefetch_related("items", "versions")
    ):
        versions = sorted(plan.versions.all(), key=lambda version: version.number)
        items = sorted(plan.items.all(), key=lambda item: item.number)
        if versions and content_of(plan, items)["items"] != versions[-1].content.get("items"):
            yield Breach(
                RULE,
                "plans.AnnualPlan",
                plan.pk,
                "the items of the filed plan differ from its newest version",
            )


def _numbers_once_in_a_year() -> Iterator[Breach]:
    numbered = AnnualPlan.objects.exclude(filing_number="")
    for field in ("filing_number", "filing_sequence"):
        for row in (
            numbered.order_by()
            .values("year", field)
            .annotate(plans=Count("pk"))
            .filter(plans__gt=1)
        ):
            yield Breach(
                RULE,
                "plans.AnnualPlan",
                row[field],
                f"{row['plans']} plans of {row['year']} carry the filing number {row[field]}",
            )
    last = dict(FilingCounter.objects.values_list("year", "last_number"))
    for plan in numbered:
        if (plan.filing_sequence or 0) > last.get(plan.year, 0):
            yield Breach(
                RULE,
                "plans.AnnualPlan",
                plan.pk,
                f"the number {plan.filing_number} was never given out by the counter of"
                f" {plan.year}",
            )


def _status_and_number_agree() -> Iterator[Breach]:
    for plan in AnnualPlan.objects.annotate(version_total=Count("versions")):
        if plan.status in SETTLED and not plan.filing_number:
            yield Breach(RULE, "plans.AnnualPlan", plan.pk, "the plan is filed and has no number")
        if bool(plan.filing_number) != bool(plan.version_total):
            yield Breach(
                RULE,
                "plans.AnnualPlan",
                plan.pk,
                "a filing number and a filed version go together; one of the two is missing",
            )
    for plan in AnnualPlan.objects.exclude(filing_number="").prefetch_related("versions"):
        numbers = sorted(version.number for version in plan.versions.all())
        if numbers != list(range(1, len(numbers) + 1)):
            yield Breach(
                RULE,
                "plans.AnnualPlan",
                plan.pk,
                f"the versions are numbered {numbers}: one is missing",
            )
