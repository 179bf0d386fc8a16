"""Two entries of one person are joined while somebody else joins them or books for one of them, in
real processes: one of the two acts, and no booking is left with the closed entry. Source:
docs/rules.md R47.

The control takes the locks of the two entries away; what they prevent must then be seen, on
PostgreSQL.
"""

import pytest
from django.db import connection
from django.utils import timezone

from academy.invariants import audit
from academy.models import PersonMerge, Role, User
from tests.factories import (
    LightTraineeFactory,
    RoleGrantFactory,
    UserFactory,
    VillageFactory,
    ask,
)
from tests.trainees.entries import entry, how
from trainees.booking.enrolling import book
from trainees.merging.joining import try_to_join
from trainees.models import LIVE, Enrolment, Trainee

from .test_seat_races import open_class, race

ROUNDS = 6
TRIES_TO_BREAK = 3

pytestmark = pytest.mark.django_db(transaction=True)


def office() -> User:
    return RoleGrantFactory(user=UserFactory(), role=Role.DISTRICT_STAFF).user


def joining(survivor: Trainee, away: Trainee, by: User) -> list:
    """What a page sends on which the effect has been looked at."""
    ways = how(survivor, away, by, now=timezone.now())
    return [
        "join",
        by.pk,
        survivor.user_id,
        away.user_id,
        try_to_join(**ways).key,
        *ways["based_on"],
    ]


def in_both_directions(by: User, *, with_a_booking: bool) -> tuple[set[int], list[list]]:
    """Two entries, and two pages that join them, each keeping the other one. Where one of them is
    in a class, the lock of the class alone makes one wait for the other.
    """
    village = VillageFactory()
    one, other = entry(village=village), entry(village=village)
    if with_a_booking:
        book(trainee=one, training_class=open_class(seats=9), by=by, now=timezone.now())
    return {one.user_id, other.user_id}, [joining(one, other, by), joining(other, one, by)]


def those_who_stay(pairs: list[set[int]]) -> list[int]:
    """Of each pair, how many entries are not closed."""
    return [User.objects.filter(pk__in=pair, is_active=True).count() for pair in pairs]


def test_a_pair_that_is_joined_both_ways_at_once_is_joined_once(own_processes):
    by = office()
    rounds = [in_both_directions(by, with_a_booking=number % 2) for number in range(ROUNDS)]

    answer = race(own_processes, together=[actions for _pair, actions in rounds])

    assert answer == {"said": {"join done": ROUNDS, "join refused": ROUNDS}, "errors": []}
    assert those_who_stay([pair for pair, _actions in rounds]) == [1] * ROUNDS
    assert PersonMerge.objects.count() == ROUNDS
    assert not Enrolment.objects.filter(
        status__in=LIVE, trainee__user__merged_into__isnull=False
    ).exists()
    assert list(audit()) == []


@pytest.mark.parametrize("as_what", ["cadre", "resident"])
def test_nobody_is_booked_for_an_entry_that_is_joined_away_meanwhile(own_processes, as_what):
    by, village = office(), VillageFactory()
    rounds, others = [], []
    for number in range(ROUNDS):
        survivor, training_class = entry(village=village), open_class(number, seats=9)
        if as_what == "cadre":
            away = entry(village=village)
        else:
            away = LightTraineeFactory(user=UserFactory(name="周敏华"), village=village)
            ask(training_class, open_to_groups=[away.learner_group])
        others.append(away)
        rounds.append([joining(survivor, away, by), ["book", away.pk, training_class.pk]])

    answer = race(own_processes, together=rounds)

    assert answer["errors"] == []
    # whoever came first: the booking stands and the page of the joining is looked at again, or
    # the entry is closed and cannot be booked for
    booked = Enrolment.objects.filter(status__in=LIVE).count()
    closed = User.objects.filter(merged_into__isnull=False).count()
    assert booked + closed == ROUNDS
    assert answer["said"] == {
        name: count
        for name, count in {
            "book done": booked,
            "book refused": ROUNDS - booked,
            "join done": closed,
            "join refused": ROUNDS - closed,
        }.items()
        if count
    }
    assert not Enrolment.objects.filter(
        status__in=LIVE, trainee__user__merged_into__isnull=False
    ).exists()
    assert list(audit()) == []


def test_control_without_the_locks_nobody_is_left(own_processes):
    by = office()
    # SQLite has one writer at a time, lock or no lock
    tries, wrong = TRIES_TO_BREAK if connection.vendor == "postgresql" else 1, False
    while tries and not wrong:
        tries -= 1
        rounds = [in_both_directions(by, with_a_booking=False) for _round in range(ROUNDS)]
        answer = race(
            own_processes, together=[actions for _pair, actions in rounds], without="entries"
        )
        stay = those_who_stay([pair for pair, _actions in rounds])
        wrong = bool(answer["errors"]) or stay != [1] * ROUNDS

    assert wrong == (connection.vendor == "postgresql")
