"""Loading the catalogue: repeatable, all or nothing, a changed course becomes a new version."""

import csv
import json
import shutil
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from academy.loading import NameTaken
from academy.network import load_network
from academy.tables import TableError
from courses.catalogue import load_catalogue
from courses.models import (
    ClassStatus,
    Course,
    CourseStatus,
    Expert,
    Lesson,
    ServiceItem,
    TeachingFormat,
    Track,
    TrainingClass,
)

from ..factories import NOW

DEMO = Path(__file__).resolve().parents[2] / "demo"


@pytest.fixture(scope="module")
def network_for_all(django_db_setup, django_db_blocker):
    """Loaded once, in a transaction that the last test takes back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_network(DEMO / "network", today=NOW.date())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def network(network_for_all, db):
    pass


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DEMO / "catalogue", tmp_path / "catalogue"))


def change(folder: Path, file: str, row: int, **values: str) -> None:
    """Change columns of the row with this number, counted as a spreadsheet does: the heading is row 1."""
    path = folder / file
    with path.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    rows[row - 2] |= values
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def counts() -> list[int]:
    return [model.objects.count() for model in (Track, TeachingFormat, ServiceItem, Expert, Course, TrainingClass, Lesson)]


def test_the_whole_catalogue_is_loaded(network, folder):
    load_catalogue(folder, now=NOW)

    assert counts() == [4, 11, 45, 111, 100, 60, 142]
    assert all(course.versions.count() == 1 for course in Course.objects.prefetch_related("versions"))


def test_a_second_run_changes_nothing(network, folder):
    load_catalogue(folder, now=NOW)

    assert load_catalogue(folder, now=NOW).changes == 0


def test_a_class_gets_its_hours_and_its_quotas(network, folder):
    load_catalogue(folder, now=NOW)

    for training_class in TrainingClass.objects.prefetch_related("lessons", "pools"):
        assert training_class.hours == sum(lesson.hours for lesson in training_class.lessons.all())
        assert training_class.lesson_count == len(training_class.lessons.all())
        assert training_class.capacity == sum(pool.seats for pool in training_class.pools.all())


def test_a_catalogue_that_was_imported_before_is_matched_by_its_words(network, folder):
    """Formats that a table of courses brought have codes of their own, in the order of the table."""
    for number, name in enumerate(("现场教学", "课堂教学"), start=1):
        TeachingFormat.objects.create(code=f"F{number:02}", name=name)
    there = dict(TeachingFormat.objects.values_list("name", "pk"))

    load_catalogue(folder, now=NOW)

    assert {name: pk for name, pk in TeachingFormat.objects.values_list("name", "pk") if name in there} == there
    assert load_catalogue(folder, now=NOW).changes == 0



def test_a_code_that_means_something_else_here_is_named(network, folder):
    TeachingFormat.objects.create(code="F09", name="课堂教学")
    TeachingFormat.objects.create(code="F01", name="没有的形式")

    with pytest.raises(NameTaken, match="没有的形式"):
        load_catalogue(folder, now=NOW)

    assert TeachingFormat.objects.count() == 2


def test_a_changed_course_becomes_a_new_version(network, folder):
    load_catalogue(folder, now=NOW)
    change(folder, "courses.csv", 2, summary="换了一段简介")

    report = load_catalogue(folder, now=NOW)

    assert (report.new, report.changed) == (0, 1)
    course = Course.objects.get(summary="换了一段简介")
    assert [version.number for version in course.versions.order_by("number")] == [1, 2]
    assert Course.objects.exclude(pk=course.pk).filter(versions__number=2).count() == 0

    change(folder, "courses.csv", 2, summary="又换了一段")
    load_catalogue(folder, now=NOW)
    assert [version.number for version in course.versions.order_by("number")] == [1, 2, 3]


def test_a_changed_link_of_a_course_is_one_change(network, folder):
    load_catalogue(folder, now=NOW)
    change(folder, "courses.csv", 2, audiences="居民区书记")

    assert load_catalogue(folder, now=NOW).changed == 1


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
def test_a_file_that_is_no_table_is_named_by_the_command_and_nothing_is_written(network, folder, change, said):
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

    assert said == [{"new": 500, "changed": 0, "same": 0, "ended": 0}, {"new": 0, "changed": 0, "same": 500, "ended": 0}]


def first_quota(folder: Path) -> tuple[int, dict]:
    """Row number and values of the first class with a quota."""
    with (folder / "classes.csv").open(encoding="utf-8-sig", newline="") as source:
        return next((number, row) for number, row in enumerate(csv.DictReader(source), start=2) if row["town_quotas"])


@pytest.mark.parametrize("taken", ["open", "town"])
def test_a_class_never_loses_seats_that_people_hold(network, folder, taken):
    load_catalogue(folder, now=NOW)
    row, values = first_quota(folder)
    pools = TrainingClass.objects.get(code=values["class_code"]).pools
    pools.filter(town__isnull=taken == "open").update(seats_taken=F("seats"))
    before = list(pools.values_list("town", "seats", "seats_taken"))
    town, _colon, seats = values["town_quotas"].split(";")[0].partition(":")

    lower = {"capacity": str(int(values["capacity"]) - 1)} if taken == "open" else {"town_quotas": f"{town}:{int(seats) - 1}"}
    change(folder, "classes.csv", row, **lower)
    with pytest.raises(TableError, match=f"classes.csv.*{row}.*capacity"):
        load_catalogue(folder, now=NOW)

    assert list(pools.values_list("town", "seats", "seats_taken")) == before


def test_more_seats_go_to_the_open_pool(network, folder):
    load_catalogue(folder, now=NOW)
    row, values = first_quota(folder)
    quotas = sum(int(part.partition(":")[2]) for part in values["town_quotas"].split(";"))
    change(folder, "classes.csv", row, capacity=str(quotas + 1))

    assert load_catalogue(folder, now=NOW).changed == 1
    assert TrainingClass.objects.get(code=values["class_code"]).pools.get(town=None).seats == 1


def test_a_lesson_at_another_time_raises_the_sequence_that_calendars_go_by(network, folder):
    load_catalogue(folder, now=NOW)
    row, values = first_quota(folder)
    training_class = TrainingClass.objects.get(code=values["class_code"])
    change(folder, "classes.csv", row, end=(datetime.fromisoformat(values["end"]) + timedelta(minutes=5)).isoformat())

    load_catalogue(folder, now=NOW)
    load_catalogue(folder, now=NOW)

    assert TrainingClass.objects.get(pk=training_class.pk).sequence == training_class.sequence + 1


def test_a_class_that_is_over_stays_as_it_was(network, folder):
    load_catalogue(folder, now=NOW)
    row, values = first_quota(folder)
    TrainingClass.objects.filter(code=values["class_code"]).update(status=ClassStatus.CLOSED)
    change(folder, "classes.csv", row, class_name="改了名字")

    assert load_catalogue(folder, now=NOW).changes == 0


@pytest.mark.parametrize("column", ["venue_code", "lecturer_code"])
def test_a_room_or_a_lecturer_in_two_lessons_at_one_time_is_refused(network, folder, column):
    with (folder / "classes.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    one = next(number for number, row in enumerate(rows) if row["lecturer_code"])
    other = next(number for number, row in enumerate(rows) if row["class_code"] != rows[one]["class_code"] and row["lesson_count"] == "1")
    same = {name: rows[one][name] for name in ("start", "end", "booking_opens", "booking_closes", column)}
    change(folder, "classes.csv", other + 2, **same, capacity="1", town_quotas="")

    with pytest.raises(TableError, match=column):
        load_catalogue(folder, now=NOW)


def test_two_lessons_of_a_class_at_one_time_are_refused(network, folder):
    with (folder / "classes.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    second = next(number for number, row in enumerate(rows) if row["lesson_no"] == "2")
    change(folder, "classes.csv", second + 2, start=rows[second - 1]["start"], end=rows[second - 1]["end"], venue_code="R01", lecturer_code="")

    with pytest.raises(TableError, match="start"):
        load_catalogue(folder, now=NOW)


def test_what_the_office_has_hidden_stays_hidden(network, folder):
    load_catalogue(folder, now=NOW)
    Expert.objects.filter(code="JS-001").update(published=False)
    Course.objects.filter(code="SW-001").update(status=CourseStatus.RETIRED)

    assert load_catalogue(folder, now=NOW).changes == 0
    assert not Expert.objects.get(code="JS-001").published
    assert Course.objects.get(code="SW-001").status == CourseStatus.RETIRED


def test_a_changed_link_is_seen_in_the_catalogue_at_once(client, network, folder, time_machine):
    time_machine.move_to(NOW)
    load_catalogue(folder, now=NOW)
    client.get("/courses/")
    change(folder, "courses.csv", 2, audiences="居民区书记")
    load_catalogue(folder, now=NOW + timedelta(minutes=1))

    code = Course.objects.get(audiences__name="居民区书记", versions__number=2).code
    row = next(row["course"] for row in client.get("/courses/?per_page=100").context["rows"] if row["course"].code == code)
    assert row.values["audience"] == {"居民区书记"}


def test_everything_loaded_is_published(network, folder):
    load_catalogue(folder, now=NOW)

    assert set(Course.objects.values_list("status", flat=True)) == {CourseStatus.PUBLISHED}
