"""Whoever acts on the same seats at the same moment, in real processes: no seat too many, nobody
overtaken, no deadlock. Source: docs/rules.md R1, R2.

On the database that the tests run on; the seed is printed, RACE_SEED repeats it, LONG=1 takes
10,000 mixed actions. The controls take the lock of the class away: what only that lock prevents
must then be seen, on PostgreSQL.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from academy.invariants import audit
from academy.models import Role
from courses.models import TrainingClass
from tests.factories import (
    CourseFactory,
    CourseVersionFactory,
    PositionFactory,
    RoleGrantFactory,
    UserFactory,
    VillageFactory,
    class_with,
)
from tests.trainees.pasts import has_taken
from trainees.booking.enrolling import book
from trainees.booking.queue import release_due
from trainees.models import Enrolment, EnrolmentEvent, EnrolmentStatus, Trainee
from trainees.on_behalf.nominations import nominate
from trainees.seats.counting import places_of

from .crowd import crowd
from .leash import leash

LONG = os.environ.get("LONG") == "1"
PROCESSES = 8
ACTIONS = 10_000 if LONG else 240  # of the mixed race, all processes together
ROUNDS = 60 if LONG else 6
TRIES_TO_BREAK = 3
PATIENCE = 1800 if LONG else 180  # seconds

pytestmark = pytest.mark.django_db(transaction=True)


def race(environment: dict[str, str], **job) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.races.class_race"],
        cwd=settings.BASE_DIR,
        env=environment,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        preexec_fn=leash,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def open_class(number: int = 0, **fields) -> TrainingClass:
    """A class that can be booked now; each on a day of its own, so that nobody's lessons clash."""
    now = timezone.now()
    return class_with(
        starts_at=now + timedelta(days=14 + number),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=7),
        **fields,
    )


def filled(
    number: int, people: list[Trainee], *, seats: int
) -> tuple[TrainingClass, list[Enrolment]]:
    """A class with all of these people in it: the first have its seats, the others wait in this
    order.
    """
    training_class, now = open_class(number, seats=seats), timezone.now()
    return training_class, [
        book(trainee=person, training_class=training_class, by=person.user, now=now)
        for person in people
    ]


def states(training_class: TrainingClass) -> list[tuple[int, str]]:
    return list(
        Enrolment.objects.filter(training_class=training_class)
        .order_by("pk")
        .values_list("trainee", "status")
    )


def round_of_freed_seats(
    number: int, people: list[Trainee], office: int
) -> tuple[TrainingClass, list[list]]:
    """Three have seats and five wait; at once two cancel, one seat is added, the sweep promotes,
    and a ninth person books.
    """
    training_class, enrolments = filled(number, people[:8], seats=3)
    return training_class, [
        ["withdraw", enrolments[0].pk],
        ["withdraw", enrolments[1].pk],
        ["change_seats", office, training_class.pk, 4],
        ["promote"],
        ["book", people[8].pk, training_class.pk],
    ]


def expected(people: list[Trainee]) -> list[tuple[int, str]]:
    """The first three who wait have moved up, whatever came first; the newcomer waits behind the
    others.
    """
    return list(
        zip(
            [person.pk for person in people],
            ["withdrawn"] * 2 + ["booked"] * 4 + ["waitlisted"] * 3,
            strict=True,
        )
    )


def test_cancelling_raising_and_promoting_at_once_give_the_seats_to_the_first_who_wait(
    own_processes,
):
    people, office = crowd(9), UserFactory().pk
    rounds = [round_of_freed_seats(number, people, office) for number in range(ROUNDS)]

    answer = race(own_processes, together=[actions for _training_class, actions in rounds])

    assert answer["errors"] == []
    assert answer["said"] == {
        "book done": ROUNDS,
        "change_seats done": ROUNDS,
        "promote done": ROUNDS,
        "withdraw done": 2 * ROUNDS,
    }
    for training_class, _actions in rounds:
        assert states(training_class) == expected(people)
        waiting = Enrolment.objects.waiting().filter(training_class=training_class)
        assert [place.number for place in places_of(waiting).values()] == [1, 2, 3]
    assert (
        Counter(
            EnrolmentEvent.objects.filter(kind="promoted").values_list("enrolment", flat=True)
        ).most_common(1)[0][1]
        == 1
    )
    assert list(audit()) == []


