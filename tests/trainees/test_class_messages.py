"""Whoever runs a class tells its people something: each a notice of their own, once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices.models import Notice
from trainees.models import Attendance, AttendanceStatus, ClassMessage

from ..factories import EnrolmentFactory, TraineeFactory, class_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(bookable, seated, campus):
    """A class of two seats at the coordinator's campus, with two people in it and one waiting."""
    training_class = bookable(seats=2, campus=campus)
    people = [seated(TraineeFactory(), training_class) for _number in range(3)]
    return training_class, people


@pytest.fixture
def coordinator(client, branch_coordinator):
    client.force_login(branch_coordinator)
    return client


def address(training_class):
    return reverse("trainees:class_message", args=[training_class.code])


def typed(client, training_class, **changes):
    token = re.search(
        r'name="token" value="([\w-]+)"', client.get(address(training_class)).text
    ).group(1)
    return {
        "audience": "booked",
        "title": "请带手册",
        "text": "带上治理手册。",
        "token": token,
    } | changes


def told():
    return set(Notice.objects.filter(kind="class_message").values_list("person", flat=True))


def test_a_message_is_looked_at_first_and_sent_once(coordinator, held):
    training_class, people = held
    form = typed(coordinator, training_class)

    preview = coordinator.post(address(training_class), form).text
    assert "将发给 2 人" in preview
    assert told() == set()
    for _click in range(2):
        coordinator.post(address(training_class), form | {"confirmed": "1"})

    assert told() == {person.trainee.user_id for person in people[:2]}
    assert Notice.objects.filter(kind="class_message").count() == 2
    notice = Notice.objects.filter(kind="class_message").first()
    # two classes may have a message of one heading
    assert notice.title == f"{training_class.title}：请带手册"
    assert "带上治理手册。" in notice.body
    assert not any(person.trainee.user.name in notice.body for person in people)
    page = coordinator.get(address(training_class)).text
    assert ("请带手册" in page, "2 人" in page) == (True, True)


def test_it_can_go_to_those_who_wait(coordinator, held):
    training_class, people = held

    coordinator.post(
        address(training_class),
        typed(coordinator, training_class, audience="waiting", confirmed="1"),
    )

    assert told() == {people[2].trainee.user_id}


def test_it_can_go_to_those_absent_from_one_lesson(coordinator, held, branch_coordinator):
    training_class, people = held
    lesson = training_class.lessons.get()
    for person, status in zip(
        people, (AttendanceStatus.ABSENT, AttendanceStatus.PRESENT), strict=False
    ):
        Attendance.objects.create(
            enrolment=person,
            lesson=lesson,
            status=status,
            marked_by=branch_coordinator,
            marked_at=lesson.starts_at,
        )
    form = typed(coordinator, training_class, audience="absent", confirmed="1")

    refused = coordinator.post(address(training_class), form).text
    assert "请选缺的是哪一次课" in refused
    coordinator.post(address(training_class), form | {"lesson": lesson.pk})

    assert told() == {people[0].trainee.user_id}


def test_a_lesson_of_another_class_is_refused(coordinator, held):
    training_class, _people = held
    foreign = class_with(seats=1).lessons.get()

    coordinator.post(
        address(training_class),
        typed(coordinator, training_class, audience="absent", lesson=foreign.pk, confirmed="1"),
    )

    assert told() == set()


@pytest.mark.parametrize("field", ["title", "text", "audience", "token"])
def test_what_is_missing_is_said_and_nothing_is_sent(coordinator, held, field):
    training_class, _people = held
    form = typed(coordinator, training_class, confirmed="1") | {field: ""}

    assert coordinator.post(address(training_class), form).status_code == 200

    assert ClassMessage.objects.count() == 0


def test_a_message_to_nobody_is_refused(coordinator, bookable, campus):
    training_class = bookable(campus=campus)

    page = coordinator.post(
        address(training_class), typed(coordinator, training_class, confirmed="1")
    ).text

    assert "没有人会收到这条通知" in page
    assert ClassMessage.objects.count() == 0


def test_markup_stays_text(coordinator, held):
    training_class, _people = held

    page = coordinator.post(
        address(training_class), typed(coordinator, training_class, text="<b>粗</b>")
    ).text

    assert ("<b>粗</b>" in page, "&lt;b&gt;粗" in page) == (False, True)


def test_the_form_of_one_class_sent_to_another_is_a_message_of_its_own(
    coordinator, held, bookable, seated, campus
):
    training_class, _people = held
    other = bookable(seats=1, campus=campus, days=20)
    person = seated(TraineeFactory(), other)
    form = typed(coordinator, training_class, confirmed="1")
    coordinator.post(address(training_class), form)

    assert coordinator.post(address(other), form).status_code == 302

    assert person.trainee.user_id in told()


