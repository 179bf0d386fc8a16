"""The list of people who have met what their next stage asks."""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.access import is_office, towns_of, villages_of
from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, LongText
from academy.lists.listing import OfficeList
from academy.models import Town

from ..models import PathRequirement, StageOutcome, Trainee
from ..path.standing import Standing, standings

READY, ALL = "ready", "all"


class PathFilterForm(forms.Form):
    """A street-town, and whether everybody is listed or only who has met everything."""

    town = forms.ChoiceField(label=gettext_lazy("Street-town"), required=False)
    who = forms.ChoiceField(
        label=pgettext_lazy("path", "Who"),
        required=False,
        choices=[
            (READY, gettext_lazy("Who has met everything")),
            (ALL, gettext_lazy("Everybody with requirements")),
        ],
    )

    def __init__(self, data: Any, *, towns: list[Town]) -> None:
        super().__init__(data)
        self.fields["town"].choices = [(town.code, town.name) for town in towns]


def towns_looked_after(user) -> list[Town]:
    """The street-towns whose cadres the person looks after, all or those of a village."""
    if is_office(user):
        return list(Town.objects.order_by("code"))
    own = Trainee.objects.filter(village__in=villages_of(user)).values("village__town")
    return list(Town.objects.filter(pk__in=own) | Town.objects.filter(pk__in=towns_of(user)))


def badge_of_standing(row: Standing) -> tuple[str, str]:
    """Proposed, waiting after a “not yet”, or not there yet."""
    last = next(iter(row.trainee.stage_decisions.all()), None)
    if last and last.outcome == StageOutcome.NOT_YET and last.stage_id == row.next_stage.pk:
        return "wait", StageOutcome.NOT_YET.label
    if row.is_ready:
        return "ok", _("Everything is met")
    return "idle", _("Not everything is met")


class PathList(OfficeList):
    """Cadres of one street-town in the order of official lists; nobody stands before another for
    what they have done.
    """

    slug, address = "path", "trainees:path_list"
    heading = gettext_lazy("Next growth stage")
    about = gettext_lazy(
        "Whoever has met what the next stage asks is proposed here; a person decides on the page of"
        " each. The order is that of names."
    )
    nothing = Nothing(
        gettext_lazy("Nobody has met everything that the next stage asks."),
        gettext_lazy("What each post and stage asks stands in the table of the path."),
    )
    nothing_matches = gettext_lazy("Nobody of this street-town is proposed.")

    person = Column(pgettext_lazy("of a person", "Name"), "trainee.name", sort=True)
    unit = Column(pgettext_lazy("unit", "Village"), "trainee.village.name", sort=True)
    post = LongText(pgettext_lazy("of a person", "Post"), "trainee.post")
    stage = Column(gettext_lazy("Growth stage"), "trainee.stage.name")
    following = Column(pgettext_lazy("growth stage", "Next"), "next_stage.name")
    unmet = LongText(
        pgettext_lazy("path", "Not met"), lambda row: "；".join(line.words for line in row.unmet)
    )
    state = Badge(pgettext_lazy("path", "State"), badge_of_standing)

    @cached_property
    def towns(self) -> list[Town]:
        return towns_looked_after(self.user)

    @cached_property
    def form(self) -> PathFilterForm:
        data = self.request.GET.copy()
        if not data.get("town") and self.towns:
            data["town"] = self.towns[0].code
        if not data.get("who"):
            data["who"] = READY
        return PathFilterForm(data, towns=self.towns)

    @property
    def is_filtered(self) -> bool:
        return any(self.request.GET.get(name) for name in self.filter_names)

    def people(self) -> QuerySet[Trainee]:
        """The cadres of the street-town whose stage the person decides about."""
        asked = PathRequirement.objects.filter(active=True)
        found = (
            Trainee.objects.cadres()
            .visible_to(self.user)
            .exclude(user=self.user)
            .filter(
                position__in=asked.values("position"),
                stage__in=asked.values("stage"),
                village__town__code=self.form.cleaned_data["town"],
            )
        )
        return (
            found.select_related("user", "village", "position", "learner_group", "stage")
            .prefetch_related("stage_decisions")
            .order_by("village__code", "stroke_key", "pk")
        )

    def rows(self) -> list[Standing]:
        if not self.is_known or not self.towns:
            return []
        found = [row for row in standings(self.people()) if row.lines and row.next_stage]
        if self.form.cleaned_data["who"] == ALL:
            return found
        return [row for row in found if row.is_ready]

    @cached_property
    def found(self) -> list[Standing]:
        return self.rows()

    def key(self, row: Standing) -> str:
        return str(row.trainee.pk)

    def name(self, row: Standing) -> str:
        return row.trainee.name

    def link(self, row: Standing) -> str:
        return reverse("trainees:person_path", args=[row.trainee.user_id])

    @property
    def crumb(self) -> Link:
        return Link(pgettext("navigation", "People"), reverse("trainees:people"))

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}

    def links(self) -> list[Link]:
        if not self.user.has_perm("academy.view_tables"):
            return []
        return [
            Link(_("What each stage asks"), reverse("tables:table_list", args=["path"]), "table")
        ]
