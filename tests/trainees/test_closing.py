"""Closing turns marks into hours, once, for those who came; reopening takes them back by counter
entries.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from courses.models import ClassStatus
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.classes.changes import cancel_class
from trainees.models import Enrolment, HourEntry
from trainees.record.attendance import mark, mark_rest
from trainees.record.closing import (
    ClosingRefused,
    NotAllMarked,
    close_class,
    mark_rest_absent,
    reopen_class,
)
from trainees.record.hours import RULE, balance

from ..factories import NOW, TraineeFactory, TrainingClassFactory, UserFactory, class_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(db):
    return UserFactory()


@pytest.fixture
def held(cadre, colleague, outsider):
    """A class of two lessons with two seats, taken by cadre and colleague; the outsider waits."""
    training_class = class_with(seats=2, lessons=2)
    for trainee in (cadre, colleague, outsider):
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    training_class.refresh_from_db()
    return training_class


@pytest.fixture
def over(held):
    return held.ends_at


def mark_all(training_class, teacher, status="present", *, but=None):
    """Give everybody in every lesson the mark; `but` is {trainee: mark} for the exceptions."""
    for lesson in training_class.lessons.all():
        for trainee, other in (but or {}).items():
            mark(
                lesson=lesson,
                enrolments=[trainee.enrolments.get(training_class=training_class)],
                status=other,
                by=teacher,
                now=lesson.ends_at,
            )
        mark_rest(lesson=lesson, status=status, by=teacher, now=lesson.ends_at)


def ledger():
    """(person, kind, hours, closing) of every line, in order."""
    return list(HourEntry.objects.order_by("pk").values_list("trainee", "kind", "hours", "closing"))


def states(training_class):
    return dict(
        Enrolment.objects.filter(training_class=training_class).values_list("trainee", "status")
    )


def test_closing_posts_each_lesson_to_those_who_came(
    held, over, teacher, cadre, colleague, outsider
):
    mark_all(held, teacher, but={colleague: "absent"})

    entries = close_class(training_class=held, by=teacher, now=over)

    held.refresh_from_db()
    assert ledger() == [(cadre.pk, "lesson", Decimal(3), 1)] * 2
    assert [(entry.rule, entry.posted_by, entry.lesson) for entry in entries] == [
        (f"{RULE}; 课堂每45分钟1学时", teacher, lesson)
        for lesson in held.lessons.order_by("starts_at")
    ]
    assert states(held) == {cadre.pk: "completed", colleague.pk: "booked", outsider.pk: "lapsed"}
    assert (held.status, held.closings, held.waiting_count) == (ClassStatus.CLOSED, 1, 0)
    assert (balance(cadre, 2027), balance(colleague, 2027), balance(cadre, 2026)) == (6, 0, 0)


def test_closing_deletes_what_people_brought_along(held, over, teacher):
    """docs/rules.md R87."""
    mark_all(held, teacher)
    held.enrolments.update(question="一个难题")

    close_class(training_class=held, by=teacher, now=over)

    assert set(held.enrolments.values_list("question", flat=True)) == {""}


def test_only_those_with_hours_are_told(held, over, teacher, cadre, colleague):
    mark_all(held, teacher, but={colleague: "excused"})

    close_class(training_class=held, by=teacher, now=over)

    (notice,) = Notice.objects.all()
    assert (notice.person, notice.kind, notice.link) == (cadre.user, "hours_posted", "/me/hours/")
    assert "6" in notice.title and held.title in notice.title


def test_part_hours_are_posted_by_minutes_present(held, over, teacher, cadre):
    mark_all(held, teacher, status="absent")
    mark(
        lesson=held.lessons.first(),
        enrolments=[cadre.enrolments.get()],
        status="late",
        minutes=100,
        by=teacher,
        now=over,
    )

    close_class(training_class=held, by=teacher, now=over)

    assert ledger() == [(cadre.pk, "lesson", Decimal("2.00"), 1)]  # 3 × 100/145 = 2.07


def test_who_was_there_too_shortly_for_a_quarter_hour_completes_without_a_line(
    held, over, teacher, cadre
):
    mark_all(held, teacher, status="absent")
    mark(
        lesson=held.lessons.first(),
        enrolments=[cadre.enrolments.get()],
        status="left_early",
        minutes=5,
        by=teacher,
        now=over,
    )

    close_class(training_class=held, by=teacher, now=over)

    assert (
        ledger(),
        states(held)[cadre.pk],
        Notice.objects.filter(kind="hours_posted").count(),
    ) == ([], "completed", 0)


def test_closing_is_refused_while_anybody_is_unmarked_and_lists_them(
    held, over, teacher, cadre, colleague
):
    first, second = held.lessons.order_by("starts_at")
    mark_rest(lesson=first, status="present", by=teacher, now=over)
    mark(lesson=second, enrolments=[cadre.enrolments.get()], status="present", by=teacher, now=over)

    with pytest.raises(NotAllMarked) as refused:
        close_class(training_class=held, by=teacher, now=over)

    assert refused.value.missing == [(colleague.enrolments.get(), second)]
    held.refresh_from_db()
    assert (ledger(), held.status, held.waiting_count, Notice.objects.count()) == (
        [],
        ClassStatus.OPEN,
        1,
        0,
    )


def test_mark_the_rest_absent_then_close(held, over, teacher, cadre, colleague):
    first, _second = held.lessons.order_by("starts_at")
    mark_rest(lesson=first, status="present", by=teacher, now=over)

    assert mark_rest_absent(training_class=held, by=teacher, now=over) == 2
    assert mark_rest_absent(training_class=held, by=teacher, now=over) == 0
    close_class(training_class=held, by=teacher, now=over)

    assert ledger() == [
        (cadre.pk, "lesson", Decimal(3), 1),
        (colleague.pk, "lesson", Decimal(3), 1),
    ]


def test_the_rest_of_a_lesson_that_is_not_over_is_left_unmarked(held, teacher):
    first, second = held.lessons.order_by("starts_at")

    assert mark_rest_absent(training_class=held, by=teacher, now=first.ends_at) == 2
    assert not second.attendances.exists()


def test_closing_before_the_last_lesson_has_ended_is_refused(held, over, teacher):
    mark_all(held, teacher)

    with pytest.raises(ClosingRefused, match="最后一次课"):
        close_class(training_class=held, by=teacher, now=over - timedelta(minutes=1))

    assert ledger() == []


def test_a_class_without_lessons_cannot_be_closed(teacher):
    with pytest.raises(ClosingRefused):
        close_class(training_class=TrainingClassFactory(), by=teacher, now=NOW)


def test_a_class_without_people_closes_without_hours(teacher):
    training_class = class_with(seats=1)

    assert close_class(training_class=training_class, by=teacher, now=training_class.ends_at) == []

    training_class.refresh_from_db()
    assert training_class.status == ClassStatus.CLOSED


def test_closing_twice_posts_once(held, over, teacher):
    mark_all(held, teacher)
    close_class(training_class=held, by=teacher, now=over)
    before = ledger()

    with pytest.raises(ClosingRefused, match="已"):
        close_class(training_class=held, by=teacher, now=over)

    assert ledger() == before and len(before) == 4


@pytest.mark.parametrize("status", [ClassStatus.DRAFT, ClassStatus.CANCELLED])
def test_a_class_that_is_not_held_cannot_be_closed(held, over, teacher, status):
    mark_all(held, teacher)
    type(held).objects.update(status=status)

    with pytest.raises(ClosingRefused):
        close_class(training_class=held, by=teacher, now=over)

    assert ledger() == []


def test_a_closed_class_cannot_be_cancelled(held, over, teacher):
    mark_all(held, teacher)
    close_class(training_class=held, by=teacher, now=over)

    with pytest.raises(Exception, match="不能取消"):
        cancel_class(training_class=held, reason="老师生病", by=teacher, now=over)

    held.refresh_from_db()
    assert (held.status, len(ledger())) == (ClassStatus.CLOSED, 4)


# --- Reopening ------------------------------------------------------------------------------------


def test_reopening_takes_every_hour_back_by_a_counter_entry(held, over, teacher, cadre, colleague):
    mark_all(held, teacher, but={colleague: "absent"})
    posted = close_class(training_class=held, by=teacher, now=over)

    counter = reopen_class(training_class=held, reason=" 签到表看错了 ", by=teacher, now=over)

    held.refresh_from_db()
    assert ledger() == [(cadre.pk, "lesson", 3, 1)] * 2 + [(cadre.pk, "correction", -3, 1)] * 2
    assert {entry.reverses for entry in counter} == set(posted)
    assert {entry.reason for entry in counter} == {"签到表看错了"}
    assert (balance(cadre, 2027), held.status, states(held)[cadre.pk]) == (
        0,
        ClassStatus.RUNNING,
        "booked",
    )
    assert cadre.enrolments.get().events.last().kind == "reopened"


def test_closing_again_posts_what_the_corrected_marks_say(held, over, teacher, cadre, colleague):
    mark_all(held, teacher, but={colleague: "absent"})
    close_class(training_class=held, by=teacher, now=over)
    reopen_class(training_class=held, reason="看错了", by=teacher, now=over)
    for lesson in held.lessons.all():
        mark(
            lesson=lesson,
            enrolments=[cadre.enrolments.get()],
            status="absent",
            by=teacher,
            now=over,
        )
        mark(
            lesson=lesson,
            enrolments=[colleague.enrolments.get()],
            status="present",
            by=teacher,
            now=over,
        )

    close_class(training_class=held, by=teacher, now=over)

    held.refresh_from_db()
    assert ledger()[4:] == [(colleague.pk, "lesson", 3, 2)] * 2
    assert (balance(cadre, 2027), balance(colleague, 2027), held.closings) == (0, 6, 2)
    assert (states(held)[cadre.pk], states(held)[colleague.pk]) == ("booked", "completed")


def test_a_second_round_counters_only_what_stands(held, over, teacher, cadre):
    mark_all(held, teacher)
    for _n in range(2):
        close_class(training_class=held, by=teacher, now=over)
        assert len(reopen_class(training_class=held, reason="再看一遍", by=teacher, now=over)) == 4

    assert (balance(cadre, 2027), len(ledger())) == (0, 16)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_reopening_needs_a_reason(held, over, teacher, reason):
    mark_all(held, teacher)
    close_class(training_class=held, by=teacher, now=over)

    with pytest.raises(ClosingRefused):
        reopen_class(training_class=held, reason=reason, by=teacher, now=over)

    assert len(ledger()) == 4


def test_a_long_reason_is_cut_and_does_not_break(held, over, teacher):
    mark_all(held, teacher)
    close_class(training_class=held, by=teacher, now=over)

    counter = reopen_class(training_class=held, reason="长" * 5000, by=teacher, now=over)

    assert {entry.reason for entry in counter} == {"长" * 200}


@pytest.mark.parametrize(
    "status", [ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING, ClassStatus.CANCELLED]
)
def test_only_a_closed_class_is_reopened(held, over, teacher, status):
    type(held).objects.update(status=status)

    with pytest.raises(ClosingRefused):
        reopen_class(training_class=held, reason="看错了", by=teacher, now=over)


def test_the_statements_do_not_grow_much_with_the_people(teacher, django_assert_max_num_queries):
    """A few for each person (history, notice), so that sixty people close in a breath."""
    training_class = class_with(seats=10)
    for _n in range(10):
        trainee = TraineeFactory()
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    mark_all(training_class, teacher)

    with django_assert_max_num_queries(21 + 6 * 10):
        close_class(training_class=training_class, by=teacher, now=training_class.ends_at)
