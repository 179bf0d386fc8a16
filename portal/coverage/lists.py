"""The lists of coverage: street-towns, the villages of one as its picture."""

from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.access import is_office
from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, Number
from academy.lists.listing import OfficeList
from academy.models import Town
from academy.templatetags.portal_tags import full_day

from .forms import EVERY, NEVER, DayForm, VillageForm, names_of
from .next_classes import NextStep, next_steps
from .reach import (
    Axis,
    Cell,
    Mark,
    TownReach,
    VillageReach,
    Window,
    by_stage,
    by_track,
    reach_of,
    towns_of_reach,
    towns_shown,
    window_up_to,
)

_BADGE = Badge("")


def cell_badge(cell: Cell) -> tuple[str, str]:
    """What a village shows in one track or stage: (kind of badge, words), told by sign and word."""
    if cell.mark == Mark.REACHED:
        words = _("%(people)s people, %(seats)s seats")
        return "ok", words % {"people": cell.people, "seats": cell.seats}
    if cell.mark == Mark.BOOKED:
        return "wait", _("%(count)s booked") % {"count": cell.booked}
    if cell.mark == Mark.NOT_YET:
        return "idle", pgettext("village", "Not yet reached")
    return "", ""  # the row, or what stands above the list, says why


class ReachColumn(Column):
    """One track or stage of the villages: a badge on the page, the number of people in the
    workbook.
    """

    css = "reach"

    def __init__(self, label: str, key: int) -> None:
        super().__init__(label, lambda row: row.cells[key])
        self.name = f"term{key}"

    def html(self, cell: Cell) -> str:
        return _BADGE.html(cell_badge(cell))

    def exported(self, cell: Cell) -> int:
        return cell.people


