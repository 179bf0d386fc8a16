"""Marks that a phone took without a network: each is taken once, and where somebody else has
marked meanwhile a person decides. Source: docs/rules.md R74.
"""

import json
import time
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from academy.accounts.idle_sessions import SEEN_AT
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw_late
from trainees.models import AbsenceReason, Attendance, AttendanceChange, SentMark
from trainees.record.attendance import clear, give_reason, mark
from trainees.record.marks import Mark
from trainees.record.offline_marks import Outcome, PhoneMark, take_in

from ..factories import NOW, TraineeFactory, UserFactory, class_with

pytestmark = pytest.mark.django_db

UNMARKED, PRESENT, LATE, ABSENT = Mark(), Mark("present"), Mark("late"), Mark("absent")


@pytest.fixture
def lesson(campus):
    """Three people hold a seat; the lesson of 145 minutes has begun."""
    training_class = class_with(seats=3, campus=campus)
    for _n in range(3):
        trainee = TraineeFactory()
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    return training_class.lessons.get()


@pytest.fixture
def people(lesson):
    return list(lesson.training_class.enrolments.order_by("pk"))


@pytest.fixture
def teacher(db):
    return UserFactory()


@pytest.fixture
def now(lesson):
    return lesson.starts_at


@pytest.fixture
def send(lesson, teacher, now):
    """Send (person, wanted, seen[, nonce]) as a phone does; returns the outcomes."""

    def _send(*rows, at=now):
        marks = [
            PhoneMark(nonce[0] if nonce else uuid.uuid4(), person.pk, wanted, seen)
            for person, wanted, seen, *nonce in rows
        ]
        return take_in(lesson=lesson, marks=marks, by=teacher, now=at)

    return _send


def outcomes(answers):
    return [answer.outcome for answer in answers]


def marks():
    return {
        row.enrolment_id: Mark(row.status, row.minutes, row.reason_id)
        for row in Attendance.objects.all()
    }


def test_marks_are_taken_in_their_order_with_their_way_and_the_time_of_the_server(
    send, people, teacher, now
):
    answers = send(
        (people[0], PRESENT, UNMARKED), (people[1], LATE, UNMARKED), (people[0], ABSENT, PRESENT)
    )

    assert outcomes(answers) == [Outcome.TAKEN] * 3
    assert marks() == {people[0].pk: ABSENT, people[1].pk: Mark("late", 115)}
    assert set(AttendanceChange.objects.values_list("method", "by", "at")) == {
        ("offline", teacher.pk, now)
    }


