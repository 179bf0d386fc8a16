"""Whose study hours are missing in a year: a list to help by, never one to rank by."""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, Hours, LongText
from academy.lists.listing import OfficeList
from academy.models import Town, Village

from ..models import Trainee
from ..record.hour_gaps import YearOfPerson, years_of_people
from ..record.hour_statements import FIRST_YEAR
from .path import towns_looked_after

GAP, ALL = "gap", "all"


class HourGapForm(forms.Form):
    """A street-town and one of its villages, a year, and whether everybody is listed."""

    town = forms.ChoiceField(label=gettext_lazy("Street-town"), required=False)
    village = forms.ChoiceField(label=pgettext_lazy("unit", "Village"), required=False)
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    who = forms.ChoiceField(
        label=pgettext_lazy("path", "Who"),
        required=False,
        choices=[
            (GAP, gettext_lazy("Who has study hours missing")),
            (ALL, gettext_lazy("Everybody with a post")),
        ],
    )

    def __init__(self, data: Any, *, towns: list[Town], villages: list[Village], this_year: int):
        super().__init__(data)
        self.fields["town"].choices = [(town.code, town.name) for town in towns]
        self.fields["village"].choices = [
            ("", _("All villages")),
            *((village.code, village.name) for village in villages),
        ]
        self.fields["year"].choices = [
            (year, year) for year in range(this_year, FIRST_YEAR - 1, -1)
        ]


def badge_of_year(row: YearOfPerson) -> tuple[str, str]:
    """Whether something is to be done for the person."""
    progress = row.progress
    if progress.target is None:
        return "idle", _("No target")
    if not row.has_gap:
        return "ok", pgettext("study hours", "Reached")
    if not progress.missing:
        return "wait", _("Centralised training is missing")
    if progress.booked_is_enough:
        return "note", _("What is booked is enough")
    return "wait", _("Still to book")


def centralised_in_words(row: YearOfPerson) -> str:
    """0 of 1; nothing where none is asked."""
    if row.centralised is None:
        return ""
    done, asked = row.centralised
    return _("%(done)d of %(asked)d") % {"done": done, "asked": asked}


class HourGapList(OfficeList):
    """Cadres of one street-town by village and by the order of names. No column of hours sorts:
    nobody stands before another for how much or how little they have. Source: docs/rules.md R14.
    """

    slug, address = "hour-gaps", "trainees:hour_gaps"
    heading = gettext_lazy("Study hours missing")
    about = gettext_lazy(
        "Done, booked and missing against the target of the post, so that nobody is forgotten. The"
        " order is that of villages and names."
    )
    nothing = Nothing(
        gettext_lazy("Nobody has study hours missing in this year."),
        gettext_lazy("Posts without a target are listed under “Everybody with a post”."),
    )
    nothing_matches = gettext_lazy("Nobody here has study hours missing.")

    person = Column(pgettext_lazy("of a person", "Name"), "trainee.name")
    unit = Column(pgettext_lazy("unit", "Village"), "trainee.village.name")
    post = LongText(pgettext_lazy("of a person", "Post"), "trainee.post")
    target = Hours(gettext_lazy("Target of the year"), "target_hours")
    done = Hours(pgettext_lazy("hours", "Done"), "progress.done")
    booked = Hours(pgettext_lazy("hours", "Booked"), "progress.booked")
    missing = Hours(pgettext_lazy("hours", "Missing"), "progress.missing")
    centralised = Column(gettext_lazy("Centralised training"), centralised_in_words)
    state = Badge(pgettext_lazy("study hours", "State"), badge_of_year)

    @cached_property
    def towns(self) -> list[Town]:
        return towns_looked_after(self.user)

    @cached_property
    def form(self) -> HourGapForm:
        data = self.request.GET.copy()
        if not data.get("town") and self.towns:
            data["town"] = self.towns[0].code
        if not data.get("who"):
            data["who"] = GAP
        if not data.get("year"):
            data["year"] = str(self.today.year)
        villages = self.villages(data.get("town", ""))
        if data.get("village") not in {village.code for village in villages}:
            data["village"] = ""  # of another street-town, chosen before
        return HourGapForm(data, towns=self.towns, villages=villages, this_year=self.today.year)

    @property
    def is_filtered(self) -> bool:
        return any(self.request.GET.get(name) for name in self.filter_names)

    def villages(self, town: str) -> list[Village]:
        """Those of the street-town with this code in which the person looks after somebody."""
        people = self.people().values("village")
        chosen = [found for found in self.towns if found.code == town]
        return list(Village.objects.filter(pk__in=people, town__in=chosen).order_by("code"))

    def people(self) -> QuerySet[Trainee]:
        """The cadres whom the person looks after."""
        return Trainee.objects.cadres().visible_to(self.user).filter(village__town__in=self.towns)

    def rows(self) -> list[YearOfPerson]:
        if not self.is_known or not self.towns:
            return []
        asked = self.form.cleaned_data
        people = self.people().filter(village__town__code=asked["town"])
        if asked["village"]:
            people = people.filter(village__code=asked["village"])
        found = years_of_people(
            people.select_related("user", "village", "position", "learner_group").order_by(
                "village__code", "stroke_key", "pk"
            ),
            asked["year"],
            self.now,
        )
        return found if asked["who"] == ALL else [row for row in found if row.has_gap]

    @cached_property
    def found(self) -> list[YearOfPerson]:
        return self.rows()

    @property
    def paper_line(self) -> str:
        if not self.is_known or not self.towns:
            return ""
        asked = self.form.cleaned_data
        town = next(town.name for town in self.towns if town.code == asked["town"])
        return _("%(town)s, study hours of %(year)d") % {"town": town, "year": asked["year"]}

    def key(self, row: YearOfPerson) -> str:
        return str(row.trainee.pk)

    def name(self, row: YearOfPerson) -> str:
        return row.trainee.name

    def link(self, row: YearOfPerson) -> str:
        page = reverse("trainees:person_hours", args=[row.trainee.user_id])
        return f"{page}?year={row.progress.year}"

    @property
    def crumb(self) -> Link:
        return Link(pgettext("navigation", "People"), reverse("trainees:people"))

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
