"""Filters that combine, with counts: each choice says how many things it would leave, and is a link
that can be shared.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, urlencode


class FacetedRow(Protocol):
    """A thing in a list. `values` holds, for each facet, what it is found under."""

    code: str
    values: Mapping[str, Collection[str]]


@dataclass(frozen=True)
class FacetedIndex:
    """All rows in the order of the list, and for each facet its title and the words for its values,
    in their order.
    """

    rows: Sequence[FacetedRow]
    titles: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Choice:
    """One value of a facet with how many rows it would leave."""

    value: str
    words: str
    count: int
    chosen: bool
    url: str  # of the list with this value chosen, or without it where it is chosen


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    choices: list[Choice]


@dataclass
class Selection:
    """What was chosen, what matches, and what each further choice would leave."""

    rows: list[FacetedRow]
    facets: list[Facet]
    chosen: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)

    @property
    def chosen_in_words(self) -> list[tuple[str, str]]:
        """The name of each facet that was used and the words of what was chosen in it, known or
        not.
        """
        known = [
            (facet.name, choice.words)
            for facet in self.facets
            for choice in facet.choices
            if choice.chosen
        ]
        return known + [(name, value[:40]) for name, value in self.unknown.items()]

    def chosen_of(self, *names: str) -> list[tuple[str, str, str]]:
        """Name, value and words of what was chosen in these facets and exists."""
        return [
            (facet.name, choice.value, choice.words)
            for facet in self.facets
            if facet.name in names
            for choice in facet.choices
            if choice.chosen and facet.name not in self.unknown
        ]


def select(
    index: FacetedIndex,
    wanted: Mapping[str, str],
    among: Sequence[str] | None = None,
    kept: Mapping[str, str] | None = None,
) -> Selection:
    """Narrow the rows by one value for each facet; `among` are codes in the order of a search.

    A value that does not exist leaves nothing and is named in `unknown`. A facet's counts are for
    all other filters. `kept` are other parameters that the links of the choices carry on, such as
    the search.
    """
    chosen = {name: wanted[name] for name in index.titles if wanted.get(name)}
    unknown = {name: value for name, value in chosen.items() if value not in index.words[name]}
    rows = list(index.rows)
    if among is not None:
        order = {code: position for position, code in enumerate(among)}
        rows = sorted((row for row in rows if row.code in order), key=lambda row: order[row.code])

    def matching(without: str = "") -> list[FacetedRow]:
        return [
            row
            for row in rows
            if all(value in row.values[name] for name, value in chosen.items() if name != without)
        ]

    facets = []
    for name, title in index.titles.items():
        counts: dict[str, int] = {}
        for row in matching(without=name):
            for value in row.values[name]:
                counts[value] = counts.get(value, 0) + 1
        others = urlencode(
            {**(kept or {}), **{other: value for other, value in chosen.items() if other != name}}
        )
        choices = [
            Choice(
                value,
                text,
                counts.get(value, 0),
                chosen.get(name) == value,
                (
                    f"?{others}"
                    if chosen.get(name) == value
                    else f"?{others}{'&' if others else ''}{name}={quote(value)}"
                ),
            )
            for value, text in index.words[name].items()
            if counts.get(value) or chosen.get(name) == value
        ]
        facets.append(Facet(name, title, choices))
    return Selection([] if unknown else matching(), facets, chosen, unknown)
