"""Loading the catalogue on a portal without one: all or nothing, and what is wrong is named."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from academy.imports.loading import NameTaken
from academy.network import load_network
from academy.spreadsheets.csv_files import TableError
from courses.loading.catalogue import load_catalogue
from courses.models import TeachingFormat

from ..factories import NOW
from ..shared_rows import rows_for_all
from .catalogue_files import DEMO, change, copy_of_the_catalogue, counts


@pytest.fixture(scope="module")
def network_for_all(django_db_setup, django_db_blocker):
    """Loaded once, in a transaction that the last test takes back."""
    with rows_for_all(django_db_blocker):
        load_network(DEMO / "network", today=NOW.date())
        yield


@pytest.fixture
def network(network_for_all, db):
    pass


@pytest.fixture
def folder(tmp_path):
    return copy_of_the_catalogue(tmp_path)


def test_a_catalogue_that_was_imported_before_is_matched_by_its_words(network, folder):
    """Formats that a table of courses brought have codes of their own, in the order of the
    table.
    """
    for number, name in enumerate(("现场教学", "课堂教学"), start=1):
        TeachingFormat.objects.create(code=f"F{number:02}", name=name)
    there = dict(TeachingFormat.objects.values_list("name", "pk"))

    load_catalogue(folder, now=NOW)

    assert {
        name: pk for name, pk in TeachingFormat.objects.values_list("name", "pk") if name in there
    } == there
    assert load_catalogue(folder, now=NOW).changes == 0


def test_a_code_that_means_something_else_here_is_named(network, folder):
    TeachingFormat.objects.create(code="F09", name="课堂教学")
    TeachingFormat.objects.create(code="F01", name="没有的形式")

    with pytest.raises(NameTaken, match="没有的形式"):
        load_catalogue(folder, now=NOW)

    assert TeachingFormat.objects.count() == 2


@pytest.mark.parametrize(
    ("file", "row", "column", "value"),
    [
        ("courses.csv", 3, "hours", "许多"),
        ("courses.csv", 3, "hours", "0"),
        ("courses.csv", 3, "teaching_formats", "没有的形式"),
        ("courses.csv", 3, "department_code", "X99"),
        ("courses.csv", 3, "title", ""),
        ("service_items.csv", 4, "department_code", "X99"),
        ("experts.csv", 5, "village_code", "1"),
        ("classes.csv", 2, "capacity", "0"),
        ("classes.csv", 2, "capacity", "9999"),
        ("classes.csv", 2, "town_quotas", "310113003:many"),
        ("classes.csv", 3, "venue_code", "R99"),
        ("classes.csv", 3, "end", "2026-08-20T01:00:00+08:00"),
        ("classes.csv", 3, "start", "gestern"),
        ("classes.csv", 3, "start", "0001-01-01T00:00:00+08:00"),
        ("classes.csv", 3, "end", "9999-12-31T23:59:00-08:00"),
        ("classes.csv", 3, "start", "2026-09-01T09:00:00"),
        ("classes.csv", 3, "lesson_no", "1"),
        ("classes.csv", 3, "lesson_no", "70000"),
        ("classes.csv", 2, "class_code", "PX/1"),
        ("classes.csv", 2, "class_code", ""),
        ("classes.csv", 2, "programme", "长" * 41),
        ("classes.csv", 2, "booking_closes", "2030-01-01T00:00:00+08:00"),
        ("classes.csv", 2, "booking_closes", "2020-01-01T00:00:00+08:00"),
        ("classes.csv", 2, "town_quotas", "310113003:9000"),
        ("classes.csv", 2, "town_quotas", "999999999:1"),
        ("classes.csv", 2, "waitlist", "maybe"),
        ("courses.csv", 3, "course_code", "SW 1"),
        ("courses.csv", 3, "hours", "1.10"),
        ("courses.csv", 3, "hours", "NaN"),
        ("courses.csv", 3, "audiences", "长" * 41),
        ("courses.csv", 3, "practice_move", "²"),
        ("courses.csv", 3, "title", "长" * 81),
        ("experts.csv", 5, "years_in_post", "70000"),
    ],
)
def test_a_malformed_row_is_named_and_nothing_is_written(network, folder, file, row, column, value):
    change(folder, file, row, **{column: value})

    with pytest.raises(TableError) as refused:
        load_catalogue(folder, now=NOW)

    said = str(refused.value)
    assert file in said and str(row) in said and column in said
    assert counts() == [0, 0, 0, 0, 0, 0, 0]


def test_a_code_that_stands_twice_is_refused(network, folder):
    change(folder, "courses.csv", 3, course_code="SW-001")
    change(folder, "courses.csv", 4, course_code="SW-001")

    with pytest.raises(TableError, match="course_code"):
        load_catalogue(folder, now=NOW)


def rewrite(folder: Path, file: str, change) -> None:
    path = folder / file
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: content.replace(b"town_quotas", b"quotas", 1), "town_quotas"),
        (lambda content: content + b"\xff\xfe\xff", "classes.csv"),
        (lambda content: content[:-20] + b"\x00" + content[-20:], "classes.csv"),
        (lambda content: content + b'"open', "classes.csv"),
        (lambda content: b"", "class_code"),
    ],
    ids=["column missing", "not text", "NUL", "open quote", "empty"],
)
def test_a_file_that_is_no_table_is_named_by_the_command_and_nothing_is_written(
    network, folder, change, said
):
    rewrite(folder, "classes.csv", change)

    with pytest.raises(CommandError, match=said) as refused:
        call_command("load_catalogue", folder)

    assert refused.value.returncode == 1
    assert counts() == [0, 0, 0, 0, 0, 0, 0]


def test_a_folder_without_the_files_is_said(network, tmp_path):
    with pytest.raises(CommandError, match="teaching_formats.csv"):
        call_command("load_catalogue", tmp_path)


def test_a_file_in_the_encoding_of_offices_is_read(network, folder):
    rewrite(folder, "courses.csv", lambda content: content.decode("utf-8-sig").encode("gb18030"))

    assert load_catalogue(folder, now=NOW).new == 500


def test_the_command_reports_in_json(network, folder):
    said = []
    for _time in range(2):
        output = StringIO()
        call_command("load_catalogue", folder, "--json", stdout=output)
        said.append(json.loads(output.getvalue()))

    assert said == [
        {"new": 500, "changed": 0, "same": 0, "ended": 0},
        {"new": 0, "changed": 0, "same": 500, "ended": 0},
    ]


@pytest.mark.parametrize("column", ["venue_code", "lecturer_code"])
def test_a_room_or_a_lecturer_in_two_lessons_at_one_time_is_refused(network, folder, column):
    with (folder / "classes.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    one = next(number for number, row in enumerate(rows) if row["lecturer_code"])
    other = next(
        number
        for number, row in enumerate(rows)
        if row["class_code"] != rows[one]["class_code"] and row["lesson_count"] == "1"
    )
    same = {
        name: rows[one][name]
        for name in ("start", "end", "booking_opens", "booking_closes", column)
    }
    change(folder, "classes.csv", other + 2, **same, capacity="1", town_quotas="")

    with pytest.raises(TableError, match=column):
        load_catalogue(folder, now=NOW)


def test_two_lessons_of_a_class_at_one_time_are_refused(network, folder):
    with (folder / "classes.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    second = next(number for number, row in enumerate(rows) if row["lesson_no"] == "2")
    change(
        folder,
        "classes.csv",
        second + 2,
        start=rows[second - 1]["start"],
        end=rows[second - 1]["end"],
        venue_code="R01",
        lecturer_code="",
    )

    with pytest.raises(TableError, match="start"):
        load_catalogue(folder, now=NOW)
