"""The writer of papers of tables, such as the statement of teaching: A4 upright, with the fonts and
lines of `sheets.py`. It too knows nothing of Django.
"""

from pathlib import Path

from .sheets import GREY, STEP, Sheets

WIDTH, HEIGHT = 210, 297  # mm
LEFT, TOP, BOTTOM = 18, 20, 277  # mm
ROOM = WIDTH - 2 * LEFT
TEXT, HEAD = 10, 11.5  # points
GAP = 1.6  # mm between the line of a cell and its text

# A row is a text for each column, a column the fields of `tables.TableColumn`.
Row = list[str]
Column = dict


def written(fonts: Path, paper: dict) -> bytes:
    """The fields of `tables.TablePaper` on as many sheets as they take."""
    sheets = TableSheets(fonts)
    sheets.fill(paper)
    return bytes(sheets.output())


class TableSheets(Sheets):
    """The sheets of one paper; `self.down` is where the next line begins, in mm."""

    def __init__(self, fonts: Path) -> None:
        super().__init__(fonts, "portrait")
        self.down = TOP

    def fill(self, paper: dict) -> None:
        self._begin_page()
        size = self._fitting(paper["title"], ROOM, 18)
        wide = self.get_string_width(paper["title"])
        self._write(paper["title"], (WIDTH - wide) / 2, self.down + 4, size, is_strong=True)
        self.down += 14
        for fact in paper["facts"]:
            self._text(fact)
        for table in paper["tables"]:
            self._table(table)
        self.down += 4
        self._text(paper["foot"], GREY)
        self._signs(paper["signs"])
        self._numbers()

    def _begin_page(self) -> None:
        self.add_page()
        self.down = TOP

    def _needs(self, height: float) -> bool:
        """Whether so much, in mm, takes a new page; it is begun."""
        if self.down + height <= BOTTOM:
            return False
        self._begin_page()
        return True

    def _text(self, text: str, colour=(30, 30, 30)) -> None:
        self.set_font("main", size=TEXT)
        for line in self._lines(text, ROOM):
            self._needs(TEXT * STEP)
            self._write(line, LEFT, self.down + TEXT * STEP / 2, TEXT, colour)
            self.down += TEXT * STEP

    def _table(self, table: dict) -> None:
        columns = self._spread(table["columns"])
        head = [column["label"] for column in columns]
        self.down += 5
        # a heading never stands alone at the foot of a page
        self._needs(10 + 2 * self._height(head, columns))
        self._write(table["heading"], LEFT, self.down + 3, HEAD, is_strong=True)
        self.down += 8
        if not table["rows"]:
            self._text(table["nothing"])
            return
        self._row(head, columns, is_head=True)
        for row in table["rows"]:
            if self._needs(self._height(row, columns)):
                self._row(head, columns, is_head=True)
            self._row(row, columns)
        if table["total"]:
            wide = sum(column["width"] for column in columns[:-1])
            total = [{"label": "", "width": wide, "kind": ""}, columns[-1]]
            self._needs(self._height(["", ""], total))
            self._row([table["total_label"], table["total"]], total)

    def _spread(self, columns: list[Column]) -> list[Column]:
        """The columns over the whole width."""
        scale = ROOM / sum(column["width"] for column in columns)
        return [column | {"width": column["width"] * scale} for column in columns]

    def _cells(self, row: Row, columns: list[Column]) -> list[list[str]]:
        """The lines of each cell."""
        self.set_font("main", size=TEXT)
        return [
            self._lines(text, column["width"] - 2 * GAP)
            for text, column in zip(row, columns, strict=True)
        ]

    def _height(self, row: Row, columns: list[Column]) -> float:
        most = max(len(lines) for lines in self._cells(row, columns))
        return most * TEXT * STEP * 0.8 + 2 * GAP

    def _row(self, row: Row, columns: list[Column], *, is_head: bool = False) -> None:
        """One row at `self.down`, the text of each cell in its middle."""
        height = self._height(row, columns)
        step = TEXT * STEP * 0.8
        x = LEFT
        for lines, column in zip(self._cells(row, columns), columns, strict=True):
            width = column["width"]
            self.set_draw_color(*GREY)
            self.set_line_width(0.2)
            self.rect(x, self.down, width, height)
            y = self.down + (height - len(lines) * step) / 2 + step / 2
            for line in lines:
                self.set_font("main", size=TEXT)
                free = width - 2 * GAP - self.get_string_width(line)
                is_middle = is_head or column["kind"] == "middle"
                shift = free / 2 if is_middle else free if column["kind"] == "sum" else 0
                self._write(line, x + GAP + shift, y, TEXT, is_strong=is_head)
                y += step
            x += width
        self.down += height

    def _signs(self, signs: list[str]) -> None:
        """Lines to be signed, side by side, with room for a seal above."""
        if not signs:
            return
        self.down += 12
        self._needs(10)
        width = ROOM / len(signs)
        for number, sign in enumerate(signs):
            self._write(sign, LEFT + number * width, self.down + 3, TEXT)
        self.down += 10

    def _numbers(self) -> None:
        """Page and pages at the foot of each sheet, where there are several."""
        last = self.page
        for number in range(1, last + 1 if last > 1 else 1):
            self.page = number
            self.set_font("main", size=9)
            text = f"{number} / {last}"
            wide = self.get_string_width(text)
            self._write(text, (WIDTH - wide) / 2, BOTTOM + 10, 9, GREY)
        self.page = last
