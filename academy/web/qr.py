"""Addresses as pictures that a phone reads: plain SVG parts, drawn by the template without a style
attribute.
"""

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around the code; ISO/IEC 18004 asks for four
CORRECTION = "m"  # 15 % may be dirt or a crease: cards hang on office walls


@dataclass(frozen=True)
class QrPicture:
    """`size` is the side of the view box in modules, `path` strokes the dark ones row by row."""

    text: str
    size: int
    path: str


def qr_picture(text: str) -> QrPicture:
    """The QR code of a text, as large as it must be and no larger."""
    matrix = segno.make(text, error=CORRECTION, micro=False).matrix
    runs = []
    for y, row in enumerate(matrix):
        begin = None
        for x, dark in enumerate([*row, 0]):
            if dark and begin is None:
                begin = x
            elif not dark and begin is not None:
                runs.append(f"M{begin + QUIET} {y + QUIET}.5h{x - begin}")
                begin = None
    return QrPicture(text, len(matrix) + 2 * QUIET, "".join(runs))
