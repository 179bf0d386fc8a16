"""How many statements the pages of plans ask: as many for three times the rows."""

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from academy.models import Role
from plans.filing import return_for_changes
from plans.reports import begin_report, hand_in_report
from portal.monitor.counting import count_all
from tests.factories import NOW, CampusFactory, RoleGrantFactory, UserFactory, VillageFactory

from ..shared_rows import rows_for_all
from .factories import drafted, filed, submitted
from .taught import hangs_on, taught

pytestmark = pytest.mark.django_db
# address → the most statements of it; {plan} is a filed one of this year, {over} one of the last
PAGES = {
    "/manage/plans/": 14,
    "/manage/plans/units/": 12,
    "/manage/plans/unfiled/": 12,
    "/manage/plans/overlaps/?year=2027": 14,
    "/manage/plans/actual/": 12,
    "/manage/plans/actual/?year=2027&quarter=each": 12,
    "/manage/plans/actual/items/?year=2027": 12,
    "/manage/plans/actual/classes/?year=2027": 12,
    "/manage/plans/actual/people/?year=2027": 14,
    "/manage/plans/{plan}/": 16,
    "/manage/plans/{over}/report/": 16,
    "/manage/monitor/": 16,
    "/manage/monitor/overlaps/rows/": 14,
    "/manage/coverage/": 14,
    "/manage/coverage/quotas/": 14,
    "/manage/projects/": 12,
    "/projects/": 12,
}


def a_third() -> tuple:
    """Plans in each step, classes on items and outside, people who came; a filed plan of this year
    and one of the last.
    """
    plan = filed(items=3, year=2027)
    salon = CampusFactory(town=plan.town, kind="salon")
    VillageFactory(town=plan.town)
    hangs_on(taught(people=3, campus=salon), plan.items.first())
    hangs_on(taught(people=2, campus=salon), None, "区里临时部署")
    taught(people=1, campus=salon)
    drafted(items=2, year=2027)
    submitted(items=2, year=2027)
    return_for_changes(plan=submitted(year=2027), reason="改", by=UserFactory(), now=NOW)
    over = filed(items=3, year=2026)
    hand_in_report(report=begin_report(plan=over, now=NOW), by=UserFactory(), now=NOW)
    return plan, over


# pages are drawn before the settings of a single test hold
PLAIN_STATIC = override_settings(
    STORAGES={
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
)


@pytest.fixture(scope="module")
def sizes(django_db_setup, django_db_blocker):
    """For each address how many statements it asked with one part of the rows and with three."""
    with rows_for_all(django_db_blocker), PLAIN_STATIC, time_machine.travel(NOW, tick=False):
        plan, over = a_third()
        office = RoleGrantFactory(role=Role.ADMINISTRATOR).user
        few = _asked(office, plan, over)
        for _part in range(2):
            a_third()
        for item in range(4, 10):  # and the two plans that are opened hold three times as many
            _item(plan, item)
            _item(over, item)
        begin_report(plan=over, now=NOW)
        yield few, _asked(office, plan, over)
    cache.clear()


def _item(plan, number: int) -> None:
    item = plan.items.first()
    item.pk, item.key, item.number, item.name = None, None, number, f"另一班{number}"
    item.key = type(item)._meta.get_field("key").get_default()
    item.save(force_insert=True)


def _asked(office, plan, over) -> dict[str, int]:
    count_all(NOW)
    counts = {}
    for page in PAGES:
        address = page.format(plan=plan.pk, over=over.pk)
        client = Client()  # without the lists as they were left
        client.force_login(office)
        client.get(address)  # what is kept between pages
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        counts[page] = len(captured)
    return counts


@pytest.mark.parametrize("page", PAGES)
def test_three_times_the_rows_ask_as_many_statements(sizes, page):
    few, many = sizes

    assert few[page] == many[page] <= PAGES[page]