def two_seats_and_the_rule(number: int, people: list[Trainee], course, office: int):
    """Two have seats; behind them wait one who has taken the course, two who have not, and another
    who has. At once both seats are given back and the rule is switched on.
    """
    training_class, now = open_class(number, seats=2), timezone.now()
    training_class.lessons.update(course_version=CourseVersionFactory(course=course))
    enrolments = [
        book(
            trainee=person,
            training_class=training_class,
            by=person.user,
            now=now,
            repeat_reason="再学一遍",
        )
        for person in people
    ]
    return training_class, [
        ["withdraw", enrolments[0].pk],
        ["put_first_timers_first", office, training_class.pk],
        ["withdraw", enrolments[1].pk],
    ]


def rounds_of_the_rule(count: int) -> tuple[list[Trainee], list]:
    people, office, course = crowd(6), UserFactory().pk, CourseFactory()
    for person in (people[2], people[5]):
        has_taken(person, course)
    return people, [
        two_seats_and_the_rule(number, people, course, office) for number in range(count)
    ]


def who_moved_up(people: list[Trainee], training_class: TrainingClass) -> list[int]:
    """Positions in the list of people, as often as each was moved up."""
    moved = EnrolmentEvent.objects.filter(
        kind="promoted", enrolment__training_class=training_class
    ).values_list("enrolment__trainee", flat=True)
    return sorted([person.pk for person in people].index(key) for key in moved)


def breaches_of_seats() -> list:
    """Of seats, queue and bookings; the classes of the past here have no hours posted."""
    return [breach for breach in audit() if breach.rule in (1, 2, 3)]


def test_first_timers_go_first_from_the_moment_that_the_rule_is_on(own_processes):
    people, rounds = rounds_of_the_rule(ROUNDS)

    answer = race(own_processes, together=[actions for _training_class, actions in rounds])

    assert answer["errors"] == []
    # whoever was first in time while the rule was off, and then who has not taken the course;
    # nobody who has taken it goes before them after that
    for training_class, _actions in rounds:
        assert who_moved_up(people, training_class) in ([2, 3], [3, 4])
        training_class.refresh_from_db()
        assert (training_class.first_timers_first, training_class.waiting_count) == (True, 2)
        waiting = Enrolment.objects.waiting().filter(training_class=training_class)
        assert waiting.last().trainee == people[5]
    assert breaches_of_seats() == []


def test_control_the_queue_is_wrong_without_the_lock_of_the_rule_on_postgresql(own_processes):
    _people, rounds = rounds_of_the_rule(1)

    answer = race(
        own_processes,
        together=[actions for _training_class, actions in rounds],
        without="rules",
    )

    assert answer["errors"] == []
    assert bool(breaches_of_seats()) == (connection.vendor == "postgresql")


