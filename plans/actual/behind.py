"""The items, classes and people that a figure opens."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Link
from academy.lists.columns import Badge, Column, Day, Hours, LongText, Number, Total, Yuan
from academy.templatetags.portal_tags import yuan

from .figures import HeldClass, PlannedItem, Year
from .of_year import OfYear, key_of
from .people import PersonRow, people_of, shown
from .words import quarter_words

PLANNED, HELD, PEOPLE = "plans:actual_items", "plans:actual_classes", "plans:actual_people"


class BehindTheFigures(OfYear):
    """The rows of one figure, with the way back to it."""

    @property
    def crumb(self) -> Link:
        return Link(_("Plans against actual"), self.address_of("plans:actual"))

    @property
    def about(self) -> str:
        return _("As of the end of %(day)s.") % {"day": self.day_words}


class ActualItems(BehindTheFigures):
    """The planned items behind a figure."""

    slug, address = "actual-items", PLANNED

    item = Column(pgettext_lazy("of a plan", "Training"), "item.name", width="w-title")
    number = Number(pgettext_lazy("of a plan item", "No."), "item.number")
    unit = Column(pgettext_lazy("of a plan", "Unit"), "owner.name")
    quarter = Column(gettext_lazy("Quarter"), lambda row: quarter_words(row.quarter))
    months = Column(gettext_lazy("planned time"), "item.months", on=False)
    runs = Number(gettext_lazy("Classes planned"), "item.runs")
    people = Total(gettext_lazy("People planned"), "item.people")
    each = Hours(gettext_lazy("study hours per run"), "item.hours", on=False)
    hours = Total(gettext_lazy("Hours planned"), "person_hours")
    budget = Yuan(gettext_lazy("Budget (yuan)"), "item.budget")
    standing = Column(
        pgettext_lazy("of a plan item", "Standing"), lambda row: row.item.get_standing_display()
    )

    @property
    def heading(self) -> str:
        return _("Planned trainings of %(year)s") % {"year": self.year}

    def rows(self) -> list[PlannedItem]:
        return in_order_of_owners(self.chosen, self.chosen.planned, lambda row: row.item.number)

    def key(self, row: PlannedItem) -> str:
        return str(row.item.key)

    def name(self, row: PlannedItem) -> str:
        return row.item.name

    def link(self, row: PlannedItem) -> str:
        return row.plan.get_absolute_url()

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d training", "%(count)d trainings", count) % {"count": count}


class ActualClasses(BehindTheFigures):
    """The held classes behind a figure; `?unplanned=1` for those outside the plans."""

    slug, address = "actual-classes", HELD

    title = Column(pgettext_lazy("column", "Class"), "training_class.title", width="w-title")
    code = Column(gettext_lazy("Code"), "training_class.code")
    unit = Column(pgettext_lazy("of a plan", "Unit"), "owner.name")
    campus = Column(gettext_lazy("Campus"), "training_class.campus.name", width="w-place")
    day = Day(gettext_lazy("First day"), "posted.first_day")
    people = Number(pgettext_lazy("how often", "People who came"), "posted.people")
    hours = Total(gettext_lazy("Hours posted"), "posted.hours")
    spent = Yuan(gettext_lazy("Spent (yuan)"))
    plan = Badge(
        gettext_lazy("In the plan"),
        lambda row: (
            ("ok", _("Planned"))
            if row.is_planned
            else ("wait", _("Outside"))
            if row.reason
            else ("bad", _("Not said yet"))
        ),
    )
    item = LongText(
        gettext_lazy("Plan item or reason"),
        lambda row: f"{row.item.number} {row.item.name}" if row.item else row.reason,
    )

    @property
    def heading(self) -> str:
        if self.is_unplanned:
            return _("Classes of %(year)s outside the plans") % {"year": self.year}
        return _("Classes held in %(year)s") % {"year": self.year}

    @property
    def is_unplanned(self) -> bool:
        return bool(self.request.GET.get("unplanned"))

    def rows(self) -> list[HeldClass]:
        held = [row for row in self.chosen.held if not (self.is_unplanned and row.is_planned)]
        return in_order_of_owners(self.chosen, held, lambda row: row.training_class.code)

    def key(self, row: HeldClass) -> str:
        return row.training_class.code

    def name(self, row: HeldClass) -> str:
        return row.training_class.title

    def link(self, row: HeldClass) -> str:
        if self.user.has_perm("courses.change_trainingclass", row.training_class):
            return reverse("trainees:class_overview", args=[row.training_class.code])
        return row.training_class.get_absolute_url()

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d class", "%(count)d classes", count) % {"count": count}


class ActualPeople(BehindTheFigures):
    """Who has hours of the classes behind a figure; names are masked, and open for those who may
    see the person.
    """

    slug, address = "actual-people", PEOPLE

    person = Column(pgettext_lazy("of a person", "Name"), "name")
    town = Column(gettext_lazy("Street-town"))
    village = Column(pgettext_lazy("unit", "Village"), width="w-place")
    training = Column(pgettext_lazy("column", "Class"), "training_class.title", width="w-title")
    code = Column(gettext_lazy("Code"), "training_class.code", on=False)
    hours = Hours(gettext_lazy("Hours posted"))

    @property
    def heading(self) -> str:
        return _("People in classes of %(year)s") % {"year": self.year}

    def rows(self) -> list[PersonRow]:
        return people_of(self.chosen.held, self.as_of)

    def prepared(self, rows: list[PersonRow]) -> list[PersonRow]:
        return shown(rows, self.user)

    def key(self, row: PersonRow) -> str:
        return str(row.enrolment)

    def name(self, row: PersonRow) -> str:
        return row.name

    def link(self, row: PersonRow) -> str:
        return reverse("trainees:person", args=[row.user]) if row.user else ""

    @property
    def notes(self) -> list[str]:
        notes = super().notes
        if self.found:
            words = _("%(hours)s study hours in all; whoever was in two classes stands here twice.")
            notes.append(words % {"hours": yuan(sum(row.hours for row in self.found))})
        return notes

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}


def in_order_of_owners(year: Year, rows: list, then: Callable[[Any], Any]) -> list:
    """The rows unit by unit in the order of codes."""
    place = {key_of(owner): number for number, owner in enumerate(year.owners)}
    return sorted(rows, key=lambda row: (place[key_of(row.owner)], then(row)))
