"""bin/house.py finds what it is there to refuse."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bin"))
import house


@pytest.mark.parametrize(
    ("line", "complaint"),
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


def test_a_wide_line_and_a_long_module_are_found():
    wide = list(house.too_long(Path("plans/items.py"), f"# {'字' * 50}\n# {'字' * 49}\n"))
    assert wide == [(1, "is 102 columns wide, at most 100")]
    assert list(house.too_long(Path("templates/base.html"), "<p> " + "x" * 157)) == [
        (1, "is 161 columns wide, at most 160")
    ]
    module = "pass\n" * 401
    assert [number for number, _what in house.too_long(Path("plans/items.py"), module)] == [401]
    assert list(house.too_long(Path("tests/plans/test_items.py"), module)) == []


def test_a_circle_is_found_however_long_it_is():
    imports = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"a"}}
    assert house.circles(imports) == [["a", "b", "c"]]
    assert house.circles({"a": {"b"}, "b": set()}) == []
