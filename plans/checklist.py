"""What to look at before a plan is handed in: what is missing, and what contradicts itself.

What is missing refuses the handing in (plans/filing/); what looks odd does not.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .consents import open_consents
from .drafting.budget import budget_checks
from .drafting.course_matching import matched
from .imports.comparing import strange_length
from .imports.table_context import LEAST_FOR_ONE, LEAST_MONEY, MOST_FOR_ONE
from .models import AnnualPlan, PlanItem
from .overlaps.answers import numbers_without_answer
from .timing import first_quarter


@dataclass(frozen=True)
class Check:
    """A line of the list: "missing", "odd" or "fine"; the numbers of the items it is about, and
    the address of the page where more is said.
    """

    state: str
    words: str
    numbers: tuple[int, ...] = ()
    link: str = ""


def checks_of(plan: AnnualPlan, items: list[PlanItem]) -> list[Check]:
    """The lines for a plan: what is missing first, then what is odd, then what is in order."""
    if not items:
        return [Check("missing", _("The plan has no trainings yet."))]
    found = [*_missing(items), *_overlapping(plan), *_without_course(plan, items)]
    found += [*_without_consent(plan), *_odd(items)]
    return [*found, *_fine(items, found)]


def is_complete(checks: Iterable[Check]) -> bool:
    """Return whether nothing is missing."""
    return all(check.state != "missing" for check in checks)


def _missing(items: list[PlanItem]) -> list[Check]:
    lacking = {
        pgettext("what an item lacks", "for whom"): lambda item: item.audience,
        pgettext("what an item lacks", "when"): lambda item: item.months,
        pgettext("what an item lacks", "what"): lambda item: item.content,
    }
    checks = []
    for words, held in lacking.items():
        if numbers := tuple(item.number for item in items if not held(item)):
            checks.append(
                Check(
                    "missing",
                    ngettext(
                        "%(count)d training does not say %(what)s",
                        "%(count)d trainings do not say %(what)s",
                        len(numbers),
                    )
                    % {"count": len(numbers), "what": words},
                    numbers,
                )
            )
    return checks


def _overlapping(plan: AnnualPlan) -> list[Check]:
    numbers = numbers_without_answer(plan)
    if not numbers:
        return []
    words = ngettext(
        "%(count)d training overlaps one of the year, without an answer yet",
        "%(count)d trainings overlap others of the year, without an answer yet",
        len(numbers),
    )
    address = f"{reverse('plans:overlaps')}?year={plan.year}&plan={plan.pk}"
    return [Check("odd", words % {"count": len(numbers)}, numbers, address)]


def _without_course(plan: AnnualPlan, items: list[PlanItem]) -> list[Check]:
    """Items that may mean several courses, or none: somebody has to say."""
    numbers = tuple(asked.item.number for asked in matched(items).asked)
    if not numbers:
        return []
    words = ngettext(
        "%(count)d training may mean a course of the catalogue: choose which",
        "%(count)d trainings may mean a course of the catalogue: choose which",
        len(numbers),
    )
    address = reverse("plans:plan_courses", args=[plan.pk])
    return [Check("odd", words % {"count": len(numbers)}, numbers, address)]


def _above_the_cap(items: list[PlanItem]) -> list[Check]:
    return [
        Check("odd", check.words, (check.item.number,))
        for check in budget_checks(items)
        if check.is_above
    ]


def _without_consent(plan: AnnualPlan) -> list[Check]:
    return [
        Check(
            "odd",
            one.words,
            (one.item.number,),
            reverse("plans:item_consent", args=[plan.pk, one.item.pk]),
        )
        for one in open_consents(plan)
    ]


def _odd(items: list[PlanItem]) -> list[Check]:
    checks = [
        Check("odd", _money(item), (item.number,)) for item in items if _is_doubtful_money(item)
    ]
    for item in items:
        if strange := strange_length({"days": item.days, "hours": item.hours}):
            checks.append(Check("odd", strange, (item.number,)))
        if item.months and first_quarter(item.months) is None:
            checks.append(
                Check(
                    "odd",
                    _("“%(text)s” names no month or quarter") % {"text": item.months},
                    (item.number,),
                )
            )
        if item.people < item.runs:
            checks.append(
                Check(
                    "odd",
                    _("%(people)d people in %(runs)d runs")
                    % {"people": item.people, "runs": item.runs},
                    (item.number,),
                )
            )
    checks += _above_the_cap(items)
    checks += _unfunded(items)
    names = Counter(item.name for item in items)
    for name, count in names.items():
        if count > 1:
            numbers = tuple(item.number for item in items if item.name == name)
            checks.append(Check("odd", _("Two trainings of one name: %s") % name, numbers))
    return checks


def _is_doubtful_money(item: PlanItem) -> bool:
    if not item.budget or not item.people:
        return False
    fits = LEAST_FOR_ONE <= item.budget / item.people <= MOST_FOR_ONE
    return item.budget < LEAST_MONEY or not fits


def _money(item: PlanItem) -> str:
    return _("%(budget)s yuan for %(people)s people can hardly be right") % {
        "budget": f"{item.budget.normalize():,f}",
        "people": item.people,
    }


def _unfunded(items: list[PlanItem]) -> list[Check]:
    numbers = tuple(item.number for item in items if item.budget and not item.funding)
    if not numbers:
        return []
    words = ngettext(
        "%(count)d training has a budget and no source of money",
        "%(count)d trainings have a budget and no source of money",
        len(numbers),
    )
    return [Check("odd", words % {"count": len(numbers)}, numbers)]


def _fine(items: list[PlanItem], found: list[Check]) -> list[Check]:
    checks = []
    if not any(check.state == "missing" for check in found):
        checks.append(
            Check(
                "fine",
                ngettext(
                    "%(count)d training: for whom, when and what are filled in",
                    "%(count)d trainings: for whom, when and what are filled in",
                    len(items),
                )
                % {"count": len(items)},
            )
        )
    budget = sum((item.budget for item in items), Decimal(0))
    if all(item.funding for item in items if item.budget):
        checks.append(
            Check(
                "fine", _("Budget %s yuan, every sum with its source") % f"{budget.normalize():,f}"
            )
        )
    return checks
