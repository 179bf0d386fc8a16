"""The writer of certificates: A4 across, two sides of one sheet, text that can be selected.

It knows nothing of Django: `pdf.py` runs it as a process of its own (`writer.py`), so that the
fonts, 65 MiB in memory, are gone when the file is written.

Noto Sans SC has the characters of the standard, Noto Sans JP rare ones such as 𠮷. Only those that
occur are put into the file.
"""

from pathlib import Path

import segno
from fpdf import FPDF

MAIN = "fonts-sc/fonts/NotoSansHans-Regular.otf"
RARE = "fonts-jp/fonts/NotoSansJP-Regular.otf"
RED, INK, GREY = (158, 27, 27), (30, 30, 30), (95, 95, 95)
WIDTH, HEIGHT = 297, 210  # mm
MIDDLE, MARGIN = WIDTH / 2, 10
LEFT, RIGHT = (24, 100.5), (168, 105)  # x and width of what is written on each side, mm
QR_SIDE = 36  # mm
STEP = 0.68  # mm between two lines for each point of their size
# no line begins with one of these
CLOSING = "，。、；：？！）》〉”’】…,.;:?!)"
OPENING = "“‘（《〈【"

Paper = dict[str, str]  # the fields of `wording.Paper`


def written(fonts: Path, papers: list[Paper]) -> bytes:
    """One sheet for each paper."""
    sheets = Sheets(fonts)
    for paper in papers:
        sheets.add(paper)
    return bytes(sheets.output())


