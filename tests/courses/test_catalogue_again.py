"""The catalogue is there, and is loaded again: nothing changes, or what has changed since."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db.models import F

from academy.network import load_network
from academy.spreadsheets.csv_files import TableError
from courses.loading.catalogue import load_catalogue
from courses.models import ClassStatus, Course, CourseStatus, Expert, TrainingClass

from ..factories import NOW
from ..shared_rows import rows_for_all
from .catalogue_files import DEMO, change, copy_of_the_catalogue, counts


@pytest.fixture(scope="module")
def catalogue_for_all(django_db_setup, django_db_blocker):
    """Loaded once, in a transaction that the last test takes back."""
    with rows_for_all(django_db_blocker):
        load_network(DEMO / "network", today=NOW.date())
        load_catalogue(DEMO / "catalogue", now=NOW)
        yield


@pytest.fixture
def catalogue(catalogue_for_all, db):
    pass


@pytest.fixture
def folder(tmp_path):
    return copy_of_the_catalogue(tmp_path)


def first_quota(folder: Path) -> tuple[int, dict]:
    """Row number and values of the first class with a quota."""
    with (folder / "classes.csv").open(encoding="utf-8-sig", newline="") as source:
        return next(
            (number, row)
            for number, row in enumerate(csv.DictReader(source), start=2)
            if row["town_quotas"]
        )


def test_the_whole_catalogue_is_loaded(catalogue):
    assert counts() == [4, 11, 45, 111, 100, 60, 142]
    assert all(
        course.versions.count() == 1 for course in Course.objects.prefetch_related("versions")
    )


def test_a_second_run_changes_nothing(catalogue, folder):
    assert load_catalogue(folder, now=NOW).changes == 0


def test_a_class_gets_its_hours_and_its_quotas(catalogue):
    for training_class in TrainingClass.objects.prefetch_related("lessons", "pools"):
        assert training_class.hours == sum(lesson.hours for lesson in training_class.lessons.all())
        assert training_class.lesson_count == len(training_class.lessons.all())
        assert training_class.capacity == sum(pool.seats for pool in training_class.pools.all())


def test_a_changed_course_becomes_a_new_version(catalogue, folder):
    change(folder, "courses.csv", 2, summary="换了一段简介")

    report = load_catalogue(folder, now=NOW)

    assert (report.new, report.changed) == (0, 1)
    course = Course.objects.get(summary="换了一段简介")
    assert [version.number for version in course.versions.order_by("number")] == [1, 2]
    assert Course.objects.exclude(pk=course.pk).filter(versions__number=2).count() == 0

    change(folder, "courses.csv", 2, summary="又换了一段")
    load_catalogue(folder, now=NOW)
    assert [version.number for version in course.versions.order_by("number")] == [1, 2, 3]


def test_a_changed_link_of_a_course_is_one_change(catalogue, folder):
    change(folder, "courses.csv", 2, audiences="居民区书记")

    assert load_catalogue(folder, now=NOW).changed == 1


@pytest.mark.parametrize("taken", ["open", "town"])
def test_a_class_never_loses_seats_that_people_hold(catalogue, folder, taken):
    row, values = first_quota(folder)
    pools = TrainingClass.objects.get(code=values["class_code"]).pools
    pools.filter(town__isnull=taken == "open").update(seats_taken=F("seats"))
    before = list(pools.values_list("town", "seats", "seats_taken"))
    town, _colon, seats = values["town_quotas"].split(";")[0].partition(":")

    lower = (
        {"capacity": str(int(values["capacity"]) - 1)}
        if taken == "open"
        else {"town_quotas": f"{town}:{int(seats) - 1}"}
    )
    change(folder, "classes.csv", row, **lower)
    with pytest.raises(TableError, match=f"classes.csv.*{row}.*capacity"):
        load_catalogue(folder, now=NOW)

    assert list(pools.values_list("town", "seats", "seats_taken")) == before


def test_more_seats_go_to_the_open_pool(catalogue, folder):
    row, values = first_quota(folder)
    quotas = sum(int(part.partition(":")[2]) for part in values["town_quotas"].split(";"))
    change(folder, "classes.csv", row, capacity=str(quotas + 1))

    assert load_catalogue(folder, now=NOW).changed == 1
    assert TrainingClass.objects.get(code=values["class_code"]).pools.get(town=None).seats == 1


def test_a_lesson_at_another_time_raises_the_sequence_that_calendars_go_by(catalogue, folder):
    row, values = first_quota(folder)
    training_class = TrainingClass.objects.get(code=values["class_code"])
    change(
        folder,
        "classes.csv",
        row,
        end=(datetime.fromisoformat(values["end"]) + timedelta(minutes=5)).isoformat(),
    )

    load_catalogue(folder, now=NOW)
    load_catalogue(folder, now=NOW)

    assert TrainingClass.objects.get(pk=training_class.pk).sequence == training_class.sequence + 1


def test_a_class_that_is_over_stays_as_it_was(catalogue, folder):
    row, values = first_quota(folder)
    TrainingClass.objects.filter(code=values["class_code"]).update(status=ClassStatus.CLOSED)
    change(folder, "classes.csv", row, class_name="改了名字")

    assert load_catalogue(folder, now=NOW).changes == 0


def test_what_the_office_has_hidden_stays_hidden(catalogue, folder):
    Expert.objects.filter(code="JS-001").update(published=False)
    Course.objects.filter(code="SW-001").update(status=CourseStatus.RETIRED)

    assert load_catalogue(folder, now=NOW).changes == 0
    assert not Expert.objects.get(code="JS-001").published
    assert Course.objects.get(code="SW-001").status == CourseStatus.RETIRED


def test_a_changed_link_is_seen_in_the_catalogue_at_once(client, catalogue, folder, time_machine):
    time_machine.move_to(NOW)
    client.get("/courses/")
    change(folder, "courses.csv", 2, audiences="居民区书记")
    load_catalogue(folder, now=NOW + timedelta(minutes=1))

    code = Course.objects.get(audiences__name="居民区书记", versions__number=2).code
    row = next(
        row["course"]
        for row in client.get("/courses/?per_page=100").context["rows"]
        if row["course"].code == code
    )
    assert row.values["audience"] == {"居民区书记"}


def test_everything_loaded_is_published(catalogue):
    assert set(Course.objects.values_list("status", flat=True)) == {CourseStatus.PUBLISHED}
