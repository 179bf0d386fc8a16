"""The classes that a visitor asks for: by search, by facets with counts, coming or past; the
queries do not grow with the rows.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from dateutil.relativedelta import relativedelta
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.models import Campus, Position, Town
from academy.search.index import search

from ..facets import FacetedIndex, Selection, select
from ..models import ClassStatus, Lesson, Track, TrainingClass
from .listing import ClassRow, class_rows

# also the names of the GET parameters; docs/rules.md R41
FACETS = ("campus", "town", "season", "audience", "track")
A_SEASON = re.compile(r"[0-9]{4}Q[1-4]")
A_YEAR = re.compile(r"(19|20|21)[0-9]{2}")
YEARS_SHOWN = 1  # so far back go past classes; those of earlier years have lists of their own
MOST_FOUND = 500  # by a search


@dataclass(frozen=True)
class ClassEntry:
    """A class in the index."""

    pk: int
    code: str
    values: Mapping[str, frozenset[str]]


def titles() -> dict[str, str]:
    """Return the headings of the filters by their name in the address."""
    return {
        "campus": _("Campus"),
        "town": _("Street-town"),
        "season": _("Season"),
        "audience": _("For which post"),
        "track": pgettext("of courses", "Track"),
    }


def season_in_words(season: str) -> str:
    """2027Q4 → 2027 年第四季."""
    year, _q, number = season.partition("Q")
    names = {
        "1": _("first quarter of %(year)s"),
        "2": _("second quarter of %(year)s"),
        "3": _("third quarter of %(year)s"),
        "4": _("fourth quarter of %(year)s"),
    }
    return names[number] % {"year": year} if number in names else season


class ClassListQuery:
    """What somebody asked the list of classes for."""

    def __init__(self, user, parameters: Mapping[str, str], now: datetime) -> None:
        self.now = now
        self.past = parameters.get("past") == "1"
        self.query = parameters.get("q", "").strip()
        self.wanted = {name: parameters.get(name, "") for name in FACETS}
        self.kept = {
            name: parameters[name] for name in ("q", "past", "bookable") if parameters.get(name)
        }
        shown = TrainingClass.objects.visible_to(user).exclude(status=ClassStatus.DRAFT)
        if self.past:
            over = shown.filter(starts_at__lte=now)
            self.began = over
            self.classes = self._of_the_time_asked(over, parameters).order_by("-starts_at", "code")
        else:
            self.classes = shown.filter(starts_at__gt=now).order_by("starts_at", "code")

    def _of_the_time_asked(
        self, over: QuerySet[TrainingClass], parameters: Mapping[str, str]
    ) -> QuerySet[TrainingClass]:
        """Past classes of the season or the year asked for, else of the last YEARS_SHOWN years."""
        if A_SEASON.fullmatch(self.wanted["season"]):
            return over.filter(season=self.wanted["season"])
        year = parameters.get("year", "")
        if A_YEAR.fullmatch(year):
            self.kept["year"] = year
            return over.filter(starts_at__year=int(year))
        return over.filter(starts_at__gt=self.now - relativedelta(years=YEARS_SHOWN))

    @property
    def earlier_years(self) -> list[int]:
        """Years of past classes that the list does not show by itself, the latest first."""
        if not self.past:
            return []
        first = self.began.aggregate(first=Min("starts_at"))["first"]
        last = timezone.localdate(self.now).year - YEARS_SHOWN
        return list(range(last, timezone.localdate(first).year - 1, -1)) if first else []

    @cached_property
    def index(self) -> FacetedIndex:
        keys = self.classes.order_by().values("pk")
        audiences, tracks, campuses, towns = (defaultdict(set) for _facet in range(4))
        through = TrainingClass.audiences.through.objects.filter(trainingclass__in=keys)
        for class_id, name in through.values_list("trainingclass", "position__name"):
            audiences[class_id].add(name)
        lessons = Lesson.objects.filter(training_class__in=keys).order_by().distinct()
        facts = (
            "training_class",
            "course_version__course__track__prefix",
            "venue__campus__code",
            "venue__campus__town__code",
        )
        for class_id, prefix, campus, town in lessons.values_list(*facts):
            tracks[class_id].add(prefix)
            campuses[class_id].add(campus)
            towns[class_id].add(town)
        rows = [
            ClassEntry(
                pk,
                code,
                {
                    "campus": frozenset(campuses[pk] or [campus]),
                    "town": frozenset(towns[pk] or [town]),
                    "season": frozenset([season] if season else []),
                    "audience": frozenset(audiences[pk]),
                    "track": frozenset(tracks[pk]),
                },
            )
            for pk, code, campus, town, season in self.classes.values_list(
                "pk", "code", "campus__code", "campus__town__code", "season"
            )
        ]
        return FacetedIndex(rows, titles(), self._words(rows))

    def _words(self, rows: Sequence[ClassEntry]) -> dict[str, dict[str, str]]:
        """What may be chosen: all that exists, not only what has classes now."""
        seasons = {season for row in rows for season in row.values["season"]}
        if A_SEASON.fullmatch(self.wanted["season"]):
            seasons.add(self.wanted["season"])
        return {
            "campus": dict(
                Campus.objects.filter(ended_on__isnull=True).values_list("code", "name")
            ),
            "town": dict(Town.objects.filter(ended_on__isnull=True).values_list("code", "name")),
            "season": {season: season_in_words(season) for season in sorted(seasons)},
            "audience": {
                name: name
                for name in Position.objects.filter(active=True).values_list("name", flat=True)
            },
            "track": dict(Track.objects.filter(active=True).values_list("prefix", "name")),
        }

    @cached_property
    def found(self) -> list[str] | None:
        """Codes that the search found, the best first; nothing where nothing is searched."""
        return (
            [hit.code for hit in search(self.query, kinds=["class"], limit=MOST_FOUND)]
            if self.query
            else None
        )

    def selection(self, only: set[str] | None = None) -> Selection:
        """What search and facets leave, of these codes only where they are given."""
        among = self.found
        if only is not None:
            among = [
                code
                for code in (
                    self.found if self.found is not None else (row.code for row in self.index.rows)
                )
                if code in only
            ]
        return select(self.index, self.wanted, among, self.kept)


def rows_of(entries: Sequence[ClassEntry], now: datetime) -> list[ClassRow]:
    """The entries as lists show them, in their order."""
    place = {entry.code: number for number, entry in enumerate(entries)}
    rows = class_rows(TrainingClass.objects.filter(pk__in=[entry.pk for entry in entries]), now=now)
    return sorted(rows, key=lambda row: place[row.code])
