"""The village that a cell names, in full or shortened. Source: docs/rules.md R46."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from academy.models import Town, Village
from academy.spreadsheets.cell_text import Rejected, clean, spelled

DISTRICT = re.compile("^(?:上海市?)?宝山区")
PARTY = re.compile("(?:党总支|总支|党支部|党委)(?:委员会)?$")
# what is cut off, and what then stands at the end of the full name
ENDINGS = (
    (re.compile("(?:居民区|居民委员会|居委会|居委|社区|居)$"), ("居委会",)),
    (re.compile("(?:村民委员会|村委会|村委)$"), ("村委会", "村村委会")),
)
KINDS = ("居委会", "村委会")
TOWN_WORDS = re.compile("(?:街道|镇|乡|工业园区)$")
NUMERALS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class FoundUnit:
    village: Village
    is_whole: bool  # whether the cell says its name in full


class Units:
    """The villages of today, by every name that a cell may use."""

    def __init__(self, villages: Iterable[Village], towns: Iterable[Town]) -> None:
        self.by_name: dict[str, list[Village]] = {}
        for village in villages:
            self.by_name.setdefault(spelled(village.name), []).append(village)
        self.by_chinese = {
            _with_chinese_numbers(name): found for name, found in self.by_name.items()
        }
        self.towns = {spelled(town.name): town for town in towns}
        self.short_towns = {
            short: town
            for name, town in self.towns.items()
            if (short := TOWN_WORDS.sub("", name)) != name and len(short) > 1
        }
        self._found: dict[tuple, FoundUnit | Rejected] = {}

    def town(self, text: str) -> Town:
        """The town that a cell names. Raises Rejected."""
        said = DISTRICT.sub("", spelled(text))
        if found := self.towns.get(said) or self.short_towns.get(said):
            return found
        raise Rejected(_("There is no street-town “%(name)s”.") % {"name": text[:20]})

    def find(self, text: str, towns: frozenset[int] | None) -> FoundUnit:
        """The one village that the text names, in one of the towns (keys; None for any).

        Raises Rejected when there is none or more than one.
        """
        key = (text, towns)
        if key not in self._found:
            try:
                self._found[key] = self._find(text, towns)
            except Rejected as rejected:
                self._found[key] = rejected
        found = self._found[key]
        if isinstance(found, Rejected):
            raise found
        return found

    def _find(self, text: str, towns: frozenset[int] | None) -> FoundUnit:
        elsewhere: list[Village] = []
        for is_whole, hits in self._hits(spelled(clean(text))):
            own = [village for village in hits if towns is None or village.town_id in towns]
            elsewhere = elsewhere or hits
            if len(own) == 1:
                return FoundUnit(own[0], is_whole)
            if own:
                raise Rejected(
                    _("There is more than one “%(name)s”: %(towns)s. Write the street-town before.")
                    % {
                        "name": text[:20],
                        "towns": "、".join(sorted({village.town.name for village in own})),
                    }
                )
        if elsewhere:
            raise Rejected(
                _("“%(name)s” belongs to %(town)s, not to the street-town of this row or import.")
                % {"name": elsewhere[0].name, "town": elsewhere[0].town.name}
            )
        raise Rejected(
            _("There is no unit “%(name)s”. Write its name in full.") % {"name": text[:20]}
        )

    def _hits(self, text: str) -> Iterator[tuple[bool, list[Village]]]:
        """The villages of each way of reading the text that names any, the plainest way first."""
        if found := self.by_name.get(text):
            yield True, found
        text = DISTRICT.sub("", text)
        if hits := self._named(_variants(text), None):
            yield False, hits
        for towns in (self.towns, self.short_towns):
            for name, town in towns.items():
                if text.startswith(name) and (
                    hits := self._named(_variants(text[len(name) :]), town)
                ):
                    yield False, hits

    def _named(self, names: set[str], town: Town | None) -> list[Village]:
        hits = {
            village.pk: village
            for name in names
            for village in self.by_chinese.get(name, ())
            if town is None or village.town_id == town.pk
        }
        return list(hits.values())


def _variants(text: str) -> set[str]:
    """The full names that the text may be short for."""
    text = PARTY.sub("", _with_chinese_numbers(text))
    for ending, whole in ENDINGS:
        if ending.search(text):
            return {text, *(ending.sub(kind, text) for kind in whole)}
    return {text, *(text + kind for kind in KINDS)}


def _with_chinese_numbers(text: str) -> str:
    """通河7村2居委会 → 通河七村二居委会."""
    return re.sub(r"[0-9]{1,2}", lambda found: _chinese(int(found[0])), text)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")
