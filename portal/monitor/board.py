"""The board of the monitor: under each complaint its indicators, with figure, seasons and owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import add

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.charts import Chart, Mark, Series
from courses.schedule.season import Season

from ..models import IndicatorFigure
from .counting import HEADLINE_SEASONS, SEASONS, Figure, seasons_until
from .indicators import INDICATORS, NOT_YET, Complaint, Indicator, NotYet
from .owners import owners
from .scopes import Scope

YEAR = 4  # characters of a year's code
ALL = 100  # per cent


@dataclass
class Card:
    """One indicator for one scope: its figure, and that of each season."""

    indicator: Indicator
    scope: Scope
    seasons: list[str]
    figures: Mapping[str, Figure]
    counted_at: datetime | None
    owner: str = ""

    @property
    def figure(self) -> Figure:
        """Of the newest year's plans, or of the last four seasons together."""
        if self.indicator.by_year:
            return self.figures.get(self.year, Figure())
        recent = [self.of_season(season) for season in self.seasons[-HEADLINE_SEASONS:]]
        known = [figure for figure in recent if figure.is_known]
        return reduce(add, known) if known else Figure()

    @property
    def year(self) -> str:
        return max((code for code in self.figures if len(code) == YEAR), default="")

    def of_season(self, season: str) -> Figure:
        return self.figures.get(season, Figure())

    @property
    def span(self) -> str:
        """What time the figure covers, in words."""
        if self.indicator.by_year:
            return _("Plans for %(year)s") % {"year": self.year} if self.year else ""
        return pgettext("monitor", "Last four seasons")

    @property
    def number(self) -> str:
        return number_of(self.figure)

    @property
    def words(self) -> str:
        """37 bookings that repeat, of 412 bookings that stand."""
        figure = self.figure
        if not figure.is_known:
            if self.indicator.for_all and self.scope.code:
                return _("Only known for the whole district.")
            return _("There is nothing to count in this time.")
        if figure.whole is None:
            return _("%(part)d %(parts)s") % {
                "part": figure.part,
                "parts": self.indicator.part,
            }
        return _("%(part)d %(parts)s of %(whole)d %(wholes)s") % {
            "part": figure.part,
            "parts": self.indicator.part,
            "whole": figure.whole,
            "wholes": self.indicator.whole,
        }

    @property
    def url(self) -> str:
        return with_scope(reverse("monitor:indicator", args=[self.indicator.slug]), self.scope)

    @property
    def rows_url(self) -> str:
        return self.rows_of(self.year if self.indicator.by_year else "")

    @property
    def counted_url(self) -> str:
        """The rows of the part alone."""
        return f"{self.rows_url}&counted=part"

    def rows_of(self, season: str) -> str:
        address = reverse("monitor:rows", args=[self.indicator.slug])
        return with_scope(address, self.scope, season=season)

    @property
    def chart(self) -> Chart:
        """A bar for each season."""
        marks = tuple(
            Mark(figure.value, number_of(figure), self.rows_of(season) if figure.is_known else "")
            for season in self.seasons
            for figure in [self.of_season(season)]
        )
        return Chart(
            key=self.indicator.slug,
            title=str(self.indicator.title),
            sentence=self.words,
            over=pgettext("of a class", "Season"),
            labels=tuple(short_season(season) for season in self.seasons),
            series=(Series(_("Share") if self.indicator.whole else _("Number"), marks),),
            is_share=bool(self.indicator.whole),
            workbook_url=f"{self.url}&export=xlsx",
            print_url=f"{self.url}&print=1",
        )


@dataclass
class Part:
    """A complaint with its indicators, and with what cannot be counted yet."""

    complaint: Complaint
    cards: list[Card] = field(default_factory=list)
    not_yet: list[NotYet] = field(default_factory=list)


def number_of(figure: Figure) -> str:
    """9%, the number of a count, or the words for nothing; never 0% of nothing, or of something."""
    if not figure.is_known:
        return _("No figures")
    if figure.whole is None:
        return str(figure.part)
    if figure.part and not figure.per_cent:
        return "<1%"
    if figure.part < figure.whole and figure.per_cent == ALL:
        return ">99%"
    return f"{figure.per_cent}%"


def short_season(code: str) -> str:
    """2027 Q1, in words."""
    season = Season.parse(code)
    return season.in_words if season else code


def with_scope(address: str, scope: Scope, **more: str) -> str:
    """The address for the scope, with what else is asked of it."""
    query = urlencode({"of": scope.key, **{key: value for key, value in more.items() if value}})
    return f"{address}?{query}"


def cards_of(scope: Scope, now: datetime, wanted: Sequence[Indicator] = INDICATORS) -> list[Card]:
    """The cards of these indicators; two queries, however much there is behind a figure."""
    kept: dict[str, dict[str, Figure]] = {}
    counted_at = None
    rows = IndicatorFigure.objects.filter(
        scope=scope.code, indicator__in=[indicator.slug for indicator in wanted]
    )
    for row in rows:
        kept.setdefault(row.indicator, {})[row.season] = Figure(row.part, row.whole)
        counted_at = row.counted_at
    named = owners()
    return [
        Card(
            indicator,
            scope,
            _seasons(indicator, kept.get(indicator.slug, {}), now),
            kept.get(indicator.slug, {}),
            counted_at,
            named[indicator.slug].name if indicator.slug in named else "",
        )
        for indicator in wanted
    ]


def _seasons(indicator: Indicator, figures: Mapping[str, Figure], now: datetime) -> list[str]:
    """The last eight; of plans those of the newest year and the one before."""
    years = [int(code) for code in figures if len(code) == YEAR]
    if indicator.by_year and years:
        last = Season(max(years), 4)
        return [str(last.moved(-back)) for back in range(SEASONS - 1, -1, -1)]
    return seasons_until(now)


def board_of(scope: Scope, now: datetime) -> list[Part]:
    """Every complaint in its order."""
    parts = {complaint: Part(complaint) for complaint in Complaint}
    for card in cards_of(scope, now):
        parts[card.indicator.complaint].cards.append(card)
    for missing in NOT_YET:
        parts[missing.complaint].not_yet.append(missing)
    return list(parts.values())
