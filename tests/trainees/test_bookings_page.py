"""我的班: the next class as a ticket, what is booked, what is waited for, what is over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import ClassStatus
from trainees.booking.withdrawing import withdraw
from trainees.classes.changes import cancel_class

from ..factories import TraineeFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("portal:me")


@pytest.fixture
def page(client, cadre):
    client.force_login(cadre.user)
    return client


def test_an_empty_page_says_what_to_do_next(page):
    response = page.get(PAGE)

    assert response.context["ticket"] is None
    assert (
        reverse("trainees:class_list") in response.text
        or reverse("courses:course_list") in response.text
    )


def test_somebody_without_a_profile_is_told(client):
    client.force_login(UserFactory())

    response = client.get(PAGE)

    assert response.status_code == 200 and response.context["trainee"] is None


def test_the_next_class_is_the_ticket_and_the_others_follow(page, bookable, seated, cadre):
    later, next_one = bookable(days=20), bookable(days=10)
    for training_class in (later, next_one):
        seated(cadre, training_class)

    context = page.get(PAGE).context

    assert context["ticket"].training_class == next_one
    assert [item.training_class for item in context["coming"]] == [later]
    assert (context["ticket"].number, context["ticket"].days_left) == (1, 10)


def test_places_in_queues_are_shown(page, bookable, seated, cadre, colleague):
    training_class = bookable(seats=1)
    seated(colleague, training_class)
    seated(cadre, training_class)

    (waiting,) = page.get(PAGE).context["waiting"]

    assert (waiting.training_class, waiting.place.number) == (training_class, 1)


def test_what_is_over_and_what_was_called_off_but_not_own_cancellations(
    page, bookable, seated, cadre
):
    held, called_off, given_back = bookable(days=-3), bookable(days=10), bookable(days=20)
    for training_class in (held, called_off, given_back):
        seated(cadre, training_class)
    cancel_class(training_class=called_off, reason="老师生病", by=cadre.user, now=timezone.now())
    withdraw(
        enrolment=cadre.enrolments.get(training_class=given_back), by=cadre.user, now=timezone.now()
    )

    context = page.get(PAGE).context

    assert {enrolment.training_class for enrolment in context["page"]} == {held, called_off}
    assert context["ticket"] is None


def test_a_running_class_stays_until_its_last_lesson_is_over(page, bookable, seated, cadre):
    training_class = bookable(days=-1, lessons=3)
    seated(cadre, training_class)
    type(training_class).objects.update(status=ClassStatus.RUNNING)

    ticket = page.get(PAGE).context["ticket"]

    assert (ticket.training_class, ticket.may_cancel) == (training_class, False)
    assert ticket.number in (2, 3)


def test_the_classes_of_others_are_not_shown(page, bookable, seated, outsider):
    training_class = bookable()
    seated(outsider, training_class)

    assert training_class.title not in page.get(PAGE).text


@pytest.mark.parametrize(
    "query",
    [
        "page=9999",
        "page=0",
        "page=-1",
        "page=x",
        "page=",
        "page=" + "9" * 5000,
        "other=%00",
        "page=1&page=2",
    ],
)
def test_any_page_is_answered(page, query):
    assert page.get(f"{PAGE}?{query}").status_code in (200, 400)


def test_the_number_of_queries_is_that_of_one_row(page, bookable, seated, cadre):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert page.get(PAGE).status_code == 200
        return len(asked)

    def one_of_each(number) -> None:
        seated(cadre, bookable(days=10 + number))
        full = bookable(days=20 + number, seats=1)
        seated(TraineeFactory(), full)
        seated(cadre, full)
        seated(cadre, bookable(days=-10 - number))

    one_of_each(0)
    page.get(PAGE)
    one = queries()
    for number in (2, 4):
        one_of_each(number)

    response = page.get(PAGE)
    assert (
        len(response.context["coming"]),
        len(response.context["waiting"]),
        len(response.context["page"]),
    ) == (2, 3, 3)
    # with notices, hours and what is recommended; since the evaluation three of what waits:
    # classes to evaluate, classes whose use is asked about, improvements the person answers for
    assert queries() == one <= 28


def test_a_past_longer_than_a_page_is_cut(page, bookable, seated, cadre):
    for number in range(21):
        training_class = bookable(days=-10 - number)
        training_class.lessons.update(
            starts_at=training_class.starts_at,
            ends_at=training_class.starts_at + timedelta(minutes=30),
        )
        seated(cadre, training_class)

    assert len(page.get(PAGE).context["page"]) == 20
    assert len(page.get(f"{PAGE}?page=2").context["page"]) == 1
