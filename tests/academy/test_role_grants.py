"""Who gives and ends which role. Source: docs/rules.md R11."""

from datetime import date, timedelta

import pytest
import time_machine

from academy import role_grants
from academy.models import PersonChange, PersonChangeKind, Role, RoleGrant
from tests.factories import NOW, RoleGrantFactory, UserFactory, VillageFactory

from ..conftest import grant as holder_of

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
YESTERDAY, SOON, LATER = (TODAY + timedelta(days=days) for days in (-1, 10, 40))


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def give(by, user=None, role=Role.DISTRICT_STAFF, place=None, first=TODAY, last=None):
    return role_grants.grant(
        user=user or UserFactory(),
        role=role,
        place=place,
        valid_from=first,
        valid_to=last,
        by=by,
        now=NOW,
    )


def end(held, by, on):
    return role_grants.end(grant=held, on=on, by=by, reason="换岗", now=NOW)


def changes(person) -> list[tuple]:
    return list(PersonChange.objects.filter(person=person).values_list("kind", "by", "reason"))


def test_an_administrator_gives_ends_and_extends_and_the_history_keeps_it(administrator, town):
    held = give(administrator, role=Role.TOWN_STAFF, place=town, last=SOON)
    role_grants.extend(grant=held, to=LATER, by=administrator, now=NOW)
    end(held, administrator, SOON)

    held.refresh_from_db()
    assert (held.town, held.valid_to, held.granted_by, held.granted_at) == (
        town,
        SOON,
        administrator,
        NOW,
    )
    assert changes(held.user) == [
        (PersonChangeKind.ROLE_ENDED, administrator.pk, "换岗"),
        (PersonChangeKind.ROLE_EXTENDED, administrator.pk, ""),
        (PersonChangeKind.ROLE, administrator.pk, ""),
    ]


def test_town_staff_name_and_end_the_coordinators_of_their_own_villages(town_staff, village):
    held = give(town_staff, role=Role.VILLAGE_COORDINATOR, place=village, last=SOON)
    elsewhere = RoleGrantFactory(role=Role.VILLAGE_COORDINATOR, village=VillageFactory())

    assert list(role_grants.grants_visible_to(town_staff)) == [held]
    assert role_grants.roles_granted_by(town_staff) == [Role.VILLAGE_COORDINATOR]
    end(held, town_staff, TODAY)
    for refused in (
        lambda: give(town_staff, role=Role.VILLAGE_COORDINATOR, place=elsewhere.village),
        lambda: give(town_staff, role=Role.TOWN_STAFF, place=village.town),
        lambda: give(town_staff),
        lambda: end(elsewhere, town_staff, TODAY),
        lambda: role_grants.extend(grant=elsewhere, to=LATER, by=town_staff, now=NOW),
    ):
        with pytest.raises(role_grants.NotYours):
            refused()


