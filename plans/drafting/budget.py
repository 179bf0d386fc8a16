"""Whether the budget of an item keeps to the cap of its category, and how that is reckoned.

`people` of an item are those of the whole year, each of whom sits through one run, and `days` are
the days of one run. So the days that people spend are people × days whatever the number of runs.
Days beyond the thirtieth of a run count at 70 %. What teachers are paid comes on top of the cap.
Source: docs/rules.md R53.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.text.numbers import plain

from ..models import PersonDayCap, PlanItem
from .usual_caps import person_day_caps

FULL_DAYS = Decimal(30)  # of a run; from the next day on the cap is lower
SHARE_BEYOND = Decimal("0.7")


@dataclass(frozen=True)
class BudgetCheck:
    """What an item may cost by its cap (yuan), and by how much its budget is more."""

    item: PlanItem
    cap: PersonDayCap
    allowed: Decimal

    @property
    def above(self) -> Decimal:
        """Yuan beyond the cap; 0 where the budget keeps to it."""
        return max(self.item.budget - self.allowed, Decimal(0))

    @property
    def is_above(self) -> bool:
        return self.above > 0

    @property
    def words(self) -> str:
        """How it is reckoned, in a sentence."""
        values = {
            "category": self.cap.get_category_display(),
            "cap": yuan(self.cap.yuan_per_person_day),
            "people": f"{self.item.people:,}",
            "days": _days(self.item.days),
            "allowed": yuan(self.allowed),
            "budget": yuan(self.item.budget),
            "above": yuan(self.above),
        }
        if self.is_above:
            return (
                _(
                    "%(category)s: %(cap)s yuan a person and day × %(people)s people × %(days)s ="
                    " %(allowed)s yuan; the budget of %(budget)s yuan is %(above)s yuan more (what"
                    " teachers are paid comes on top)"
                )
                % values
            )
        return (
            _(
                "%(category)s: %(cap)s yuan a person and day × %(people)s people × %(days)s ="
                " %(allowed)s yuan; the budget of %(budget)s yuan keeps to it"
            )
            % values
        )


def yuan(amount: Decimal) -> str:
    """Return an amount as sentences write it: 44,000 or 1,250.5."""
    whole, point, parts = plain(amount).partition(".")
    return f"{int(whole):,}{point}{parts}"


def _days(days: Decimal) -> str:
    if days <= FULL_DAYS:
        return _("%(days)s days") % {"days": plain(days)}
    return _("(%(full)s days + %(more)s days at 70 %%)") % {
        "full": plain(FULL_DAYS),
        "more": plain(days - FULL_DAYS),
    }


def allowed_for(item: PlanItem, cap: Decimal) -> Decimal:
    """Return the yuan that an item may cost: people × days × cap, days beyond 30 at 70 %."""
    days = min(item.days, FULL_DAYS) + max(item.days - FULL_DAYS, Decimal(0)) * SHARE_BEYOND
    return cap * item.people * days


def budget_check(item: PlanItem, caps: Iterable[PersonDayCap] | None = None) -> BudgetCheck | None:
    """Return what the cap says to the item; None where nothing can be said: no budget, no category,
    no days, or no figure for the category.
    """
    if not (item.budget and item.category and item.days and item.people):
        return None
    caps = person_day_caps() if caps is None else caps
    for cap in caps:
        if cap.category == item.category and cap.yuan_per_person_day is not None:
            return BudgetCheck(item, cap, allowed_for(item, cap.yuan_per_person_day))
    return None


def budget_checks(items: Iterable[PlanItem]) -> list[BudgetCheck]:
    """Return the checks of the items of which something can be said, in their order."""
    caps = person_day_caps()
    return [check for item in items if (check := budget_check(item, caps)) is not None]
