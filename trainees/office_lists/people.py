"""The list of people."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Bulk, Link, Nothing
from academy.lists.columns import Badge, Column, Day, Hours, LongText
from academy.lists.listing import OfficeList
from academy.models import User
from academy.web.paging import OneAfterTheOther

from ..forms.people import PeopleFilterForm
from ..models import Trainee
from ..people.finding import (
    PersonFilters,
    listed_people,
    listed_staff,
    near_people,
    people_seen_by,
)
from ..people.people_export import PersonRow, rows_of


class PeopleList(OfficeList):
    """The people of one's villages in the order of official lists, then staff without a training
    profile.
    """

    slug, address = "people", "trainees:people"
    heading = pgettext_lazy("navigation", "People")
    row_name = "people"
    nothing_matches = gettext_lazy("Nobody was found.")
    see_all = gettext_lazy("See everybody")
    bulk = (
        Bulk(
            "stages",
            gettext_lazy("Set the growth stage"),
            address="trainees:people_stages",
            permission="trainees.change_person",
        ),
        Bulk(
            "columns",
            gettext_lazy("Export with chosen columns"),
            address="trainees:people_export",
            permission="trainees.change_person",
        ),
        Bulk(
            "compare",
            pgettext_lazy("people", "Compare two"),
            address="trainees:compare_ticked",
            permission="trainees.join_entries",
        ),
    )

    person = Column(pgettext_lazy("of a person", "Name"), "person.name", sort="stroke_key")
    village = Column(
        pgettext_lazy("unit", "Village"),
        "trainee.village.name",
        sort="village__code",
        width="w-place",
    )
    town = Column(
        gettext_lazy("Street-town"), "trainee.village.town.name", sort="village__town__code"
    )
    post = LongText(pgettext_lazy("of a person", "Post"), "posts", sort="position__sort_order")
    stage = Column(gettext_lazy("Growth stage"), "trainee.stage.name", sort="stage__sort_order")
    phone = Column(gettext_lazy("Phone"), "person.masked_phone")
    hours = Hours(gettext_lazy("Hours this year"))
    roles = LongText(gettext_lazy("Roles"), "roles_in_words")
    status = Badge(pgettext_lazy("of a person", "State"), on=False, on_phone=False)
    gender = Column(
        gettext_lazy("Gender"),
        lambda row: row.trainee and row.trainee.get_gender_display(),
        on=False,
        on_phone=False,
    )
    born_in = Column(
        gettext_lazy("Born in"), "trainee.born_in", sort="born_in", on=False, on_phone=False
    )
    left_on = Day(
        gettext_lazy("Left on"), "trainee.left_on", sort="left_on", on=False, on_phone=False
    )

    @property
    def may_change(self) -> bool:
        return self.user.has_perm("trainees.change_person")

    @cached_property
    def form(self) -> PeopleFilterForm:
        return PeopleFilterForm(self.request.GET, user=self.user)

    @cached_property
    def found(self) -> Any:
        if not self.is_known:
            return []
        filters = self.form.filters
        people = listed_people(self.user, filters, self.today)
        found = OneAfterTheOther(people, listed_staff(self.user, filters, self.today))
        if filters.query and not len(found):
            return OneAfterTheOther(near_people(self.user, filters, self.today))
        return found

    @property
    def notes(self) -> list[str]:
        notes = super().notes
        found = self.found
        if isinstance(found, OneAfterTheOther) and len(found.parts) == 1 and len(found):
            words = _("nobody is called “%(query)s”; these come near")
            notes.append(words % {"query": self.form.filters.query})
        return notes

    def sort(self, rows: Any, column: Column, descending: bool) -> Any:
        """Staff without a profile have nothing to be sorted by and stay behind the others."""
        if not isinstance(rows, OneAfterTheOther):
            return rows
        people, *staff = rows.parts
        return OneAfterTheOther(super().sort(people, column, descending), *staff)

    def prepared(self, rows: list[Trainee | User]) -> list[PersonRow]:
        return rows_of(rows, self.today)

    def with_keys(self, keys: list[str]) -> list[PersonRow]:
        sought = [key for key in keys if key.isdecimal() and len(key) < 19]
        people: QuerySet[Trainee] = listed_people(self.user, PersonFilters(), self.today)
        return self.prepared(list(people.filter(pk__in=sought)))

    def key(self, row: PersonRow) -> str:
        return str(row.trainee.pk)

    def may_tick(self, row: PersonRow) -> bool:
        return row.trainee is not None and not row.trainee.is_light

    def name(self, row: PersonRow) -> str:
        return row.person.name

    def link(self, row: PersonRow) -> str:
        return reverse("trainees:person", args=[row.person.pk])

    def show_person(self, row: PersonRow) -> str:
        kind, words = row.status
        link = format_html('<a href="{}">{}</a>', self.link(row), row.person.name)
        if kind in ("bad", "idle"):
            return format_html("{} {}", link, Badge("").html((kind, words)))
        return link

    def export_person(self, row: PersonRow) -> str:
        return row.person.name

    def show_village(self, row: PersonRow) -> str:
        if row.trainee is None:
            return format_html('<span class="ink-2">{}</span>', _("no training profile"))
        return row.trainee.village.name

    def show_stage(self, row: PersonRow) -> str:
        if row.trainee is None or row.trainee.is_light:
            return ""
        if row.trainee.stage:
            return row.trainee.stage.name
        return format_html('<span class="ink-2">{}</span>', pgettext("stage", "not set"))

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}

    def links(self) -> list[Link]:
        found = []
        if self.may_change:
            without = (
                people_seen_by(self.user)
                .filter(position__isnull=False, left_on__isnull=True, stage__isnull=True)
                .count()
            )
            if without:
                words = ngettext(
                    "%(count)d without a growth stage",
                    "%(count)d without a growth stage",
                    without,
                ) % {"count": without}
                found.append(Link(words, f"{self.url}?stage=none&status=working"))
        if self.user.has_perm("trainees.import_rosters"):
            found.append(Link(_("Rosters"), reverse("trainees:rosters"), "people"))
        for permission, words, address, icon in (
            ("trainees.see_people", _("Next growth stage"), "trainees:path_list", "layers"),
            ("trainees.see_people", _("Study hours missing"), "trainees:hour_gaps", "clock"),
            ("trainees.join_entries", _("On file twice?"), "trainees:duplicates", "people"),
            ("trainees.join_entries", _("What was joined"), "trainees:merges", "people"),
            ("trainees.see_groups", _("Residents and other groups"), "trainees:groups", "people"),
            ("trainees.see_load", _("Who is called when"), "trainees:load", "calendar3"),
        ):
            if self.user.has_perm(permission):
                found.append(Link(words, reverse(address), icon))
        if self.may_change:
            add = reverse("trainees:person_add")
            found.append(Link(_("Add a person"), add, "plus-lg", primary=True))
        return found

    @property
    def nothing(self) -> Nothing:
        if self.may_change:
            return Nothing(
                _("Nobody is on file yet."),
                _("Add one person, or import a roster."),
                reverse("trainees:person_add"),
                _("Add a person"),
            )
        return Nothing(
            _("Nobody of your village is on file yet."),
            _("Your street-town puts people on file; send it the list."),
            reverse("portal:manage"),
            _("To your work"),
        )
