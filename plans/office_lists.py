"""The list of annual plans."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.errors import PortalError
from academy.lists.actions import Bulk, Link, Nothing, Outcomes
from academy.lists.columns import Badge, Column, Day, Hours, Number, Yuan
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import full_day, short_day, yuan

from .actual.lists import LISTS as ACTUAL_LISTS
from .actual.unfiled import UnfiledClassList
from .filing import file_plan
from .filters import PlanFilter
from .forms import planning_year
from .lecture_fees.lists import FeeLists
from .models import SETTLED, AnnualPlan, PlanStatus, filing_deadline
from .projects.lists import ProjectList
from .unit_list import UnitList

PLAN_BADGES = {
    PlanStatus.DRAFT: "idle",
    PlanStatus.SUBMITTED: "wait",
    PlanStatus.ACCEPTED: "wait",
    PlanStatus.RETURNED: "bad",
    PlanStatus.FILED: "ok",
    PlanStatus.ARCHIVED: "idle",
}


class PlanList(OfficeList):
    """The plans of a year in the order of the units' codes, never by value."""

    slug, address = "plans", "plans:plan_list"
    template = "plans/plan_list.html"
    sizes = (60, 200)  # all towns and departments fit on one page
    nothing_matches = gettext_lazy("No plan fits.")
    bulk = (Bulk("file", gettext_lazy("File the ticked plans"), permission="plans.file_plans"),)
    see_all = gettext_lazy("All plans of the year")

    owner = Column(pgettext_lazy("of a plan", "Unit"), "owner.name", sort=True)
    status = Badge(
        pgettext_lazy("of a plan", "Status"),
        lambda row: (PLAN_BADGES[row.status], row.status_words),
        sort=True,
    )
    number = Column(gettext_lazy("Filing number"), "filing_number", sort=True)
    handed_in = Day(pgettext_lazy("date of a plan", "Handed in"), "handed_in_on", sort=True)
    late = Badge(
        pgettext_lazy("plan", "Late"),
        lambda row: ("wait", pgettext("plan", "Late")) if row.is_late else None,
        on_phone=False,
        on=False,
    )
    items = Number(gettext_lazy("Trainings"), "item_total", sort=True)
    people = Yuan(pgettext_lazy("number of", "People"), "people_total", sort=True)
    hours = Hours(gettext_lazy("Study hours"), "hours_total", sort=True, on=False)
    budget = Yuan(gettext_lazy("Budget (yuan)"), "budget_total", sort=True)

    @cached_property
    def year(self) -> int:
        """The year asked for, or the one that is planned now."""
        chosen = self.form.cleaned_data.get("year") if self.filterset.form.is_bound else None
        return chosen or planning_year(self.today)

    @property
    def heading(self) -> str:
        return _("Training plans for %(year)s") % {"year": self.year}

    @property
    def about(self) -> str:
        words = _("To be handed in by %(day)s. A later one is marked, not refused.")
        return words % {"day": full_day(filing_deadline(self.year))}

    @cached_property
    def filterset(self) -> PlanFilter:
        wanted = self.request.GET.copy()
        if not wanted.get("year"):
            wanted["year"] = str(planning_year(self.today))
        return PlanFilter(wanted, queryset=self.rows())

    @cached_property
    def form(self) -> Any:
        """With the years and units there are to choose from."""
        form = self.filterset.form
        visible = AnnualPlan.objects.visible_to(self.user).order_by()
        years = set(visible.values_list("year", flat=True).distinct())
        form.is_valid()
        asked = form.cleaned_data.get("year")
        years |= {planning_year(self.today), asked or planning_year(self.today)}
        form.fields["year"].choices = [(year, year) for year in sorted(years)]
        return form

    def rows(self) -> QuerySet[AnnualPlan]:
        return AnnualPlan.objects.visible_to(self.user).with_owner().with_totals().in_code_order()

    @cached_property
    def found(self) -> list[AnnualPlan]:
        """All of them, for the sums: a year has a hundred at most."""
        return list(self.filterset.qs) if self.is_known else []

    def sort(self, rows: list, column: Column, descending: bool) -> list:
        if column.name == "owner":  # they stand in the order of the codes
            return rows[::-1] if descending else rows
        return super().sort(rows, column, descending)

    @property
    def is_filtered(self) -> bool:
        return any(self.request.GET.get(name) for name in ("status", "owner"))

    @property
    def notes(self) -> list[str]:
        """What the plans of the list come to."""
        notes = super().notes
        plans = self.found
        if not plans:
            return notes
        words = _("%(plans)s plans, %(filed)s of them filed.") % {
            "plans": len(plans),
            "filed": sum(plan.status in SETTLED for plan in plans),
        }
        sums = _("%(items)s trainings, %(people)s people, %(budget)s yuan in all.") % {
            "items": sum(plan.item_total for plan in plans),
            "people": yuan(sum(plan.people_total for plan in plans)),
            "budget": yuan(sum(plan.budget_total for plan in plans)),
        }
        return [*notes, f"{words} {sums}"]

    def link(self, row: AnnualPlan) -> str:
        return row.get_absolute_url()

    def name(self, row: AnnualPlan) -> str:
        return str(row)

    def may_tick(self, row: AnnualPlan) -> bool:
        return row.is_in_review

    def bulk_file(self, rows: list[AnnualPlan], outcomes: Outcomes) -> None:
        """Each in a transaction of its own: one that is refused keeps none of the others."""
        for plan in rows:
            try:
                filed = file_plan(plan=plan, by=self.user, now=self.now)
                outcomes.done.append(f"{plan.owner}（{filed.filing_number}）")
            except PortalError as error:
                outcomes.refused.append((str(plan.owner), str(error)))
        outcomes.report(
            self.request,
            lambda count: ngettext(
                "%(count)d plan was filed: ", "%(count)d plans were filed: ", count
            ),
        )

    def show_handed_in(self, row: AnnualPlan) -> str:
        if not row.is_late:
            return short_day(row.handed_in_on)
        late = Badge("").html(("wait", pgettext("plan", "Late")))
        return format_html("{} {}", short_day(row.handed_in_on), late)

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d plan", "%(count)d plans", count) % {"count": count}

    def links(self) -> list[Link]:
        upload = f"{reverse('plans:import_upload')}?year={self.year}"
        found = [Link(pgettext("plans", "Import a form"), upload, "file-earmark-text")]
        if self.user.has_perm("plans.review_plans"):
            units = f"{reverse('plans:unit_list')}?year={self.year}"
            found.append(Link(_("Who has handed in"), units, "clock"))
        if self.user.has_perm("plans.export_all_plans") and self.found:
            whole = f"{reverse('plans:export_all')}?year={self.year}&format=xlsx"
            found.append(Link(_("Export the year"), whole, "filetype-xlsx"))
        if self.user.has_perm("plans.replace_templates"):
            templates = reverse("plans:paper_templates")
            words = pgettext("navigation", "Templates of papers")
            found.append(Link(words, templates, "file-earmark-text"))
        return found

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("There is no plan for %(year)s yet.") % {"year": self.year},
            _(
                "Import the form you already have, or begin a plan and add the trainings one by"
                " one."
            ),
            reverse("plans:import_upload"),
            pgettext("plans", "Import a form"),
        )


LISTS = (PlanList, UnitList, ProjectList, FeeLists, *ACTUAL_LISTS, UnfiledClassList)
