"""The figures of the national rules as lines that an office can change: for what, yuan, in brackets
the source. They count until the office keeps its own. Source: docs/rules.md R53.
"""

import re
from decimal import Decimal

from ..models import LectureFeeCap, LecturerRank, PersonDayCap, TrainingCategory

NATIONAL_RULES = "国家标准，财行〔2016〕540号"
CATEGORIES = {
    "一类": TrainingCategory.FIRST,
    "二类": TrainingCategory.SECOND,
    "三类": TrainingCategory.THIRD,
}
RANKS = {
    "副高及以下": LecturerRank.ASSOCIATE,
    "正高": LecturerRank.PROFESSOR,
    "院士及全国知名专家": LecturerRank.EMINENT,
}
PERSON_DAY_LINES = tuple(
    f"{words}：{yuan}（{NATIONAL_RULES}）"
    for words, yuan in (("一类", 760), ("二类", 650), ("三类", 550))
)
LECTURE_FEE_LINES = tuple(
    f"{words}：{yuan}（{NATIONAL_RULES}）"
    for words, yuan in (("副高及以下", 500), ("正高", 1000), ("院士及全国知名专家", 1500))
)
LINE = re.compile(r"(?P<what>[^：:（(]+)(?:[：:](?P<yuan>[^（(]*))?(?:[（(](?P<source>.*)[）)])?")


def parts_of(line: str) -> tuple[str, str | None, str]:
    """Return for what, the yuan as written and the source; None for yuan where none are written."""
    found = LINE.fullmatch(line.strip())
    if found is None:
        return line.strip(), None, ""
    return (
        found["what"].strip(),
        (found["yuan"] or "").strip() or None,
        (found["source"] or "").strip(),
    )


def person_day_caps() -> list[PersonDayCap]:
    """Return the caps that count: the office's, or those of the national rules, unsaved."""
    kept = list(PersonDayCap.objects.all())
    return kept or [
        PersonDayCap(category=CATEGORIES[what], yuan_per_person_day=Decimal(yuan), source=source)
        for what, yuan, source in map(parts_of, PERSON_DAY_LINES)
    ]


def lecture_fee_caps() -> list[LectureFeeCap]:
    """Return the caps that count: the office's, or those of the national rules, unsaved."""
    kept = list(LectureFeeCap.objects.all())
    return kept or [
        LectureFeeCap(rank=RANKS[what], yuan_per_hour=Decimal(yuan), source=source)
        for what, yuan, source in map(parts_of, LECTURE_FEE_LINES)
    ]
