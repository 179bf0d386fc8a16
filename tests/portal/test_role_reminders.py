"""Roles that end are announced to whoever holds them and to whoever gave them."""

from datetime import date, timedelta

import pytest
import time_machine

from academy import role_grants
from academy.models import Role, RoleGrant
from notices.due_reminders import plan
from notices.models import Notice, NoticeStatus
from portal.reminders import RoleEnds
from tests.factories import NOW, RoleGrantFactory, VillageFactory

from ..conftest import grant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
SOON = NOW.date() + timedelta(days=20)


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def told() -> set[tuple]:
    return {(draft.person, draft.link) for draft in RoleEnds().due(NOW)}


def test_holder_and_giver_are_told(town_staff, village, administrator):
    held = RoleGrantFactory(
        role=Role.VILLAGE_COORDINATOR, village=village, valid_to=SOON, granted_by=town_staff
    )

    assert told() == {(held.user, "/me/"), (town_staff, f"/manage/roles/{held.pk}/extend/")}
    plan(NOW)
    assert plan(NOW).written == 0, "once"
    role_grants.extend(grant=held, to=None, by=administrator, now=NOW)
    plan(NOW)
    of_grants = Notice.objects.exclude(kind__startswith="plan")
    assert set(of_grants.values_list("status", flat=True)) == {NoticeStatus.WITHDRAWN}


@pytest.mark.parametrize("giver", [None, "auditor", "gone"])
def test_where_the_giver_cannot_extend_the_administrators_are_told(administrator, giver):
    giver = {"auditor": lambda: grant(Role.AUDITOR), "gone": lambda: grant(Role.ADMINISTRATOR)}.get(
        giver, lambda: None
    )()
    if giver and giver.grants.get().role == Role.ADMINISTRATOR:
        RoleGrant.objects.filter(user=giver).update(valid_to=date(2027, 1, 1))
    held = RoleGrantFactory(role=Role.AUDITOR, valid_to=SOON, granted_by=giver)

    assert {person for person, _link in told()} == {held.user, administrator}


def test_what_is_no_news_is_not_told(administrator):
    RoleGrantFactory(valid_to=NOW.date() + timedelta(days=60))
    RoleGrantFactory(valid_to=NOW.date() - timedelta(days=1))
    RoleGrantFactory(valid_to=SOON, valid_from=NOW.date() - timedelta(days=3))
    RoleGrantFactory(valid_to=SOON, user__is_active=False)

    assert told() == set()


def test_many_roles_of_one_giver_cost_no_more_than_one(town_staff, django_assert_num_queries):
    for village in VillageFactory.create_batch(3, town=town_staff.grants.get().town):
        RoleGrantFactory(
            role=Role.VILLAGE_COORDINATOR, village=village, valid_to=SOON, granted_by=town_staff
        )
    reminder = RoleEnds()
    assert reminder.rule.days_before == 30
    with django_assert_num_queries(3):
        assert len(list(reminder.due(NOW))) == 6
