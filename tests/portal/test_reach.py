"""Who was reached of each village: against a plain recount of the rows, over generated worlds."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.models import Village
from courses.models import ClassStatus
from portal.coverage.reach import (
    NO_STAGE,
    Mark,
    by_stage,
    by_track,
    reach_of,
    seats_behind,
    towns_of_reach,
    window_up_to,
)
from trainees.models import Attendance, EnrolmentStatus

from ..factories import (
    NOW,
    SHANGHAI,
    CourseFactory,
    CourseVersionFactory,
    EnrolmentFactory,
    LearnerGroupFactory,
    LessonFactory,
    SeatPoolFactory,
    StageFactory,
    TownFactory,
    TrackFactory,
    TraineeFactory,
    TrainingClassFactory,
    UserFactory,
    VillageFactory,
)
from ..generated import examples

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
FIRST = date(2026, 3, 2)  # of the twelve months up to TODAY, 2027-03-01

# Days of lessons around both ends of the window, written out so that the recount shares no rule
# with the code.
DAYS = (
    date(2026, 3, 1),
    FIRST,
    date(2026, 9, 10),
    date(2027, 2, 28),
    TODAY,
    date(2027, 3, 2),
    date(2027, 4, 1),
)
MARKS = ("present", "late", "left_early", "excused", "absent", "")
STATUSES = ("booked", "completed", "withdrawn", "waitlisted")


@dataclass(frozen=True)
class Booking:
    person: int
    group: int
    village: int  # at booking; who moved is elsewhere now
    status: str
    marks: tuple[str, ...]  # one for each lesson
    is_light: bool = False


@dataclass(frozen=True)
class Held:
    status: str
    lessons: tuple[tuple[date, bool, int], ...]  # day, late in the evening, track
    bookings: tuple[Booking, ...] = field(default=())


@st.composite
def classes(draw):
    lessons = draw(
        st.lists(
            st.tuples(st.sampled_from(DAYS), st.booleans(), st.integers(0, 1)),
            min_size=1,
            max_size=3,
        )
    )
    people = draw(st.lists(st.integers(0, 4), unique=True, max_size=4))
    bookings = [
        Booking(
            person,
            0,
            draw(st.integers(0, 3)),
            draw(st.sampled_from(STATUSES)),
            tuple(draw(st.sampled_from(MARKS)) for _lesson in lessons),
            draw(st.booleans()) and person == 4,
        )
        for person in people
    ]
    status = draw(st.sampled_from(("open", "running", "closed", "cancelled")))
    return Held(status, tuple(lessons), tuple(bookings))


class World:
    """Two towns with two villages each, one of which has ended; five people, one has no stage."""

    def __init__(self, held: list[Held]) -> None:
        self.towns = [TownFactory(), TownFactory()]
        self.villages = [VillageFactory(town=self.towns[number // 2]) for number in range(4)]
        Village.objects.filter(pk=self.villages[3].pk).update(valid_to=TODAY - timedelta(days=1))
        self.tracks = [TrackFactory(), TrackFactory()]
        self.stages = [StageFactory(), StageFactory()]
        versions = [
            CourseVersionFactory(course=CourseFactory(track=track)) for track in self.tracks
        ]
        self.people = [
            TraineeFactory(village=self.villages[number % 3], stage=stage)
            for number, stage in enumerate([*self.stages, *self.stages, None])
        ]
        group, clerk = LearnerGroupFactory(), UserFactory()
        self.held = held
        for one in held:
            item = TrainingClassFactory(status=one.status)
            pool = SeatPoolFactory(training_class=item)
            lessons = [
                LessonFactory(
                    training_class=item,
                    number=number,
                    course_version=versions[track],
                    starts_at=(at := moment(on, late)),
                    ends_at=at + timedelta(minutes=20),
                )
                for number, (on, late, track) in enumerate(one.lessons, 1)
            ]
            for row in one.bookings:
                seated = row.status in ("booked", "completed")
                enrolment = EnrolmentFactory(
                    trainee=self.people[row.person],
                    training_class=item,
                    village=self.villages[row.village],
                    status=row.status,
                    pool=pool if seated else None,
                    **({"position": None, "learner_group": group} if row.is_light else {}),
                )
                Attendance.objects.bulk_create(
                    Attendance(
                        enrolment=enrolment,
                        lesson=lesson,
                        status=mark,
                        marked_by=clerk,
                        marked_at=NOW,
                    )
                    for lesson, mark in zip(lessons, row.marks, strict=True)
                    if mark
                )

    def recount(self, *, by: str) -> dict[tuple[int, int], tuple[set, set, set]]:
        """(village, track or stage) → people who came, their class seats, people booked ahead."""
        found = defaultdict(lambda: (set(), set(), set()))
        for number, one in enumerate(self.held):
            if one.status == "cancelled":
                continue
            for row in one.bookings:
                if row.is_light or row.status not in ("booked", "completed"):
                    continue
                stage = self.people[row.person].stage_id or NO_STAGE
                for (on, late, track), mark in zip(one.lessons, row.marks, strict=True):
                    key = self.tracks[track].pk if by == "track" else stage
                    came, seats, ahead = found[self.villages[row.village].pk, key]
                    if mark in ("present", "late", "left_early") and FIRST <= on <= TODAY:
                        came.add(row.person)
                        seats.add((number, row.person))
                    if (
                        row.status == "booked"
                        and one.status in ("open", "running")
                        and moment(on, late) > NOW
                    ):
                        ahead.add(row.person)
        return found


def moment(on: date, late: bool) -> datetime:
    """First or last minutes of the day in Shanghai: another day elsewhere."""
    at = time(23, 30) if late else time(0, 0)
    return datetime.combine(on, at, SHANGHAI)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(classes(), max_size=4))
def test_reach_equals_a_plain_recount(held):
    with transaction.atomic(), time_machine.travel(NOW, tick=False):
        world = World(held)
        for axis in (by_track(), by_stage()):
            reached = reach_of(world.towns, axis, as_of=TODAY, now=NOW)
            wanted = world.recount(by=axis.name)

            assert [row.village for row in reached] == world.villages[:3]  # the fourth has ended
            for row in reached:
                for key, cell in row.cells.items():
                    came, seats, ahead = wanted[row.pk, key]
                    assert (cell.people, cell.seats, cell.booked) == (
                        len(came),
                        len(seats),
                        len(ahead),
                    )
                assert row.was_reached == any(wanted[row.pk, key][0] for key in axis.keys)
                if axis.name == "track":
                    seats = set().union(*(wanted[row.pk, key][1] for key in axis.keys))
                    assert seats_behind(row.village, window_up_to(TODAY)).count() == len(seats)
            for town in towns_of_reach(world.towns, reached):
                for key in axis.keys:
                    assert town.reached_in(key) == sum(
                        bool(wanted[village.pk, key][0])
                        for village in world.villages[:3]
                        if village.town == town.town
                    )
        transaction.set_rollback(True)


# --- The edges, one by one ------------------------------------------------------------------------


def came(*, on: date, status: str = "present", late: bool = False, **fields):
    """Somebody of a new village in a lesson on the day; returns the village."""
    item = TrainingClassFactory(status=fields.pop("class_status", ClassStatus.CLOSED))
    lesson = LessonFactory(
        training_class=item,
        starts_at=moment(on, late),
        ends_at=moment(on, late) + timedelta(minutes=20),
    )
    enrolment = EnrolmentFactory(
        training_class=item,
        status=EnrolmentStatus.COMPLETED,
        pool=SeatPoolFactory(training_class=item),
        **fields,
    )
    Attendance.objects.create(
        enrolment=enrolment, lesson=lesson, status=status, marked_by=UserFactory(), marked_at=NOW
    )
    return enrolment.village


def mark_of(village, *, as_of: date = TODAY) -> Mark:
    (row,) = reach_of([village.town], by_track(), as_of=as_of, now=NOW)
    return next(iter(row.cells.values())).mark


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2027, 3, 1), date(2026, 3, 2)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2029, 2, 28), date(2028, 2, 29)),
        (date(2027, 12, 31), date(2027, 1, 1)),
    ],
)
def test_twelve_months_end_with_the_day(as_of, first):
    window = window_up_to(as_of)

    assert (window.first, window.last) == (first, as_of)
    assert window.first + relativedelta(months=12) - timedelta(days=1) <= as_of


@pytest.mark.parametrize(
    ("on", "late", "mark"),
    [
        (date(2026, 3, 1), True, Mark.NOT_YET),  # 23:30 of the day a year before
        (FIRST, False, Mark.REACHED),
        (TODAY, True, Mark.REACHED),  # of the last day every hour
        (date(2027, 3, 2), False, Mark.NOT_YET),
    ],
)
def test_the_same_day_of_the_year_before_is_outside(on, late, mark):
    assert mark_of(came(on=on, late=late)) == mark


def test_who_moved_counts_where_they_booked():
    village, there = VillageFactory(), VillageFactory()
    person = TraineeFactory(village=village)
    came(on=date(2026, 9, 1), trainee=person)
    person.village = there
    person.save()

    assert mark_of(village) == Mark.REACHED
    assert mark_of(there) == Mark.NOT_YET


def test_absence_and_a_cancelled_class_reach_nobody():
    assert mark_of(came(on=date(2026, 9, 1), status="absent")) == Mark.NOT_YET
    assert mark_of(came(on=date(2026, 9, 1), class_status=ClassStatus.CANCELLED)) == Mark.NOT_YET


def test_a_village_without_a_cadre_and_one_that_ended():
    village = VillageFactory()
    TrackFactory()
    assert mark_of(village) == Mark.NOBODY

    village.valid_to = TODAY - timedelta(days=1)
    village.save()
    assert reach_of([village.town], by_track(), as_of=TODAY, now=NOW) == []
    assert reach_of([village.town], by_track(), as_of=village.valid_to, now=NOW)


def test_somebody_who_has_booked_is_half_of_it_and_not_on_a_day_of_the_past():
    trainee = TraineeFactory()
    item = TrainingClassFactory()
    LessonFactory(training_class=item)
    EnrolmentFactory(
        trainee=trainee,
        training_class=item,
        status=EnrolmentStatus.BOOKED,
        pool=SeatPoolFactory(training_class=item),
    )

    assert mark_of(trainee.village) == Mark.BOOKED
    assert mark_of(trainee.village, as_of=TODAY - timedelta(days=1)) == Mark.NOT_YET


def test_counting_takes_four_statements_however_many_villages(django_assert_num_queries):
    towns = [came(on=date(2026, 9, 1)).town for _number in range(6)]
    axis = by_track()

    with django_assert_num_queries(4):
        assert len(reach_of(towns, axis, as_of=TODAY, now=NOW)) == 6
