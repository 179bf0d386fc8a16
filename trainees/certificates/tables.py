"""A paper of tables in words, once for the page and for its PDF."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TableColumn:
    """`width` is in mm of the sheet, `kind` how its cells stand: "", "middle" or "sum"."""

    label: str
    width: float
    kind: str = ""


@dataclass(frozen=True)
class PaperTable:
    """One table under its heading; `nothing` is said where it has no row. A total, where there is
    one, stands in the last column.
    """

    heading: str
    columns: list[TableColumn]
    rows: list[list[str]]
    nothing: str
    total: str = ""
    total_label: str = ""

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """Each cell of each row with the kind of its column."""
        kinds = [column.kind for column in self.columns]
        return [list(zip(row, kinds, strict=True)) for row in self.rows]

    @property
    def before_last(self) -> int:
        return len(self.columns) - 1


@dataclass(frozen=True)
class TablePaper:
    """A title, what is known of the person, tables, a line at the foot, lines to sign."""

    title: str
    facts: list[str]
    tables: list[PaperTable]
    foot: str
    signs: list[str] = field(default_factory=list)
