"""What the cells of a course say, and what of a course is written."""

import re
from collections.abc import Iterable

from academy.models import GrowthStage, ImportRow, Position
from academy.spreadsheets.cell_text import EMPTY_WORDS, clean, clean_lines

from ..catalogue.versions import content_of
from ..models import Course, TeachingFormat, Track

MOST_HOURS = 999
MOST_MOVES = 99
LIST_SIGN = re.compile(r"[、\n]+")
LIST_SIGNS = re.compile(r"[、,，;；\n]+")
YES, NO = (
    ("yes", "y", "是", "有", "√", "✓", "1", "true"),
    ("no", "n", "否", "无", "×", "0", "false", "-", "—"),
)
LONG_TEXTS = ("summary", "objectives", "outline")
TEXTS = ("title", "origin", "lecturer_type", "immersive_topic", *LONG_TEXTS)
LONGEST_TEXT = 20_000  # characters
TERMS = {"track": Track, "formats": TeachingFormat, "audiences": Position, "stages": GrowthStage}
WRITTEN_FIELDS = (
    "title",
    "origin",
    "hours",
    "summary",
    "objectives",
    "outline",
    "lecturer_type",
    "is_immersive",
    "immersive_topic",
    "practice_move",
)


def values_of(course: Course) -> dict:
    """A course in the shape of a row; the course comes from `whole_courses`."""
    content = content_of(course)
    return content | {
        "department": course.department.code if course.department else "",
        "hours": f"{course.hours:.2f}",
        "practice_move": course.practice_move,
    }


def cell_parts(value, known: Iterable[str] = (), *, capitals: bool = False) -> list[str]:
    """The words of a list.

    Other signs than 、 separate as well, unless words of the vocabulary have them inside.
    """
    text = clean_lines(value)
    for signs in (LIST_SIGN, LIST_SIGNS):
        words = [clean(part) for part in signs.split(text)]
        words = [word.upper() if capitals else word for word in words if word not in EMPTY_WORDS]
        if known and set(words).issubset(known):
            break
    return words


def cell_words(rows: list[ImportRow], name: str) -> set[str]:
    """Return the words that the rows use in a column."""
    found: set[str] = set()
    for row in rows:
        value = row.values.get(name, [])
        found |= {value} if isinstance(value, str) else set(value)
    return found


def cell_marks(model, order: int, row: ImportRow) -> dict:
    """What a word of a vocabulary has besides its name."""
    if model is Track:
        return {"prefix": row.key.split("-")[0]}
    return {"code": f"F{order + 1:02}"} if model is TeachingFormat else {}
