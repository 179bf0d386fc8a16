"""How alike two courses are, from what they say: title, outline, service items.

Used wherever the same must not be taught twice.
"""

import itertools
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz

# of 100; of all pairs of the catalogue of 100 courses the likest has 48, copies with another title
# and words left out 66 to 93
NEAR_SAME = 60
TITLE_WEIGHT, TEXT_WEIGHT, ITEMS_WEIGHT = 4, 4, 2


def likeness(first: Mapping, second: Mapping) -> int:
    """0 to 100 for the frozen contents of two course versions.

    What either does not say is left out of the account.
    """
    return _likeness(_spoken(first), _spoken(second))


def _spoken(content: Mapping) -> tuple[str, str, tuple[str, ...]]:
    return (
        str(content.get("title", "")),
        str(content.get("outline") or content.get("summary") or ""),
        tuple(content.get("service_items") or ()),
    )


@lru_cache(maxsize=20_000)
def _likeness(first: tuple, second: tuple) -> int:
    parts = [(TITLE_WEIGHT, fuzz.ratio(first[0], second[0]))]
    if first[1] and second[1]:
        parts.append((TEXT_WEIGHT, fuzz.token_sort_ratio(_pairs(first[1]), _pairs(second[1]))))
    if first[2] and second[2]:
        items, others = set(first[2]), set(second[2])
        parts.append((ITEMS_WEIGHT, 100 * len(items & others) / len(items | others)))
    score = round(
        sum(weight * score for weight, score in parts) / sum(weight for weight, _score in parts)
    )
    only_titles = len(parts) == 1 and first[0] != second[0]
    # 上篇 and 下篇 have like titles and different contents
    return min(score, NEAR_SAME - 1) if only_titles else score


def _pairs(text: str) -> str:
    """Chinese has no spaces: the pairs of neighbouring characters stand for its words."""
    signs = [sign for sign in text if sign.isalnum()]
    return " ".join(one + next_one for one, next_one in itertools.pairwise(signs))
