"""What a timetable comes to in study hours. Source: docs/rules.md R79."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from courses.models import HourConversion
from courses.schedule.hour_conversion import Conversions

from ..factories import NOW, CourseFactory, LessonFactory, TeachingFormatFactory

pytestmark = pytest.mark.django_db

DAY = NOW.date()


def rule(name, *, of=None, start=0, **fields):
    return HourConversion.objects.create(
        name=name,
        teaching_format=of,
        from_minutes=start,
        legal_basis="示例依据",
        **{"valid_from": date(2019, 1, 1)} | fields,
    )


@pytest.fixture
def online(db):
    """Lessons live on the net, with the steps that are usual there."""
    form = TeachingFormatFactory(name="示例在线")
    rule("在线不足15分钟", of=form, hours=Decimal("0.25"))
    rule("在线15分钟起", of=form, start=15, hours=Decimal("0.5"))
    rule("在线30分钟起", of=form, start=30, hours=1)
    return form


def proposed(minutes, *formats, day=DAY):
    found = Conversions().propose(minutes=minutes, formats=[item.pk for item in formats], day=day)
    return found and (found.hours, found.rule.name)


@pytest.mark.parametrize(
    ("minutes", "hours"), [(14, "0.25"), (15, "0.5"), (29, "0.5"), (30, "1"), (90, "1")]
)
def test_a_live_online_lesson_goes_by_its_steps(online, minutes, hours):
    assert proposed(minutes, online)[0] == Decimal(hours)


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(45, "1"), (44, "0.75"), (90, "2"), (145, "3"), (180, "4"), (10, "0"), (12, "0.25")],
)
def test_a_room_counts_45_minutes_as_one_in_steps_of_a_quarter(minutes, hours):
    assert proposed(minutes) == (Decimal(hours), "课堂每45分钟1学时")


@pytest.mark.parametrize("minutes", [0, -5])
def test_no_time_proposes_nothing(minutes):
    assert proposed(minutes) is None


def test_a_lesson_counts_its_clock_time_less_its_breaks():
    lesson = LessonFactory(ends_at=NOW + timedelta(days=14, minutes=190), break_minutes=10)

    assert Conversions().for_lesson(lesson).hours == 4


def test_a_course_in_a_room_and_on_the_net_goes_by_the_usual_rule(online):
    room = TeachingFormatFactory()
    lesson = LessonFactory(ends_at=NOW + timedelta(days=14, minutes=30))
    lesson.course_version.course.formats.set([online, room])
    assert Conversions().for_lesson(lesson).hours == Decimal("0.5")

    lesson.course_version.course.formats.set([online])

    assert Conversions().for_lesson(lesson).hours == 1


def test_a_rule_holds_from_its_first_to_its_last_day(online):
    HourConversion.objects.filter(name="在线30分钟起").update(valid_to=DAY)
    rule("在线30分钟起，新", of=online, start=30, hours=2, valid_from=DAY + timedelta(days=1))

    assert (proposed(30, online), proposed(30, online, day=DAY + timedelta(days=1))) == (
        (1, "在线30分钟起"),
        (2, "在线30分钟起，新"),
    )


def test_without_any_rule_nothing_is_proposed():
    HourConversion.objects.all().delete()

    assert proposed(45) is None


@pytest.mark.parametrize(
    "fields",
    [
        {},  # neither minutes nor hours
        {"minutes_per_hour": 45, "hours": 1},
        {"minutes_per_hour": 0},
        {"hours": 0},
        {"hours": 1, "start": 0},  # the first row of the academy stands there
        {"hours": 1, "name": "课堂每45分钟1学时"},
    ],
)
def test_a_rule_says_one_thing_once(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(**{"name": "另一条", "start": 60} | fields)


def test_a_course_is_read_with_its_formats(django_assert_num_queries):
    course = CourseFactory()
    course.formats.set([TeachingFormatFactory()])
    lessons = [LessonFactory() for _number in range(2)]
    conversions = Conversions()

    for lesson in lessons:
        conversions.for_lesson(lesson)  # the factory has made them, so they are at hand
    with django_assert_num_queries(2):
        for lesson in lessons:
            conversions.for_lesson(lesson)