@pytest.mark.parametrize("manner", ["separately", "as_many"])
def test_two_coordinators_with_overlapping_lists_each_person_is_booked_once(own_processes, manner):
    people, seats = crowd(14), 8
    keys = [person.pk for person in people]
    village = people[0].village
    coordinators = [
        RoleGrantFactory(user=UserFactory(), role=Role.VILLAGE_COORDINATOR, village=village).user
        for _ in range(2)
    ]
    classes = [open_class(number, seats=seats) for number in range(ROUNDS)]

    answer = race(
        own_processes,
        together=[
            [
                ["book_colleagues", coordinators[0].pk, training_class.pk, manner, *keys[:10]],
                [
                    "book_colleagues",
                    coordinators[1].pk,
                    training_class.pk,
                    manner,
                    *reversed(keys[4:]),
                ],
            ]
            for training_class in classes
        ],
    )

    assert answer == {"said": {"book_colleagues done": 2 * ROUNDS}, "errors": []}
    for training_class in classes:
        found = Enrolment.objects.filter(training_class=training_class)
        booked = found.filter(status=EnrolmentStatus.BOOKED).values_list("trainee", flat=True)
        assert len(found) == len({enrolment.trainee_id for enrolment in found})
        assert len(booked) == seats
        if manner == "separately":
            assert {enrolment.trainee_id for enrolment in found} == set(keys)
        # a group with somebody in it who is booked already is not booked: one of the two came
        # first, the other was told so
        else:
            assert {enrolment.trainee_id for enrolment in found} in (set(keys[:10]), set(keys[4:]))
    assert list(audit()) == []


def mixed_world() -> dict:
    """Twenty-four people of two villages, four classes with a quota; two of them at the same hour,
    two so near that seats are offered.
    """
    villages = [VillageFactory(), VillageFactory()]
    position, now = PositionFactory(), timezone.now()
    people = crowd(24, villages=villages, position=position)
    classes = [
        class_with(
            seats=6,
            town_seats={village.town: 2 for village in villages},
            starts_at=now + starts_in,
            booking_opens_at=now - timedelta(days=1),
            booking_closes_at=now + starts_in - timedelta(hours=2),
        )
        for starts_in in (
            timedelta(days=14),
            timedelta(days=14, minutes=30),
            timedelta(hours=40),
            timedelta(hours=46),
        )
    ]
    office = RoleGrantFactory(user=UserFactory(), role=Role.DISTRICT_STAFF).user
    # people who can be swapped from the first moment
    for number, training_class in enumerate((classes[0], classes[2])):
        for village in villages:
            sent = [person for person in people if person.village == village][
                2 * number : 2 * number + 2
            ]
            nominate(
                trainees=sent, training_class=training_class, town=village.town, by=office, now=now
            )
    return {
        "people": [person.pk for person in people],
        "classes": [found.pk for found in classes],
        "office": office.pk,
    }


def test_mixed_actions_without_end_leave_nothing_wrong(own_processes, chance):
    world, seed = mixed_world(), chance.randrange(10**6)

    answer = race(
        own_processes,
        mixed=world | {"processes": PROCESSES, "actions": ACTIONS // PROCESSES, "seed": seed},
    )

    happened = Counter(EnrolmentEvent.objects.values_list("kind", flat=True))
    print(answer["said"], happened)
    assert answer["errors"] == []
    # as the clock does: whoever was passed over for a clash moves up once the other class is given
    # back
    release_due(now=timezone.now())
    assert list(audit()) == []
    # a short run may lack the chance
    assert set(happened) >= {"booked", "withdrawn"} | (
        {"waitlisted", "promoted", "offered", "accepted", "expired", "skipped"} if LONG else set()
    )
    done = {name.removesuffix(" done") for name in answer["said"] if name.endswith(" done")}
    assert done >= {"book", "withdraw", "change_seats", "promote", "end_offers", "nominate"} | (
        {"pass_on", "take_offer"} if LONG else set()
    )


def test_control_mixed_actions_without_the_lock_leave_something_wrong(own_processes, chance):
    world = mixed_world()
    # SQLite has one writer at a time, lock or no lock
    tries, actions = (TRIES_TO_BREAK, 40) if connection.vendor == "postgresql" else (1, 5)
    wrong = False
    while tries and not wrong:
        tries -= 1
        job = world | {"processes": PROCESSES, "actions": actions, "seed": chance.randrange(10**6)}
        answer = race(own_processes, mixed=job, without="lock")
        wrong = bool(answer["errors"] or list(audit()))

    assert wrong == (connection.vendor == "postgresql")
