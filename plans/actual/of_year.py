"""What every list of plan against actual shares: its year, day and units, and who sees them."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from academy.access import is_office
from academy.lists.actions import Nothing
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import full_day

from ..models import FIRST_YEAR, LAST_YEAR, AnnualPlan, Owner, kind_of
from ..owners import drafts_for
from .figures import QUARTERS, UNDATED, Year, year_on
from .words import DEFINITIONS, quarter_words

EACH = "each"  # quarters one by one


class ActualForm(forms.Form):
    """The year, the day whose end counts, one unit or all, one quarter or all."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    as_of = forms.DateField(label=gettext_lazy("As of"))
    owner = forms.ChoiceField(label=pgettext_lazy("of a plan", "Unit"), required=False)
    quarter = forms.ChoiceField(label=gettext_lazy("Quarter"), required=False)

    def __init__(self, data: Any, *, years: list[int], today: date, each: bool) -> None:
        super().__init__(data)
        self.today = today
        self.fields["as_of"].widget.input_type = "date"
        self.fields["year"].choices = [(year, year) for year in years]
        self.fields["quarter"].choices = [
            ("", _("Whole year")),
            *((str(quarter), quarter_words(quarter)) for quarter in (*QUARTERS, UNDATED)),
            *([(EACH, _("Quarter by quarter"))] if each else []),
        ]

    def clean_as_of(self) -> date:
        day = self.cleaned_data["as_of"]
        if day > self.today:
            raise forms.ValidationError(_("Choose today or a day before it."))
        return day


class OfYear(OfficeList):
    """A list of what stands behind the figures of a year; units see their own alone."""

    template = "plans/actual.html"
    sizes = (200, 1000)
    needs_query = ("unplanned",)
    takes_quarters_apart: ClassVar[bool] = False

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.asked = request.GET.copy()
        self.asked.setdefault("year", str(self.today.year))
        self.asked.setdefault("as_of", self.today.isoformat())

    @cached_property
    def form(self) -> ActualForm:
        years = set(AnnualPlan.objects.order_by().values_list("year", flat=True).distinct())
        years |= {self.today.year, *self._year_asked}
        form = ActualForm(
            self.asked,
            years=sorted(years, reverse=True),
            today=self.today,
            each=self.takes_quarters_apart,
        )
        form.fields["owner"].choices = [
            ("", _("All units")),
            *((key_of(owner), owner.name) for owner in self.whole.owners),
        ]
        return form

    @property
    def _year_asked(self) -> set[int]:
        text = self.asked["year"]
        is_year = text.isascii() and text.isdecimal() and len(text) == 4
        return {int(text)} if is_year and FIRST_YEAR <= int(text) <= LAST_YEAR else set()

    @cached_property
    def year(self) -> int:
        return next(iter(self._year_asked), self.today.year)

    @cached_property
    def as_of(self) -> date:
        try:
            asked = date.fromisoformat(self.asked["as_of"])
        except ValueError:
            return self.today
        return min(asked, self.today)

    @cached_property
    def whole(self) -> Year:
        """All that the person may see of the year."""
        found = year_on(self.year, self.as_of)
        if is_office(self.user):
            return found
        return found.of(owners=[owner for owner in found.owners if drafts_for(self.user, owner)])

    @cached_property
    def chosen(self) -> Year:
        """The part that the filters ask for."""
        owner, quarter = self.form.cleaned_data["owner"], self.form.cleaned_data["quarter"]
        found = self.whole
        if owner:
            found = found.of(owners=[one for one in found.owners if key_of(one) == owner])
        return found.of(quarter=int(quarter)) if quarter.isdecimal() else found

    @cached_property
    def found(self) -> list:
        return self.rows() if self.is_known else []

    def with_keys(self, keys: list[str]) -> list:
        return [row for row in self.found if self.key(row) in keys]

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("Nothing is planned or held here."),
            _("Plans count from the day on which they are filed, classes once closed."),
            f"{reverse('plans:plan_list')}?year={self.year}",
            pgettext("navigation", "Annual plans"),
        )

    @property
    def is_filtered(self) -> bool:
        return any(self.request.GET.get(name) for name in ("owner", "quarter", "unplanned"))

    @property
    def day_words(self) -> str:
        return full_day(self.as_of)

    def address_of(self, name: str, **more: str) -> str:
        query = {"year": self.year, "as_of": self.as_of.isoformat(), **more}
        return f"{reverse(name)}?{urlencode({key: value for key, value in query.items() if value})}"

    def context(self) -> dict[str, Any]:
        return {"definitions": DEFINITIONS, "as_of": self.as_of}


def key_of(owner: Owner) -> str:
    """What names a unit in an address: town-310113101."""
    return f"{kind_of(owner)}-{owner.code}"
