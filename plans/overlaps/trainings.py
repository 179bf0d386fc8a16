"""What the comparison knows of a training."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from academy.text.characters import simplified

from ..models import PlanItem
from ..timing import months_in


@dataclass(frozen=True)
class Training:
    """An item of a plan as it is compared; texts are in half width and without blanks.

    `town` is the code of the street-town that trains its own people, "" for a district unit;
    `named_towns` are the codes of those whose people alone a class of a district unit is for.
    """

    owner: str
    number: int
    town: str
    name: str
    audience: str
    content: str
    remark: str
    months: frozenset[int] = field(default_factory=frozenset)
    named_towns: frozenset[str] = field(default_factory=frozenset)

    @property
    def key(self) -> str:
        return f"{self.owner}:{self.number}"

    @property
    def held_for(self) -> frozenset[str]:
        """The codes of the street-towns whose people it trains; empty for all of them.

        Source: docs/rules.md R56.
        """
        return frozenset({self.town}) if self.town else self.named_towns


def compact(text: str) -> str:
    """Return the text in half width and simplified characters, without blanks."""
    return simplified(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


# all of them with one named among others, or all but one
NOT_THESE_ALONE = re.compile(
    "全区|各街镇|各镇|各街道|所有街镇|[包内]?含|包括|除|以外|之外|等街镇|等镇|等街道"
)


def towns_named(text: str, towns: Mapping[str, str]) -> frozenset[str]:
    """Return the codes of the street-towns that a compact text names as those for whom a training
    is; empty where it is for all. `towns`: name, with and without 镇 or 街道 → code.

    The place is not asked: many classes for the whole district are held in one street-town.
    """
    if NOT_THESE_ALONE.search(text):
        return frozenset()
    found = set()
    for name in sorted(towns, key=len, reverse=True):
        if name in text:
            found.add(towns[name])
            text = text.replace(name, "")
    return frozenset(found)


def training_of(item: PlanItem, towns: Mapping[str, str]) -> Training:
    """Return what is compared of the item; its plan and the plan's owner are read. `towns` as in
    `towns_named`.
    """
    plan = item.plan
    audience = compact(item.audience)
    return Training(
        owner=plan.owner.code,
        number=item.number,
        town=plan.town.code if plan.town else "",
        name=compact(item.name),
        audience=audience,
        content=compact(item.content),
        remark=compact(item.remark),
        months=months_in(item.months),
        named_towns=frozenset() if plan.town else towns_named(audience, towns),
    )