# --- To the people of ticked classes --------------------------------------------------------------

MANY = "/manage/ticked-classes/message/"


def test_many_classes_are_told_once_with_a_result_for_each(coordinator, held, bookable, campus):
    training_class, people = held
    empty = bookable(seats=2, campus=campus)
    ticked = [f"{row.pk}@{row.updated_at.isoformat()}" for row in (training_class, empty)]
    first = coordinator.post(MANY, {"row": ticked, "action": "message"}).text
    token = re.search(r'name="token" value="([\w-]+)"', first).group(1)
    form = {
        "row": ticked,
        "audience": "booked",
        "title": "请带手册",
        "text": "带上。",
        "token": token,
    }

    assert "将发给 2 人" in coordinator.post(MANY, form).text
    assert told() == set()
    said = [coordinator.post(MANY, form | {"confirmed": "1"}) for _click in range(2)]

    assert told() == {person.trainee.user_id for person in people[:2]}
    assert Notice.objects.filter(kind="class_message").count() == 2
    page = coordinator.get(said[0].url).text
    assert (f"{empty.title} 没有收件人" in page, "没有重发" in page) == (True, True)


def test_a_class_changed_meanwhile_is_left_out(coordinator, held):
    training_class, _people = held
    answer = coordinator.post(MANY, {"row": [f"{training_class.pk}@2020-01-01T00:00:00+00:00"]})

    assert answer.url == "/manage/classes/"
    assert "有人改过" in coordinator.get(answer.url).text


# --- Papers of ticked classes ---------------------------------------------------------------------


@pytest.mark.parametrize(("step", "heading"), [("sign_in", "签到表"), ("rosters", "名单")])
def test_papers_of_ticked_classes_stand_one_after_the_other(
    coordinator, held, bookable, seated, campus, step, heading
):
    training_class, people = held
    second = bookable(seats=2, campus=campus, days=20)
    seated(people[0].trainee, second)
    empty = bookable(seats=2, campus=campus, days=25)
    empty.lessons.all().delete()

    page = coordinator.post(
        "/manage/ticked-classes/paper/",
        {"row": [training_class.pk, second.pk, empty.pk], "action": step},
    ).text

    assert page.count(people[0].trainee.user.name) == 2
    assert page.count(f"{training_class.title}{heading}</h") == 1
    assert f"<b>{empty.title}</b>" in page


def put_into(training_class):
    EnrolmentFactory(
        training_class=training_class, status="booked", pool=training_class.pools.get(town=None)
    )


def statements(answer) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert answer().status_code == 200
    return len([query for query in asked if "SAVEPOINT" not in query["sql"]])


@pytest.mark.parametrize("paper", ["paper", "sign-in"])
def test_a_paper_costs_the_same_for_ten_and_a_hundred_people(
    coordinator, bookable, seated, campus, paper
):
    training_class = bookable(seats=150, campus=campus)
    lesson = training_class.lessons.get()
    here = {
        "paper": reverse("trainees:roster_paper", args=[training_class.code]),
        "sign-in": reverse("trainees:sign_in_sheet", args=[lesson.pk]),
    }[paper]
    for _number in range(10):
        put_into(training_class)
    coordinator.get(here)
    few = statements(lambda: coordinator.get(here))
    for _number in range(90):
        put_into(training_class)

    assert statements(lambda: coordinator.get(here)) <= few <= 14


@pytest.mark.parametrize("step", ["sign_in", "rosters"])
def test_papers_of_many_classes_cost_at_most_four_statements_each(
    coordinator, bookable, seated, campus, step
):
    classes = [bookable(seats=5, campus=campus, days=20 + n) for n in range(8)]
    for row in classes:
        put_into(row)

    def of(rows) -> int:
        sent = {"row": [row.pk for row in rows], "action": step}
        return statements(lambda: coordinator.post("/manage/ticked-classes/paper/", sent))

    of(classes[:1])
    assert of(classes) - of(classes[:2]) <= 4 * 6


@pytest.mark.parametrize("step", ["sign_in", "rosters"])
def test_classes_with_nothing_to_print_are_named(coordinator, bookable, campus, step):
    empty = bookable(seats=5, campus=campus)
    empty.lessons.all().delete()

    page = coordinator.post(
        "/manage/ticked-classes/paper/", {"row": [empty.pk], "action": step}
    ).text

    assert f"<b>{empty.title}</b>" in page
