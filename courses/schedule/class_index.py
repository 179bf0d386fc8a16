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

from academy.models import Campus, Department, GrowthStage, Position, Town
from academy.nearness import NOWHERE, Nearness
from academy.search.index import search

from ..facets import FacetedIndex, Selection, select
from ..models import ClassStatus, Lesson, TeachingFormat, Track, TrainingClass
from .listing import ClassRow, class_rows

# also the names of the GET parameters; docs/rules.md R41
FACETS = ("campus", "town", "season", "audience", "stage", "track", "format", "department")
A_SEASON = re.compile(r"[0-9]{4}Q[1-4]")
A_YEAR = re.compile(r"(19|20|21)[0-9]{2}")
# Of each filter whose values are rows of a table: the model and what stands in the address.
TABLES = {
    "campus": (Campus, "code"),
    "town": (Town, "code"),
    "audience": (Position, "name"),
    "stage": (GrowthStage, "name"),
    "track": (Track, "prefix"),
    "format": (TeachingFormat, "code"),
    "department": (Department, "code"),
}
OWN_WORDS = [
    f"{path}__{name}"
    for path in ("campus", "campus__town", "department")
    for name in ("code", "name")
]
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
        "stage": _("Growth stage"),
        "track": pgettext("of courses", "Track"),
        "format": _("Teaching format"),
        "department": _("Department"),
    }


def season_in_words(season: str) -> str:
    """2027Q4 → 2027 年第四季度."""
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
        """The classes with what each is found under; six queries, and one for each wanted value
        that no class has.

        A class is where its lessons are, and of its own department and those of its courses. It is
        for the growth stages that it asks for, or else for those of its courses.
        """
        words: dict[str, dict[str, str]] = {name: {} for name in FACETS}
        keys = self.classes.order_by().values("pk")
        lessons = Lesson.objects.filter(training_class__in=keys).order_by()
        course = "course_version__course"
        taught = _places_and_subjects(lessons, course, words)
        formats = _linked(lessons, f"{course}__formats", words["format"], key="training_class")
        of_courses = _linked(lessons, f"{course}__stages", words["stage"], key="training_class")
        classes = TrainingClass.objects.filter(pk__in=keys).order_by()
        audiences = _linked(classes, "audiences", words["audience"])
        asked_for = _linked(classes, "stages", words["stage"])
        rows = []
        shown = self.classes.select_related("campus__town", "department")
        for item in shown.only("code", "season", *OWN_WORDS):
            own = {"campus": item.campus, "town": item.campus.town, "department": item.department}
            values = {name: taught[name][item.pk] for name in taught}
            for name, row in own.items():
                if row and (name == "department" or not values[name]):
                    values[name].add(row.code)
                    words[name][row.code] = row.name
            if item.season:
                words["season"][item.season] = season_in_words(item.season)
            values["season"] = {item.season} if item.season else set()
            values["audience"] = audiences[item.pk]
            values["stage"] = asked_for[item.pk] or of_courses[item.pk]
            values["format"] = formats[item.pk]
            frozen = {name: frozenset(found) for name, found in values.items()}
            rows.append(ClassEntry(item.pk, item.code, frozen))
        self._name_what_is_wanted(words)
        for name in ("campus", "town", "season", "format", "department"):
            words[name] = dict(sorted(words[name].items()))
        return FacetedIndex(rows, titles(), words)

    def _name_what_is_wanted(self, words: dict[str, dict[str, str]]) -> None:
        """A wanted value that exists is known although no class has it."""
        season = self.wanted["season"]
        if A_SEASON.fullmatch(season):
            words["season"][season] = season_in_words(season)
        for name, (model, field) in TABLES.items():
            value = self.wanted[name]
            if value and value not in words[name]:
                row = model.objects.filter(**{field: value}).first()
                if row is not None:
                    words[name][value] = row.name

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


def _places_and_subjects(
    lessons: QuerySet[Lesson], course: str, words: dict[str, dict[str, str]]
) -> dict[str, defaultdict[int, set[str]]]:
    """What each lesson has one of, by class; adds the words. One query."""
    paths = {
        "track": (f"{course}__track", "prefix"),
        "campus": ("venue__campus", "code"),
        "town": ("venue__campus__town", "code"),
        "department": (f"{course}__department", "code"),
    }
    fields = [f"{path}__{name}" for path, value in paths.values() for name in (value, "name")]
    found: dict[str, defaultdict[int, set[str]]] = {name: defaultdict(set) for name in paths}
    ordered = lessons.order_by(f"{course}__track__sort_order").distinct()
    for key, *values in ordered.values_list("training_class", *fields):
        for name, value, text in zip(paths, values[::2], values[1::2], strict=True):
            if value is not None:
                found[name][key].add(value)
                words[name][value] = text
    return found


def _linked(
    rows: QuerySet, path: str, words: dict[str, str], *, key: str = "pk"
) -> defaultdict[int, set[str]]:
    """Key → the names (of teaching formats the codes) of what `path` leads to, in the order of the
    vocabulary; adds the words. One query.
    """
    value = "code" if path.endswith("formats") else "name"
    found = defaultdict(set)
    linked = rows.exclude(**{path: None}).order_by(f"{path}__sort_order", f"{path}__pk").distinct()
    for owner, name, text, _order, _pk in linked.values_list(
        key, f"{path}__{value}", f"{path}__name", f"{path}__sort_order", f"{path}__pk"
    ):
        found[owner].add(name)
        words[name] = text
    return found


def rows_of(
    entries: Sequence[ClassEntry], now: datetime, nearness: Nearness = NOWHERE
) -> list[ClassRow]:
    """The entries as lists show them, in their order."""
    return class_rows(classes_of(entries), now=now, nearness=nearness)


def classes_of(entries: Sequence[ClassEntry]) -> list[TrainingClass]:
    """The classes of the entries with what a row of a list needs, in their order; three queries."""
    found = TrainingClass.objects.select_related("campus").prefetch_related("audiences", "pools")
    by_key = found.in_bulk([entry.pk for entry in entries])
    return [by_key[entry.pk] for entry in entries if entry.pk in by_key]
