"""What a changed plan does to choices of slots; the door of another slot (docs/rules.md R90)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from courses.schedule.bulk_scheduling import moved_plan
from courses.schedule.class_plans import SchedulingRefused
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.booking.slots import choose_slot
from trainees.classes.changes import change_plan, rehearse_change
from trainees.door.checking_in import check_in
from trainees.door.other_slots import CannotMoveHere, OfAnotherSlot
from trainees.door.tickets import check_ticket
from trainees.door.walk_ins import take_in
from trainees.invariants import breaches
from trainees.me.ticket import signer
from trainees.models import Attendance, AttendanceStatus, SlotChoice
from trainees.record.attendance import mark

from ..factories import NOW, TraineeFactory, UserFactory, class_with_slots, slot_of

pytestmark = pytest.mark.django_db
MORNING, EVENING = 0, 2


@pytest.fixture
def training_class():
    return class_with_slots(seats=4, slots=(2, 2, 2))


@pytest.fixture
def seats(training_class):
    """Somebody in the morning, somebody in the evening."""
    return [in_slot(training_class, place) for place in (MORNING, EVENING)]


def in_slot(training_class, place):
    trainee = TraineeFactory()
    seat = book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    choose_slot(enrolment=seat, lesson=slot_of(training_class, place), by=trainee.user, now=NOW)
    return seat


def plan_with(training_class, change):
    """The plan of the class as it stands; `change` turns each (plan, lesson) into a plan or
    nothing.
    """
    plan = moved_plan(training_class, days=0)
    pairs = zip(plan.lessons, training_class.lessons.all(), strict=True)
    lessons = [change(replace(item, pk=lesson.pk), lesson) for item, lesson in pairs]
    return replace(plan, code=training_class.code, lessons=[item for item in lessons if item])


def changed(training_class, change):
    return change_plan(
        training_class=training_class,
        plan=plan_with(training_class, change),
        by=UserFactory(),
        now=NOW,
    )


def chosen(seat):
    return list(
        SlotChoice.objects.standing().filter(enrolment=seat).values_list("lesson", flat=True)
    )


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("person", flat=True))


# --- Plans ----------------------------------------------------------------------------------------


def test_a_moved_slot_frees_the_choices_and_tells_its_people_alone(training_class, seats):
    morning, evening = seats
    first = slot_of(training_class, MORNING)

    def later(plan, lesson):
        shift = timedelta(minutes=30 if lesson == first else 0)
        return replace(plan, starts_at=plan.starts_at + shift, ends_at=plan.ends_at + shift)

    asked = plan_with(training_class, later)
    would = rehearse_change(training_class=training_class, plan=asked, by=UserFactory(), now=NOW)
    assert [telling.enrolment for telling in would] == [morning] and chosen(morning)

    changed(training_class, later)

    assert chosen(morning) == [] and chosen(evening) == [slot_of(training_class, EVENING).pk]
    assert told("slot_changed") == {morning.trainee.user_id} and not told("class_moved")
    assert list(breaches()) == []


def test_a_slot_that_is_taken_out_frees_the_choices_and_tells_its_people(training_class, seats):
    morning, evening = seats
    first = slot_of(training_class, MORNING)

    def without(plan, lesson):
        return None if lesson == first else plan

    changed(training_class, without)

    assert chosen(morning) == [] and chosen(evening)
    assert told("slot_changed") == {morning.trainee.user_id}
    training_class.refresh_from_db()
    assert (training_class.lesson_count, training_class.hours) == (2, 6)


def test_no_slot_gets_fewer_seats_than_people(training_class, seats):
    in_slot(training_class, MORNING)
    first = slot_of(training_class, MORNING)

    def smaller(plan, lesson):
        return replace(plan, slot_seats=1) if lesson == first else plan

    with pytest.raises(SchedulingRefused):
        changed(training_class, smaller)


@pytest.mark.parametrize(
    "wrong",
    [
        {"slot_group": None},
        {"hours": 1},
        {"slot_seats": 10_000},
        {"slot_group": 2},
    ],
)
def test_what_are_no_parallel_slots_is_refused(training_class, wrong):
    first = slot_of(training_class, MORNING)
    with pytest.raises(SchedulingRefused):
        changed(
            training_class, lambda plan, item: replace(plan, **wrong) if item == first else plan
        )


def test_a_copy_of_a_class_has_its_slots(training_class):
    plans = moved_plan(training_class, days=7).lessons

    assert [plan.slot_group for plan in plans] == [None, 1, 1, 1]
    assert [plan.slot_seats for plan in plans] == [None, 2, 2, 2]


# --- The door -------------------------------------------------------------------------------------


def ticket(seat, lesson):
    return check_ticket(
        lesson=lesson,
        code=signer.sign(str(seat.pk)),
        by=UserFactory(),
        now=lesson.starts_at,
    )


def test_a_ticket_of_another_slot_says_which_and_staff_take_the_person_in(training_class, seats):
    morning, _evening = seats
    here = slot_of(training_class, EVENING)
    with pytest.raises(OfAnotherSlot, match=slot_of(training_class, MORNING).venue.name):
        ticket(morning, here)

    take_in(trainee=morning.trainee, lesson=here, by=UserFactory(), now=here.starts_at)

    assert chosen(morning) == [here.pk]
    assert Attendance.objects.get(enrolment=morning).lesson == here
    assert list(breaches()) == []


def test_an_absence_in_the_slot_before_goes_and_having_come_stays(training_class, seats):
    morning, _evening = seats
    first, here = slot_of(training_class, MORNING), slot_of(training_class, EVENING)
    staff = UserFactory()
    for status in (AttendanceStatus.PRESENT, AttendanceStatus.ABSENT):
        mark(lesson=first, enrolments=[morning], status=status, by=staff, now=first.ends_at)
        if status == AttendanceStatus.PRESENT:
            with pytest.raises(CannotMoveHere):
                take_in(trainee=morning.trainee, lesson=here, by=staff, now=here.starts_at)

    take_in(trainee=morning.trainee, lesson=here, by=staff, now=here.starts_at)

    assert Attendance.objects.get(enrolment=morning).lesson == here


def test_nobody_of_another_slot_is_taken_into_a_full_one(training_class, seats):
    morning, _evening = seats
    in_slot(training_class, EVENING)
    here = slot_of(training_class, EVENING)

    with pytest.raises(CannotMoveHere):
        take_in(trainee=morning.trainee, lesson=here, by=UserFactory(), now=here.starts_at)


def test_a_walk_in_is_in_the_slot_they_walk_into(training_class):
    here, trainee = slot_of(training_class, MORNING), TraineeFactory()

    mark_, _new = take_in(
        trainee=trainee, lesson=here, by=UserFactory(), now=here.starts_at, reason="来旁听"
    )

    assert chosen(mark_.enrolment) == [here.pk]


def test_the_code_on_the_wall_of_another_slot_marks_nobody(training_class, seats):
    morning, _evening = seats
    here = slot_of(training_class, EVENING)
    with pytest.raises(OfAnotherSlot):
        check_in(lesson=here, user=morning.trainee.user, scanned_at=here.starts_at, device="x")
    assert not Attendance.objects.exists()
