"""The figures of groups and of rosters as lists."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from academy.access import is_office, towns_of
from academy.lists.actions import Nothing
from academy.lists.columns import Column, FullDay, Hours, Number
from academy.lists.listing import OfficeList
from academy.models import Town

from ..people.group_figures import QUARTERS, GroupFigures, Period, figures_of
from ..rosters.places import PlaceFigures, towns_in_use
from ..rosters.places import figures_of as figures_of_towns


class PeriodForm(forms.Form):
    """A year, or one quarter of it."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    quarter = forms.TypedChoiceField(
        label=gettext_lazy("Quarter"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, data: Any, *, years: list[int]) -> None:
        super().__init__(data)
        self.fields["year"].choices = [(year, year) for year in years]
        self.fields["quarter"].choices = [
            ("", _("Whole year")),
            *((number, _("Quarter %(number)s") % {"number": number}) for number in QUARTERS),
        ]


class GroupList(OfficeList):
    """A line for each group in the order of the vocabulary: in no order of more or less."""

    slug, address = "groups", "trainees:groups"
    template = "trainees/groups.html"
    heading = gettext_lazy("Residents and other groups")
    about = gettext_lazy(
        "Light accounts by themselves: they are in no figure about cadres. Groups stand in the"
        " order of the vocabulary."
    )
    nothing = Nothing(
        gettext_lazy("Nobody has joined yet, and no class is open to a group."),
        gettext_lazy(
            "Tick groups under “Booking rules” of a class; its page then offers visitors to join."
        ),
    )

    group = Column(pgettext_lazy("of learners", "Group"), "group.name", sort=True)
    classes = Number(gettext_lazy("Classes open to it"))
    accounts = Number(pgettext_lazy("of a group", "Accounts"))
    joined = Number(pgettext_lazy("of a group", "Joined"))
    bookings = Number(pgettext_lazy("of a group", "Bookings"))
    people = Number(gettext_lazy("People who came"))
    hours = Hours(gettext_lazy("Hours attended"))

    def __init__(self, request: Any, years: list[int] | None = None) -> None:
        super().__init__(request)
        self.years = years or [self.today.year]

    @cached_property
    def form(self) -> PeriodForm:
        data = self.request.GET.copy()
        if not data.get("year"):
            data["year"] = str(self.today.year)
        return PeriodForm(data, years=self.years)

    @property
    def period(self) -> Period:
        if not self.is_known:
            return Period(self.today.year)
        return Period(self.form.cleaned_data["year"], self.form.cleaned_data["quarter"])

    @property
    def is_filtered(self) -> bool:
        return False

    def rows(self) -> list[GroupFigures]:
        rows = figures_of(self.period, self.now)
        return rows if any(row.accounts or row.bookings or row.classes for row in rows) else []

    @cached_property
    def found(self) -> list[GroupFigures]:
        return self.rows() if self.is_known else []

    def key(self, row: GroupFigures) -> str:
        return str(row.group.pk)

    def name(self, row: GroupFigures) -> str:
        return row.group.name


class RosterList(OfficeList):
    """How complete the roster of each street-town is."""

    slug, address = "rosters", "trainees:rosters"
    template = "trainees/rosters.html"
    heading = gettext_lazy("Street-towns")
    searched = ("town__name", "town__code")
    nothing = Nothing(
        gettext_lazy("There is no street-town yet."),
        gettext_lazy("The network is loaded by the administrator; then people can be imported."),
    )

    town = Column(gettext_lazy("Street-town"), "town.name")
    code = Column(gettext_lazy("Code"), "town.code", sort=True, on_phone=False)
    people = Number(pgettext_lazy("of a roster", "People"))
    without_stage = Number(gettext_lazy("Without a stage"))
    without_posting = Number(gettext_lazy("Since when not known"))
    last = FullDay(gettext_lazy("Last roster"), "last_roster_at", sort=True)

    @cached_property
    def towns(self) -> list[Town]:
        """Those in use whose rosters the person sends."""
        towns = towns_in_use(self.today)
        return list(towns if is_office(self.user) else towns.filter(pk__in=towns_of(self.user)))

    def rows(self) -> list[PlaceFigures]:
        return figures_of_towns(self.towns)

    def key(self, row: PlaceFigures) -> str:
        return row.town.code

    def name(self, row: PlaceFigures) -> str:
        return row.town.name

    def link(self, row: PlaceFigures) -> str:
        return f"{self.url}?town={row.town.code}#people"

    def show_last(self, row: PlaceFigures) -> str:
        if row.last_roster_at is None:
            return pgettext("roster", "none yet")
        return FullDay("").html(row.last_roster_at)