def test_a_repeated_nonce_changes_nothing_and_is_answered_as_before(
    send, people, lesson, teacher, now
):
    nonce = uuid.uuid4()
    row = (people[0], PRESENT, UNMARKED, nonce)
    send(row)
    mark(lesson=lesson, enrolments=people[:1], status="absent", by=teacher, now=now)

    again = send(row)

    assert outcomes(again) == [Outcome.TAKEN]
    assert marks() == {people[0].pk: ABSENT}
    assert (SentMark.objects.count(), AttendanceChange.objects.count()) == (1, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        SentMark.objects.create(
            nonce=nonce,
            enrolment=people[1],
            lesson=lesson,
            is_taken=True,
            sent_at=now,
            sent_by=teacher,
        )


def test_where_another_mark_stands_than_the_phone_saw_nothing_is_overwritten(
    send, people, lesson, teacher, now
):
    mark(lesson=lesson, enrolments=people[:1], status="late", minutes=90, by=teacher, now=now)
    nonce = uuid.uuid4()

    for _send in range(2):
        (answer,) = send((people[0], PRESENT, UNMARKED, nonce))
        assert (answer.outcome, answer.stands.in_words) == (Outcome.CLASH, "迟到")
    assert marks() == {people[0].pk: Mark("late", 90)}

    # whoever insists has seen what stands there
    assert outcomes(send((people[0], PRESENT, Mark("late", 90)))) == [Outcome.TAKEN]
    assert marks() == {people[0].pk: PRESENT}


def test_the_same_mark_of_two_devices_is_no_clash(send, people, lesson, teacher, now):
    mark(lesson=lesson, enrolments=people[:2], status="late", by=teacher, now=now)

    answers = send((people[0], LATE, UNMARKED), (people[1], ABSENT, LATE))

    assert outcomes(answers) == [Outcome.TAKEN, Outcome.TAKEN]
    assert marks() == {people[0].pk: Mark("late", 115), people[1].pk: ABSENT}


def test_a_mark_that_was_taken_away_meanwhile_is_a_clash(send, people, lesson, teacher, now):
    mark(lesson=lesson, enrolments=people[:1], status="present", by=teacher, now=now)
    clear(lesson=lesson, enrolments=people[:1], by=teacher, now=now)

    (answer,) = send((people[0], ABSENT, PRESENT))

    assert (answer.outcome, answer.stands, marks()) == (Outcome.CLASH, None, {})


def test_a_reason_is_part_of_what_was_seen(send, people, lesson, teacher, now):
    reason = AbsenceReason.objects.get(name="公务")
    with_reason = Mark("absent", None, reason.pk)
    assert outcomes(send((people[0], with_reason, UNMARKED))) == [Outcome.TAKEN]
    assert marks() == {people[0].pk: with_reason}
    give_reason(lesson=lesson, enrolment=people[0], reason=None, by=teacher, now=now)

    assert outcomes(send((people[0], PRESENT, with_reason))) == [Outcome.CLASH]


def test_one_that_is_refused_leaves_the_others_and_may_come_again(send, people, lesson, now):
    early = lesson.starts_at - timedelta(minutes=61)
    nonce = uuid.uuid4()
    (refused,) = send((people[0], PRESENT, UNMARKED, nonce), at=early)
    assert refused.outcome == Outcome.REFUSED and "点名" in refused.said

    withdraw_late(
        enrolment=people[2], reason="家里有事", by=people[2].trainee.user, now=lesson.starts_at
    )
    answers = send(
        (people[2], PRESENT, UNMARKED),
        (people[1], Mark("late", 999), UNMARKED),
        (people[1], Mark("asleep"), UNMARKED),
        (people[0], PRESENT, UNMARKED, nonce),
    )

    assert outcomes(answers) == [Outcome.REFUSED] * 3 + [Outcome.TAKEN]
    assert "145" in answers[1].said
    assert marks() == {people[0].pk: PRESENT}


# --- The addresses --------------------------------------------------------------------------------


@pytest.fixture
def page(client, branch_coordinator, time_machine, now):
    time_machine.move_to(now)
    client.force_login(branch_coordinator)
    return client


def url(name, lesson):
    return reverse(f"trainees:{name}", args=[lesson.pk])


def post(page, lesson, body):
    text = body if isinstance(body, str) else json.dumps(body)
    return page.post(url("roll_offline", lesson), text, content_type="application/json")


def test_the_answer_says_what_became_of_each_and_brings_the_roll(page, lesson, people, now):
    mark(
        lesson=lesson,
        enrolments=people[:1],
        status="absent",
        by=UserFactory(name="周敏"),
        now=now,
    )
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    nothing = {"status": "", "minutes": None, "reason": None}
    wanted = nothing | {"status": "present"}

    answer = post(
        page,
        lesson,
        {
            "marks": [
                {"nonce": first, "person": people[0].pk, "wanted": wanted, "seen": nothing},
                {"nonce": second, "person": people[1].pk, "wanted": wanted, "seen": nothing},
            ]
        },
    ).json()

    clash, taken = answer["answers"]
    assert (clash["nonce"], clash["outcome"]) == (first, "clash")
    assert clash["stands"]["words"] == "缺课" and clash["stands"]["by"] == "周敏"
    assert (taken["nonce"], taken["outcome"]) == (second, "taken")
    assert "data-roll-form" in answer["roll"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "7",
        "{}",
        '{"marks": 7}',
        '{"marks": [7]}',
        '{"marks": [{}]}',
        {"marks": [{"nonce": "x", "person": 1, "wanted": {}, "seen": {}}]},
        {"marks": [{"nonce": str(uuid.uuid4()), "person": "1", "wanted": {}, "seen": {}}]},
        {"marks": [{"nonce": str(uuid.uuid4()), "person": 2**70, "wanted": {}, "seen": {}}]},
        {"marks": [{"nonce": str(uuid.uuid4()), "person": 1, "wanted": [], "seen": {}}]},
        {
            "marks": [
                {"nonce": str(uuid.uuid4()), "person": 1, "wanted": {"minutes": -1}, "seen": {}}
            ]
        },
    ],
)
def test_what_no_phone_of_ours_sends_is_refused(page, lesson, body):
    response = post(page, lesson, body)

    assert response.status_code == 400 and response.json()["said"]
    assert not SentMark.objects.exists()


def test_the_worker_is_allowed_on_its_roll_alone(page, lesson):
    response = page.get(url("roll_worker", lesson))

    assert response["Content-Type"].startswith("text/javascript")
    assert response["Service-Worker-Allowed"] == url("attendance", lesson)
    assert "no-store" in response["Cache-Control"]


def test_the_roll_is_looked_at_anew_without_drawing_it_twice(page, lesson, people, now):
    roll = url("attendance", lesson)
    part = page.get(roll, {"answer": "roll"})
    assert "<html" not in part.text
    version = part.context["version"]
    assert page.get(roll, {"answer": "roll", "version": version}).status_code == 204

    mark(lesson=lesson, enrolments=people[:1], status="present", by=UserFactory(), now=now)

    newer = page.get(roll, {"answer": "roll", "version": version, "who": "missing"})
    assert {row.pk for row in newer.context["found"]} == {people[1].pk, people[2].pk}


def test_who_is_still_missing_is_shown_alone_without_a_script(page, lesson, people, now):
    mark(lesson=lesson, enrolments=people[:2], status="present", by=UserFactory(), now=now)

    shown = page.get(url("attendance", lesson), {"who": "missing"})

    assert shown.text.count("data-person=") == 1 and shown.context["unmarked"] == 1
    mark(lesson=lesson, enrolments=people[2:], status="late", by=UserFactory(), now=now)
    assert "到齐" in page.get(url("attendance", lesson), {"who": "missing"}).text


def test_looking_anew_by_itself_keeps_nobody_logged_in(page, lesson):
    session = page.session
    session[SEEN_AT] = before = int(time.time()) - 300
    session.save()

    page.get(url("attendance", lesson), {"answer": "roll"}, headers={"X-By-Itself": "1"})
    assert page.session[SEEN_AT] == before
    page.get(url("attendance", lesson), {"answer": "roll"})
    assert page.session[SEEN_AT] > before
