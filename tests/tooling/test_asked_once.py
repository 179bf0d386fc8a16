"""What one database is asked of in an ordinary run, and what both."""

import pytest
from django.conf import settings

from ..asked_once import ON_POSTGRESQL, ON_SQLITE, only_database_of


@pytest.mark.parametrize(
    ("file", "asked"),
    [
        ("tests/access/test_matrix.py", "on_postgresql"),
        ("tests/access/test_orphans.py", "on_sqlite"),
        ("tests/access/test_hostile_rows.py", None),  # what the database refuses
        ("tests/plans/test_plan_pages.py", "on_sqlite"),
        ("tests/trainees/test_booking_machine.py", "on_sqlite"),
        ("tests/plans/test_filing.py", None),
        ("tests/portal/test_office_lists.py", "on_sqlite"),
        ("tests/academy/test_search.py", None),
        ("tests/races/test_seat_races.py", None),
    ],
)
def test_pages_ask_one_and_rules_ask_both(file, asked):
    assert only_database_of(f"{file}::test_something[x_pages.py]") == asked


@pytest.mark.parametrize(
    ("test", "asked"),
    [
        (
            "tests/portal/test_office_lists.py::test_every_list_is_sorted_by_each_column_that_says_so[classes]",
            None,
        ),
        ("tests/plans/test_grid_races.py::test_without_the_lock_one_wins", None),
        ("tests/plans/test_grid_races.py::test_all_lose_on_postgresql[one]", "on_postgresql"),
    ],
)
def test_a_few_are_told_by_the_name_of_the_test(test, asked):
    assert only_database_of(test) == asked


def test_the_files_that_are_named_are_there():
    for start in ON_POSTGRESQL:
        assert (settings.BASE_DIR / start.partition("::")[0]).is_file()
    for end in ON_SQLITE:
        assert list((settings.BASE_DIR / "tests").rglob(f"*{end.lstrip('/')}")), end


def test_every_test_of_this_run_was_marked_by_its_file(request):
    names = ("on_postgresql", "on_sqlite")
    wrong = [
        item.nodeid
        for item in request.session.items
        if [name for name in names if item.get_closest_marker(name)]
        != [name for name in names if name == only_database_of(item.nodeid)]
    ]
    assert wrong == []
