"""The home page of a trainee: what waits, the next lesson, what can be booked; own town first."""

from datetime import timedelta

import pytest

from academy.models import TownBorder
from trainees.booking.enrolling import book

from ..factories import NOW, CampusFactory, CourseFactory, TownFactory, TraineeFactory, class_with
from .test_answers import teaching

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(client, time_machine):
    time_machine.move_to(NOW)
    trainee = TraineeFactory()
    client.force_login(trainee.user)
    return trainee


def test_the_own_town_stands_first_and_a_course_once(client, learner):
    course = CourseFactory()
    teaching(course, campus=CampusFactory(town=TownFactory()), days=10, booking_opens_at=NOW)
    own_campus = CampusFactory(town=learner.village.town)
    own = teaching(course, campus=own_campus, days=20, booking_opens_at=NOW)

    (run,) = client.get("/").context["runs"]

    assert (run.row.code, run.row.is_own_town, len(run.others)) == (own.code, True, 1)


def test_after_the_own_town_come_those_that_border_it_and_then_the_others_by_time(client, learner):
    next_door, far = TownFactory(), TownFactory()
    TownBorder.objects.create(town=next_door, neighbour=learner.village.town, source="示例")
    wanted = [
        teaching(CourseFactory(), campus=CampusFactory(town=town), days=days, booking_opens_at=NOW)
        for town, days in ((learner.village.town, 30), (next_door, 20), (far, 10), (far, 12))
    ]

    answer = client.get("/")

    assert [run.row.code for run in answer.context["runs"]] == [item.code for item in wanted]
    assert answer.text.count("邻镇") == 1


def test_without_rows_all_other_towns_are_equal(client, learner):
    campuses = [CampusFactory(town=TownFactory()) for _number in range(3)]
    wanted = [
        teaching(CourseFactory(), campus=campus, days=days, booking_opens_at=NOW)
        for days, campus in zip((10, 20, 30), campuses, strict=True)
    ]

    assert [run.row.code for run in client.get("/").context["runs"]] == [c.code for c in wanted]


def test_what_cannot_be_booked_is_not_offered(client, learner):
    class_with(seats=3, booking_opens_at=NOW + timedelta(days=2))
    taken = class_with(seats=3)
    book(trainee=learner, training_class=taken, by=learner.user, now=NOW)

    answer = client.get("/")

    assert answer.context["runs"] == []
    assert answer.context["ticket"].training_class == taken


def test_a_visitor_and_staff_see_the_front_of_the_academy(client, district_staff, time_machine):
    time_machine.move_to(NOW)
    assert "picture_wide" in client.get("/").context and "runs" not in client.get("/").context

    client.force_login(district_staff)
    assert "runs" not in client.get("/").context


def test_it_costs_the_same_for_many_classes(client, learner, django_assert_max_num_queries):
    class_with(seats=3)
    client.get("/")
    with django_assert_max_num_queries(26) as few:
        client.get("/")
    for _number in range(20):
        class_with(seats=3)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/")
