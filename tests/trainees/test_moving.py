"""Bookings move to another run in one step: no seat is lost, whoever does not fit stays."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from academy.invariants import audit
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.errors import AlreadyStarted
from trainees.models import Enrolment, EnrolmentStatus
from trainees.on_behalf.combining import combine_runs, try_combining
from trainees.on_behalf.moving import MoveChanged, move_bookings, try_moving

from ..factories import CourseVersionFactory, LessonFactory, PositionFactory, TraineeFactory, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs(bookable, campus):
    """Two runs of one course at the coordinator's campus, with two seats each."""
    version = CourseVersionFactory()
    made = []
    for days in (14, 21):
        training_class = bookable(days=days, seats=2, campus=campus)
        training_class.lessons.all().delete()
        LessonFactory(
            training_class=training_class,
            course_version=version,
            starts_at=training_class.starts_at,
            ends_at=training_class.starts_at + timedelta(hours=2),
        )
        made.append(training_class)
    return made


@pytest.fixture
def seated_now():
    def take(trainee, training_class):
        return book(
            trainee=trainee,
            training_class=training_class,
            by=trainee.user,
            now=training_class.booking_opens_at + timedelta(days=1),
        )

    return take


@pytest.fixture
def people(runs, seated_now):
    """Two with a seat in the first run, one who waits for it."""
    return [seated_now(TraineeFactory(), runs[0]) for _number in range(3)]


def statuses(training_class):
    return {
        item.trainee_id: item.status
        for item in Enrolment.objects.live().filter(training_class=training_class)
    }


def now_of(runs):
    return runs[0].booking_opens_at + timedelta(days=2)


def test_the_seat_given_up_goes_to_whoever_waits(runs, people, branch_coordinator):
    first, second, third = people

    move_bookings(
        source=runs[0],
        target=runs[1],
        people=[first.pk],
        expected=[first.pk],
        by=branch_coordinator,
        now=now_of(runs),
    )

    assert statuses(runs[0]) == {second.trainee_id: "booked", third.trainee_id: "booked"}
    assert statuses(runs[1]) == {first.trainee_id: "booked"}
    assert list(audit()) == []
    assert Notice.objects.filter(kind="booking_moved").get().person == first.trainee.user


def test_who_gets_no_seat_there_stays(runs, people, branch_coordinator):
    moves = try_moving(
        source=runs[0],
        target=runs[1],
        people=[item.pk for item in people],
        by=branch_coordinator,
        now=now_of(runs),
    )

    assert [bool(move.moved) for move in moves] == [True, True, False]
    assert "名额" in moves[2].against
    assert statuses(runs[1]) == {}
    assert Notice.objects.filter(kind="booking_moved").count() == 0


def test_whom_the_other_run_is_not_for_stays_with_the_reason(runs, people, branch_coordinator):
    ask(runs[1], audiences=[PositionFactory(name="条线委员")])

    [move] = try_moving(
        source=runs[0],
        target=runs[1],
        people=[people[0].pk],
        by=branch_coordinator,
        now=now_of(runs),
    )

    assert move.moved is None
    assert "条线委员" in move.against


def test_whoever_is_moved_takes_the_question_along(runs, people, branch_coordinator):
    """docs/rules.md R87."""
    Enrolment.objects.filter(pk=people[0].pk).update(question="一个难题")

    move_bookings(
        source=runs[0],
        target=runs[1],
        people=[people[0].pk],
        expected=[people[0].pk],
        by=branch_coordinator,
        now=now_of(runs),
    )

    assert list(people[0].trainee.enrolments.order_by("pk").values_list("question", flat=True)) == [
        "",
        "一个难题",
    ]


def test_nobody_moves_when_others_fit_than_were_shown(runs, people, branch_coordinator):
    with pytest.raises(MoveChanged):
        move_bookings(
            source=runs[0],
            target=runs[1],
            people=[item.pk for item in people],
            expected=[item.pk for item in people],
            by=branch_coordinator,
            now=now_of(runs),
        )

    assert statuses(runs[1]) == {}
    assert statuses(runs[0])[people[0].trainee_id] == EnrolmentStatus.BOOKED


def test_nobody_moves_out_of_a_class_that_has_begun(runs, people, branch_coordinator):
    with pytest.raises(AlreadyStarted):
        try_moving(
            source=runs[0],
            target=runs[1],
            people=[people[0].pk],
            by=branch_coordinator,
            now=runs[0].starts_at,
        )


