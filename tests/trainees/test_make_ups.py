"""Making a missed lesson up: equal lessons with a seat, one booked, marked on the roll, hours
once.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from courses.models import ClassStatus, Lesson, TrainingClass
from trainees.booking.no_shows import standing_of
from trainees.classes.changes import start_due_classes
from trainees.invariants import breaches
from trainees.models import Attendance, HourEntry, MakeUp, RollLock
from trainees.record.attendance import clear, mark
from trainees.record.closing import close_class
from trainees.record.make_ups import (
    MakeUpRefused,
    book_make_up,
    equal_lessons,
    give_up,
    make_up_of,
    mark_make_up,
)
from trainees.record.mark_errors import MadeUp

from ..factories import NOW, CourseFactory, TraineeFactory, class_with
from .pasts import was_absent
from .test_booking import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def absence(cadre):
    """A lesson of three hours of a closed class, missed twenty days ago."""
    return absence_of(cadre, CourseFactory(title="加装电梯"))


def absence_of(trainee, course, days_ago=20):
    held = was_absent(trainee, course, days_ago=days_ago)
    RollLock.objects.create(
        lesson=held.lessons.get(), locked_at=NOW, locked_by=trainee.user, with_the_class=True
    )
    found = Attendance.objects.select_related("lesson__course_version", "enrolment__trainee")
    return found.get(enrolment__trainee=trainee, lesson__course_version__course=course)


def lesson_like(absence, *, room=5, seats=5, **fields):
    """A lesson of the same course in a class of five seats whose room holds `room`."""
    lesson = class_with(seats=seats, **fields).lessons.get()
    version = lesson.course_version
    version.course_id, version.number = absence.lesson.course_version.course_id, 100 + lesson.pk
    version.save()
    lesson.venue.capacity = room
    lesson.venue.save()
    return lesson


def book(absence, lesson, now=NOW):
    return book_make_up(mark=absence, lesson=lesson, by=absence.enrolment.trainee.user, now=now)


def offered(absence, now=NOW):
    return [(lesson.pk, lesson.seats_left) for lesson in equal_lessons(absence, now)]


def balance(absence):
    return sum(entry.hours for entry in HourEntry.objects.filter(trainee=absence.enrolment.trainee))


def test_offered_are_lessons_of_the_same_course_with_a_seat_beyond_those_of_the_class(
    absence, colleague
):
    class_with(seats=5)  # another course
    with_room = lesson_like(absence, room=7)
    full = lesson_like(absence, room=5)
    lesson_like(absence, room=9, status=ClassStatus.DRAFT)
    own = lesson_like(absence, room=9, starts_at=NOW + timedelta(days=40))
    take(absence.enrolment.trainee, own.training_class, repeat_reason="再学一遍")
    assert offered(absence) == [(with_room.pk, 2)]

    take(colleague, full.training_class)
    closed = full.training_class.booking_closes_at
    assert offered(absence, closed) == [(with_room.pk, 7), (full.pk, 4)], (
        "nobody can book the other seats of the class any more"
    )
    assert offered(absence, full.starts_at) == []


def test_the_last_seat_is_taken_once_and_comes_back(absence):
    other = absence_of(TraineeFactory(), absence.lesson.course_version.course)
    lesson = lesson_like(absence, room=6)
    first = book(absence, lesson)
    assert book(absence, lesson) == first, "the same tap again"

    with pytest.raises(MakeUpRefused, match="报满"):
        book(other, lesson)
    give_up(make_up=first, now=NOW)
    book(other, lesson)

    assert lesson.training_class.pools.get().seats_taken == 0
    assert list(breaches()) == []


def test_one_lesson_at_a_time_and_none_at_a_time_that_is_taken(absence, cadre):
    at = NOW + timedelta(days=30)
    first = lesson_like(absence, room=9, starts_at=at)
    second = lesson_like(absence, room=9, starts_at=at + timedelta(days=1))
    make_up = book(absence, first)
    with pytest.raises(MakeUpRefused, match="请先取消"):
        book(absence, second)
    give_up(make_up=make_up, now=NOW)
    take(cadre, class_with(seats=1, starts_at=at))
    with pytest.raises(MakeUpRefused, match="已有安排"):
        book(absence, first)
    book(absence, second)
    another = absence_of(cadre, CourseFactory(title="垃圾分类"), days_ago=30)
    with pytest.raises(MakeUpRefused, match="已有安排"):
        book(another, lesson_like(another, room=9, starts_at=at + timedelta(days=1)))


def test_a_class_that_is_cancelled_lets_the_person_choose_again(absence):
    first, second = (lesson_like(absence, room=9) for _number in range(2))
    book(absence, first)
    TrainingClass.objects.filter(pk=first.training_class_id).update(status=ClassStatus.CANCELLED)
    assert make_up_of(absence) is None

    book(absence, second)

    assert sorted(MakeUp.objects.values_list("status", flat=True)) == ["booked", "given_up"]


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(None, "3"), (145, "3"), (144, "2.75"), (72, "1.25"), (6, "0")],  # of 145 minutes, 3 hours
)
def test_coming_closes_the_absence_and_posts_the_hours_once(
    absence, cadre, district_staff, minutes, hours
):
    lesson = lesson_like(absence, room=9)
    make_up = book(absence, lesson)
    start_due_classes(now=lesson.starts_at)
    now = lesson.starts_at
    with pytest.raises(MakeUpRefused, match="从开课时起"):
        mark_make_up(make_up=make_up, came=True, by=district_staff, now=now - timedelta(seconds=1))

    for _tap in range(2):
        mark_make_up(make_up=make_up, came=True, minutes=minutes, by=district_staff, now=now)

    assert balance(absence) == Decimal(hours)
    assert [
        (entry.kind, entry.lesson, entry.earned_on, entry.rule.partition(":")[0])
        for entry in HourEntry.objects.all()
    ] == [("make_up", absence.lesson, now.date(), "make-up-2026")] * (hours != "0")
    assert standing_of(cadre, now).absences == ()
    assert list(breaches()) == []


def test_a_corrected_mark_takes_the_hours_back_and_not_coming_leaves_the_absence_open(
    absence, cadre, district_staff
):
    lesson, later = (
        lesson_like(absence, room=9, starts_at=NOW + timedelta(days=days)) for days in (14, 21)
    )
    make_up = book(absence, lesson)
    now = lesson.starts_at
    for came, hours in ((True, 3), (False, 0), (True, 3), (False, 0)):
        mark_make_up(make_up=make_up, came=came, by=district_staff, now=now)
        assert balance(absence) == hours
    assert HourEntry.objects.count() == 4
    assert len(standing_of(cadre, now).absences) == 1

    again = book(absence, later, now=now)

    with pytest.raises(MakeUpRefused, match="其他班次"):
        mark_make_up(make_up=make_up, came=True, by=district_staff, now=now)
    mark_make_up(make_up=again, came=True, by=district_staff, now=later.starts_at)
    assert balance(absence) == 3
    assert list(breaches()) == []


@pytest.mark.parametrize("status", ["present", "late", "left_early", ""])
def test_a_lesson_made_up_is_not_marked_as_attended_so_hours_count_once(
    absence, district_staff, status
):
    """Until the mark of the make-up lesson is taken back; then closing posts the lesson alone."""
    lesson = lesson_like(absence, room=9)
    make_up = book(absence, lesson)
    now = lesson.starts_at
    mark_make_up(make_up=make_up, came=True, by=district_staff, now=now)
    missed = absence.lesson
    RollLock.objects.filter(lesson=missed).delete()
    TrainingClass.objects.filter(pk=missed.training_class_id).update(status=ClassStatus.RUNNING)

    def change(status: str) -> None:
        what = {"lesson": missed, "enrolments": [absence.enrolment], "by": district_staff}
        mark(status=status, now=now, **what) if status else clear(now=now, **what)

    with pytest.raises(MadeUp, match="补课"):
        change(status)
    change("excused")
    assert balance(absence) == 3

    mark_make_up(make_up=make_up, came=False, by=district_staff, now=now)
    change("present")
    with pytest.raises(MakeUpRefused):
        mark_make_up(make_up=make_up, came=True, by=district_staff, now=now)
    close_class(training_class=missed.training_class, by=district_staff, now=now)

    assert balance(absence) == 3
    assert list(breaches()) == []


def test_nothing_is_made_up_of_a_lesson_without_a_mark(absence, district_staff):
    lesson = lesson_like(absence, room=9)
    make_up = book(absence, lesson)
    RollLock.objects.filter(lesson=absence.lesson).delete()
    absence.delete()

    with pytest.raises(MakeUpRefused):
        mark_make_up(make_up=make_up, came=True, by=district_staff, now=lesson.starts_at)


def test_hours_are_at_most_those_of_the_lesson_that_was_missed(absence, district_staff):
    lesson = lesson_like(absence, room=9)
    Lesson.objects.filter(pk=lesson.pk).update(hours=Decimal("6"))
    make_up = book(absence, Lesson.objects.select_related("training_class").get(pk=lesson.pk))

    mark_make_up(make_up=make_up, came=True, by=district_staff, now=lesson.starts_at)

    assert balance(absence) == absence.lesson.hours == 3


def test_the_page_of_the_absence_books_and_the_roll_marks(
    client, absence, cadre, district_staff, time_machine
):
    time_machine.move_to(NOW, tick=False)
    lesson = lesson_like(absence, room=9)
    client.force_login(cadre.user)
    page = reverse("trainees:absence", args=[absence.pk])
    assert "余 4 席" in client.get(page).content.decode()
    for wrong in ("", "x", "9" * 40):
        said = client.post(f"{page}make-up/", {"lesson": wrong}, follow=True)
        assert "请选择补课的课次" in said.content.decode()
    client.post(f"{page}make-up/", {"lesson": lesson.pk})
    assert "已报补课" in client.get(page).content.decode()
    make_up = MakeUp.objects.get()

    start_due_classes(now=lesson.starts_at)
    time_machine.move_to(lesson.starts_at, tick=False)
    client.force_login(district_staff)
    roll = reverse("trainees:attendance", args=[lesson.pk])
    shown = client.get(roll).content.decode()
    assert "补课 1 人" in shown
    assert cadre.user.name in shown
    client.post(roll, {"action": f"guest-came:{make_up.pk}", f"minutes-guest-{make_up.pk}": "72"})
    assert balance(absence) == Decimal("1.25")
    assert "补课，已到" in client.get(roll).content.decode()
    client.post(roll, {"action": "guest-came:0"})
    client.post(roll, {"action": f"guest-missed:{make_up.pk}"})
    assert balance(absence) == 0
