"""The lists of people who may be on file twice, and of what was joined."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, Moment, Names
from academy.lists.listing import OfficeList
from academy.models import PersonKey, PersonMerge

from ..forms.duplicates import DuplicatesFilterForm
from ..merging.merges import merges_seen_by
from ..people.duplicates import Likely, Likeness, likely_of, likely_pairs


def _other_in_words(other: Likeness) -> str:
    reasons = pgettext("between names", ", ").join(map(str, other.reasons))
    return f"{other.person.name} {other.person.masked_phone}（{reasons}）"


class DuplicateList(OfficeList):
    """One person of each pair with those who may be the same."""

    slug, address = "duplicates", "trainees:duplicates"
    heading = gettext_lazy("On file twice?")
    about = gettext_lazy(
        "People who are called alike, in the same street-town or with the same end of the number."
        " Nobody is joined by itself."
    )
    nothing_matches = gettext_lazy("Nobody of this unit seems to be on file twice.")
    see_all = gettext_lazy("See everybody")
    most = 100

    person = Column(pgettext_lazy("of a person", "Name"), "person.name", sort="person__name")
    phone = Column(gettext_lazy("Phone"), "person.masked_phone")
    town = Column(
        gettext_lazy("Street-town"),
        "trainee.village.town.name",
        sort="person__trainee__village__town__code",
    )
    village = Column(
        pgettext_lazy("unit", "Village"),
        "trainee.village.name",
        sort="person__trainee__village__code",
        width="w-place",
    )
    post = Column(pgettext_lazy("of a person", "Post"), "trainee.post")
    others = Names(gettext_lazy("May be the same as"), lambda row: map(_other_in_words, row.others))

    @property
    def crumb(self) -> Link:
        return Link(pgettext("navigation", "People"), reverse("trainees:people"))

    @cached_property
    def form(self) -> DuplicatesFilterForm:
        return DuplicatesFilterForm(self.request.GET, user=self.user)

    @property
    def unit(self) -> Any:
        """The village, else the street-town that is asked for."""
        return self.form.village_asked_for or self.form.town_asked_for

    def rows(self) -> QuerySet[PersonKey]:
        return likely_pairs(self.user)

    @cached_property
    def found(self) -> Any:
        if not self.is_known:
            return []
        return likely_pairs(self.user, self.form.town_asked_for, self.form.village_asked_for)

    def prepared(self, rows: list[PersonKey]) -> list[Likely]:
        return likely_of(rows, self.user, self.unit) if rows else []

    def key(self, row: Likely) -> str:
        return str(row.person.pk)

    def name(self, row: Likely) -> str:
        return row.person.name

    def link(self, row: Likely) -> str:
        return reverse("trainees:person", args=[row.person.pk])

    def show_others(self, row: Likely) -> str:
        """Each with the way to the comparison."""
        links = (
            (
                reverse("trainees:duplicate_pair", args=[row.person.pk, other.person.pk]),
                f"{_('Compare')}：{row.person.name}，{other.person.name}",
                _other_in_words(other),
            )
            for other in row.others
        )
        found = format_html_join(
            pgettext("between names", ", "), '<a href="{}" aria-label="{}">{}</a>', links
        )
        if not row.more:
            return found
        words = ngettext("and %(count)s more", "and %(count)s more", row.more)
        return format_html("{} {}", found, words % {"count": row.more})

    def count_words(self, count: int) -> str:
        if count == self.most:
            words = _("%(count)s people or more to look at; the first of them are listed")
            return words % {"count": count}
        words = ngettext("%(count)s person to look at", "%(count)s people to look at", count)
        return words % {"count": count}

    def links(self) -> list[Link]:
        return [Link(_("What was joined"), reverse("trainees:merges"))]

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("Nobody seems to be on file twice."),
            _(
                "If you know of two entries of one person, tick both in the list of people and"
                " compare them."
            ),
            reverse("trainees:people"),
            _("To the people"),
        )


class MergeList(OfficeList):
    """What was joined, the latest first."""

    slug, address = "merges", "trainees:merges"
    heading = gettext_lazy("What was joined")
    about = gettext_lazy("For 30 days two entries that were joined can be parted again.")
    searched = ("away__name", "survivor__name", "reason")

    away = Column(gettext_lazy("Entry that was closed"), "away.name", sort="away__name")
    away_phone = Column(gettext_lazy("Its number"), "away.masked_phone")
    survivor = Column(gettext_lazy("Entry that stays"), "survivor.name", sort="survivor__name")
    phone = Column(gettext_lazy("Phone"), "survivor.masked_phone")
    at = Moment(gettext_lazy("Joined on"), sort="at")
    by = Column(gettext_lazy("Joined by"), "by.name", sort="by__name")
    reason = Column(gettext_lazy("Reason"), width="cut")
    state = Badge(gettext_lazy("State"), lambda row: row.state)

    @property
    def crumb(self) -> Link:
        return Link(_("On file twice?"), reverse("trainees:duplicates"))

    def rows(self) -> QuerySet[PersonMerge]:
        return merges_seen_by(self.user)

    def prepared(self, rows: list[PersonMerge]) -> list[PersonMerge]:
        """With whether each can still be undone."""
        for row in rows:
            if row.parted_at:
                row.state = ("idle", pgettext("a joining", "Undone"))
            elif row.may_be_undone(self.now):
                row.state = ("note", _("Can be undone"))
            else:
                row.state = ("ok", _("Joined for good"))
        return rows

    def link(self, row: PersonMerge) -> str:
        return reverse("trainees:merge", args=[row.pk])

    def show_away(self, row: PersonMerge) -> str:
        words = _("%(away)s into %(survivor)s")
        return words % {"away": row.away.name, "survivor": row.survivor.name}

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("Nothing has been joined yet."),
            _("Whoever seems to be on file twice stands in the list of pairs."),
            reverse("trainees:duplicates"),
            _("To the pairs"),
        )
