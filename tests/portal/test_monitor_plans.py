"""Planned against held at the head of the monitor: equal to the pages it opens, for every scope."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from academy.models import Role
from plans.actual.figures import Figures, year_on
from portal.monitor.counting import count_all
from portal.monitor.plan_figures import plan_figures_of
from portal.monitor.scopes import Scope, scopes_for

from ..factories import NOW, CampusFactory, DepartmentFactory, RoleGrantFactory, UserFactory
from ..plans.factories import filed
from ..plans.taught import hangs_on, taught

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    """A street-town, a department and a college with plans; classes in and outside them."""
    time_machine.move_to(NOW, tick=False)
    of_town = filed(items=2)
    of_department = filed(items=1, town=None, department=DepartmentFactory())
    college = CampusFactory(kind="college")
    filed(items=1, town=None, campus=college)
    salon = CampusFactory(town=of_town.town, kind="salon")
    hangs_on(taught(people=2, campus=salon), of_town.items.first())
    hangs_on(taught(people=3, campus=salon), of_department.items.get())
    hangs_on(taught(people=1, campus=salon), None, "区里临时部署")
    taught(people=1, campus=college)
    filed(items=3, year=2028)  # of another year
    count_all(NOW)
    return of_town


def told(found) -> tuple:
    return (
        found.planned_classes,
        found.planned_people,
        found.held_classes,
        found.people_came,
        found.outside,
    )


def from_the_rows(figures: Figures) -> tuple:
    return (
        figures.planned_classes,
        figures.planned_people,
        figures.classes,
        figures.people,
        figures.unplanned,
    )


def test_every_scope_is_told_what_its_rows_say(world):
    office = RoleGrantFactory(role=Role.ADMINISTRATOR).user
    year = year_on(2027, NOW.date())

    for scope in scopes_for(office):
        owners = [owner for owner in year.owners if owner.code == scope.code] if scope.of else None
        found = plan_figures_of(scope)
        figures = year.of(owners=owners).figures
        assert (told(found) if found else from_the_rows(Figures())) == from_the_rows(figures)
    assert told(plan_figures_of(Scope("", "全区"))) == (8, 160, 4, 7, 2)


def test_the_numbers_open_lists_of_as_many_rows(client, world):
    staff = RoleGrantFactory(role=Role.TOWN_STAFF, town=world.town).user
    client.force_login(staff)

    board = client.get("/manage/monitor/")
    found = board.context["plan"]

    assert told(found) == (4, 80, 2, 3, 1)
    for address, rows in (
        (found.items_url, 2),
        (found.classes_url, 2),
        (found.people_url, 3),
        (found.outside_url, 1),
    ):
        assert address.replace("&", "&amp;") in board.content.decode()
        sheet = client.get(f"{address}&export=xlsx")
        book = load_workbook(BytesIO(b"".join(sheet.streaming_content)))
        assert len(list(book.active.iter_rows())) - 1 == rows


def test_nothing_planned_and_nothing_held_is_no_panel(client, time_machine):
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    count_all(NOW)
    user = UserFactory()
    RoleGrantFactory(user=user, role=Role.DISTRICT_STAFF)
    client.force_login(user)

    assert "planned-held" not in client.get("/manage/monitor/").content.decode()