class Sheets(FPDF):
    """The sheets of one file."""

    def __init__(self, fonts: Path, orientation: str = "landscape") -> None:
        super().__init__(orientation=orientation, unit="mm", format="A4")
        self.set_auto_page_break(auto=False)
        self.set_margin(0)
        self.c_margin = 0
        self.add_font("main", fname=fonts / MAIN)
        self.add_font("rare", fname=fonts / RARE)
        self.set_fallback_fonts(["rare"], exact_match=False)
        self.set_lang("zh-Hans")

    def add(self, paper: Paper) -> None:
        self.add_page()
        self._frame()
        self._front(paper)
        self._inside(paper)

    def _frame(self) -> None:
        self.set_draw_color(*RED)
        for inset, line in ((MARGIN, 1.1), (MARGIN + 2.4, 0.3)):
            self.set_line_width(line)
            self.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)
        self.set_draw_color(*GREY)
        self.set_line_width(0.15)
        self.set_dash_pattern(dash=1.2, gap=1.6)
        self.line(MIDDLE, MARGIN + 6, MIDDLE, HEIGHT - MARGIN - 6)
        self.set_dash_pattern()

    def _front(self, paper: Paper) -> None:
        """The left side: what it is, its number, the code to check it."""
        self._middle(paper["academy"], 44, 16)
        self._middle(paper["title"], 68, 36, RED, spacing=6, is_strong=True)
        self.set_draw_color(*RED)
        self.set_line_width(0.4)
        self.line(LEFT[0] + 18, 84, LEFT[0] + LEFT[1] - 18, 84)
        self._middle(f"{paper['number_label']}：{paper['number']}", 97, 12.5)
        self._qr(paper["address"], LEFT[0] + (LEFT[1] - QR_SIDE) / 2, 110)
        self._middle(paper["code"], 153, 12.5)
        self._middle(paper["hint"], 162, 9.5, GREY)

    def _inside(self, paper: Paper) -> None:
        """The right side: who, what for, by whom, with room for the seal."""
        left, width = RIGHT
        comrade = f" {paper['comrade']}："
        self.set_font("main", size=17)
        room = width - self.get_string_width(comrade)
        size = self._fitting(paper["name"], room, 24)
        wide = self.get_string_width(paper["name"])
        self._write(paper["name"], left, 46, size, is_strong=True)
        self.set_line_width(0.25)
        self.line(left, 53, left + wide, 53)
        self._write(comrade, left + wide, 47, 17)
        size, lines = self._lines_that_fit(f"　　{paper['text']}", width, most=6)
        lines.append(f"　　{paper['closing']}")
        for number, line in enumerate(lines):
            self._write(line, left, 68 + number * size * STEP, size)
        self._ending(paper["issuer"], 158, self._fitting(paper["issuer"], width, 15))
        self._ending(paper["issued_on"], 172, 15)
        self._write(paper["seal"], left, 144, 13, GREY)

    def _middle(
        self,
        text: str,
        y: float,
        size: float,
        colour=INK,
        *,
        spacing: float = 0,
        is_strong: bool = False,
    ) -> None:
        """In the middle of the left side; `spacing` is points between characters."""
        self.set_char_spacing(spacing)
        size = self._fitting(text, LEFT[1], size)
        wide = self.get_string_width(text)
        self._write(text, LEFT[0] + (LEFT[1] - wide) / 2, y, size, colour, is_strong=is_strong)
        self.set_char_spacing(0)

    def _write(
        self, text: str, x: float, y: float, size: float, colour=INK, *, is_strong: bool = False
    ) -> None:
        """One line with its middle at y; the one weight of the font is drawn thicker by a line."""
        self.set_font("main", size=size)
        self.set_text_color(*colour)
        self.set_draw_color(*colour)
        self.set_line_width(size * 0.009)
        self.text_mode = "FILL_STROKE" if is_strong else "FILL"
        self.set_xy(x, y - size * 0.2)
        self.cell(w=0, h=size * 0.4, text=text)
        self.text_mode = "FILL"

    def _ending(self, text: str, y: float, size: float) -> None:
        """To the right edge of the right side."""
        self.set_font("main", size=size)
        self._write(text, RIGHT[0] + RIGHT[1] - self.get_string_width(text), y, size)

    def _fitting(self, text: str, width: float, size: float) -> float:
        """The size in points, at most `size`, in which the text fits into the width."""
        self.set_font("main", size=size)
        wide = self.get_string_width(text)
        if wide > width:
            size *= width / wide
            self.set_font("main", size=size)
        return size

    def _lines_that_fit(self, text: str, width: float, *, most: int) -> tuple[float, list[str]]:
        """(size in points, lines): the largest size in which there are at most so many lines."""
        for size in (17, 15.5, 14, 12.5, 11, 9.5):
            self.set_font("main", size=size)
            lines = self._lines(text, width)
            if len(lines) <= most:
                break
        return size, lines

    def _lines(self, text: str, width: float) -> list[str]:
        """Break anywhere but before closing punctuation and inside numbers and words."""
        lines, line = [], ""
        for part in _parts(text):
            if line and self.get_string_width(line + part) > width:
                lines.append(line)
                line = ""
            line += part
        return [*lines, line]

    def _qr(self, text: str, x: float, y: float) -> None:
        """Dark modules as rectangles, with four modules of white around them."""
        matrix = segno.make(text, error="m", micro=False).matrix
        side = QR_SIDE / len(matrix)
        self.set_fill_color(0, 0, 0)
        for row, modules in enumerate(matrix):
            begin = None
            for column, dark in enumerate([*modules, 0]):
                if dark and begin is None:
                    begin = column
                elif not dark and begin is not None:
                    self.rect(
                        x + begin * side, y + row * side, (column - begin) * side, side, style="F"
                    )
                    begin = None


def _parts(text: str) -> list[str]:
    """What stays together on a line: each character with the closing punctuation behind it, words
    and numbers of the Latin script whole.
    """
    parts: list[str] = []
    for character in text:
        joins = parts and (
            character in CLOSING
            or (_is_latin(character) and _is_latin(parts[-1][-1]))
            or parts[-1][-1] in OPENING
        )
        if joins:
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def _is_latin(character: str) -> bool:
    return character.isascii() and not character.isspace()
