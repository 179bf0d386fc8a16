"""Plan against actual as a list: a line for each unit, every number with the rows behind it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Link
from academy.lists.columns import Column, Number, Total, Yuan

from ..models import Owner
from .behind import HELD, PEOPLE, PLANNED, ActualClasses, ActualItems, ActualPeople
from .figures import QUARTERS, UNDATED, Figures
from .of_year import EACH, OfYear, key_of
from .words import DEFINITIONS, quarter_words


@dataclass(frozen=True)
class Line:
    """One unit with the figures of a year or quarter; the last line, without a unit, is the sum."""

    owner: Owner | None
    quarter: int | None
    figures: Figures

    @property
    def name(self) -> str:
        return self.owner.name if self.owner is not None else pgettext("last row", "Sum")


class ActualList(OfYear):
    """The figures: a line for each unit in the order of codes, and their sum."""

    slug, address = "actual", "plans:actual"
    takes_quarters_apart = True

    unit = Column(pgettext_lazy("of a plan", "Unit"), "name")
    quarter = Column(
        gettext_lazy("Quarter"),
        lambda row: _("Whole year") if row.quarter is None else quarter_words(row.quarter),
    )
    planned_classes = Number(gettext_lazy("Classes planned"), "figures.planned_classes")
    classes = Number(gettext_lazy("Classes held"), "figures.classes")
    planned_people = Total(gettext_lazy("People planned"), "figures.planned_people")
    people = Total(pgettext_lazy("how often", "People who came"), "figures.people")
    planned_hours = Total(gettext_lazy("Hours planned"), "figures.planned_hours")
    hours = Total(gettext_lazy("Hours posted"), "figures.hours")
    budget = Yuan(gettext_lazy("Budget (yuan)"), "figures.budget")
    spent = Yuan(
        gettext_lazy("Spent (yuan)"),
        lambda row: row.figures.spent if row.figures.costed else None,
    )
    unplanned = Number(gettext_lazy("Outside the plans"), "figures.unplanned")
    share = Number(
        gettext_lazy("Share outside (%)"),
        lambda row: (
            None if row.figures.unplanned_share is None else round(row.figures.unplanned_share, 1)
        ),
    )

    @property
    def heading(self) -> str:
        return _("Plans against actual %(year)s (as of %(day)s)") % {
            "year": self.year,
            "day": self.day_words,
        }

    about = gettext_lazy(
        "What was filed against what the ledger of study hours says. Every number opens its rows."
    )

    def rows(self) -> list[Line]:
        lines = [
            Line(owner, quarter, part.figures)
            for owner in self.chosen.owners
            for quarter in self._quarters
            if (part := self.chosen.of(owners=[owner], quarter=quarter)).planned or part.held
        ]
        if not lines:
            return []
        total = sum((line.figures for line in lines), Figures())
        asked = self.form.cleaned_data["quarter"]
        return [*lines, Line(None, int(asked) if asked.isdecimal() else None, total)]

    @property
    def _quarters(self) -> tuple[int | None, ...]:
        asked = self.form.cleaned_data["quarter"]
        if asked == EACH:
            return (*QUARTERS, UNDATED)
        return (int(asked),) if asked else (None,)

    @property
    def notes(self) -> list[str]:
        notes = super().notes
        without = sum(row.spent is None for row in self.chosen.held) if self.is_known else 0
        if without:
            words = ngettext(
                "The cost of %(count)d held class is not written down yet; “spent” leaves it out.",
                "The costs of %(count)d held classes are not written down yet; “spent” leaves them"
                " out.",
                without,
            )
            notes.append(words % {"count": without})
        return notes

    def key(self, row: Line) -> str:
        return f"{key_of(row.owner) if row.owner else 'sum'}-{row.quarter}"

    def name(self, row: Line) -> str:
        return row.name

    def count_words(self, count: int) -> str:
        count = max(count - 1, 0)  # the sum is no line
        return ngettext("%(count)d line", "%(count)d lines", count) % {"count": count}

    def links(self) -> list[Link]:
        unfiled = reverse("plans:unfiled_classes")
        return [
            Link(
                pgettext("navigation", "Classes without a plan item"), unfiled, "file-earmark-text"
            )
        ]

    def _opens(self, row: Line, column: str, name: str, **more: str) -> str:
        text = self.columns[column].html(self.columns[column].of(row))
        if not text:
            return ""
        owner = key_of(row.owner) if row.owner else self.form.cleaned_data["owner"]
        quarter = "" if row.quarter is None else str(row.quarter)
        url = self.address_of(name, owner=owner, quarter=quarter, **more)
        return format_html(
            '<a href="{}" title="{}">{}</a>', url, DEFINITIONS[column].definition, text
        )

    def show_planned_classes(self, row: Line) -> str:
        return self._opens(row, "planned_classes", PLANNED)

    def show_planned_people(self, row: Line) -> str:
        return self._opens(row, "planned_people", PLANNED)

    def show_planned_hours(self, row: Line) -> str:
        return self._opens(row, "planned_hours", PLANNED)

    def show_budget(self, row: Line) -> str:
        return self._opens(row, "budget", PLANNED)

    def show_classes(self, row: Line) -> str:
        return self._opens(row, "classes", HELD)

    def show_people(self, row: Line) -> str:
        return self._opens(row, "people", PEOPLE)

    def show_hours(self, row: Line) -> str:
        return self._opens(row, "hours", PEOPLE)

    def show_spent(self, row: Line) -> str:
        if row.figures.classes and not row.figures.costed:
            return pgettext("of a cost", "not written down")
        return self._opens(row, "spent", HELD)

    def show_unplanned(self, row: Line) -> str:
        return self._opens(row, "unplanned", HELD, unplanned="1")

    def show_share(self, row: Line) -> str:
        return self._opens(row, "share", HELD, unplanned="1")


LISTS = (ActualList, ActualItems, ActualClasses, ActualPeople)
