"""A class held once more with new dates."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from courses.models import ClassStatus, TrainingClass
from courses.schedule.copying import copy_of
from courses.schedule.teachers import with_teachers

from ..factories import ExpertFactory, class_with, taught_by

pytestmark = pytest.mark.django_db


def held(*days: str, hour: int = 9, **fields) -> TrainingClass:
    """A class with a lesson on each of the days."""
    moments = [
        timezone.make_aware(datetime.combine(date.fromisoformat(day), datetime.min.time()))
        + timedelta(hours=hour)
        for day in days
    ]
    window = {
        "booking_opens_at": moments[0] - timedelta(days=20),
        "booking_closes_at": moments[0] - timedelta(days=3),
    }
    training_class = class_with(seats=5, lessons=len(days), starts_at=moments[0], **window | fields)
    for lesson, moment in zip(training_class.lessons.order_by("number"), moments, strict=True):
        lesson.starts_at, lesson.ends_at = moment, moment + timedelta(minutes=145)
        lesson.save()
    return loaded(training_class)


def loaded(training_class: TrainingClass) -> TrainingClass:
    return TrainingClass.objects.prefetch_related(
        "lessons__course_version__course",
        "lessons__venue",
        with_teachers("lessons__teachers"),
        "pools__town",
        "audiences",
    ).get(pk=training_class.pk)


def new_days(training_class: TrainingClass, first: str) -> list[str]:
    copy = copy_of(training_class, first=date.fromisoformat(first))
    return [timezone.localdate(item.plan.starts_at).isoformat() for item in copy.lessons]


def test_the_lessons_keep_their_rhythm():
    training_class = held("2026-11-03", "2026-11-05", "2026-11-10")

    assert new_days(training_class, "2026-12-01") == ["2026-12-01", "2026-12-03", "2026-12-08"]


def test_days_off_are_passed_over_and_what_follows_stays_in_its_week():
    """1 to 7 October 2026 are days off, the 8th is a Thursday."""
    training_class = held("2026-06-02", "2026-06-09", "2026-06-16")

    copy = copy_of(training_class, first=date(2026, 9, 29))

    assert new_days(training_class, "2026-09-29") == ["2026-09-29", "2026-10-08", "2026-10-13"]
    assert [item.is_put_off for item in copy.lessons] == [False, True, False]
    assert [mark.day.day for mark in copy.lessons[1].passed_over] == [6, 7]


def test_no_lesson_overtakes_or_joins_another():
    training_class = held("2026-11-04", "2026-11-05", "2026-11-06")

    assert new_days(training_class, "2026-11-27") == ["2026-11-27", "2026-11-30", "2026-12-01"]


def test_a_class_of_saturdays_stays_on_saturdays():
    training_class = held("2026-11-07", "2026-11-14")

    assert new_days(training_class, "2026-11-28") == ["2026-11-28", "2026-12-05"]


def test_rules_quotas_and_teachers_are_taken_over_and_people_are_not(client, district_staff, town):
    training_class = held(
        "2026-11-03", "2026-11-10", town_seats={town: 2}, minimum_size=3, title="协商班"
    )
    taught_by(training_class.lessons.first(), ExpertFactory())
    client.force_login(district_staff)
    here = f"/manage/classes/{training_class.code}/copy/"
    page = client.get(here, {"first": "2027-03-02"})
    assert page.context["judged"].problems == ()
    shown = page.context["copy"]

    client.post(here, {"first": "2027-03-02", "title": "", "shown": shown.fingerprint})

    new = TrainingClass.objects.exclude(pk=training_class.pk).get()
    assert (new.title, new.status, new.minimum_size) == ("协商班", ClassStatus.DRAFT, 3)
    assert new.pools.get(town=town).seats == 2
    assert new.lessons.count() == 2 and new.lessons.first().teachers.count() == 1
    assert not new.enrolments.exists()
    assert new.booking_opens_at - training_class.booking_opens_at == (
        new.starts_at - training_class.lessons.first().starts_at
    )


def test_what_was_not_shown_is_not_written(client, district_staff):
    training_class = held("2026-11-03")
    client.force_login(district_staff)

    answer = client.post(
        f"/manage/classes/{training_class.code}/copy/",
        {"first": "2027-03-02", "title": "", "shown": "of another day"},
    )

    assert answer.status_code == 200 and answer.context["copy"]
    assert TrainingClass.objects.count() == 1


def test_a_room_that_is_taken_is_said_and_nothing_is_written(client, district_staff):
    training_class = held("2026-11-03")
    taken = held("2026-12-01")
    taken.lessons.update(venue=training_class.lessons.first().venue)
    client.force_login(district_staff)
    here = f"/manage/classes/{training_class.code}/copy/"

    shown = client.get(here, {"first": "2026-12-01"})

    assert not shown.context["judged"].is_fine
    client.post(
        here,
        {"first": "2026-12-01", "title": "", "shown": shown.context["copy"].fingerprint},
    )
    assert TrainingClass.objects.count() == 2


@pytest.mark.parametrize("first", ["", "x", "2026-02-30", "9999-12-31"])
def test_a_day_that_is_none_is_said(client, district_staff, first):
    training_class = held("2026-11-03")
    client.force_login(district_staff)

    answer = client.get(f"/manage/classes/{training_class.code}/copy/", {"first": first})

    assert answer.context["form"].errors and "copy" not in answer.context
