"""Reading a printed page: how many there are, how small the type gets, what stands on each."""

import io
import math
import re
import unicodedata
from dataclasses import dataclass

from pypdf import PdfReader

# what a PDF calls some characters that stand on the paper as the ordinary ones
RADICALS = str.maketrans(
    "⻚⻅⻓⻔⻛⻋⻢⻜⻝⻥⻦⻨⻩⻬⻮⻰⻉⻄⺠⻘⻆⻁", "页见长门风车马飞食鱼鸟麦黄齐齿龙贝西民青角虎"
)
POINTS_OF_A_MILLIMETRE = 72 / 25.4


@dataclass(frozen=True)
class Paper:
    """A PDF as somebody holds it."""

    texts: list[str]  # of each page, without spaces
    smallest: float  # type, in points
    size: tuple[int, int]  # of the first page, in millimetres

    @property
    def pages(self) -> int:
        return len(self.texts)


def read(content: bytes) -> Paper:
    """The text of each page, and the smallest type on any."""
    reader = PdfReader(io.BytesIO(content))
    sizes: list[float] = []

    def look(text, matrix, text_matrix, _font, size) -> None:
        if text.strip():
            sizes.append(size * _scale(matrix) * _scale(text_matrix))

    texts = [page.extract_text(visitor_text=look) for page in reader.pages]
    box = reader.pages[0].mediabox
    return Paper(
        [_ordinary(text) for text in texts],
        round(min(sizes), 1),
        (
            round(float(box.width) / POINTS_OF_A_MILLIMETRE),
            round(float(box.height) / POINTS_OF_A_MILLIMETRE),
        ),
    )


def _ordinary(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).translate(RADICALS))


def _scale(matrix) -> float:
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
