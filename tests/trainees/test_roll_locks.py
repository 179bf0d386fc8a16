"""A roll is locked when it is done and opened again with a reason; while it is locked no mark of
the lesson changes, by no way. Source: docs/rules.md R73.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from academy.invariants import audit
from courses.models import ClassStatus, TrainingClass
from trainees.booking.enrolling import book
from trainees.booking.seat_ledger import give_up
from trainees.models import AbsenceReason, Attendance, AttendanceChange, RollLock
from trainees.record import attendance
from trainees.record.closing import close_class, reopen_class
from trainees.record.locked_marks import GUARD
from trainees.record.mark_errors import RollClosed, RollLocked
from trainees.record.roll_history import history_of_roll
from trainees.record.roll_locks import (
    CannotLock,
    CannotReopen,
    lock_roll,
    reopen_roll,
)

from ..factories import NOW, TraineeFactory, UserFactory, class_with
from ..unguarded import unguarded

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def lesson(campus):
    """Three people hold a seat; the one lesson of the class was marked and is over."""
    training_class = class_with(seats=3, campus=campus)
    for _n in range(3):
        trainee = TraineeFactory()
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    lesson = training_class.lessons.get()
    attendance.mark_rest(lesson=lesson, status="present", by=UserFactory(), now=lesson.starts_at)
    return lesson


@pytest.fixture
def people(lesson):
    return list(lesson.training_class.enrolments.order_by("pk"))


@pytest.fixture
def over(lesson):
    return lesson.ends_at


@pytest.fixture
def teacher(db):
    return UserFactory(name="周敏")


def marks():
    return set(Attendance.objects.values_list("enrolment", "status", "minutes", "reason"))


def test_no_way_changes_a_mark_of_a_locked_roll(lesson, people, teacher, over):
    lock_roll(lesson=lesson, by=teacher, now=over)
    before, changes = marks(), AttendanceChange.objects.count()
    how = {"lesson": lesson, "by": teacher, "now": over + MINUTE}

    for tap in (
        lambda: attendance.mark(enrolments=people[:1], status="absent", **how),
        lambda: attendance.clear(enrolments=people[:1], **how),
        lambda: attendance.mark_rest(status="absent", **how),
        lambda: attendance.undo_last(**how),
        lambda: attendance.give_reason(
            enrolment=people[0], reason=AbsenceReason.objects.first(), **how
        ),
    ):
        with pytest.raises(RollLocked, match="已锁定"):
            tap()

    assert (marks(), AttendanceChange.objects.count()) == (before, changes)


def test_the_database_refuses_as_well(lesson, people, teacher, over):
    late = TraineeFactory()
    lock_roll(lesson=lesson, by=teacher, now=over)
    mark = Attendance.objects.filter(enrolment=people[0])
    writes = (
        lambda: mark.update(status="absent"),
        lambda: mark.update(minutes=3),
        mark.delete,
        lambda: Attendance.objects.create(
            enrolment=people[0].__class__.objects.create(
                trainee=late,
                training_class=lesson.training_class,
                village=late.village,
                position=late.position,
                status="waitlisted",
                booked_by=late.user,
                queued_at=NOW,
            ),
            lesson=lesson,
            status="present",
            marked_by=teacher,
            marked_at=over,
        ),
    )
    for write in writes:
        with pytest.raises(IntegrityError, match=GUARD.said), transaction.atomic():
            write()

    reopen_roll(lesson=lesson, reason="补登", by=teacher, now=over)
    assert mark.update(status="absent") == 1


def test_a_seat_that_is_given_up_takes_its_mark_along(lesson, people, teacher, over):
    lock_roll(lesson=lesson, by=teacher, now=over)

    give_up(people[0], lesson.training_class, by=teacher, now=over)

    assert Attendance.objects.filter(lesson=lesson).count() == 2
    assert AttendanceChange.objects.last().method == "seat"


def test_a_roll_is_locked_when_the_lesson_is_over_and_everybody_marked(
    lesson, people, teacher, over
):
    with pytest.raises(CannotLock, match="还没有结束"):
        lock_roll(lesson=lesson, by=teacher, now=over - MINUTE)
    attendance.clear(lesson=lesson, enrolments=people[:2], by=teacher, now=over)
    with pytest.raises(CannotLock, match="还有 2 人"):
        lock_roll(lesson=lesson, by=teacher, now=over)
    attendance.mark_rest(lesson=lesson, status="absent", by=teacher, now=over)
    lock_roll(lesson=lesson, by=teacher, now=over)
    with pytest.raises(CannotLock, match="已经锁定"):
        lock_roll(lesson=lesson, by=teacher, now=over)

    assert RollLock.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        RollLock.objects.create(lesson=lesson, locked_at=over, locked_by=teacher)
    with pytest.raises(IntegrityError), transaction.atomic():
        RollLock.objects.update(reopened_at=over, reopened_by=teacher)


def test_a_roll_is_opened_with_a_reason_alone(lesson, people, teacher, over):
    with pytest.raises(CannotReopen, match="没有锁定"):
        reopen_roll(lesson=lesson, reason="写错了", by=teacher, now=over)
    lock_roll(lesson=lesson, by=teacher, now=over)
    with pytest.raises(CannotReopen, match="原因"):
        reopen_roll(lesson=lesson, reason="  ", by=teacher, now=over)

    reopen_roll(lesson=lesson, reason="张三其实迟到", by=teacher, now=over + MINUTE)

    assert attendance.mark(
        lesson=lesson, enrolments=people[:1], status="late", by=teacher, now=over + 2 * MINUTE
    )
    lock_roll(lesson=lesson, by=teacher, now=over + 3 * MINUTE)
    assert [(lock.reason, lock.reopened_at) for lock in RollLock.objects.all()] == [
        ("张三其实迟到", over + MINUTE),
        ("", None),
    ]


def test_closing_locks_every_roll_and_reopening_opens_them(lesson, teacher, over):
    lock_roll(lesson=lesson, by=teacher, now=over)
    training_class = lesson.training_class
    close_class(training_class=training_class, by=teacher, now=over)
    assert RollLock.objects.standing().count() == 1
    with pytest.raises(RollClosed):
        reopen_roll(lesson=lesson, reason="改一下", by=teacher, now=over)

    reopen_class(training_class=training_class, reason="漏了一人", by=teacher, now=over + MINUTE)
    assert not RollLock.objects.standing().exists()
    assert RollLock.objects.get().reason == "漏了一人"

    close_class(training_class=training_class, by=teacher, now=over + 2 * MINUTE)
    assert RollLock.objects.standing().get().with_the_class
    assert list(audit()) == []


def test_the_audit_misses_a_lock_and_a_trigger(lesson, over):
    TrainingClass.objects.filter(pk=lesson.training_class_id).update(status=ClassStatus.CLOSED)
    name = GUARD.names(connection.vendor)[0]
    with unguarded():
        found = {(breach.rule, str(breach.key)) for breach in audit()}
        assert {(73, name), (73, str(lesson.pk))} <= found


def test_the_history_says_who_when_what_and_by_which_way(lesson, people, teacher, over):
    attendance.mark(
        lesson=lesson, enrolments=people[:1], status="late", minutes=100, by=teacher, now=over
    )
    lock_roll(lesson=lesson, by=teacher, now=over + MINUTE)
    reopen_roll(lesson=lesson, reason="分钟写错", by=teacher, now=over + 2 * MINUTE)

    events = history_of_roll(lesson)

    assert [(e.person, e.was, e.became, e.way, e.by, e.reason) for e in events[:3]] == [
        ("", "已锁定", "可改", "手动", "周敏", "分钟写错"),
        ("", "可改", "已锁定", "手动", "周敏", ""),
        (people[0].trainee.name, "到课", "迟到，到课 100 分钟", "点名", "周敏", ""),
    ]
    assert len(events) == 6
    own = history_of_roll(lesson, people[0])
    assert [event.became for event in own] == ["迟到，到课 100 分钟", "到课"]


# --- The pages ------------------------------------------------------------------------------------


@pytest.fixture
def page(client, branch_coordinator, time_machine, over):
    time_machine.move_to(over)
    client.force_login(branch_coordinator)
    return client


def test_the_page_locks_opens_and_shows_the_history(page, lesson, people):
    roll, history = (
        reverse(f"trainees:{name}", args=[lesson.pk]) for name in ("attendance", "roll_history")
    )
    lock, reopen = (
        reverse(f"trainees:{name}", args=[lesson.pk]) for name in ("roll_lock", "roll_reopen")
    )
    assert lock in page.get(roll).text and reopen not in page.get(roll).text

    locked = page.post(lock, follow=True)
    assert "已锁定" in locked.text and reopen in locked.text and 'value="late:' not in locked.text
    refused = page.post(roll, {"action": f"late:{people[0].pk}"}, follow=True)
    assert "已锁定" in " ".join(map(str, refused.context["messages"]))

    assert RollLock.objects.standing().count() == 1
    page.post(reopen, {"reason": ""})
    assert RollLock.objects.standing().count() == 1
    opened = page.post(reopen, {"reason": "写错了"}, follow=True)
    assert 'value="late:' in opened.text

    text = page.get(history).text
    assert "写错了" in text and people[0].trainee.name in text
    own = page.get(history, {"person": people[0].pk})
    assert [event.person for event in own.context["events"]] == [people[0].trainee.name]
    assert page.get(history, {"person": "x"}).context["events"] == []
