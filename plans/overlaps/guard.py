"""Find the pairs of trainings of a year that teach the same people the same in the same season.

The score of a pair is content × audience × time (docs/overlaps.md has the weights and what they
were measured on). A pair that something sets apart has no score at all.
"""

import heapq
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from .audiences import Audience, Audiences, Shared
from .content import Likeness, Taught, Topic, likeness, same_points, taken_apart, weights_of
from .differences import (
    Marks,
    are_intakes_of_one,
    are_of_other_stages,
    have_other_people,
    marks_of,
)
from .trainings import Training

LEAST = 0.28  # score of a pair that is shown
# months between two trainings → how much of the score is left
TIMES = {0: 1.0, 1: 1.0, 2: 0.8, 3: 0.6}
FAR_APART = 0.2
MOST = 2_000  # pairs that are told; more than that nobody answers


@dataclass(frozen=True)
class Overlap:
    """Two trainings, the score (0 to 1), and what both have."""

    one: Training
    other: Training
    score: float
    people: Shared
    content: Likeness
    months_between: int | None  # None where one of them names no month

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.one.key, self.other.key))


@dataclass(frozen=True)
class _Read:
    """A training and what the comparison made of it."""

    training: Training
    audience: Audience
    taught: Taught
    marks: Marks


class Guard:
    """The trainings of a year, each taken apart once."""

    def __init__(
        self, trainings: Iterable[Training], *, audiences: Audiences, topics: Sequence[Topic]
    ) -> None:
        self.audiences = audiences
        self.topics = topics
        self.read = [self._read(training) for training in trainings]
        self.weights = weights_of(read.taught.characters for read in self.read)
        self._shared = cache(audiences.shared)  # many trainings are for the same people

    def _read(self, training: Training) -> _Read:
        return _Read(
            training,
            self.audiences.of(training.audience),
            taken_apart(training, self.topics),
            marks_of(training),
        )

    def overlaps(self) -> list[Overlap]:
        """Return every pair of the year that overlaps, the surest first."""
        pairs = itertools.combinations(self.read, 2)
        return in_order(filter(None, itertools.starmap(self._between, pairs)))

    def overlaps_of_owner(self, owner: str) -> list[Overlap]:
        """Return the pairs in which a training of the owner stands; of more than MOST some."""
        pairs = (
            pair
            for pair in itertools.combinations(self.read, 2)
            if owner in (pair[0].training.owner, pair[1].training.owner)
        )
        found = filter(None, itertools.starmap(self._between, pairs))
        return in_order(itertools.islice(found, MOST))

    def overlaps_of(self, training: Training) -> list[Overlap]:
        """Return the pairs of one training with the others of the year, the surest first.

        The training need not be one of the year; one with its key is left out.
        """
        mine = self._read(training)
        others = (read for read in self.read if read.training.key != training.key)
        return in_order(filter(None, (self._between(mine, other) for other in others)))

    def _between(self, mine: _Read, theirs: _Read) -> Overlap | None:
        one, other = mine.training, theirs.training
        if have_other_people(one, other):
            return None
        people = self._shared(mine.audience, theirs.audience)
        if not people.share:
            return None
        months = months_between(one, other)
        time = 1.0 if months is None else TIMES.get(months, FAR_APART)
        content = likeness(mine.taught, theirs.taught, self.weights)
        score = time * people.share**0.5 * content.share
        if (
            score < LEAST
            or are_of_other_stages(mine.marks, theirs.marks)
            or are_intakes_of_one(one, other, mine.marks, theirs.marks)
        ):
            return None
        points = tuple(same_points(mine.taught, theirs.taught, self.weights))
        return Overlap(
            one,
            other,
            min(round(score, 2), 1.0),
            people,
            Likeness(content.share, points, content.words),
            months,
        )


def in_order(overlaps: Iterable[Overlap]) -> list[Overlap]:
    """Return the surest first, at most MOST; equal ones in the order of their keys."""
    return heapq.nsmallest(
        MOST, overlaps, key=lambda found: (-found.score, found.one.key, found.other.key)
    )


def months_between(one: Training, other: Training) -> int | None:
    """Return the months between the nearest months of two trainings; 0 when they share one."""
    if not (one.months and other.months):
        return None
    return min(abs(mine - theirs) for mine in one.months for theirs in other.months)
