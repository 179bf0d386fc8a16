"""A question is brought along: who writes and who reads it, when it goes (docs/rules.md R87)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from academy.models import Role
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.classes.changes import cancel_class
from trainees.models import Enrolment

from ..conftest import grant
from ..factories import NOW, ExpertFactory, TraineeFactory, UserFactory, class_with, taught_by

pytestmark = pytest.mark.django_db
TEXT = "楼道里的杂物清了又堆，怎么办？"


@pytest.fixture(autouse=True)
def _on_the_day(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def learner(client):
    trainee = TraineeFactory()
    client.force_login(trainee.user)
    return trainee


def take(trainee, training_class):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)


def write(client, training_class, text=TEXT, **more):
    url = reverse("trainees:own_question", args=[training_class.code])
    return client.post(url, {"question": text} | more)


def kept(enrolment) -> str:
    return Enrolment.objects.get(pk=enrolment.pk).question


def read_by_the_class(client, training_class) -> str:
    """What whoever runs the class reads."""
    client.force_login(grant(Role.BRANCH_COORDINATOR, campus=training_class.campus))
    return client.get(reverse("trainees:class_questions", args=[training_class.code])).text


def read_by_the_teacher(client, training_class) -> str:
    expert = ExpertFactory(user=UserFactory())
    taught_by(training_class.lessons.first(), expert)
    client.force_login(expert.user)
    return client.get(reverse("trainees:teaching")).text


def test_a_question_is_written_changed_and_taken_back(client, learner):
    seat = take(learner, class_with(seats=3))
    page = reverse("trainees:booked", args=[seat.training_class.code])
    assert "带一个手上的难题来" in client.get(page).text

    answer = write(client, seat.training_class, booked="1")
    assert answer.url == f"{page}#question"
    assert TEXT in client.get(page).text

    answer = write(client, seat.training_class, "另一个问题")
    assert answer.url == f"{seat.training_class.get_absolute_url()}#question"
    assert "另一个问题" in client.get(seat.training_class.get_absolute_url()).text

    write(client, seat.training_class, "另一个问题", take_back="1")
    assert kept(seat) == ""


def test_whoever_teaches_reads_it_with_unit_and_post_but_without_the_name(client, learner):
    seat = take(learner, class_with(seats=3, lessons=2))
    write(client, seat.training_class)

    page = read_by_the_teacher(client, seat.training_class)

    assert page.count(TEXT) == 1 and seat.village.town.name in page and seat.post in page
    assert learner.user.name not in page


def test_whoever_runs_the_class_reads_it_with_the_name(client, learner):
    seat = take(learner, class_with(seats=3))
    write(client, seat.training_class)

    page = read_by_the_class(client, seat.training_class)

    assert TEXT in page and learner.user.name in page


def test_nobody_else_reads_it(client, learner):
    seat = take(learner, class_with(seats=3))
    write(client, seat.training_class)
    other = ExpertFactory(user=UserFactory())
    colleague = TraineeFactory(village=seat.village)
    take(colleague, seat.training_class)

    client.force_login(other.user)
    assert TEXT not in client.get(reverse("trainees:teaching")).text
    client.force_login(colleague.user)
    for page in ("booked", "class_page"):
        address = reverse(f"trainees:{page}", args=[seat.training_class.code])
        assert TEXT not in client.get(address).text
    assert not Notice.objects.filter(body__contains=TEXT).exists()


def test_who_waits_may_write_and_is_shown_once_seated(client, learner):
    training_class = class_with(seats=1)
    seated = take(TraineeFactory(), training_class)
    waiting = take(learner, training_class)
    assert "带一个手上的难题来" in client.get(training_class.get_absolute_url()).text

    write(client, training_class)
    assert kept(waiting) == TEXT
    assert TEXT not in read_by_the_class(client, training_class)

    withdraw(enrolment=seated, by=seated.trainee.user, now=NOW)
    assert TEXT in read_by_the_class(client, training_class)


def test_the_question_of_a_cancelled_booking_is_not_shown(client, learner):
    seat = take(learner, class_with(seats=3))
    write(client, seat.training_class)
    withdraw(enrolment=seat, by=learner.user, now=NOW)

    assert TEXT not in read_by_the_class(client, seat.training_class)
    assert TEXT not in read_by_the_teacher(client, seat.training_class)

    again = take(learner, seat.training_class)
    assert kept(again) == ""


def test_a_new_line_counts_as_one_character(client, learner):
    seat = take(learner, class_with(seats=3))

    write(client, seat.training_class, "字" * 298 + "\r\n" + "字")
    assert len(kept(seat)) == 300


def test_too_long_is_said_with_what_was_typed(client, learner):
    seat = take(learner, class_with(seats=3))

    answer = write(client, seat.training_class, "字" * 301)

    assert "字" * 301 in answer.text and "invalid-feedback" in answer.text
    assert kept(seat) == ""


def test_once_the_class_begins_it_stays_as_it_is(client, learner, time_machine):
    seat = take(learner, class_with(seats=3))
    write(client, seat.training_class)
    time_machine.move_to(seat.training_class.starts_at + timedelta(minutes=1))
    client.force_login(learner.user)

    answer = client.post(
        reverse("trainees:own_question", args=[seat.training_class.code]),
        {"question": "太晚"},
        follow=True,
    )

    assert "问题不能再改" in answer.text and 'id="question"' not in answer.text
    assert kept(seat) == TEXT


def test_whoever_has_not_booked_is_led_to_the_class(client, learner):
    training_class = class_with(seats=3)

    assert write(client, training_class).url == training_class.get_absolute_url()
    assert 'id="question"' not in client.get(training_class.get_absolute_url()).text


def test_it_is_deleted_when_the_class_is_cancelled(client, learner):
    seat = take(learner, class_with(seats=3))
    write(client, seat.training_class)

    cancel_class(training_class=seat.training_class, reason="停电", by=learner.user, now=NOW)

    assert kept(seat) == ""
