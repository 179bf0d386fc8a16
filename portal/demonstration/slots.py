"""A class of which one lesson is held morning, afternoon and evening: some have chosen, some not.

Source: docs/rules.md R90.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import islice

from django.utils import timezone

from academy.errors import PortalError
from academy.models import Campus, User, Venue
from courses.models import Course, TrainingClass
from courses.schedule.class_plans import ClassPlan, LessonPlan
from courses.schedule.free_times import busy_lessons
from courses.schedule.holidays import is_workday
from courses.schedule.scheduling import create_class, open_class
from trainees.booking.enrolling import book
from trainees.booking.slots import choose_slot, slots_of
from trainees.models import Trainee

FOR_ALL, IN_SLOTS = "SW-022", "SW-023"  # 社区公共卫生与灭蚊防病行动, 社区健康急救
SLOTS = ((time(9), 12), (time(13, 30), 12), (time(18), 10))  # begins at, seats
SEATS = 24
LENGTH, HOURS = timedelta(hours=2), Decimal("2.5")
DAYS_AHEAD = 26
CHOOSERS = (0, 0, 0, 1, 0, 2, 1)  # which slot is chosen, one after the other
LEFT = 3  # who have not chosen, the cadre among them


def hold_a_lesson_in_slots(
    now: datetime, people: Sequence[Trainee], *, coordinator: User, cadre: Trainee
) -> TrainingClass:
    """An open class with one lesson for all and one in three slots; the cadre has a seat and has
    not chosen yet.
    """
    training_class = _class(now, coordinator)
    at = now - timedelta(days=1)
    booked = (
        _book(person, training_class, at)
        for person in [cadre, *[one for one in people if one != cadre]]
    )
    seats = list(islice(filter(None, booked), len(CHOOSERS) + LEFT))
    slots = slots_of(training_class)
    for seat, place in zip(seats[1:], CHOOSERS, strict=False):
        choose_slot(enrolment=seat, lesson=slots[place], by=seat.trainee.user, now=at)
    return training_class


def _book(person: Trainee, training_class: TrainingClass, at: datetime):
    try:
        return book(trainee=person, training_class=training_class, by=person.user, now=at)
    except PortalError:
        return None


def _class(now: datetime, by: User) -> TrainingClass:
    day = timezone.localdate(now) + timedelta(days=DAYS_AHEAD)
    while not (is_workday(day) and is_workday(day + timedelta(days=1))):
        day += timedelta(days=1)
    college = Campus.objects.get(code="C00")

    def moment(days: int, begins: time) -> datetime:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), begins))

    first, last = moment(0, time(9)), moment(1, time(21))
    rooms = Venue.objects.filter(campus=college, capacity__gte=SEATS).order_by("-capacity", "code")
    taken = {
        lesson.venue_id for lesson in busy_lessons(first, last, venues=[room.pk for room in rooms])
    }
    room = next(room for room in rooms if room.pk not in taken)
    common, parallel = (Course.objects.get(code=code) for code in (FOR_ALL, IN_SLOTS))
    plan = ClassPlan(
        title="社区健康急救实训班",
        campus=college,
        capacity=SEATS,
        booking_opens_at=now - timedelta(days=3),
        booking_closes_at=first - timedelta(days=1),
        lessons=[
            LessonPlan(common, room, first, first + LENGTH, HOURS),
            *(
                LessonPlan(
                    parallel,
                    room,
                    moment(1, begins),
                    moment(1, begins) + LENGTH,
                    HOURS,
                    slot_group=1,
                    slot_seats=seats,
                )
                for begins, seats in SLOTS
            ),
        ],
    )
    announced = now - timedelta(days=3)
    made = create_class(plan=plan, by=by, now=announced)
    return open_class(training_class=made, by=by, now=announced, index=False)
