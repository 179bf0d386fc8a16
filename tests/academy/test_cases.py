"""The files in `tests/cases/` are read as the table beside them says."""

import json
import re
from pathlib import Path

import pytest

from academy.headings import HeadingWords
from academy.table_rows import read_rows
from courses.importers import CourseImporter
from plans.importers import PlanImporter

CASES = Path(__file__).parent.parent / "cases"
EXPECTED = json.loads((CASES / "read.json").read_text("utf-8"))
@pytest.mark.parametrize("name", EXPECTED)
def test_a_case_is_read_as_it_should_be(name):
    importer = CourseImporter if name.startswith("c") else PlanImporter
    columns = {column.name: f"{column.heading} {column.synonyms}" for column in importer.columns}
    words = HeadingWords(columns, needed=importer.needed, fewest=importer.fewest)

    found = read_rows((CASES / name).read_bytes(), name, words)

    assert summary(found) == {"hidden": [], "totals": [], "rejected": {}, "formulas": {}} | EXPECTED[name]


def summary(found) -> dict:
    return {
        "rows": {sheet: spans([row.row for row in found.rows if row.sheet == sheet]) for sheet in found.headings},
        "hidden": [item["row"] or item["heading"] for item in found.hidden],
        "totals": [row.row for row in found.totals],
        "rejected": {str(row.row): re.findall(r"[A-Z]+[0-9]+(?=）)", "".join(row.reasons)) for row in found.rows if row.reasons},
        "formulas": {str(row.row): sorted(row.formulas) for row in found.rows if row.formulas},
    }


def spans(rows: list[int]) -> str:
    """3-5 7 for 3, 4, 5 and 7."""
    found: list[list[int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return " ".join(f"{first}-{last}" if first != last else str(first) for first, last in found)