def test_the_page_shows_who_fits_and_moves_them_once(client, branch_coordinator, runs, people):
    client.force_login(branch_coordinator)
    page = reverse("trainees:move_people", args=[runs[0].code])
    roster = client.get(reverse("trainees:class_roster", args=[runs[0].code])).text
    assert page in roster
    chosen = {"people": [people[0].pk, people[1].pk], "target": runs[1].code}

    preview = client.post(page, chosen).text
    assert "2 人有名额" in preview
    assert statuses(runs[1]) == {}
    shown = " ".join(str(item.pk) for item in people[:2])
    for _click in range(2):
        client.post(page, chosen | {"shown": shown})

    assert len(statuses(runs[1])) == 2
    assert Notice.objects.filter(kind="booking_moved").count() == 2
    assert list(audit()) == []


def test_a_class_of_another_course_is_no_target(
    client, branch_coordinator, runs, people, bookable, campus
):
    client.force_login(branch_coordinator)
    other = bookable(days=30, campus=campus)

    page = client.post(
        reverse("trainees:move_people", args=[runs[0].code]),
        {"people": [people[0].pk], "target": other.code, "shown": str(people[0].pk)},
    )

    assert page.status_code == 200
    assert statuses(other) == {}


def test_the_page_of_a_booking_leads_there_with_the_person_ticked(
    client, branch_coordinator, runs, people
):
    client.force_login(branch_coordinator)
    link = f"{reverse('trainees:move_people', args=[runs[0].code])}?person={people[1].pk}"

    assert link in client.get(reverse("trainees:change_booking", args=[people[1].pk])).text

    ticked = re.findall(
        r'<input[^>]*name="people"[^>]*value="(\d+)"[^>]*checked', client.get(link).text
    )
    assert ticked == [str(people[1].pk)]


def test_a_second_click_with_a_stale_page_says_so(client, branch_coordinator, runs, people):
    client.force_login(branch_coordinator)
    page = reverse("trainees:move_people", args=[runs[0].code])
    chosen = {"people": [people[0].pk], "target": runs[1].code, "shown": str(people[0].pk)}
    client.post(page, chosen)

    assert "请重新勾选" in client.post(page, chosen).text


# --- One run made of several ----------------------------------------------------------------------

COMBINE, LIST = "/manage/ticked-classes/combine/", "/manage/classes/"


@pytest.fixture
def coordinator(client, branch_coordinator):
    client.force_login(branch_coordinator)
    return client


def ticks(*classes):
    return [f"{row.pk}@{row.updated_at.isoformat()}" for row in classes]


def test_two_runs_become_one_and_who_does_not_fit_is_seen_first(runs, people, coordinator):
    sent = {"row": ticks(*runs), "target": runs[1].code}

    page = coordinator.post(COMBINE, sent).text
    assert ("2 人" in page, "名额" in page) == (True, True)
    assert statuses(runs[1]) == {}
    shown = re.search(r'name="shown"\s+value="([\d ]+)"', page).group(1)
    answer = coordinator.post(COMBINE, sent | {"shown": shown})

    assert answer.url == reverse("trainees:class_roster", args=[runs[1].code])
    assert statuses(runs[1]) == {item.trainee_id: "booked" for item in people[:2]}
    assert statuses(runs[0]) == {people[2].trainee_id: "booked"}
    assert list(audit()) == []
    assert Notice.objects.filter(kind="booking_moved").count() == 2


def test_others_than_were_shown_fit_and_nobody_moves(runs, people, branch_coordinator):
    with pytest.raises(MoveChanged):
        combine_runs(
            sources=runs[:1],
            target=runs[1],
            expected=[people[0].pk],
            by=branch_coordinator,
            now=now_of(runs),
        )

    assert statuses(runs[1]) == {}


def test_a_class_of_another_course_stays_with_the_reason(
    runs, people, bookable, seated_now, campus, branch_coordinator
):
    other = bookable(seats=2, campus=campus)
    seated_now(TraineeFactory(), other)
    [of_the_run, of_the_other] = try_combining(
        sources=[runs[0], other], target=runs[1], by=branch_coordinator, now=now_of(runs)
    )

    assert len(of_the_run.fitting) == 2
    assert "不是同一门课" in of_the_other.against


def test_one_ticked_class_is_not_combined(runs, coordinator):
    answer = coordinator.post(COMBINE, {"row": ticks(runs[0])})

    assert answer.url == LIST


def test_classes_of_others_are_not_combined(runs, people, client, town_staff):
    client.force_login(town_staff)
    client.post(COMBINE, {"row": ticks(*runs), "target": runs[1].code, "shown": str(people[0].pk)})

    assert statuses(runs[1]) == {}
