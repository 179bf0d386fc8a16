"""What each figure means, in words. Source: docs/rules.md R60."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from .figures import UNDATED


class Defined(NamedTuple):
    label: str
    definition: str


DEFINITIONS = {
    "planned_classes": Defined(
        gettext_lazy("Classes planned"),
        gettext_lazy(
            "Runs of the items filed last by the day; cancelled items are left out. An item counts"
            " in the first quarter of its planned time."
        ),
    ),
    "classes": Defined(
        gettext_lazy("Classes held"),
        gettext_lazy(
            "Classes with study hours in the ledger at the end of the day, in the quarter in which"
            " they were opened. Cancelled and reopened ones are not among them."
        ),
    ),
    "planned_people": Defined(
        gettext_lazy("People planned"), gettext_lazy("The people of the year of these items.")
    ),
    "people": Defined(
        pgettext_lazy("how often", "People who came"),
        gettext_lazy("Whoever has hours of a held class; a person in two classes counts twice."),
    ),
    "planned_hours": Defined(
        gettext_lazy("Hours planned"),
        gettext_lazy("People × study hours of one run, added up over the items."),
    ),
    "hours": Defined(
        gettext_lazy("Hours posted"),
        gettext_lazy("The sum of the ledger of study hours over the held classes, on the day."),
    ),
    "budget": Defined(
        gettext_lazy("Budget (yuan)"), gettext_lazy("The budgets of the planned items.")
    ),
    "spent": Defined(
        gettext_lazy("Spent (yuan)"),
        gettext_lazy(
            "What was written down last, by the day, as the cost of the held classes; a class"
            " without a cost is left out and counted above the table."
        ),
    ),
    "unplanned": Defined(
        gettext_lazy("Outside the plans"),
        gettext_lazy(
            "Held classes that hang on no plan item at present: with a reason, or not said yet."
        ),
    ),
    "share": Defined(
        gettext_lazy("Share outside (%)"),
        gettext_lazy("Classes outside the plans ÷ classes held."),
    ),
}


def quarter_words(quarter: int) -> str:
    """一季度, or that no quarter is named."""
    if quarter == UNDATED:
        return pgettext("quarter", "no quarter named")
    return _("Quarter %(number)s") % {"number": quarter}
