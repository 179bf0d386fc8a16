"""The rank by which a lecturer is paid, and what the cap of it says to a fee: a hint, never a
refusal. Source: docs/rules.md R53, R67.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import hours, yuan
from courses.models import Expert

from ..drafting.usual_caps import lecture_fee_caps
from ..models import LectureFeeRow, LecturerRank

EMINENT = re.compile(r"院士|全国知名专家")
# 副教授 and 副研究员 are ranks below; 教授级高工 is one of these
PROFESSOR = re.compile(r"正高|(?<!副)教授|(?<!副)研究员|(?<!副)主任医师")


def rank_in(post: str) -> LecturerRank:
    """The rank that the words of a post say; the lowest where they say none."""
    if EMINENT.search(post):
        return LecturerRank.EMINENT
    return LecturerRank.PROFESSOR if PROFESSOR.search(post) else LecturerRank.ASSOCIATE


def ranks_of(experts: Iterable[Expert]) -> dict[int, str]:
    """Key of an expert → the rank of the last list, or what the post says; one statement."""
    experts = list(experts)
    known = dict(
        LectureFeeRow.objects.filter(expert__in=experts)
        .order_by("pk")
        .values_list("expert", "rank")
    )
    return {
        expert.pk: known.get(expert.pk) or rank_in(f"{expert.title} {expert.specialities}")
        for expert in experts
    }


def caps_by_rank() -> dict[str, Decimal]:
    """Rank → yuan per study hour after tax, for the ranks that have a cap."""
    return {
        cap.rank: cap.yuan_per_hour for cap in lecture_fee_caps() if cap.yuan_per_hour is not None
    }


def allowed(row: LectureFeeRow, caps: Mapping[str, Decimal]) -> Decimal | None:
    """Yuan that the cap allows for the row; None where the rank has no cap."""
    cap = caps.get(row.rank)
    return None if cap is None else cap * row.counted_hours


def above(row: LectureFeeRow, caps: Mapping[str, Decimal]) -> Decimal:
    """Yuan above the cap, 0 where the fee keeps to it; of a correction with what it corrects."""
    most = allowed(row, caps)
    if most is None or row.yuan is None:
        return Decimal(0)
    paid = row.yuan + ((row.corrects.yuan or Decimal(0)) if row.corrects else Decimal(0))
    return max(paid - most, Decimal(0))


def cap_words(row: LectureFeeRow, caps: Mapping[str, Decimal]) -> str:
    """标准 500 元×3 学时＝1,500 元; empty where the rank has no cap."""
    most = allowed(row, caps)
    if most is None:
        return ""
    return _("Cap: %(cap)s yuan × %(hours)s study hours = %(allowed)s yuan") % {
        "cap": yuan(caps[row.rank]),
        "hours": hours(row.counted_hours),
        "allowed": yuan(most),
    }
