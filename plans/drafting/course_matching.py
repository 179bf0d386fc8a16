"""Which course of the catalogue an item means whose title is free text.

Name and content of the item are compared with title and summary of every published course by what
finds overlaps (`plans/overlaps/content.py`): characters weighed by how few courses hold them, the
topic words of the search, and pairs of neighbouring characters. docs/overlaps.md has the weights
and what they were measured on. Source: docs/rules.md R55.
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from django.db.models import Count, Max

from courses.models import Course

from ..filing import lock_editable
from ..models import AnnualPlan, PlanItem
from ..overlaps.content import (
    COMMON,
    Taught,
    characters_of,
    cosine,
    likeness,
    taken_apart,
    weights_of,
)
from ..overlaps.reading import topics
from ..overlaps.trainings import Training, compact

# what a score is made of; they add up to 1
TITLE, TEXT, PAIRS_OF_TITLE, PAIRS_OF_TEXT = 0.26, 0.26, 0.11, 0.37
SURE = 0.30  # score from which the best course is taken
AHEAD = 0.08  # by which it leads then
NEAR = 0.14  # score from which a course may be meant
AS_NEAR = 0.55  # of the best score: what is offered beside it
MOST_OFFERED = 3
# what is elected, meets and is trained under one name each; 换届选举 of one is not that of another
BODIES = (
    ("业委会", "业主委员会", "业主大会"),
    ("居委会", "居民委员会"),
    ("村委会", "村民委员会"),
    ("党支部", "党总支", "党组织"),
)
OTHER_BODY = 0.5  # of the score is left where title and course name different bodies


@dataclass(frozen=True)
class Match:
    """A course that an item may mean, with its score (0 to 1); `is_of_another` where the titles
    name different bodies, so that only a person can say.
    """

    course: Course
    score: float
    is_of_another: bool = False

    @property
    def words(self) -> str:
        return f"{self.course.code} {self.course.title}"


@dataclass(frozen=True)
class _Signs:
    """A name with its text, taken apart."""

    title: frozenset[str]
    pairs_of_title: frozenset[str]
    pairs: frozenset[str]
    taught: Taught
    bodies: frozenset[str]


class Catalogue:
    """The published courses, each taken apart once."""

    def __init__(self, courses: Iterable[Course] | None = None) -> None:
        self.topics = topics()
        self.courses = list(Course.objects.published() if courses is None else courses)
        self.signs = [
            self._signs(course.title, f"{course.summary}{course.objectives}")
            for course in self.courses
        ]
        self.weights = weights_of(signs.taught.characters for signs in self.signs)
        self.pair_weights = weights_of(signs.pairs for signs in self.signs)
        self.titles = {compact(course.title): course for course in self.courses}
        self.by_code = {course.code: course for course in self.courses}

    def _signs(self, name: str, text: str) -> _Signs:
        name, text = compact(name), compact(text)
        training = Training("", 0, "", name=name, audience="", content=text, remark="")
        return _Signs(
            characters_of(name),
            _pairs_of(name),
            _pairs_of(f"{name}。{text}"),
            taken_apart(training, self.topics),
            frozenset(body[0] for body in BODIES if any(word in name for word in body)),
        )

    def near(self, item: PlanItem) -> list[Match]:
        """Return up to three courses that the item may mean, the likest first."""
        if same := self.titles.get(compact(item.name)):
            return [Match(same, 1.0)]
        mine = self._signs(item.name, item.content)
        # what no course holds is as rare as what one holds
        rarest = max(self.weights.values(), default=0.0)
        weights = dict.fromkeys(mine.taught.characters, rarest) | self.weights
        rarest = max(self.pair_weights.values(), default=0.0)
        pair_weights = dict.fromkeys(mine.pairs, rarest) | self.pair_weights
        scores = (
            (_score(mine, theirs, weights, pair_weights), course, _are_of_others(mine, theirs))
            for theirs, course in zip(self.signs, self.courses, strict=True)
        )
        found = sorted(
            (
                Match(course, round(score, 3), is_of_another)
                for score, course, is_of_another in scores
                if score >= NEAR
            ),
            key=lambda match: (-match.score, match.course.code),
        )
        return [match for match in found if match.score >= AS_NEAR * found[0].score][:MOST_OFFERED]


def catalogue_now() -> Catalogue:
    """Return the catalogue as it stands. Taking 100 courses apart takes 0.24 s, so each process
    keeps it until a course or a topic word changes.
    """
    published = Course.objects.published()
    stamp = tuple(published.aggregate(Count("pk"), Max("pk"), Max("updated_at")).values())
    return _catalogue_of(stamp, tuple(topics()))


@lru_cache(maxsize=1)
def _catalogue_of(stamp: tuple, words: tuple) -> Catalogue:
    return Catalogue()


def _pairs_of(text: str) -> frozenset[str]:
    signs = re.sub(r"[^\w]|\d", "", COMMON.sub("", text))
    return frozenset(one + following for one, following in itertools.pairwise(signs))


def _score(mine: _Signs, theirs: _Signs, weights: dict, pair_weights: dict) -> float:
    score = (
        TITLE * cosine(mine.title, theirs.title, weights)
        + TEXT * likeness(mine.taught, theirs.taught, weights).share
        + PAIRS_OF_TITLE * cosine(mine.pairs_of_title, theirs.pairs_of_title, pair_weights)
        + PAIRS_OF_TEXT * cosine(mine.pairs, theirs.pairs, pair_weights)
    )
    return OTHER_BODY * score if _are_of_others(mine, theirs) else score


def _are_of_others(mine: _Signs, theirs: _Signs) -> bool:
    return bool(mine.bodies and theirs.bodies and not mine.bodies & theirs.bodies)


def surely(matches: list[Match]) -> Course | None:
    """Return the course that is meant, or None where somebody has to say."""
    if not matches or matches[0].score < SURE or matches[0].is_of_another:
        return None
    if len(matches) > 1 and matches[0].score - matches[1].score < AHEAD:
        return None
    return matches[0].course


@dataclass(frozen=True)
class Asked:
    """An item of which a person has to say what it means."""

    item: PlanItem
    matches: list[Match]


@dataclass(frozen=True)
class Matched:
    """What matching found: items with a course, items that are asked, items without anything
    near."""

    with_course: list[PlanItem]
    asked: list[Asked]
    free: list[PlanItem]


def matched(items: Iterable[PlanItem], catalogue: Catalogue | None = None) -> Matched:
    """Return where the items stand; nothing is written. `item.course` is read."""
    catalogue = catalogue or catalogue_now()
    with_course, asked, free = [], [], []
    for item in items:
        if item.course_id:
            with_course.append(item)
        elif item.course_is_chosen or not (matches := catalogue.near(item)):
            free.append(item)
        else:
            asked.append(Asked(item, matches))
    return Matched(with_course, asked, free)


@transaction.atomic
def match_courses(
    plan: AnnualPlan, *, only: Iterable[int] | None = None, catalogue: Catalogue | None = None
) -> int:
    """Give items of the plan the course that they surely mean, and take it from those that mean it
    no more; what a person chose stays. `only` names the items by their keys.

    Returns how many have another course than before. Raises PlanNotEditable.
    """
    plan = lock_editable(plan)
    items = plan.items.filter(course_is_chosen=False)
    if only is not None:
        items = items.filter(pk__in=list(only))
    items = list(items)
    if not items:
        return 0
    catalogue = catalogue or catalogue_now()
    changed = []
    for item in items:
        course = surely(catalogue.near(item))
        if item.course_id != (course and course.pk):
            item.course = course
            changed.append(item)
    PlanItem.objects.bulk_update(changed, ["course"])
    return len(changed)
