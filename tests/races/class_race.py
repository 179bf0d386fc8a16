"""Run by test_seat_races.py: people, coordinators, staff and the clock act on the same classes from
processes that wait for each other.

Usage: python -m tests.races.class_race, with a job as JSON on standard input:
`together`: rounds of [action, argument, …], one for each process; a round begins when all processes
are there. `mixed`: {"processes", "actions", "seed", "people", "classes", "office"}: each process
does so many things in an order of its own. `without`: guards that are taken away, to show that the
test would notice (see `booking_app`). The answer is one JSON line: how often each action was done
or refused, and any error that nobody should see.
"""

import json
import multiprocessing
import random
import sys
import time
import traceback
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

import django

django.setup()

from django.db import connection, connections
from django.utils import timezone

from academy.errors import PortalError
from academy.models import User
from courses.models import TrainingClass
from tests.everywhere import modules_with
from trainees.booking import enrolling, withdrawing
from trainees.booking.class_lock import lock, lock_people
from trainees.booking.queue import expire_offers, release_due
from trainees.booking.seat_ledger import take
from trainees.classes import booking_rules, changes
from trainees.merging import joining
from trainees.models import LIVE, Enrolment, EnrolmentStatus, Nomination, NominationStatus, Trainee
from trainees.on_behalf import colleagues, nominations, passing_on

from .leash import leash

OFFERS_LAPSE_AFTER = timedelta(hours=5)  # a clock this far ahead lets the sweep end some of them
PATIENCE = 600  # seconds
BETWEEN_READ_AND_WRITE = 0.05  # seconds, in a control


def persons(keys: list[int]) -> list[Trainee]:
    found = Trainee.objects.select_related("user", "village__town", "position", "stage").in_bulk(
        keys
    )
    return [found[key] for key in keys]


# --- What may happen ------------------------------------------------------------------------------


def book(trainee: int, training_class: int) -> None:
    person = persons([trainee])[0]
    enrolling.book(
        trainee=person,
        training_class=TrainingClass.objects.get(pk=training_class),
        by=person.user,
        now=timezone.now(),
    )


def book_colleagues(coordinator: int, training_class: int, manner: str, *people: int) -> None:
    colleagues.book_colleagues(
        trainees=persons(people),
        training_class=TrainingClass.objects.get(pk=training_class),
        manner=manner,
        by=User.objects.get(pk=coordinator),
        now=timezone.now(),
    )


def withdraw(enrolment: int) -> None:
    found = Enrolment.objects.select_related("training_class__campus", "trainee__user").get(
        pk=enrolment
    )
    withdrawing.withdraw(enrolment=found, by=found.trainee.user, now=timezone.now())


def pass_on(enrolment: int, to: int) -> None:
    found = Enrolment.objects.select_related("training_class", "trainee__user").get(pk=enrolment)
    passing_on.pass_on(
        enrolment=found, to=persons([to])[0], by=found.trainee.user, now=timezone.now()
    )


def nominate(office: int, training_class: int, trainee: int) -> None:
    person = persons([trainee])[0]
    nominations.nominate(
        trainees=[person],
        training_class=TrainingClass.objects.get(pk=training_class),
        town=person.village.town,
        by=User.objects.get(pk=office),
        now=timezone.now(),
    )


def swap(office: int, first: int, second: int) -> None:
    found = Nomination.objects.select_related(
        "training_class", "trainee__village__town", "enrolment"
    )
    nominations.swap_classes(
        first=found.get(pk=first),
        second=found.get(pk=second),
        by=User.objects.get(pk=office),
        now=timezone.now(),
    )


def take_offer(enrolment: int) -> None:
    found = Enrolment.objects.select_related("training_class", "trainee__user").get(pk=enrolment)
    enrolling.accept_offer(enrolment=found, by=found.trainee.user, now=timezone.now())


def change_seats(office: int, training_class: int, capacity: int) -> None:
    found = TrainingClass.objects.get(pk=training_class)
    quotas = {pool.town: pool.seats for pool in found.pools.select_related("town") if pool.town_id}
    changes.change_seats(
        training_class=found,
        capacity=capacity,
        town_seats=quotas,
        by=User.objects.get(pk=office),
        now=timezone.now(),
    )


def put_first_timers_first(office: int, training_class: int) -> None:
    found = TrainingClass.objects.get(pk=training_class)
    rules = booking_rules.ClassRules(
        booking_opens_at=found.booking_opens_at,
        booking_closes_at=found.booking_closes_at,
        first_timers_first=True,
    )
    booking_rules.change_rules(
        training_class=found, rules=rules, by=User.objects.get(pk=office), now=timezone.now()
    )


def join(office: int, survivor: int, away: int, expected: str, *seen: str) -> None:
    """As a page sends it that was opened before: what it showed comes along."""
    stays, goes = User.objects.get(pk=survivor), User.objects.get(pk=away)
    joining.join(
        expected=expected,
        survivor=stays,
        away=goes,
        takes_number=False,
        choices={},
        reason="同一人",
        based_on=seen,
        by=User.objects.get(pk=office),
        now=timezone.now(),
    )


def promote() -> None:
    release_due(now=timezone.now())


def end_offers() -> None:
    expire_offers(now=timezone.now() + OFFERS_LAPSE_AFTER)


ACTIONS = {
    action.__name__: action
    for action in (
        book,
        book_colleagues,
        withdraw,
        pass_on,
        nominate,
        swap,
        take_offer,
        change_seats,
        put_first_timers_first,
        join,
        promote,
        end_offers,
    )
}


# --- Together, and mixed --------------------------------------------------------------------------


