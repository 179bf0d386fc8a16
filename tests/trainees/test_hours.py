"""What a mark earns, whose balance is what, and what the year asks for."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from academy.models import CampusKind
from academy.spreadsheets.csv_files import TableError
from courses.models import ClassStatus
from trainees.booking.enrolling import book
from trainees.models import Attendance, HourEntry, HourTarget
from trainees.record.attendance import mark_rest
from trainees.record.closing import close_class
from trainees.record.hours import (
    RULE,
    balance,
    booked_lessons,
    centralised_sessions,
    hours_for,
    load_hour_targets,
    progress,
    target_for,
)

from ..factories import NOW, SHANGHAI, CampusFactory, LessonFactory, PositionFactory, class_with

pytestmark = pytest.mark.django_db


def attended(trainee, *, starts_at=None, close=True, **fields):
    """A class in which the trainee was present all the time."""
    starts_at = starts_at or NOW + timedelta(days=14)
    before = starts_at - timedelta(days=14)
    training_class = class_with(
        seats=5,
        starts_at=starts_at,
        booking_opens_at=before - timedelta(days=10),
        booking_closes_at=before + timedelta(days=7),
        **fields,
    )
    book(
        trainee=trainee,
        training_class=training_class,
        by=trainee.user,
        now=before,
        repeat_reason="再学一遍",
    )
    for lesson in training_class.lessons.all():
        mark_rest(lesson=lesson, status="present", by=trainee.user, now=lesson.ends_at)
    if close:
        close_class(training_class=training_class, by=trainee.user, now=training_class.ends_at)
    return training_class


def target(position, hours, valid_from, valid_to=None, sessions=1):
    return HourTarget.objects.create(
        position=position,
        hours=hours,
        centralised_sessions=sessions,
        legal_basis="示例文件",
        valid_from=valid_from,
        valid_to=valid_to,
    )


# --- What a mark earns ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "minutes", "expected"),
    [
        ("present", None, "3.00"),
        ("absent", None, "0"),
        ("excused", None, "0"),
        ("late", None, "3.00"),  # an old mark without minutes
        ("late", 145, "3.00"),
        ("late", 144, "2.75"),  # 2.979
        ("late", 133, "2.75"),  # 2.752
        ("late", 132, "2.50"),  # 2.731
        ("left_early", 12, "0"),  # 0.248
        ("left_early", 13, "0.25"),  # 0.269
        ("left_early", 0, "0"),
        ("left_early", 999, "3.00"),  # the lesson was shortened after the mark
        ("present", 1, "3.00"),
    ],
)
def test_hours_of_a_mark_are_rounded_down_to_a_quarter(status, minutes, expected):
    # 145 minutes, 3 hours
    lesson = LessonFactory.build(training_class=None, course_version=None, venue=None)

    assert hours_for(Attendance(status=status, minutes=minutes), lesson) == Decimal(expected)


# --- The balance and the year ---------------------------------------------------------------------


def test_the_balance_of_a_year_is_the_sum_of_its_lines(cadre, outsider):
    attended(cadre)
    attended(cadre, starts_at=datetime(2026, 12, 31, 9, tzinfo=SHANGHAI))
    attended(outsider)

    assert {year: balance(cadre, year) for year in (2025, 2026, 2027)} == {
        2025: 0,
        2026: 3,
        2027: 3,
    }


def test_the_year_is_that_of_the_lesson_in_shanghai(cadre):
    # 23:30 of the old year in UTC
    attended(cadre, starts_at=datetime(2027, 1, 1, 7, 30, tzinfo=SHANGHAI))

    assert (balance(cadre, 2026), balance(cadre, 2027)) == (0, 3)
    assert HourEntry.objects.get().earned_on == date(2027, 1, 1)


def test_no_target_is_none_and_not_zero(cadre):
    year = progress(cadre, 2027, NOW)

    assert (
        target_for(cadre.position, 2027),
        year.target,
        year.missing,
        year.centralised_missing,
        year.booked_is_enough,
    ) == (None, None, None, 0, False)


def test_the_target_is_the_one_that_holds_at_the_end_of_the_year(cadre):
    old = target(cadre.position, 40, date(2025, 1, 1), date(2026, 12, 31))
    new = target(cadre.position, 56, date(2027, 7, 1))
    target(PositionFactory(), 99, date(2020, 1, 1))

    assert {year: target_for(cadre.position, year) for year in (2024, 2025, 2026, 2027, 2030)} == {
        2024: None,
        2025: old,
        2026: old,
        2027: new,
        2030: new,
    }


def test_a_target_that_ends_within_the_year_does_not_hold_for_it(cadre):
    target(cadre.position, 40, date(2025, 1, 1), date(2027, 6, 30))

    assert target_for(cadre.position, 2027) is None


def test_progress_puts_together_what_is_done_booked_and_missing(cadre):
    target(cadre.position, 10, date(2027, 1, 1), sessions=2)
    attended(cadre, lessons=2)
    coming = class_with(seats=1, starts_at=NOW + timedelta(days=30), lessons=2)
    book(trainee=cadre, training_class=coming, by=cadre.user, now=NOW, repeat_reason="再学一遍")

    year = progress(cadre, 2027, coming.lessons.first().ends_at)

    assert (year.done, year.booked, year.missing, year.centralised_missing) == (6, 3, 4, 2)
    assert (year.booked_is_enough, year.scale) == (False, 10)
    by_track = {
        item.track: (item.done, item.booked) for item in year.tracks if item.done or item.booked
    }
    assert sum(done for done, _booked in by_track.values()) == 6
    assert sum(booked for _done, booked in by_track.values()) == 3


def test_more_than_the_target_is_not_missing_less_than_nothing(cadre):
    target(cadre.position, 2, date(2027, 1, 1))
    attended(cadre)

    year = progress(cadre, 2027, NOW)

    assert (year.missing, year.booked_is_enough, year.scale) == (0, True, 3)


def test_places_in_a_queue_are_not_booked_lessons(cadre, colleague):
    training_class = class_with(seats=1)
    for trainee in (colleague, cadre):
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)

    assert [list(booked_lessons(trainee, 2027, NOW)) for trainee in (colleague, cadre)] == [
        list(training_class.lessons.all()),
        [],
    ]


def test_lessons_of_a_cancelled_class_are_not_booked(cadre):
    training_class = class_with(seats=1)
    book(trainee=cadre, training_class=training_class, by=cadre.user, now=NOW)
    type(training_class).objects.update(status=ClassStatus.CANCELLED)

    assert not booked_lessons(cadre, 2027, NOW).exists()


def test_centralised_training_is_a_completed_class_at_the_college(cadre):
    college = CampusFactory(kind=CampusKind.COLLEGE)
    attended(cadre, campus=college, lessons=2)
    attended(cadre, starts_at=NOW + timedelta(days=40))
    attended(cadre, campus=college, starts_at=NOW + timedelta(days=60), close=False)

    assert (centralised_sessions(cadre, 2027), centralised_sessions(cadre, 2026)) == (1, 0)


# --- The file of targets --------------------------------------------------------------------------

HEAD = "position,hours,centralised_sessions,legal_basis,valid_from,valid_to\n"


def test_targets_are_loaded_once_and_changed_rows_update(tmp_path):
    position = PositionFactory(name="书记")
    file = tmp_path / "targets.csv"
    file.write_text(f"{HEAD}书记,56,1,示例条例,2024-01-01,\n", encoding="utf-8")

    first, second = load_hour_targets(file), load_hour_targets(file)
    file.write_text(f"{HEAD}书记,60.5,2,示例条例,2024-01-01,2028-12-31\n", encoding="utf-8")
    third = load_hour_targets(file)

    assert [(report.new, report.changed, report.same) for report in (first, second, third)] == [
        (1, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
    ]
    row = HourTarget.objects.get()
    assert (row.position, row.hours, row.centralised_sessions, row.valid_to) == (
        position,
        Decimal("60.5"),
        2,
        date(2028, 12, 31),
    )


@pytest.mark.parametrize(
    "line",
    [
        "无此岗位,56,1,示例条例,2024-01-01,",
        "书记,很多,1,示例条例,2024-01-01,",
        "书记,56,1,,2024-01-01,",
        "书记,56,1,示例条例,2024年,",
    ],
)
def test_a_bad_row_leaves_nothing_half_written(tmp_path, line):
    PositionFactory(name="书记")
    file = tmp_path / "targets.csv"
    file.write_text(f"{HEAD}书记,56,1,示例条例,2023-01-01,\n{line}\n", encoding="utf-8")

    with pytest.raises(TableError):
        load_hour_targets(file)

    assert not HourTarget.objects.exists()


def test_the_name_of_the_rule_fits_its_column():
    assert len(RULE) <= HourEntry._meta.get_field("rule").max_length


def test_an_entry_names_the_row_of_the_table_alone():
    assert HourEntry(rule=RULE).table_rule == ""
    assert HourEntry(rule=f"{RULE}; 课堂每45分钟1学时").table_rule == "课堂每45分钟1学时"
