"""Which kinds of notices are urgent, and the hours in which only those leave the house.

Source: docs/rules.md R8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.conf import settings
from django.utils import timezone, translation

from academy.office_settings import office_setting

from .kinds import PLACEHOLDER, NoticeKind, declared
from .models import DIGEST, MAX_TITLE_LENGTH, NoticeRule, Urgency

ORDER = (Urgency.URGENT, Urgency.SOON, Urgency.DAILY)
BLANK = "…"  # in the name of a kind, where a notice has a value


def is_quiet(now: datetime) -> bool:
    """Whether only urgent messages go out now: from the first hour up to the last, in Shanghai."""
    begin, end = office_setting("quiet_from"), office_setting("quiet_until")
    hour = timezone.localtime(now).hour
    if begin <= end:
        return begin <= hour < end
    return hour >= begin or hour < end


@dataclass(frozen=True)
class Urgencies:
    """How urgent each kind is: as staff left it, else as the code says."""

    by_kind: Mapping[str, str]

    @classmethod
    def read(cls) -> Self:
        chosen = dict(NoticeRule.objects.values_list("kind", "urgency"))
        return cls({kind: rule.urgency for kind, rule in _first_rules().items()} | chosen)

    def of(self, kind: str) -> str:
        return self.by_kind.get(kind, Urgency.SOON)

    def kinds_that_wait_at_night(self) -> list[str]:
        waiting = [kind for kind, urgency in self.by_kind.items() if urgency != Urgency.URGENT]
        return [*waiting, DIGEST]


def suggestions() -> set[str]:
    """The kinds that a person may switch off as suggestions."""
    return {kind.key for kind in declared() if kind.is_suggestion}


def write_missing_rules() -> None:
    """A rule for each kind that has none yet; what staff changed stays."""
    first = _first_rules()
    there = set(NoticeRule.objects.values_list("kind", flat=True))
    NoticeRule.objects.bulk_create(
        [rule for kind, rule in first.items() if kind not in there], ignore_conflicts=True
    )


def _first_rules() -> dict[str, NoticeRule]:
    """Kind → its rule as the code says. Several wordings of one kind are as urgent as the most
    urgent of them.
    """
    rules: dict[str, NoticeRule] = {}
    for kind in declared():
        if kind.key == DIGEST:
            continue
        rule = rules.setdefault(
            kind.key, NoticeRule(kind=kind.key, name=_name_of(kind), urgency=kind.urgency)
        )
        rule.urgency = min(rule.urgency, kind.urgency, key=ORDER.index)
    return rules


def _name_of(kind: NoticeKind) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return str(kind.label or PLACEHOLDER.sub(BLANK, str(kind.title)))[:MAX_TITLE_LENGTH]
