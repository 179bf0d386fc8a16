"""Whoever runs a class books people by phone, ends bookings with a reason and hands seats on: own
classes only.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from academy.models import Role
from courses.models import ClassStatus, TrainingClass
from courses.schedule.conditions import set_conditions
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.invariants import breaches
from trainees.models import Enrolment, EnrolmentChannel, EnrolmentStatus

from ..factories import PositionFactory, RoleGrantFactory, UserFactory, ask, class_with
from .pasts import has_taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_now(campus, department):
    """Held at the campus of the coordinator, by the department of its staff; takes bookings at this
    moment.
    """
    now = timezone.now()
    return class_with(
        seats=2,
        campus=campus,
        department=department,
        starts_at=now + timedelta(days=14),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=7),
    )


@pytest.fixture(params=["branch_coordinator", "department_staff", "district_staff"])
def runner(request, client):
    """Somebody who runs the class, logged in."""
    user = request.getfixturevalue(request.param)
    client.force_login(user)
    return user


def address(training_class):
    return reverse("trainees:book_for_class", args=[training_class.code])


def change(enrolment):
    return reverse("trainees:change_booking", args=[enrolment.pk])


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def refused(response) -> str:
    form = response.context["form"]
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def seat(trainee, training_class):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=timezone.now())


def test_a_person_is_booked_by_phone_and_both_read_it(client, runner, cadre, open_now):
    roster = client.get(reverse("trainees:class_roster", args=[open_now.code])).text
    assert address(open_now) in roster

    answer = client.post(address(open_now), {"phone": cadre.user.phone}, follow=True)

    enrolment = Enrolment.objects.get()
    assert (enrolment.trainee, enrolment.status, enrolment.channel, enrolment.booked_by) == (
        cadre,
        "booked",
        EnrolmentChannel.COORDINATOR,
        runner,
    )
    assert cadre.name in said(answer) and "已报上" in said(answer)
    assert [(notice.person, notice.kind) for notice in Notice.objects.all()] == [
        (cadre.user, "booked_by_colleague")
    ]


def test_a_full_class_queues_and_says_so(client, runner, cadre, colleague, outsider, open_now):
    for person in (colleague, outsider):
        seat(person, open_now)

    assert "已排上候补" in said(
        client.post(address(open_now), {"phone": cadre.user.phone}, follow=True)
    )


def test_a_second_submit_is_friendly_and_changes_nothing(client, runner, cadre, open_now):
    client.post(address(open_now), {"phone": cadre.user.phone})

    again = client.post(address(open_now), {"phone": cadre.user.phone})

    assert "没有重复报名" in refused(again)
    assert (
        Enrolment.objects.count(),
        Notice.objects.count(),
        open_now.pools.get().seats_taken,
    ) == (1, 1, 1)


@pytest.mark.parametrize(
    ("phone", "why"),
    [("", "11 位"), ("12", "11 位"), ("19900099999", "花名册里没有"), ("²" * 11, "11 位")],
)
def test_a_wrong_number_is_told_beside_the_field(client, runner, open_now, phone, why):
    response = client.post(address(open_now), {"phone": phone})

    assert response.status_code == 200 and why in refused(response)


def test_the_rules_of_the_class_hold_and_other_classes_of_the_person_stay_theirs(
    client, runner, cadre, open_now
):
    held = class_with(
        seats=1,
        title="别人不该看到的班",
        starts_at=open_now.starts_at,
        booking_opens_at=open_now.booking_opens_at,
        booking_closes_at=open_now.booking_closes_at,
    )
    seat(cadre, held)
    ask(open_now, audiences=[PositionFactory(name="网格员")])

    response = client.post(address(open_now), {"phone": cadre.user.phone})
    clash = client.post(address(open_now), {"phone": cadre.user.phone})

    assert "网格员" in refused(response)
    set_conditions(open_now, audiences=[])
    clash = client.post(address(open_now), {"phone": cadre.user.phone})
    assert "撞时间" in refused(clash) and held.title not in clash.text
    assert Enrolment.objects.filter(training_class=open_now).count() == 0


def test_who_has_taken_it_is_booked_with_a_reason(client, runner, cadre, open_now):
    has_taken(
        cadre, open_now.lessons.get().course_version.course, at=timezone.now() - timedelta(days=50)
    )

    asked = client.post(address(open_now), {"phone": cadre.user.phone})
    assert set(asked.context["form"].errors) == {"repeat_reason"}
    client.post(address(open_now), {"phone": cadre.user.phone, "repeat_reason": "换了岗位"})

    assert Enrolment.objects.get(training_class=open_now).repeat_reason == "换了岗位"


def test_after_the_end_of_booking_it_says_where_to_move_it(client, runner, cadre, open_now):
    TrainingClass.objects.filter(pk=open_now.pk).update(
        booking_closes_at=timezone.now() - timedelta(hours=1)
    )

    assert "延后报名截止时间" in refused(
        client.post(address(open_now), {"phone": cadre.user.phone})
    )


# --- Ending and handing on ------------------------------------------------------------------------


def test_a_booking_is_ended_with_a_reason_also_after_the_own_deadline(
    client, runner, cadre, colleague, outsider, open_now
):
    enrolment, _other, waiting = (seat(person, open_now) for person in (cadre, colleague, outsider))
    TrainingClass.objects.filter(pk=open_now.pk).update(
        cancel_until=timezone.now() - timedelta(hours=1)
    )
    assert (
        client.post(change(enrolment), {"wish": "withdraw", "reason": " "})
        .context["withdrawing"]
        .errors
    )

    answer = client.post(
        change(enrolment), {"wish": "withdraw", "reason": "本人来电说生病"}, follow=True
    )

    enrolment.refresh_from_db()
    waiting.refresh_from_db()
    assert (enrolment.status, waiting.status) == (
        EnrolmentStatus.WITHDRAWN,
        EnrolmentStatus.OFFERED,
    )
    assert cadre.name in said(answer)
    assert "本人来电说生病" in Notice.objects.get(kind="cancelled_by_colleague").body
    assert enrolment.events.last().reason == "本人来电说生病"
    assert list(breaches()) == []


def test_ending_it_twice_is_friendly_and_changes_nothing(
    client, runner, cadre, colleague, open_now
):
    enrolment, other = seat(cadre, open_now), seat(colleague, open_now)
    client.post(change(enrolment), {"wish": "withdraw", "reason": "生病"})

    again = client.post(change(enrolment), {"wish": "withdraw", "reason": "生病"}, follow=True)

    assert "没有改动" in said(again)
    other.refresh_from_db()
    assert (open_now.pools.get().seats_taken, other.status) == (1, EnrolmentStatus.BOOKED)


def test_who_waits_leaves_the_queue(client, runner, cadre, colleague, outsider, open_now):
    seat(cadre, open_now), seat(colleague, open_now)
    waiting = seat(outsider, open_now)

    client.post(change(waiting), {"wish": "withdraw", "reason": "本人不等了"})

    open_now.refresh_from_db()
    assert (open_now.waiting_count, open_now.pools.get().seats_taken) == (0, 2)


def test_a_seat_is_handed_on_within_the_village_by_phone(
    client, runner, cadre, colleague, outsider, open_now
):
    enrolment = seat(cadre, open_now)
    assert (
        client.post(change(enrolment), {"wish": "swap", "phone": outsider.user.phone})
        .context["swapping"]
        .errors
    )

    answer = client.post(
        change(enrolment), {"wish": "swap", "phone": colleague.user.phone}, follow=True
    )

    assert "换好了" in said(answer)
    assert Enrolment.objects.live().get().trainee == colleague
    assert "没有改动" in said(
        client.post(change(enrolment), {"wish": "swap", "phone": colleague.user.phone}, follow=True)
    )


def test_once_the_class_has_begun_absence_is_a_matter_of_the_roll(client, runner, cadre, open_now):
    enrolment = seat(cadre, open_now)
    TrainingClass.objects.filter(pk=open_now.pk).update(status=ClassStatus.RUNNING)

    response = client.post(change(enrolment), {"wish": "withdraw", "reason": "没来"})

    assert "考勤" in response.text and Enrolment.objects.get().status == EnrolmentStatus.BOOKED
    assert (
        address(open_now)
        not in client.get(reverse("trainees:class_roster", args=[open_now.code])).text
    )


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"wish": "x"},
        {"wish": "swap", "phone": "9" * 500},
        {"wish": "withdraw", "reason": "长" * 500},
    ],
)
def test_bad_input_is_answered_on_the_page(client, runner, cadre, open_now, data):
    enrolment = seat(cadre, open_now)

    assert client.post(change(enrolment), data).status_code == 200
    assert Enrolment.objects.get().status == EnrolmentStatus.BOOKED


def test_another_campus_cannot(client, cadre, open_now):
    enrolment, stranger = seat(cadre, open_now), UserFactory()
    RoleGrantFactory(user=stranger, role=Role.BRANCH_COORDINATOR, campus=class_with(seats=1).campus)
    client.force_login(stranger)

    assert client.post(address(open_now), {"phone": cadre.user.phone}).status_code == 403
    assert client.post(change(enrolment), {"wish": "withdraw", "reason": "x"}).status_code == 404
    assert Enrolment.objects.get().status == EnrolmentStatus.BOOKED
