"""What one database is asked of in an ordinary run, and what both."""

import pytest
from django.conf import settings

from ..asked_once import ALSO, FIXED_LIVES, is_asked_once


@pytest.mark.parametrize(
    ("file", "once"),
    [
        ("tests/access/test_matrix.py", True),
        ("tests/plans/test_plan_pages.py", True),
        ("tests/trainees/test_booking_machine.py", True),
        ("tests/plans/test_filing.py", False),
        ("tests/portal/test_office_lists.py", False),
        ("tests/academy/test_search.py", False),
        ("tests/races/test_seat_races.py", False),
        ("tests/e2e/test_every_page.py", False),
    ],
)
def test_pages_ask_one_and_rules_ask_both(file, once):
    assert is_asked_once(f"{file}::test_something[access/x_pages.py]") is once


def test_the_files_that_are_named_are_there():
    for name in (*ALSO, *FIXED_LIVES):
        assert list((settings.BASE_DIR / "tests").rglob(name)), name


def test_every_test_of_this_run_was_marked_by_its_file(request):
    wrong = [
        item.nodeid
        for item in request.session.items
        if bool(item.get_closest_marker("once")) != is_asked_once(item.nodeid)
    ]
    assert wrong == []
