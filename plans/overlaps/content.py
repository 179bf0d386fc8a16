"""What a training teaches, and how much of it another teaches too.

Two texts are compared by their characters: the fewer trainings of the year hold a character, the
more it says. 家访建档 and 走访、一人一档 share no word, but 访 and 档. Topic words that the office
keeps (`TopicWords`) add to it where both trainings touch one topic.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .trainings import Training

POINTS = re.compile("[、,;。/:|]|以及|[和与及]")
# what every training is called, and what stands in every content: tells none from another
COMMON = re.compile(
    "培训班|专题班|研修班|实训班|读书班|培训|研修|实训|轮训|集训|专题|讲座|工作坊|沙龙|课堂|训练|演练"
    "|能力|提升|业务|实务|工作|技能|进阶|初任|年度|骨干|指导|有关|相关|流程|技巧|方法|要点|基础|知识"
    "|解读|规范|组织|操作|处理|处置|管理|应用|案例|政策|居民区|居村|村居|社区|小区|街镇|居民|村民|人员|干部|班$"
)
TOPIC_BONUS = 0.1  # where every topic of one is a topic of the other
SAME_POINT = 0.35  # likeness of two points from which on both are named as a reason


@dataclass(frozen=True)
class Topic:
    """Words that mean one thing."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Taught:
    """A training's texts, taken apart."""

    characters: frozenset[str]
    points: dict[str, frozenset[str]]
    topics: dict[str, str]  # name of the topic → the word by which it is touched


@dataclass(frozen=True)
class Likeness:
    """How much of what two trainings teach is the same (0 to 1, and up to TOPIC_BONUS more), and
    which points and words.
    """

    share: float
    points: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def taken_apart(training: Training, topics: Iterable[Topic]) -> Taught:
    """Return what the training teaches."""
    text = f"{training.name}。{training.content}"
    touched = {}
    for topic in topics:
        if word := next((word for word in topic.words if word in text), ""):
            touched[topic.name] = word
    points = (point for point in POINTS.split(training.content) if len(point) > 1)
    return Taught(
        characters=characters_of(text),
        points={point: characters_of(point) for point in points},
        topics=touched,
    )


def characters_of(text: str) -> frozenset[str]:
    """Return the characters and letters of the text that say something."""
    return frozenset(re.sub(r"[^\w]|\d", "", COMMON.sub("", text)))


def weights_of(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """Return the weight of each character: the fewer of the texts hold it, the more."""
    held = Counter()
    count = 0
    for characters in texts:
        held.update(characters)
        count += 1
    return {character: math.log((count + 1) / (by + 0.5)) for character, by in held.items()}


def likeness(one: Taught, other: Taught, weights: Mapping[str, float]) -> Likeness:
    """Return how alike two contents are."""
    shared = one.topics.keys() & other.topics.keys()
    fewer = min(len(one.topics), len(other.topics))
    bonus = TOPIC_BONUS * len(shared) / fewer if fewer else 0.0
    return Likeness(
        share=cosine(one.characters, other.characters, weights) + bonus,
        words=tuple(sorted({taught.topics[name] for name in shared for taught in (one, other)})),
    )


def cosine(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return the cosine of two sets of characters: 1 for the same, 0 where they share none."""
    lengths = [sum(weights.get(sign, 0.0) ** 2 for sign in side) for side in (one, other)]
    shared = sum(weights.get(sign, 0.0) ** 2 for sign in one & other)
    return shared / math.sqrt(lengths[0] * lengths[1]) if all(lengths) else 0.0


def same_points(one: Taught, other: Taught, weights: Mapping[str, float]) -> list[str]:
    """Return the points of the first that the other teaches too."""
    return [
        words
        for words, mine in one.points.items()
        if any(cosine(mine, theirs, weights) >= SAME_POINT for theirs in other.points.values())
    ]
