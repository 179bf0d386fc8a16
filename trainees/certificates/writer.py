"""The process that writes a PDF: reads `{"fonts": folder}` with `papers`, certificates, or `paper`,
one of tables, and writes the file. It knows nothing of Django:

    python -m trainees.certificates.writer < papers.json > certificates.pdf
"""

import json
import sys
from pathlib import Path

from . import sheets, table_sheets


def main() -> None:
    """Read what is asked from the input, write the file to the output."""
    asked = json.load(sys.stdin.buffer)
    fonts = Path(asked["fonts"])
    content = (
        table_sheets.written(fonts, asked["paper"])
        if "paper" in asked
        else sheets.written(fonts, asked["papers"])
    )
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
