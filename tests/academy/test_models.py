"""What the database itself guarantees about places, people and grants."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from academy.access import campuses_of, grants_of, is_office, towns_of, villages_of
from academy.models import Campus, CampusKind, Role, RoleGrant, User

from ..factories import (
    NOW,
    CampusFactory,
    RoleGrantFactory,
    TownFactory,
    UserFactory,
    VillageFactory,
)


def test_there_is_one_college(db):
    CampusFactory(kind=CampusKind.COLLEGE)

    with pytest.raises(IntegrityError):
        CampusFactory(kind=CampusKind.COLLEGE)


def test_a_town_has_one_salon_at_most(town):
    CampusFactory(kind=CampusKind.SALON, town=town)

    with pytest.raises(IntegrityError):
        CampusFactory(kind=CampusKind.SALON, town=town)


def test_a_campus_is_of_a_known_kind(db):
    with pytest.raises(IntegrityError):
        CampusFactory(kind="库房")


def test_a_phone_belongs_to_one_person(db):
    UserFactory(phone="19900000001")

    with pytest.raises(IntegrityError):
        UserFactory(phone="19900000001")


def test_phones_are_shown_masked(db):
    assert User(phone="13812345678").masked_phone == "138****5678"


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("scope", ["village", "campus", "town", "department", None])
def test_the_scope_fits_the_role(role, scope, village, campus, town, department):
    places = {"village": village, "campus": campus, "town": town, "department": department}
    fitting = {
        Role.VILLAGE_COORDINATOR: "village",
        Role.BRANCH_COORDINATOR: "campus",
        Role.TOWN_STAFF: "town",
        Role.DEPARTMENT_STAFF: "department",
    }
    grant = RoleGrant(
        user=UserFactory(),
        role=role,
        valid_from=NOW.date(),
        **({scope: places[scope]} if scope else {}),
    )

    if fitting.get(role) == scope:
        grant.save()
    else:
        with pytest.raises(IntegrityError):
            grant.save()


def test_a_grant_ends_after_it_begins(db):
    with pytest.raises(IntegrityError):
        RoleGrantFactory(valid_to=NOW.date() - timedelta(days=5000))


def test_a_grant_counts_only_on_its_days(db, time_machine):
    time_machine.move_to(NOW)
    user = UserFactory()
    RoleGrantFactory(user=user, valid_from=NOW.date() + timedelta(days=1))
    RoleGrantFactory(user=user, valid_to=NOW.date() - timedelta(days=1))

    assert grants_of(user) == []
    assert not is_office(user)


def test_a_town_grant_covers_its_villages_and_its_salon(town, other_town):
    salon = CampusFactory(kind=CampusKind.SALON, town=town)
    CampusFactory(kind=CampusKind.BRANCH, town=town)
    villages = {VillageFactory(town=town).pk, VillageFactory(town=town).pk}
    VillageFactory(town=other_town)
    user = RoleGrantFactory(role=Role.TOWN_STAFF, town=town).user

    assert towns_of(user) == {town.pk}
    assert villages_of(user) == villages
    assert campuses_of(user) == {salon.pk}
    assert Campus.objects.count() == 2


def test_a_stranger_has_no_grants(db):
    RoleGrantFactory(role=Role.TOWN_STAFF, town=TownFactory())

    assert grants_of(UserFactory()) == []
