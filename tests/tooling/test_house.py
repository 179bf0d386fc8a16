"""bin/house.py finds what it is there to refuse."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bin"))
import house


@pytest.mark.parametrize(
    "line, complaint",
    [
        ("# Source: DESIGN.md §6", "refers to DESIGN.md, which is not in the project"),
        ("# docs/rules.md R1, R999", "refers to R999, which docs/rules.md does not have"),
        (
            "`trainees/no_such_module.py`",
            "refers to trainees/no_such_module.py, which is not in the project",
        ),
        ("# Source: issue 4", "refers to an issue; say the reason, or cite docs/rules.md"),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(line, complaint):
    found = list(house.lost_references(Path("trainees/booking/enrolling.py"), line, {"R1"}))
    assert found == [(1, complaint)]


def test_a_reference_that_leads_somewhere_is_let_through():
    text = "# docs/rules.md R1 and `courses/schedule/quotas.py`, README.md\n"
    assert list(house.lost_references(Path("trainees/booking/enrolling.py"), text, {"R1"})) == []
