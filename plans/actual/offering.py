"""Which plan items a class can carry out, the likely ones first. Source: docs/rules.md R59."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from academy.models import Campus, CampusKind, Department
from courses.models import TrainingClass

from ..models import OWNER_KINDS, AnnualPlan, PlanItem, PlanStatus, Standing
from ..overlaps.content import characters_of, cosine, weights_of
from ..timing import months_in

LIKELY = 0.3  # likeness of texts from which an item is named first
MOST_LIKELY = 5
OWN_BONUS = MONTH_BONUS = 0.1  # of the unit's own plan, in its planned month


@dataclass(frozen=True)
class AboutClass:
    """What is known of a class, even before it is saved; `texts` are its title and courses."""

    campus: Campus
    department: Department | None
    first_day: date
    texts: str


@dataclass(frozen=True)
class Offered:
    """The items that a class can carry out: those that are likely meant, then all in code order."""

    likely: list[PlanItem]
    others: list[PlanItem]

    @property
    def items(self) -> dict[int, PlanItem]:
        return {item.pk: item for item in (*self.likely, *self.others)}


def about(training_class: TrainingClass) -> AboutClass | None:
    """What is known of the class; None while it has no day."""
    if training_class.starts_at is None:
        return None
    titles = training_class.lessons.values_list("course_version__title", flat=True).distinct()
    return AboutClass(
        training_class.campus,
        training_class.department,
        timezone.localdate(training_class.starts_at),
        "。".join([training_class.title, *titles]),
    )


def is_asked(known: AboutClass) -> bool:
    """Whether a plan of the year is filed for one of the class's own units."""
    return _filed_plans(known).filter(_own(known)).exists()


def classes_asked(classes: Iterable[TrainingClass]) -> set[int]:
    """The keys of the classes for whose units a plan of their year is filed; one statement, the
    campus of each has been read with it.
    """
    dated = [one for one in classes if one.starts_at is not None]
    years = {one.pk: timezone.localdate(one.starts_at).year for one in dated}
    filed = set()
    for year, *units in (
        AnnualPlan.objects.filter(year__in=set(years.values()))
        .exclude(filing_number="")
        .order_by()
        .values_list("year", *OWNER_KINDS)
    ):
        filed |= {(year, kind, unit) for kind, unit in zip(OWNER_KINDS, units, strict=True) if unit}
    return {
        one.pk
        for one in dated
        if filed
        & {
            (years[one.pk], "campus", one.campus_id),
            (years[one.pk], "town", one.campus.town_id),
            (years[one.pk], "department", one.department_id),
        }
    }


def offered_to(known: AboutClass) -> Offered:
    """The items of filed plans of the year that the class can carry out.

    Its own units' and every department's and the college's: campuses hold their classes too.
    """
    plans = _filed_plans(known).filter(
        _own(known) | Q(department__isnull=False) | Q(campus__kind=CampusKind.COLLEGE)
    )
    items = _as_filed(
        PlanItem.objects.filter(plan__in=plans)
        .exclude(standing=Standing.CANCELLED)
        .select_related("plan", "plan__town", "plan__department", "plan__campus")
        .in_code_order()
    )
    likely = _likely(known, items)
    chosen = {item.pk for item in likely}
    return Offered(likely, [item for item in items if item.pk not in chosen])


def _filed_plans(known: AboutClass):
    return AnnualPlan.objects.of_year(known.first_day.year).exclude(filing_number="")


def _own(known: AboutClass) -> Q:
    own = Q(campus=known.campus) | Q(town=known.campus.town_id)
    if known.department is not None:
        own |= Q(department=known.department)
    return own


def _as_filed(items: Iterable[PlanItem]) -> list[PlanItem]:
    """Without what a change of a plan adds and is not filed yet."""
    items = list(items)
    changing = {item.plan for item in items if item.plan.status != PlanStatus.FILED}
    filed = {
        plan.pk: {row["key"] for row in last.content["items"]}
        for plan in changing
        if (last := plan.versions.last())
    }
    return [
        item for item in items if item.plan_id not in filed or str(item.key) in filed[item.plan_id]
    ]


def _likely(known: AboutClass, items: list[PlanItem]) -> list[PlanItem]:
    taught = characters_of(known.texts)
    of_items = {item.pk: characters_of(f"{item.name}。{item.content}") for item in items}
    weights = weights_of([taught, *of_items.values()])
    own = {known.department and ("department", known.department.pk), ("campus", known.campus.pk)}
    own.add(("town", known.campus.town_id))
    scores = []
    for item in items:
        score = cosine(taught, of_items[item.pk], weights)
        if score <= 0:
            continue
        plan = item.plan
        if own & {(kind, getattr(plan, f"{kind}_id")) for kind in ("town", "department", "campus")}:
            score += OWN_BONUS
        if known.first_day.month in months_in(item.months):
            score += MONTH_BONUS
        if score >= LIKELY:
            scores.append((-score, len(scores), item))
    return [item for _score, _place, item in sorted(scores)[:MOST_LIKELY]]


def offered_to_all(classes: Iterable[TrainingClass]) -> Offered:
    """The items that each of the classes can carry out; likely are those of the first."""
    known = [found for found in map(about, classes) if found is not None]
    if not known:
        return Offered([], [])
    first = offered_to(known[0])
    units = {(one.campus.pk, one.department and one.department.pk) for one in known}
    years = {one.first_day.year for one in known}
    if len(units) == 1 and len(years) == 1:
        return first
    shared = set.intersection(*(set(offered_to(one).items) for one in known))
    return Offered(
        [item for item in first.likely if item.pk in shared],
        [item for item in first.others if item.pk in shared],
    )
