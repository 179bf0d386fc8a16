"""Parallel slots of a lesson: choosing, placing, and who attends what (docs/rules.md R90)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from courses.models import ClassStatus, Lesson
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.booking.slots import (
    SlotFull,
    SlotRefused,
    choose_slot,
    place_rest,
    slot_groups,
    slot_groups_for,
    unchosen,
)
from trainees.booking.withdrawing import withdraw
from trainees.classes.meals import days_at_table
from trainees.classes.sign_in import sign_in_of
from trainees.eligibility.clashes import commitments_of
from trainees.errors import NotEligible, RequestRefused
from trainees.invariants import breaches
from trainees.me.bookings import coming_classes
from trainees.me.calendar_feed import calendar_for
from trainees.me.ticket import ticket_of
from trainees.models import (
    Attendance,
    AttendanceStatus,
    EnrolmentStatus,
    HourEntry,
    LeaveRequest,
    SlotChoice,
    lessons_of,
)
from trainees.petitions.leave import ask_for_leave, lessons_ahead, meters_of
from trainees.record.attendance import mark, mark_rest, on_the_roll
from trainees.record.closing import ClosingRefused, PartsMissing, close_class, hours_to_post
from trainees.record.hours import booked_lessons
from trainees.record.lesson_rolls import unmarked, with_roll
from trainees.record.make_ups import seats_left
from trainees.record.mark_errors import NotOnTheRoll
from trainees.reminders import ClassTomorrow
from trainees.workspace.matrix import matrix_of

from ..factories import NOW, TraineeFactory, UserFactory, class_with, class_with_slots, slot_of

pytestmark = pytest.mark.django_db
MORNING, AFTERNOON, EVENING = 0, 1, 2


@pytest.fixture
def training_class():
    return class_with_slots(seats=6, slots=(2, 2, None))


@pytest.fixture
def staff():
    return UserFactory()


def seat_in(training_class, trainee=None):
    trainee = trainee or TraineeFactory()
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)


def choose(enrolment, lesson, now=NOW):
    return choose_slot(enrolment=enrolment, lesson=lesson, by=enrolment.trainee.user, now=now)


def chosen(enrolment) -> list[int]:
    return list(
        SlotChoice.objects.standing().filter(enrolment=enrolment).values_list("lesson", flat=True)
    )


# --- Choosing -------------------------------------------------------------------------------------


def test_a_slot_is_chosen_and_changed_and_the_same_tap_changes_nothing(training_class):
    seat = seat_in(training_class)
    first = choose(seat, slot_of(training_class, MORNING))

    assert choose(seat, slot_of(training_class, MORNING)) == first
    choose(seat, slot_of(training_class, EVENING))

    assert chosen(seat) == [slot_of(training_class, EVENING).pk]
    first.refresh_from_db()
    assert first.left_at == NOW
    assert list(breaches()) == []


def test_a_full_slot_says_which_one_is_free(training_class):
    morning = slot_of(training_class, MORNING)
    for _ in range(2):
        choose(seat_in(training_class), morning)
    last = seat_in(training_class)

    with pytest.raises(SlotFull, match=slot_of(training_class, AFTERNOON).venue.name):
        choose(last, morning)

    assert chosen(last) == []


def test_a_slot_without_seats_of_its_own_has_those_of_the_class(training_class):
    (group,) = slot_groups(training_class, NOW)

    assert [slot.seats for slot in group.slots] == [2, 2, 6]


def test_nothing_is_chosen_once_the_slot_has_begun_and_the_old_one_neither(training_class):
    seat, morning = seat_in(training_class), slot_of(training_class, MORNING)
    with pytest.raises(SlotRefused):
        choose(seat, morning, now=morning.starts_at)
    choose(seat, morning, now=morning.starts_at - timedelta(minutes=1))
    with pytest.raises(SlotRefused):
        choose(seat, slot_of(training_class, EVENING), now=morning.starts_at)
    assert chosen(seat) == [morning.pk]


def test_who_has_no_seat_chooses_no_slot(training_class):
    seat = seat_in(training_class)
    withdraw(enrolment=seat, by=seat.trainee.user, now=NOW)

    with pytest.raises(SlotRefused):
        choose(seat, slot_of(training_class, MORNING))


def test_a_lesson_for_everybody_is_no_slot(training_class):
    with pytest.raises(SlotRefused):
        choose(seat_in(training_class), training_class.lessons.get(slot_group=None))


def test_who_gives_the_seat_up_frees_the_slot(training_class):
    seat = seat_in(training_class)
    choose(seat, slot_of(training_class, MORNING))

    withdraw(enrolment=seat, by=seat.trainee.user, now=NOW)

    assert not SlotChoice.objects.standing().exists()
    assert list(breaches()) == []


# --- Clashes --------------------------------------------------------------------------------------


def class_at(lesson):
    return class_with(seats=5, starts_at=lesson.starts_at + timedelta(minutes=30))


def test_a_slot_that_clashes_with_another_booking_is_refused_and_said(training_class):
    seat = seat_in(training_class)
    other = class_at(slot_of(training_class, MORNING))
    seat_in(other, seat.trainee)

    with pytest.raises(SlotRefused, match=other.title):
        choose(seat, slot_of(training_class, MORNING))

    (group,) = slot_groups_for(seat, training_class, NOW)
    assert [bool(slot.clash) for slot in group.slots] == [True, False, False]
    choose(seat, slot_of(training_class, AFTERNOON))


def test_a_class_is_booked_while_one_of_its_slots_is_free_and_not_when_none_is(training_class):
    trainee = TraineeFactory()
    for place in (MORNING, AFTERNOON):
        seat_in(class_at(slot_of(training_class, place)), trainee)
    seat_in(training_class, trainee)

    busy = TraineeFactory()
    for place in (MORNING, AFTERNOON, EVENING):
        seat_in(class_at(slot_of(training_class, place)), busy)
    with pytest.raises(NotEligible):
        seat_in(training_class, busy)


def test_only_the_chosen_slot_takes_ones_time(training_class):
    seat = seat_in(training_class)
    choose(seat, slot_of(training_class, AFTERNOON))

    seat_in(class_at(slot_of(training_class, MORNING)), seat.trainee)
    with pytest.raises(NotEligible):
        seat_in(class_at(slot_of(training_class, AFTERNOON)), seat.trainee)
    own = commitments_of(seat.trainee, []).own
    assert slot_of(training_class, EVENING).pk not in {lesson.pk for lesson in own}


# --- Placing the rest -----------------------------------------------------------------------------


def test_who_has_chosen_none_is_placed_into_the_freest_slot_and_told(training_class, staff):
    keen = seat_in(training_class)
    choose(keen, slot_of(training_class, MORNING))
    others = [seat_in(training_class) for _ in range(3)]

    placed = place_rest(training_class=training_class, by=staff, now=NOW)

    assert len(placed.placed) == 3 and placed.left == []
    assert {choice.lesson_id for choice in placed.placed} == {slot_of(training_class, EVENING).pk}
    assert unchosen(training_class) == []
    told = Notice.objects.filter(kind="slot_placed").values_list("person", flat=True)
    assert set(told) == {seat.trainee.user_id for seat in others}
    again = place_rest(training_class=training_class, by=staff, now=NOW)
    assert again.placed == [] and Notice.objects.filter(kind="slot_placed").count() == 3


def test_nobody_is_placed_where_another_booking_clashes(training_class, staff):
    seat = seat_in(training_class)
    for place in (AFTERNOON, EVENING):
        seat_in(class_at(slot_of(training_class, place)), seat.trainee)

    place_rest(training_class=training_class, by=staff, now=NOW)

    assert chosen(seat) == [slot_of(training_class, MORNING).pk]


# --- Who attends what -----------------------------------------------------------------------------


@pytest.fixture
def two(training_class):
    """Somebody in the morning, somebody in the evening."""
    early, late = seat_in(training_class), seat_in(training_class)
    choose(early, slot_of(training_class, MORNING))
    choose(late, slot_of(training_class, EVENING))
    return early, late


def test_everybody_attends_the_lessons_for_all_and_ones_own_slot(training_class, two):
    early, _late = two
    keys = {training_class.lessons.get(slot_group=None).pk, slot_of(training_class, MORNING).pk}

    assert set(lessons_of(early).values_list("pk", flat=True)) == keys
    year = training_class.starts_at.year
    assert set(booked_lessons(early.trainee, year, NOW).values_list("pk", flat=True)) == keys
    assert {item.pk for item in lessons_ahead(early, NOW)} == keys
    ticket = ticket_of(early, training_class, NOW)
    assert {ticket.lesson.pk, *(lesson.pk for lesson in ticket.others)} == keys


def test_the_roll_of_a_slot_has_its_people(training_class, two):
    early, late = two
    morning, evening = slot_of(training_class, MORNING), slot_of(training_class, EVENING)

    assert list(on_the_roll(morning)) == [early]
    assert list(on_the_roll(evening)) == [late]
    counts = {item.pk: item.on_the_roll for item in with_roll(Lesson.objects.all())}
    assert counts[morning.pk] == counts[evening.pk] == 1
    assert counts[slot_of(training_class, AFTERNOON).pk] == 0
    assert counts[training_class.lessons.get(slot_group=None).pk] == 2
    assert {(person, lesson) for person, lesson in unmarked(training_class)} == {
        (early, morning),
        (late, evening),
        *((person, training_class.lessons.get(slot_group=None)) for person in two),
    }
    assert sign_in_of(morning).people == 1
    with pytest.raises(NotOnTheRoll):
        mark(
            lesson=morning,
            enrolments=[late],
            status=AttendanceStatus.PRESENT,
            by=late.trainee.user,
            now=morning.starts_at,
        )


def test_the_matrix_expects_nobody_in_another_slot(training_class, two):
    early, _late = two
    matrix = matrix_of(training_class, NOW)

    (row,) = [row for row in matrix.rows if row.enrolment == early]
    assert [cell.is_expected for cell in row.cells] == [True, True, False, False]
    assert [head.unmarked for head in matrix.heads] == [2, 1, 0, 1]


def test_meals_count_who_attends_a_lesson_of_the_day(training_class, two):
    seat_in(training_class)  # has chosen nothing yet

    assert [day.booked for day in days_at_table(training_class)] == [3, 2]


def test_the_reminder_goes_to_the_people_of_the_slot(training_class, two):
    seat_in(training_class)
    at = slot_of(training_class, MORNING).starts_at - timedelta(hours=15)

    drafts = list(ClassTomorrow().due(at))

    early, late = two
    assert {(draft.person, draft.subject) for draft in drafts} == {
        (early.trainee.user, slot_of(training_class, MORNING)),
        (late.trainee.user, slot_of(training_class, EVENING)),
    }


def test_leave_and_its_meter_look_at_the_chosen_slot_alone(training_class, two):
    early, _late = two
    with pytest.raises(RequestRefused):
        ask_for_leave(
            enrolment=early,
            lessons=[slot_of(training_class, EVENING)],
            reason="有会",
            by=early.trainee.user,
            now=NOW,
        )
    ask_for_leave(
        enrolment=early,
        lessons=[slot_of(training_class, MORNING)],
        reason="有会",
        by=early.trainee.user,
        now=NOW,
    )
    assert meters_of([early])[early.pk].leave == Decimal(3)

    choose(early, slot_of(training_class, EVENING))

    assert LeaveRequest.objects.count() == 1
    assert meters_of([early])[early.pk].leave == Decimal(0)


def test_a_guest_has_the_seats_that_the_slot_leaves(training_class):
    morning = slot_of(training_class, MORNING)

    assert seats_left(morning, NOW) == morning.venue.capacity - 2


def test_my_classes_shows_the_slot_and_that_one_is_to_choose(training_class):
    seat = seat_in(training_class)
    (coming,) = coming_classes(seat.trainee, NOW)
    assert coming.lacks_a_slot
    choose(seat, slot_of(training_class, EVENING))

    after_the_first = training_class.lessons.get(slot_group=None).ends_at + timedelta(hours=1)
    (coming,) = coming_classes(seat.trainee, after_the_first)

    assert not coming.lacks_a_slot
    assert (coming.lesson, coming.number) == (slot_of(training_class, EVENING), 2)


# --- Calendar -------------------------------------------------------------------------------------


def events_of(trainee, now) -> dict[str, tuple[str, int]]:
    from icalendar import Calendar

    calendar = Calendar.from_ical(calendar_for(trainee, now=now, site="https://portal.example"))
    return {
        str(event["uid"]).split("-person")[0]: (str(event["status"]), event["sequence"])
        for event in calendar.walk("VEVENT")
    }


def test_a_changed_slot_cancels_the_old_event(training_class):
    seat = seat_in(training_class)
    morning, evening = slot_of(training_class, MORNING), slot_of(training_class, EVENING)
    assert len(events_of(seat.trainee, NOW)) == 1
    choose(seat, morning)
    before = events_of(seat.trainee, NOW)
    choose(seat, evening, now=NOW + timedelta(hours=1))

    after = events_of(seat.trainee, NOW + timedelta(hours=1))

    old, new = f"lesson-{morning.pk}", f"lesson-{evening.pk}"
    assert before[old][0] == "CONFIRMED" and new not in before
    assert after[old][0] == "CANCELLED" and after[new][0] == "CONFIRMED"
    assert after[old][1] > before[old][1]
    assert f"lesson-{slot_of(training_class, AFTERNOON).pk}" not in after
    much_later = events_of(seat.trainee, NOW + timedelta(days=31, hours=1))
    assert old not in much_later


# --- Closing --------------------------------------------------------------------------------------


def mark_all(training_class, staff):
    for lesson in training_class.lessons.order_by("starts_at"):
        mark_rest(lesson=lesson, status=AttendanceStatus.PRESENT, by=staff, now=lesson.ends_at)


def test_closing_waits_for_the_choices_and_posts_each_slot_once(training_class, two, staff):
    third = seat_in(training_class)
    end = training_class.ends_at + timedelta(hours=1)
    mark_all(training_class, staff)
    with pytest.raises(PartsMissing):
        close_class(training_class=training_class, by=staff, now=end)

    place_rest(training_class=training_class, by=staff, now=end)
    with pytest.raises(ClosingRefused):
        close_class(training_class=training_class, by=staff, now=end)
    mark_all(training_class, staff)

    to_post = hours_to_post(training_class)
    assert to_post.whole == 6 and len(to_post.with_all) == 3
    close_class(training_class=training_class, by=staff, now=end)
    hours = HourEntry.objects.filter(trainee=third.trainee).values_list("hours", flat=True)
    assert sum(hours) == 6
    training_class.refresh_from_db()
    third.refresh_from_db()
    assert training_class.status == ClassStatus.CLOSED
    assert third.status == EnrolmentStatus.COMPLETED
    assert Attendance.objects.count() == 6
    assert list(breaches()) == []
