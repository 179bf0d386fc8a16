"""A chart is a table first: its figures stand in the page, and `static/js/charts.js` draws them.

Without JavaScript, and where a reader has chosen colours of their own, the table alone is shown.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Mark:
    """One figure of a chart: what is drawn, what is read, and where its rows are.

    `value` is None where nothing can be counted; such a figure is never drawn as zero.
    """

    value: int | Decimal | None
    words: str
    url: str = ""


@dataclass(frozen=True)
class Series:
    """The figures under one name, in the order of the chart's labels."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Chart:
    """Bars of one series or two: of two, the first is drawn as an outline and the second solid.

    `key` is unique on its page. `sentence` says what the picture shows and is read out in its
    place. `over` names what the labels are: season, street-town. The longest bar of a share is 100.
    """

    key: str
    title: str
    sentence: str
    over: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    is_share: bool = False
    workbook_url: str = ""
    print_url: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= 2:
            raise ValueError("A chart has one series or two.")
        if any(len(series.marks) != len(self.labels) for series in self.series):
            raise ValueError("Each series has one mark for each label.")

    @property
    def rows(self) -> list[tuple[str, list[Mark]]]:
        """(label, its figures), as the table shows them."""
        return [
            (label, [series.marks[place] for series in self.series])
            for place, label in enumerate(self.labels)
        ]

    @property
    def is_empty(self) -> bool:
        """Whether no figure can be drawn; then the table alone says so."""
        return all(mark.value is None for series in self.series for mark in series.marks)
