"""What the comparison knows of a training."""

import re
import unicodedata
from dataclasses import dataclass, field

from ..models import PlanItem
from ..timing import months_in


@dataclass(frozen=True)
class Training:
    """An item of a plan as it is compared; texts are in half width and without blanks.

    `town` is the code of the street-town that trains its own people, "" for a district unit, whose
    classes cover every street-town.
    """

    owner: str
    number: int
    town: str
    name: str
    audience: str
    content: str
    remark: str
    months: frozenset[int] = field(default_factory=frozenset)

    @property
    def key(self) -> str:
        return f"{self.owner}:{self.number}"


def compact(text: str) -> str:
    """Return the text in half width, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def training_of(item: PlanItem) -> Training:
    """Return what is compared of the item; its plan and the plan's owner are read."""
    plan = item.plan
    return Training(
        owner=plan.owner.code,
        number=item.number,
        town=plan.town.code if plan.town else "",
        name=compact(item.name),
        audience=compact(item.audience),
        content=compact(item.content),
        remark=compact(item.remark),
        months=months_in(item.months),
    )
