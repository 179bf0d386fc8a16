"""Joining two entries of one person and parting them: nothing is lost, nothing counted twice."""

from datetime import timedelta

import pytest
from django.apps import apps

from academy.invariants import audit
from academy.models import PersonChange, PersonKey, PersonMerge, Role, User
from academy.people_keys import keep_findable
from academy.person_rows import declared
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.merging.joining import join, try_to_join
from trainees.merging.parting import CannotBeParted, part
from trainees.models import (
    CalendarFeed,
    Enrolment,
    Follow,
    HourEntry,
    Interest,
    Posting,
    Trainee,
)
from trainees.people.as_seen import PersonChangedMeanwhile, PersonRefused, as_seen
from trainees.people.finding import PersonFilters, listed_people

from ..conftest import grant
from ..factories import (
    NOW,
    CourseFactory,
    LightTraineeFactory,
    StageFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
    class_with,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _the_clock(time_machine):
    time_machine.move_to(NOW)


def entry(name="周敏华", **fields):
    made = TraineeFactory(user=UserFactory(name=name), **fields)
    keep_findable([made.user])
    return made


@pytest.fixture
def two(village):
    """Two entries that are one person."""
    return entry(village=village), entry(village=village)


def how(survivor, away, by, **more):
    people = [item.user if isinstance(item, Trainee) else item for item in (survivor, away)]
    people = [User.objects.get(pk=item.pk) for item in people]
    return {
        "survivor": people[0],
        "away": people[1],
        "takes_number": False,
        "choices": {},
        "reason": "同一人换了手机号",
        "based_on": (as_seen(people[0]), as_seen(people[1])),
        "by": by,
        "now": NOW,
    } | more


def joined(survivor, away, by, **more):
    ways = how(survivor, away, by, **more)
    return join(expected=try_to_join(**ways).key, **ways)


# --- No relation is forgotten ---------------------------------------------------------------------


def relations():
    """Every field of any table that leads to a person or to a training profile."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in (User, Trainee)
    }


def test_every_relation_to_a_person_is_moved_or_stays_for_a_reason():
    moves = [label for module in declared() for label in module.MOVES]
    stays = {label: why for module in declared() for label, why in module.STAYS.items()}

    assert set(moves) | set(stays) == relations()
    assert not set(moves) & set(stays) and len(moves) == len(set(moves))
    assert all(stays.values())


# --- Joining --------------------------------------------------------------------------------------


def test_what_somebody_booked_follows_and_holds_goes_along(two, district_staff, village):
    first, second = two
    training_class = class_with(seats=3)
    seat = book(trainee=second, training_class=training_class, by=second.user, now=NOW)
    Follow.objects.create(trainee=second, course=CourseFactory(), since=NOW)
    coordinator = second.user.grants.create(
        role=Role.VILLAGE_COORDINATOR, village=village, valid_from=TODAY
    )

    merge = joined(first, second, district_staff)

    seat.refresh_from_db()
    coordinator.refresh_from_db()
    assert (seat.trainee, coordinator.user) == (first, first.user)
    assert first.follows.count() == 1
    second.user.refresh_from_db()
    assert not second.user.is_active and second.user.stays_as == first.user
    assert list(listed_people(district_staff, PersonFilters(query="周敏华"), TODAY)) == [first]
    assert not PersonKey.objects.filter(person=second.user).exists()
    assert list(audit()) == []
    assert {change.kind for change in PersonChange.objects.all()} == {"merged"}
    assert PersonChange.objects.count() == 2
    assert merge.moved["trainees.Enrolment.trainee"] == [seat.pk]


def test_parting_puts_back_just_what_was_moved(two, district_staff):
    first, second = two
    training_class, other_class = class_with(seats=3), class_with(
        seats=3, starts_at=NOW + timedelta(days=20)
    )
    seat = book(trainee=second, training_class=training_class, by=second.user, now=NOW)
    merge = joined(first, second, district_staff)
    later = book(trainee=first, training_class=other_class, by=first.user, now=NOW)

    assert part(merge=merge, expected=[], by=district_staff, now=NOW) == []

    seat.refresh_from_db()
    later.refresh_from_db()
    assert (seat.trainee, later.trainee) == (second, first)
    second.user.refresh_from_db()
    assert second.user.is_active and second.user.merged_into is None
    assert len(listed_people(district_staff, PersonFilters(query="周敏华"), TODAY)) == 2
    assert list(audit()) == []
