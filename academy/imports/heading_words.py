"""What people call the columns of a table: the words an importer knows, those that were added, and
guesses at the rest.

A guess is shown on the preview and confirmed there; from then on the word is known for whoever it
was confirmed for.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from rapidfuzz import fuzz

from ..models import HeadingWord, User
from ..spreadsheets.cell_text import spelled
from ..spreadsheets.headings import BRACKETED, HeadingWords, spellings
from ..text.characters import simplified

LONGEST_WORD = 40
ALIKE = 75  # per cent of likeness from which an unknown heading is taken for a known one
SHORTEST_GUESSED = 3  # characters; two are alike too easily
UNIT_IN_BRACKETS = re.compile(r"\((人次|人|期|班|次|天|日|学时|课时|月份|月|季度|万元|千元|元)\)$")
# as people here say it
COLLOQUIAL = {"啥": "什么", "辰光": "时候", "几趟": "几次", "几钿": "多少钱", "铜钿": "钱"}
WHOLE_BEHIND = re.compile("(?:合计|总计|小计|累计|总和|之和|总数|总量|汇总)(?:数|额)?$")


def added_words(kind: str, owner: str) -> dict[str, str]:
    """Spelling → column of the words that were added for everybody and for this owner; "" for what
    is not read.
    """
    words = HeadingWord.objects.filter(kind=kind, owner__in={"", owner})
    return {word.spelling: word.column for word in sorted(words, key=lambda word: word.owner)}


def remember(
    *, kind: str, owner: str, words: dict[str, str], by: User | None, now: datetime
) -> None:
    """Keep what headings mean, text → column; "" for one that is not read."""
    for text, column in words.items():
        if spelling := spelled(text)[:LONGEST_WORD]:
            HeadingWord.objects.update_or_create(
                kind=kind,
                owner=owner,
                spelling=spelling,
                defaults={
                    "word": text[:LONGEST_WORD],
                    "column": column,
                    "added_by": by,
                    "added_at": now,
                },
            )


def guess(
    text: str,
    words: HeadingWords,
    hints: HeadingWords,
    free: Iterable[str],
    endings: dict[str, str] | None = None,
) -> str:
    """The column an unknown heading may mean, "" when there is none; `free` are the columns that no
    heading names yet.

    A hint is enough for a guess as it stands. Then the last word tells what a column holds, as
    授课要点 are content whatever stands in front; `endings` maps such words to columns, "" for what
    no column holds. Else it has to be much like a word.
    """
    text = simplified(text)
    said, free = (
        BRACKETED.sub("", spelled(text)) or spelled(text).strip("【】[]〔〕《》<>"),
        set(free),
    )
    if (name := hints.named_by(text) or words.named_by(said)) in free:
        return name
    if (name := column_of_ending(text, endings or {})) is not None:
        return name if name in free else ""
    if len(said) < SHORTEST_GUESSED:
        return ""
    known = {**words.known, **hints.known}
    scores = [
        (fuzz.ratio(said, spelling), name)
        for spelling, name in known.items()
        if name in free and len(spelling) > 1
    ]
    score, name = max(scores, default=(0, ""))
    return name if score >= ALIKE else ""


def column_of_ending(text: str, endings: dict[str, str]) -> str | None:
    """The column of the longest word with which the heading ends, with its unit behind it or
    without; None when it ends with none.
    """
    for word, usual in COLLOQUIAL.items():
        text = text.replace(word, usual)
    for spelling in (UNIT_IN_BRACKETS.sub(r"\1", spelled(text)), *spellings(text)):
        bare = WHOLE_BEHIND.sub("", spelling) or spelling
        for ending in sorted(endings, key=len, reverse=True):
            if bare.endswith(ending):
                return endings[ending]
    return None
