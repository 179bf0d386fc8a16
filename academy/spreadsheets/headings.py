"""Where the table of a sheet begins and what its columns hold, by the words of its headings."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ..text.characters import simplified
from .cell_text import clean, clean_lines, spelled
from .sheet import Sheet, Struck, unmarked

HEADING_WITHIN = 40  # rows
DEEPEST = 3  # rows of headings
FEWEST_LINES_OF_A_FORM = 3
LONGEST_HEADING = 40  # characters, without what stands in brackets
LONGEST_NOTE = 300  # characters of a heading with everything
SHORTEST_NOTE = 4  # characters below the first line of a heading
BRACKETED = re.compile(r"[(\[【〔<《{][^)\]】〕>》}]*[)\]】〕>》}]?")
WRAPPED = re.compile(r"[\[【〔<《{](.+)[\]】〕>》}]|\(([^()]+)\)")
YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})年度?")
# As templates mark what is required, spelled as `spelled` leaves them.
MARKS = "*★☆▲△●○◆◇■□※#:.,;、。-—_~/\\|!'\"“”"
NUMBERING = re.compile(
    r"(?:[0-9]{1,2}[.、:)]|\([0-9一二三四五六七八九十]{1,2}\)"
    r"|[0-9]{1,2}(?=[一-鿿])|[一二三四五六七八九十]{1,2}[、.)])"
)
LATIN_BEHIND = re.compile(r"(?<=[一-鿿])[a-z][a-z.]*$")  # 培训班名称 Course
UNIT_BEHIND = re.compile(
    r"[/:,、.]?(?:单位:?)?(?:人民币)?(?:万元|元|万|人次|人|名|天|日|期|次|学时|课时|小时|个|月)$"
)
OF_THE_PAST = ("上年", "去年", "上一年", "往年", "前一年", "已完成", "完成情况", "实际")
# a lowest heading that only says which of the numbers above it
OF_A_GROUP = (
    "合计",
    "总计",
    "小计",
    "总数",
    "计",
    "计划",
    "计划数",
    "全年",
    "每期",
    "每班",
    "单期",
)


@dataclass(frozen=True)
class HeadingWords:
    """The headings a table may have.

    `columns` maps the name of a column to its spellings, separated by spaces.
    """

    columns: dict[str, str]
    needed: tuple[str, ...]  # a row that lacks one of these is no row of headings
    fewest: int  # headings in that row
    silent: tuple[str, ...] = ()  # headings that are known and not read
    # other spellings, confirmed by somebody → column
    learned: dict[str, str] = field(default_factory=dict, hash=False)
    truths: tuple[str, ...] = ()  # columns whose cells may be true or false
    year: int | None = None  # what a heading of another year says is not read
    known: dict[str, str] = field(init=False, repr=False, compare=False)
    # of two columns of one name that whose spelling stands further in front is read
    ranks: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {
            spelled(spelling): name
            for name, spellings in self.columns.items()
            for spelling in spellings.split()
        }
        known |= {
            spelled(spelling): name
            for spelling, name in self.learned.items()
            if name in self.columns
        }
        object.__setattr__(self, "known", known)
        ranks = {
            spelled(spelling): rank
            for spellings in self.columns.values()
            for rank, spelling in enumerate(spellings.split())
        }
        object.__setattr__(self, "ranks", ranks)

    def named_by(self, value) -> str | None:
        """The column a heading names, whatever marks, numbers, units and notes stand around it."""
        return self.known.get(self._spelling_in(value))

    def _spelling_in(self, value) -> str:
        value = self._without_year(str(value or ""))
        for text in (value, _before_a_note(value)):
            for spelling in spellings(text):
                if spelling in self.known:
                    return spelling
                if simplified(spelling) in self.known:
                    return simplified(spelling)
        return ""

    def _rank_of(self, levels: list[str]) -> int:
        texts = ("".join(levels), levels[-1])
        return min(self.ranks.get(self._spelling_in(text), len(self.ranks)) for text in texts)

    def _without_year(self, text: str) -> str:
        """2027年计划人数 → 计划人数 in the table of that year."""
        if not self.year:
            return text
        return YEAR.sub(lambda year: "" if int(year[1]) == self.year else year[0], text) or text

    def in_row(self, row: list) -> "Headings | None":
        """The headings, when enough cells of the row are some, the needed ones among them."""
        if not any(
            isinstance(cell, str) and simplified(spelled(cell[:LONGEST_HEADING])) in self.known
            for cell in row
        ):
            return None  # quick, as every row of a long table is looked at
        return self._headings([row], set())

    def find(self, sheet: Sheet) -> "tuple[Headings, int] | None":
        """The headings, which may take three rows, and the index of the first row below them."""
        return next(
            (
                found
                for index in range(min(len(sheet.rows), HEADING_WITHIN))
                if (found := self.at(sheet, index))
            ),
            None,
        )

    def at(self, sheet: Sheet, index: int) -> "tuple[Headings, int] | None":
        """The headings that begin in the row, and the index of the first row below them."""
        rows, depth = sheet.rows[index : index + DEEPEST], self._merged_depth(sheet, index)
        hidden = sheet.hidden_columns
        found = self._headings(rows[:depth], hidden)
        while (
            not found and depth < len(rows) and not self._headings(rows[1 : depth + 1], hidden)
        ):  # else they begin further down
            depth += 1
            found = self._headings(rows[:depth], hidden)
        if not found:
            return None
        while depth < len(rows) and self._goes_on(rows[:depth], rows[depth]):
            depth += 1
            found = self._headings(rows[:depth], hidden) or found
        found.depth = depth
        return found, index + depth

    def nearest(self, sheet: Sheet) -> "tuple[int, Headings] | None":
        """The row that looks most like headings without being enough: its index, what it has."""
        rows = [
            (index, self._read([row], sheet.hidden_columns))
            for index, row in enumerate(sheet.rows[:HEADING_WITHIN])
        ]
        return max(
            (found for found in rows if len(found[1].names) > 1),
            key=lambda found: len(found[1].names),
            default=None,
        )

    def beside_values(self, sheet: Sheet) -> list[str]:
        """The headings of a form, which stand below each other beside their values.

        A table has none: below the heading of a needed column there are no others.
        """
        found: dict[str, tuple[int, str]] = {}
        for row in sheet.rows[:HEADING_WITHIN]:
            for column, text in enumerate(map(unmarked, row)):
                if isinstance(text, str) and (name := self.named_by(text)):
                    found.setdefault(name, (column, clean(text)))
        if not found.keys() >= set(self.needed) or len(found) < self.fewest:
            return []
        lines = Counter(column for column, _text in found.values())
        is_form = all(lines[found[name][0]] >= FEWEST_LINES_OF_A_FORM for name in self.needed)
        return [text for _column, text in found.values()] if is_form else []

    def _merged_depth(self, sheet: Sheet, index: int) -> int:
        """How many rows the headings take, as the merged ones among them tell."""
        row = sheet.rows[index]
        bottoms = [
            area.bottom
            for area in sheet.merged
            if area.top == index < area.bottom
            and area.left < len(row)
            and self.named_by(_written(row[area.left]))
        ]
        return min(max(bottoms, default=index) - index + 1, DEEPEST)

    def _goes_on(self, above: list[list], row: list) -> bool:
        """Whether the row below headings is more of them: some are known, nothing in it is data."""
        filled = {column: cell for column, cell in enumerate(row) if clean(_written(cell))}
        if not filled or any(
            not isinstance(unmarked(cell), str) or len(clean(_written(cell))) > LONGEST_HEADING
            for cell in filled.values()
        ):
            return False
        upper = self._read(above, set())
        both = self._read([*above, row], set())
        if any(
            upper.columns.get(column) in self.needed
            and both.columns.get(column) != upper.columns[column]
            for column in filled
        ):
            return False  # a value stands below the heading of a needed column
        if len(filled) == 1 and any(
            column in upper.columns and both.columns.get(column) != upper.columns[column]
            for column in filled
        ):
            return False  # 第一季度 alone begins a section
        return any(column in both.columns for column in filled) or _divides(above, filled)

    def _headings(self, rows: list[list], hidden: set[int]) -> "Headings | None":
        found = self._read(rows, hidden)
        return (
            found
            if found.names.issuperset(self.needed) and len(found.names) >= self.fewest
            else None
        )

    def _read(self, rows: list[list], hidden: set[int]) -> "Headings":
        """What the rows say as headings; of two columns with one name that which is seen counts."""
        found = Headings(self)
        levels = _levels(rows)
        struck = {
            column
            for row in rows
            for column, cell in enumerate(row)
            if isinstance(cell, Struck) and cell.rest is None
        }
        for column in sorted(
            levels,
            key=lambda column: (
                column in hidden or column in struck,
                self._rank_of(levels[column]),
                column,
            ),
        ):
            found.add(
                column, levels[column], is_hidden=column in hidden, is_struck=column in struck
            )
        return found

    def name_of(self, levels: list[str]) -> str | None:
        """The column that a heading names together with those of its groups, or alone."""
        if any(word in simplified(spelled(level)) for level in levels for word in OF_THE_PAST):
            return None
        if self.year and any(
            int(year) != self.year for level in levels for year in YEAR.findall(level)
        ):
            return None
        joined = ["".join(levels[first:]) for first in range(len(levels) - 1)]
        skipping = [levels[first] + levels[-1] for first in range(len(levels) - 1)]
        for text in (*joined, *skipping):
            if spelled(text) in self.known:
                return self.known[spelled(text)]
        name = next(filter(None, map(self.named_by, (levels[-1], *joined))), None)
        if not name and len(levels) > 1 and spelled(levels[-1]) in OF_A_GROUP:
            return self.named_by(levels[-2])
        return name


@dataclass
class Headings:
    """Which column of a sheet holds what, by index."""

    words: HeadingWords
    columns: dict[int, str] = field(default_factory=dict)  # → name
    texts: dict[int, str] = field(default_factory=dict)  # → what is written, groups in front
    strange: dict[int, str] = field(
        default_factory=dict
    )  # → what is written above a column that no word names
    twice: dict[int, str] = field(
        default_factory=dict
    )  # the same for columns that have the name of another
    repeated: set[str] = field(default_factory=set)  # names that stand over two columns
    hidden: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)
    learned: set[int] = field(default_factory=set)  # columns that only a learned spelling names
    depth: int = 1  # rows

    @property
    def names(self) -> set[str]:
        return set(self.columns.values())

    @property
    def written(self) -> dict[str, str]:
        """Name of a column → what its heading says in full."""
        return {name: spelled(self.texts[column]) for column, name in self.columns.items()}

    @property
    def unknown(self) -> list[str]:
        return [
            text[:20]
            for column, text in sorted({**self.strange, **self.twice}.items())
            if column not in self.hidden | self.struck
        ]

    def add(self, column: int, levels: list[str], *, is_hidden: bool, is_struck: bool) -> None:
        name, text = self.words.name_of(levels), clean(" ".join(levels))
        if name and name not in self.names:
            self.columns[column] = name
            if any(
                spelled(spelling) in map(spelled, (text, levels[-1]))
                for spelling in self.words.learned
            ):
                self.learned.add(column)
        elif name:
            self.twice[column] = text
            self.repeated.add(name)
        elif text not in self.words.silent:
            self.strange[column] = text
        self.texts[column] = text
        if is_hidden:
            self.hidden.add(column)
        elif is_struck:
            self.struck.add(column)

    def values_in(self, cells: list) -> dict:
        """Column name → cell of a row below the headings."""
        return {
            name: cells[column] if column < len(cells) else None
            for column, name in self.columns.items()
        }

    def without(self, columns: Iterable[int]) -> "Headings":
        return replace(
            self,
            columns={
                column: name for column, name in self.columns.items() if column not in columns
            },
        )


def _divides(above: list[list], below: dict) -> bool:
    """Whether the words below headings are the parts of one of them: 干部 and 群众 below 人数 and
    the empty cell at its right.
    """
    headed = {column for row in above for column, cell in enumerate(row) if clean(_written(cell))}
    return (
        any(column not in headed for column in below)
        and all(column in headed or column - 1 in below for column in below)
        and not any(re.search("[0-9]", clean(_written(cell))) for cell in below.values())
    )


def _levels(rows: list[list]) -> dict[int, list[str]]:
    """Column → its heading with those of its groups in front, the highest first."""
    found: dict[int, list[str]] = {}
    for row in rows:
        group = ""
        for column in range(max(map(len, rows))):
            text = clean_lines(_written(row[column])) if column < len(row) else ""
            group = text or group
            found.setdefault(column, []).append(text or f"\0{group}")
    levels = {}
    for column, texts in found.items():
        lowest = max((level for level, text in enumerate(texts) if text[0] != "\0"), default=-1)
        own = [text.removeprefix("\0") for text in texts[: lowest + 1]]
        if any(own):
            levels[column] = [text for text in own if text]
    return levels


def _before_a_note(text: str) -> str:
    """The first line of a heading, where what stands below it is a note and not the rest of a word
    that the cell was too narrow for (预算 above 科目).
    """
    first, _, rest = text.strip().partition("\n")
    return first if len(spelled(rest)) >= SHORTEST_NOTE or BRACKETED.match(rest.strip()) else ""


def _written(cell) -> str:
    """A heading as it is written, struck out or not."""
    value = unmarked(cell)
    return value if isinstance(value, str) else clean(value)


def spellings(text: str) -> Iterable[str]:
    """The heading as it is compared, with less and less around it."""
    if len(text) > LONGEST_NOTE:
        return
    text = spelled(clean(text))
    if whole := WRAPPED.fullmatch(text.strip(MARKS)):
        text = whole[1] or whole[2]  # 【培训班名称】
    for without in (text, BRACKETED.sub("", text)):
        if not without or len(without) > LONGEST_HEADING:
            continue
        yield without
        bare = without.strip(MARKS)
        yield bare
        bare = NUMBERING.sub("", bare, count=1).strip(MARKS) if NUMBERING.match(bare) else bare
        yield bare
        yield UNIT_BEHIND.sub("", bare).strip(MARKS)
        yield LATIN_BEHIND.sub("", bare).strip(MARKS)
