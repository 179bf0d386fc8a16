"""The class page, booking and cancelling from it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import ClassStatus, CourseStatus
from notices.models import Notice
from trainees.models import Enrolment

from ..factories import CourseFactory, PositionFactory, UserFactory, ask

pytestmark = pytest.mark.django_db


def address(name, training_class):
    return reverse(f"trainees:{name}", args=[training_class.code])


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def statuses(training_class):
    return sorted(
        Enrolment.objects.filter(training_class=training_class).values_list("trainee", "status")
    )


@pytest.fixture
def page(client, cadre):
    client.force_login(cadre.user)
    return client


def test_a_visitor_sees_the_class_and_nobodys_name(client, bookable, seated, colleague):
    training_class = bookable()
    seated(colleague, training_class)

    text = client.get(training_class.get_absolute_url()).text

    assert (
        training_class.title in text
        and colleague.name not in text
        and colleague.user.phone not in text
    )


@pytest.mark.parametrize("reader", ["cadre", "outsider"])
def test_other_trainees_are_never_named(client, bookable, seated, colleague, reader, request):
    training_class = bookable(seats=1)
    seated(colleague, training_class)
    client.force_login(request.getfixturevalue(reader).user)

    text = client.get(training_class.get_absolute_url()).text

    assert colleague.name not in text and colleague.user.phone not in text


def test_book_wait_and_cancel(client, bookable, cadre, colleague):
    training_class = bookable(seats=1)
    client.force_login(colleague.user)
    client.post(address("book", training_class))
    client.force_login(cadre.user)

    waiting = client.post(address("book", training_class), follow=True)
    assert statuses(training_class) == sorted([(colleague.pk, "booked"), (cadre.pk, "waitlisted")])
    assert "第 1 位" in said(waiting)

    client.force_login(colleague.user)
    assert client.get(address("cancel", training_class)).status_code == 200
    assert client.post(address("cancel", training_class)).url == reverse("portal:me")

    assert statuses(training_class) == sorted([(colleague.pk, "withdrawn"), (cadre.pk, "booked")])
    assert [notice.person for notice in Notice.objects.filter(kind="promoted")] == [cadre.user]


def test_a_double_tap_books_once_and_is_no_fault(page, bookable, cadre):
    training_class = bookable()
    page.post(address("book", training_class))

    again = page.post(address("book", training_class), follow=True)

    assert (again.status_code, statuses(training_class)) == (200, [(cadre.pk, "booked")])
    assert [message.level_tag for message in again.context["messages"]] == [
        "success",
        "info",
    ] or "已经" in said(again)


def test_a_double_tap_on_cancel_frees_one_seat(page, bookable, seated, cadre, colleague):
    training_class = bookable(seats=2)
    seated(cadre, training_class)
    seated(colleague, training_class)

    first, second = (
        page.post(address("cancel", training_class)),
        page.post(address("cancel", training_class), follow=True),
    )

    assert (first.status_code, second.status_code) == (302, 200)
    assert training_class.pools.get().seats_taken == 1


def test_nobody_cancels_for_somebody_else(client, bookable, seated, cadre, outsider):
    training_class = bookable()
    seated(cadre, training_class)
    client.force_login(outsider.user)

    client.post(
        address("cancel", training_class),
        {"trainee": cadre.pk, "enrolment": cadre.enrolments.get().pk},
    )

    assert statuses(training_class) == [(cadre.pk, "booked")]


@pytest.mark.parametrize("status", [ClassStatus.CLOSED, ClassStatus.CANCELLED, ClassStatus.RUNNING])
def test_a_class_that_cannot_be_booked_says_why(page, bookable, status):
    training_class = bookable(status=status)

    response = page.post(address("book", training_class), follow=True)

    assert (response.status_code, statuses(training_class)) == (200, [])
    assert training_class.title in said(response)


def test_a_full_class_without_a_queue_says_so(page, bookable, seated, colleague):
    training_class = bookable(seats=1, has_waiting_list=False)
    seated(colleague, training_class)

    response = page.post(address("book", training_class), follow=True)

    assert "没有报上" in said(response) and statuses(training_class) == [(colleague.pk, "booked")]


def test_another_post_is_refused_with_the_way_out(page, bookable):
    training_class = bookable()
    ask(training_class, audiences=[PositionFactory(name="网格员")])

    shown = page.get(training_class.get_absolute_url()).text
    response = page.post(address("book", training_class), follow=True)

    assert "网格员" in shown and "网格员" in said(response) and statuses(training_class) == []


def test_before_booking_opens_every_rule_has_its_say(page, bookable):
    training_class = bookable(booking_opens_at=timezone.now() + timedelta(days=1))
    ask(training_class, audiences=[PositionFactory(name="网格员")])

    shown = page.get(training_class.get_absolute_url())

    assert [reason.rule for reason, _ in shown.context["rules"] if not reason.ok] == [
        "window",
        "position",
    ]


def test_the_way_out_leads_to_the_course_that_comes_first_and_to_the_class_that_clashes(
    page, bookable, seated, cadre
):
    held, basics, hidden = (
        bookable(title="先报好的班"),
        CourseFactory(),
        CourseFactory(status=CourseStatus.DRAFT),
    )
    seated(cadre, held)
    training_class = bookable()
    ask(training_class, prerequisites=[basics, hidden])

    shown = page.get(training_class.get_absolute_url())

    assert {reason.rule: leads_to for reason, leads_to in shown.context["rules"] if leads_to} == {
        "prerequisite": [basics],
        "clash": [held],
    }


def test_somebody_without_a_profile_is_told_whom_to_ask(client, bookable):
    client.force_login(UserFactory())

    response = client.post(address("book", bookable()))

    assert response.status_code == 403 and "街镇" in response.text


def test_who_logs_in_after_the_tap_lands_on_the_class(client, bookable, cadre):
    training_class = bookable()
    sent_to_log_in = client.post(address("book", training_class))
    client.force_login(cadre.user)

    assert f"next={address('book', training_class)}" in sent_to_log_in.url
    assert client.get(address("book", training_class)).url == training_class.get_absolute_url()


@pytest.mark.parametrize("code", ["XX", "a" * 500, "%00", "..%2f", "长", "PX'--", "%ED%A0%80"])
def test_unknown_codes_are_answered(page, code):
    for rest in ("", "book/", "cancel/"):
        assert page.get(f"/classes/{code}/{rest}").status_code in (400, 404)
        assert page.post(f"/classes/{code}/{rest}").status_code in (400, 404, 405)


def test_a_class_without_lessons_has_a_page(client, bookable):
    training_class = bookable(lessons=0)

    assert client.get(training_class.get_absolute_url()).status_code == 200