def attempt(said: Counter, errors: list[str], name: str, *arguments) -> None:
    try:
        ACTIONS[name](*arguments)
        said[f"{name} done"] += 1
    except PortalError:
        said[f"{name} refused"] += 1
    # a deadlock, a broken constraint: whatever a page would answer with 500
    except Exception as error:
        errors.append(f"{name}: {error!r} {traceback.format_exc()[-1500:]}")


def in_rounds(turn: int, job: dict, barrier, answers) -> None:
    leash()
    connections.close_all()
    said, errors = Counter(), []
    for actions in job["together"]:
        barrier.wait(PATIENCE)
        if turn < len(actions):
            attempt(said, errors, *actions[turn])
    answers.put((said, errors))
    connections.close_all()


def mixed(turn: int, job: dict, barrier, answers) -> None:
    leash()
    connections.close_all()
    wanted = job["mixed"]
    chance = random.Random(f"{wanted['seed']}-{turn}")
    said, errors = Counter(), []
    barrier.wait(PATIENCE)
    for _number in range(wanted["actions"]):
        if choice := choose(chance, wanted):
            attempt(said, errors, *choice)
    answers.put((said, errors))
    connections.close_all()


def choose(chance: random.Random, wanted: dict) -> tuple | None:
    """Something to do, with somebody it can be done to as the tables stand at this moment."""
    person, training_class, office = (
        chance.choice(wanted["people"]),
        chance.choice(wanted["classes"]),
        wanted["office"],
    )
    match chance.choices(
        [
            "book",
            "withdraw",
            "pass_on",
            "swap",
            "take_offer",
            "change_seats",
            "promote",
            "end_offers",
            "nominate",
            "book_colleagues",
        ],
        [30, 20, 8, 8, 8, 8, 4, 4, 8, 4],
    )[0]:
        case "book":
            return "book", person, training_class
        case "withdraw":
            return _with_one(chance, "withdraw", Enrolment.objects.filter(status__in=LIVE))
        case "pass_on":
            return _with_one(
                chance, "pass_on", Enrolment.objects.filter(status=EnrolmentStatus.BOOKED), person
            )
        case "take_offer":
            return _with_one(
                chance, "take_offer", Enrolment.objects.filter(status=EnrolmentStatus.OFFERED)
            )
        case "swap":
            asked = list(
                Nomination.objects.filter(status=NominationStatus.ASKED)
                .order_by("pk")
                .values_list("pk", "town", "training_class")
            )
            pairs = [
                (one[0], other[0])
                for one in asked
                for other in asked
                if one[1] == other[1] and one[2] != other[2]
            ]
            return ("swap", office, *chance.choice(pairs)) if pairs else None
        case "change_seats":
            return "change_seats", office, training_class, chance.randint(4, 8)
        case "nominate":
            return "nominate", office, training_class, person
        case "book_colleagues":
            manner = chance.choice(["separately", "as_many", "all"])
            return (
                "book_colleagues",
                office,
                training_class,
                manner,
                *chance.sample(wanted["people"], 3),
            )
        case by_the_clock:
            return (by_the_clock,)


def _with_one(chance: random.Random, name: str, enrolments, *more) -> tuple | None:
    keys = sorted(enrolments.values_list("pk", flat=True))
    return (name, chance.choice(keys), *more) if keys else None


def take_guards_away(without: str) -> None:
    """`lock`: neither the class nor the people in it are locked, and a moment passes between
    choosing a seat and taking it. `entries`: two entries that are joined are not locked, and
    whoever is booked is who they were before the lock. `rules`: the class is not locked while its
    rules are changed, and a moment passes between reading and writing it.
    """
    if "rules" in without.split():
        patch.object(booking_rules, "lock", read_and_wait).start()
    if "entries" in without.split():
        patch.object(joining, "lock_both", unlocked_after_a_moment).start()
        patch.object(enrolling, "reason_since", lambda trainee: None).start()
    if "lock" in without.split():
        for module in modules_with(lock):
            patch.object(
                module,
                "lock",
                lambda training_class: TrainingClass.objects.get(pk=training_class.pk),
            ).start()
        for module in modules_with(lock_people):
            patch.object(
                module,
                "lock_people",
                lambda _class, people, **_which: {
                    person.pk: person for person in persons(list(people))
                },
            ).start()
        slow_take = after_a_moment(take)
        for module in modules_with(take):
            patch.object(module, "take", slow_take).start()


def unlocked_after_a_moment(first: User, second: User, _based_on) -> tuple:
    found = []
    for person in (first, second):
        profile = Trainee.objects.select_related("position").get(user=person)
        found += [User.objects.get(pk=person.pk), profile]
    time.sleep(BETWEEN_READ_AND_WRITE)
    return tuple(found)


def read_and_wait(training_class: TrainingClass) -> TrainingClass:
    found = TrainingClass.objects.get(pk=training_class.pk)
    time.sleep(10 * BETWEEN_READ_AND_WRITE)
    return found


def after_a_moment(take):
    def slow(pool) -> bool:
        time.sleep(BETWEEN_READ_AND_WRITE)
        return take(pool)

    return slow


def main() -> None:
    job = json.load(sys.stdin)
    take_guards_away(job.get("without", ""))
    connection.close()
    fork = multiprocessing.get_context("fork")
    processes = job["mixed"]["processes"] if "mixed" in job else max(map(len, job["together"]))
    barrier, answers = fork.Barrier(processes), fork.Queue()
    actors = [
        fork.Process(
            target=mixed if "mixed" in job else in_rounds, args=(turn, job, barrier, answers)
        )
        for turn in range(processes)
    ]
    for actor in actors:
        actor.start()
    collected = [answers.get(timeout=PATIENCE) for _actor in actors]
    for actor in actors:
        actor.join()
    said = sum((row[0] for row in collected), Counter())
    json.dump(
        {
            "said": dict(sorted(said.items())),
            "errors": [error for row in collected for error in row[1]],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