@pytest.mark.parametrize(
    "who", ["village_coordinator", "branch_coordinator", "district_staff", "auditor"]
)
def test_nobody_else_gives_or_sees_roles(request, who, village):
    person = request.getfixturevalue(who)

    assert role_grants.roles_granted_by(person) == []
    assert not role_grants.grants_visible_to(person).exists()
    with pytest.raises(role_grants.NotYours):
        give(person, role=Role.VILLAGE_COORDINATOR, place=village)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"last": YESTERDAY, "first": date(2027, 1, 1)}, role_grants.OnlyInThePast),
        ({"last": TODAY, "first": SOON}, role_grants.EndsBeforeItBegins),
        ({"role": Role.TOWN_STAFF}, role_grants.WrongPlace),
        ({"role": Role.AUDITOR, "place": "village"}, role_grants.WrongPlace),
        ({"role": Role.BRANCH_COORDINATOR, "place": "village"}, role_grants.WrongPlace),
        ({"user": "self"}, role_grants.ToOneself),
        ({"user": "suspended"}, role_grants.AccountClosed),
    ],
)
def test_what_cannot_be_given(administrator, village, how, error):
    people = {"self": administrator, "suspended": UserFactory(is_active=False)}
    how = {
        **how,
        "place": village if how.get("place") else None,
        "user": people.get(how.get("user")),
    }
    with pytest.raises(error):
        give(administrator, **how)

    assert RoleGrant.objects.count() == 1 and not PersonChange.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (SOON, None, True),
        (YESTERDAY, TODAY, True),
        (SOON + timedelta(days=1), None, False),
    ],
)
def test_the_same_role_twice_on_a_day_is_refused(administrator, first, last, refused):
    held = give(administrator, last=SOON)
    assert give(administrator, user=held.user, last=SOON) == held, "a double click"

    if refused:
        with pytest.raises(role_grants.AlreadyGranted):
            give(administrator, user=held.user, first=first, last=last)
    else:
        give(administrator, user=held.user, first=first, last=last)
        with pytest.raises(role_grants.AlreadyGranted):
            role_grants.extend(grant=held, to=None, by=administrator, now=NOW)
    assert len(changes(held.user)) == 1 + (not refused)


def test_an_end_is_moved_forward_only_by_extending_and_back_only_by_ending(administrator):
    held = give(administrator, last=SOON)

    with pytest.raises(role_grants.EndsBeforeItBegins):
        role_grants.extend(grant=held, to=TODAY, by=administrator, now=NOW)
    with pytest.raises(role_grants.EndsBeforeItBegins):
        end(held, administrator, LATER)
    with pytest.raises(role_grants.OnlyInThePast):
        end(held, administrator, YESTERDAY - timedelta(days=1))


def test_at_once_is_yesterday_and_what_never_held_is_taken_out(administrator):
    older = RoleGrantFactory(role=Role.AUDITOR, valid_from=date(2027, 1, 1))
    fresh = give(administrator)

    assert end(older, administrator, YESTERDAY).valid_to == YESTERDAY
    assert end(older, administrator, YESTERDAY).valid_to == YESTERDAY, "a double click"
    with pytest.raises(role_grants.GrantOver):
        role_grants.extend(grant=older, to=LATER, by=administrator, now=NOW)
    assert end(fresh, administrator, YESTERDAY) is None
    assert len(changes(fresh.user)) == 2
    with pytest.raises(role_grants.GrantOver):
        end(fresh, administrator, YESTERDAY)


@pytest.mark.parametrize(
    ("others_until", "on", "refused"),
    [
        ([], YESTERDAY, True),
        ([], LATER, True),
        ([SOON], SOON, True),
        ([SOON], TODAY, False),
        ([None], YESTERDAY, False),
    ],
)
def test_somebody_always_administers(administrator, others_until, on, refused):
    for last in others_until:
        RoleGrantFactory(role=Role.ADMINISTRATOR, valid_to=last)
    RoleGrantFactory(role=Role.ADMINISTRATOR, user__is_active=False)
    held = administrator.grants.get()

    if refused:
        with pytest.raises(role_grants.LastAdministrator):
            end(held, administrator, on)
    else:
        end(held, administrator, on)
    assert role_grants.administrators(NOW).count() == len(others_until) + (on >= TODAY or refused)


def test_nobody_extends_their_own_role(administrator):
    RoleGrant.objects.update(valid_to=SOON)

    with pytest.raises(role_grants.ToOneself):
        role_grants.extend(grant=administrator.grants.get(), to=None, by=administrator, now=NOW)


def test_a_new_administrator_keeps_the_vocabularies(administrator):
    held = give(administrator, role=Role.ADMINISTRATOR)

    held.user.refresh_from_db()
    assert held.user.is_staff


def test_a_command_gives_without_anybody(town):
    assert holder_of(Role.AUDITOR).grants.get().granted_by is None
    assert give(None, role=Role.TOWN_STAFF, place=town).granted_by is None