class CoverageList(OfficeList):
    """What the lists of street-towns and villages share: a day, and no order but that of codes."""

    sizes = (100, 200)
    axis_of: ClassVar[Any]

    @cached_property
    def axis(self) -> Axis:
        return type(self).axis_of()

    @property
    def is_known(self) -> bool:
        return self.form.is_valid()

    @property
    def window(self) -> Window:
        return window_up_to(self.form.as_of)

    def sort(self, rows: list, column: Column, descending: bool) -> list:
        """They stand in the order of the codes, either way; never by a figure."""
        return rows[::-1] if descending else rows

    @property
    def paper_line(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """What is counted, and up to which day."""
        if self.axis.name == "track":
            words = _(
                "Counted from %(first)s to %(last)s: cadres who were in at least one lesson of the"
                " track, for the village of the day they booked. Cancelled classes and absences do"
                " not count."
            )
        else:
            words = _(
                "Counted from %(first)s to %(last)s: cadres who were in at least one lesson, by the"
                " growth stage on record today, for the village of the day they booked. Cancelled"
                " classes and absences do not count. Nothing stands where a village has nobody of a"
                " stage."
            )
        days = {"first": full_day(self.window.first), "last": full_day(self.window.last)}
        return words % days

    def trial_link(self) -> Link:
        return Link(_("Try other quotas"), reverse("coverage:quotas"), "sliders")

    def beside(self) -> Link:
        """The same by the other axis."""
        if self.axis.name == "track":
            return Link(_("By growth stage"), reverse(f"{self.address}_by_stage", args=self.args))
        address = self.address.removesuffix("_by_stage")
        return Link(_("By track"), reverse(address, args=self.args))

    def links(self) -> list[Link]:
        return [self.beside(), self.trial_link()]


class TownsByTrack(CoverageList):
    """The street-towns that the reader sees, with villages reached and not yet reached."""

    slug, address = "coverage-towns", "coverage:towns"
    heading = gettext_lazy("Which villages need help")
    axis_of = by_track
    nothing = Nothing(gettext_lazy("No street-town is yours here."))

    town = Column(gettext_lazy("Street-town"), "town.name", sort="town__code")
    villages = Number(pgettext_lazy("unit", "Villages"), lambda row: len(row.villages))
    unreached = Number(gettext_lazy("Nobody came at all"))
    nobody = Number(gettext_lazy("Nobody on the roster"), "without_cadres")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if self.user:
            terms = zip(self.axis.keys, names_of(self.axis), strict=True)
            own = {
                column.name: column
                for key, words in terms
                for column in _of_a_term(key, str(words))
            }
            self.columns = self.columns | own

    @cached_property
    def form(self) -> DayForm:
        return DayForm(self.request.GET, today=self.today)

    def rows(self) -> list[TownReach]:
        towns = list(towns_shown(self.user))
        reached = reach_of(towns, self.axis, as_of=self.form.as_of, now=self.now)
        return towns_of_reach(towns, reached)

    @cached_property
    def found(self) -> list[TownReach]:
        return self.rows() if self.is_known else []

    def link(self, row: TownReach) -> str:
        address = "coverage:villages" if self.axis.name == "track" else "coverage:villages_by_stage"
        return reverse(address, args=[row.town.code])

    def name(self, row: TownReach) -> str:
        return row.town.name

    def count_words(self, count: int) -> str:
        return _("%(towns)d street-towns, %(villages)d villages") % {
            "towns": count,
            "villages": sum(len(row.villages) for row in self.found),
        }


def _of_a_term(key: int, words: str) -> list[Column]:
    """Two columns of a track or stage: villages reached, villages not yet reached."""
    reached = Number(
        pgettext("a track", "%(term)s: reached") % {"term": words},
        lambda row: row.reached_in(key),
    )
    gaps = Number(
        pgettext("a track", "%(term)s: not yet") % {"term": words}, lambda row: row.gaps_in(key)
    )
    reached.name, gaps.name = f"reached{key}", f"gaps{key}"
    return [reached, gaps]


class TownsByStage(TownsByTrack):
    slug, address = "coverage-towns-stages", "coverage:towns_by_stage"
    axis_of = by_stage


class VillagesByTrack(CoverageList):
    """The picture of one street-town: its villages in code order, a sign for each track."""

    slug, address = "coverage-villages", "coverage:villages"
    template = "portal/coverage/villages.html"
    axis_of = by_track
    nothing_matches = gettext_lazy("Somebody came from every village of this street-town.")
    see_all = gettext_lazy("See all villages")

    village = Column(pgettext_lazy("unit", "Village"), "village.name", sort="village__code")
    code = Column(gettext_lazy("Code"), "village.code", on=False, on_phone=False)
    cadres = Number(gettext_lazy("On the roster"))

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.town: Town | None = None

    def of_town(self, town: Town) -> "VillagesByTrack":
        """The list of this town; the view has asked whether the reader sees it."""
        self.town, self.args = town, (town.code,)
        own = {
            column.name: column
            for column in (
                ReachColumn(str(words), key)
                for key, words in zip(self.axis.keys, names_of(self.axis), strict=True)
            )
        }
        self.columns = self.columns | own
        return self

    @property
    def heading(self) -> str:
        if self.town is None:
            return str(TownsByTrack.heading)
        return _("%(town)s: which villages need help") % {"town": self.town.name}

    @cached_property
    def form(self) -> VillageForm:
        return VillageForm(self.request.GET, today=self.today, axis=self.axis)

    @cached_property
    def every(self) -> list[VillageReach]:
        """All villages of the town, whatever is shown of them."""
        if not self.is_known or self.town is None:
            return []
        return reach_of([self.town], self.axis, as_of=self.form.as_of, now=self.now)

    def rows(self) -> list[VillageReach]:
        return self.every

    @cached_property
    def found(self) -> list[VillageReach]:
        if not self.is_known:
            return []
        show, term = self.form.cleaned_data["show"], self.form.cleaned_data["term"]
        if show == EVERY:
            return self.every
        if show == NEVER:
            return [row for row in self.every if not row.was_reached]
        if term is not None:
            return [row for row in self.every if row.has_gap_in(term)]
        return [row for row in self.every if row.needs_help]

    def show_cadres(self, row: VillageReach) -> str:
        return str(row.cadres or pgettext("village", "Nobody on the roster"))

    def link(self, row: VillageReach) -> str:
        return reverse("coverage:village", args=[row.village.code])

    def name(self, row: VillageReach) -> str:
        return row.village.name

    def count_words(self, count: int) -> str:
        words = ngettext(
            "%(count)s of %(all)s villages", "%(count)s of %(all)s villages", len(self.every)
        )
        return words % {"count": count, "all": len(self.every)}

    @property
    def crumb(self) -> Link | None:
        towns = Link(str(TownsByTrack.heading), reverse("coverage:towns"))
        return towns if is_office(self.user) else None

    def context(self) -> dict[str, Any]:
        return {"steps_ahead": self.steps_ahead, "town": self.town}

    @property
    def steps_ahead(self) -> list[tuple[NextStep, int]]:
        """For each track with a gap its next classes and how many villages it would help."""
        if self.axis.name != "track":
            return []
        gaps = {key: sum(row.has_gap_in(key) for row in self.every) for key in self.axis.keys}
        tracks = [track for track in self.axis.terms if gaps[track.pk]]
        found = next_steps(self.user, self.town, tracks, self.now) if tracks else []
        return [(step, gaps[step.track.pk]) for step in found]


class VillagesByStage(VillagesByTrack):
    slug, address = "coverage-villages-stages", "coverage:villages_by_stage"
    axis_of = by_stage


LISTS = (TownsByTrack, TownsByStage)  # those that stand without a row
