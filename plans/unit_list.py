"""The list of units that file for a year: who holds the plan, who has not handed in."""

from functools import cached_property

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Bulk, Nothing, Outcomes
from academy.lists.columns import Badge, Column, Day
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import full_day

from .chasing import Unit, chase, units_of
from .forms import planning_year
from .models import FIRST_YEAR, LAST_YEAR, AnnualPlan, PlanStatus, filing_deadline

BADGES = {
    PlanStatus.DRAFT: "idle",
    PlanStatus.SUBMITTED: "wait",
    PlanStatus.ACCEPTED: "wait",
    PlanStatus.RETURNED: "bad",
    PlanStatus.FILED: "ok",
    PlanStatus.ARCHIVED: "idle",
}


class UnitFilter(forms.Form):
    """A year, and whether the plan is in."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("filter", "All")),
            ("missing", gettext_lazy("Not handed in yet")),
            ("here", gettext_lazy("Lies with the office")),
            ("filed", pgettext_lazy("of a plan", "Filed")),
        ],
    )


class UnitList(OfficeList):
    """Towns and departments, which must file, and campuses, which may; in code order."""

    slug, address = "plan-units", "plans:unit_list"
    sizes = (100, 200)
    bulk = (Bulk("chase", gettext_lazy("Ask for the plan")),)
    nothing = Nothing(gettext_lazy("There is no unit yet."))
    nothing_matches = gettext_lazy("No unit fits.")

    owner = Column(pgettext_lazy("of a plan", "Unit"), "owner.name")
    state = Badge(
        pgettext_lazy("of a plan", "Status"),
        lambda row: (
            (BADGES[PlanStatus(row.plan.status)], row.plan.status_words)
            if row.plan
            else ("idle", _("Not begun"))
        ),
    )
    holder = Column(gettext_lazy("Who holds it now"), "holder")
    must = Badge(
        gettext_lazy("Must file"),
        lambda row: None if row.must_file else ("idle", _("May file")),
        on_phone=False,
    )
    asked = Day(gettext_lazy("Last asked on"), "asked_at")

    @cached_property
    def form(self) -> UnitFilter:
        """With the years of which there are plans, the one that is planned, and the one asked."""
        asked = self.request.GET.copy()
        asked["year"] = asked.get("year") or str(planning_year(self.today))
        years = set(AnnualPlan.objects.order_by().values_list("year", flat=True).distinct())
        years.add(planning_year(self.today))
        if asked["year"].isascii() and asked["year"].isdecimal() and len(asked["year"]) == 4:
            years |= {int(asked["year"])} & set(range(FIRST_YEAR, LAST_YEAR + 1))
        form = UnitFilter(asked)
        form.fields["year"].choices = [(year, year) for year in sorted(years, reverse=True)]
        return form

    @cached_property
    def year(self) -> int:
        asked = self.form.cleaned_data.get("year") if self.form.is_valid() else None
        return asked or planning_year(self.today)

    @property
    def heading(self) -> str:
        return _("Who has handed in the plan for %(year)s") % {"year": self.year}

    @property
    def about(self) -> str:
        words = _("Due by %(day)s. Units stand in the order of their codes.")
        return words % {"day": full_day(filing_deadline(self.year))}

    def rows(self) -> list[Unit]:
        return units_of(self.year)

    @cached_property
    def found(self) -> list[Unit]:
        if not self.is_known:
            return []
        tests = {
            "missing": lambda unit: not unit.has_handed_in,
            "here": lambda unit: unit.plan is not None and unit.plan.is_in_review,
            "filed": lambda unit: unit.has_handed_in and not unit.plan.is_in_review,
        }
        state = self.form.cleaned_data["state"]
        return [unit for unit in self.rows() if not state or tests[state](unit)]

    def key(self, row: Unit) -> str:
        return row.owner.code

    def with_keys(self, keys: list[str]) -> list[Unit]:
        return [unit for unit in self.found if unit.owner.code in keys]

    def name(self, row: Unit) -> str:
        return row.owner.name

    def link(self, row: Unit) -> str:
        return row.plan.get_absolute_url() if row.plan else ""

    def may_tick(self, row: Unit) -> bool:
        return not row.has_handed_in

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d unit", "%(count)d units", count) % {"count": count}

    def bulk_chase(self, rows: list[Unit], outcomes: Outcomes) -> None:
        found = chase(units=rows, by=self.user, now=self.now)
        outcomes.done += [unit.owner.name for unit in found.asked]
        for unit, days in found.asked_before:
            outcomes.refused.append((unit.owner.name, _asked_before(days)))
        for unit in found.without_people:
            outcomes.refused.append(
                (unit.owner.name, _("has nobody who can log in. Call the unit."))
            )
        for unit in found.handed_in:
            outcomes.refused.append((unit.owner.name, _("has handed in meanwhile.")))
        outcomes.report(
            self.request,
            lambda count: ngettext(
                "%(count)d unit was asked: ", "%(count)d units were asked: ", count
            ),
        )


def _asked_before(days: int) -> str:
    if not days:
        return _("was asked today already; not sent again.")
    return ngettext(
        "was asked %(count)d day ago; not sent again.",
        "was asked %(count)d days ago; not sent again.",
        days,
    ) % {"count": days}


LISTS = (UnitList,)
