"""From the desk every page of the office side is a few clicks away: each list and each page without
a row two, a row's page two more. The links are followed as they stand in the pages that each role
sees.
"""

import re
from collections import defaultdict

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver, resolve

from academy.places import places

from ..factories import NOW
from .conftest import ROWS
from .test_matrix import plain_path

OFFICE_ROLES = (
    "village_coordinator",
    "branch_coordinator",
    "town_staff",
    "department_staff",
    "district_staff",
    "administrator",
)
DESK = "/manage/"
TO_A_LIST, TO_A_ROW = 2, 4  # clicks
# pages of one address that are looked into, each of another row; of the tables not all are kept by
# the same people
ALIKE, OF_TABLES = 4, 20
LINK = re.compile(r"""<a\b[^>]*?\shref="([^"#?]*)""", re.DOTALL)
FORM = re.compile(r"""<form\b(?=[^>]*method="get")[^>]*?\saction="([^"#?]*)""", re.DOTALL)
SIDE = re.compile(r'<nav\s+class="side.*?</nav>', re.DOTALL)
LIT = re.compile(r'href="([^"]*)" aria-current="page"')

OF_THE_DESK = {"portal:manage", "portal:find"}
ASKED_BY_SCRIPTS = {
    "imports:import_progress",
    "pick",
    "portal:counts",
    "trainees:roll_worker",
    "trainees:wall_code",
}
WITHOUT_NAVIGATION = {"trainees:wall"}  # for a projector; it leads back to the roll
# Rows behind a figure: the figure is the link, and the world of the tables has none of these.
# tests/plans/test_actual_pages.py and tests/portal/test_monitor.py follow them.
BEHIND_A_FIGURE = {
    "monitor:rows",
    "plans:actual_classes",
    "plans:actual_items",
    "plans:actual_people",
}
SENT_WITH_TICKED_ROWS = {"trainees:people_export", "plans:hang_classes"}
# Pages to which a link leads only in a state that the world of the tables does not have, or from
# a page of the trainees' side: some template links to each all the same.
BY_STATE = {
    "courses:expert_edit",
    "courses:holidays",
    "imports:import_rejected",
    "plans:class_filing",
    "plans:last_year",
    "plans:plan_compare",
    "plans:plan_version",
    "plans:report",
    "plans:report_export",
    "practicums:expert_teaching",
    "practicums:person_teaching",
    "roles:new_staff",
    "trainees:class_certificates_paper",
    "trainees:class_dates",
    "trainees:duplicate_pair",
    "trainees:groups_paper",
    "trainees:move_people",
    "trainees:reopen_class",
    "trainees:season_open",
    "trainees:sheet_photo",
    "trainees:swap",
}


class Walk:
    """The shortest way from the desk to each address, as one role sees the pages."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.depth: dict[str, int] = {}  # name of an address → clicks to the first of it
        self.paths: dict[str, int] = {DESK: 0}
        self.opened: defaultdict[str, int] = defaultdict(int)
        # name of an office address → its path, the place it belongs to, the entries that are lit
        self.lit: dict[str, tuple[str, str, list[str]]] = {}

    def go(self, deepest: int) -> "Walk":
        here = [DESK]
        for clicks in range(deepest + 1):
            there = []
            for path in here:
                name = self._name(path)
                self.depth.setdefault(name, clicks)
                most = OF_TABLES if name == "tables:table_list" else ALIKE
                if clicks == deepest or self.opened[name] >= most:
                    continue
                self.opened[name] += 1
                for found in self._links(path):
                    if found not in self.paths:
                        self.paths[found] = clicks + 1
                        there.append(found)
            here = there
        return self

    @staticmethod
    def _name(path: str) -> str:
        try:
            return resolve(path).view_name
        except Resolver404:
            return ""

    def _links(self, path: str) -> list[str]:
        response = self.client.get(path, follow=True)
        if response.streaming or "html" not in response.headers.get("Content-Type", ""):
            return []
        text = response.content.decode()
        path = response.request["PATH_INFO"]
        if response.status_code == 200 and path.startswith(DESK):
            side = SIDE.search(text)
            place = response.context["shell"].place
            lit = LIT.findall(side[0]) if side else []
            self.lit.setdefault(self._name(path), (path, place.url if place else "", lit))
        return [
            link
            for link in dict.fromkeys((*LINK.findall(text), *FORM.findall(text)))
            if link.startswith(DESK) and self._name(link)
        ]


@pytest.fixture(scope="module")
def ways(world):
    """role → its walk; the pages are read once for all tests of this file."""
    found = {}
    for role in OFFICE_ROLES:
        cache.clear()
        client = Client()
        client.cookies.update(world.cookies[role])
        with time_machine.travel(NOW), transaction.atomic():
            found[role] = Walk(client).go(TO_A_ROW)
            transaction.set_rollback(True)
    return found


def office_side(patterns=None, route: str = "/", namespace: str = "") -> set[str]:
    """Names of all addresses below the desk."""
    found = set()
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        path = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= office_side(pattern.url_patterns, path, inner)
        elif path.startswith(DESK):
            found.add(f"{namespace}{pattern.name}")
    return found


OFFICE_SIDE = office_side()


def opened_by(role: str) -> set[str]:
    """Names of the addresses of the office side that the tables of access open to the role."""
    return {
        row.name
        for row in ROWS
        if row.method == "get"
        and row.name in OFFICE_SIDE
        and row.outcomes()[role] == 200
        and row.name not in ASKED_BY_SCRIPTS | SENT_WITH_TICKED_ROWS | BY_STATE | BEHIND_A_FIGURE
    }


@pytest.mark.parametrize("role", OFFICE_ROLES)
def test_every_page_without_a_row_is_two_clicks_from_the_desk(role, ways, db):
    depth = ways[role].depth
    far = {
        name: depth.get(name)
        for name in opened_by(role)
        if plain_path(name) and depth.get(name, 99) > TO_A_LIST
    }

    assert far == {}


@pytest.mark.parametrize("role", OFFICE_ROLES)
def test_every_page_of_a_row_is_four_clicks_from_the_desk(role, ways, db):
    depth = ways[role].depth
    far = {
        name: depth.get(name)
        for name in opened_by(role)
        if not plain_path(name) and depth.get(name, 99) > TO_A_ROW
    }

    assert far == {}


@pytest.mark.parametrize("role", OFFICE_ROLES)
def test_on_every_office_page_one_entry_is_lit(role, ways, db):
    """The one whose page it is, or to which the page belongs; the desk only for its own."""
    lit = ways[role].lit
    wrong = {
        path: entries
        for name, (path, place, entries) in lit.items()
        if name not in WITHOUT_NAVIGATION
        and (entries != [place] or (place == DESK and name not in OF_THE_DESK))
    }

    assert wrong == {}
    assert len(lit) > 5


@pytest.mark.parametrize("name", sorted(BY_STATE))
def test_what_a_state_shows_is_linked_somewhere(name):
    folder = settings.BASE_DIR / "templates"

    assert any(f'"{name}"' in file.read_text(encoding="utf-8") for file in folder.rglob("*.html"))


def test_the_places_of_the_navigation_are_those_that_were_asked_for():
    names = [place.url_name for place in places() if place.section]

    assert names == [
        "portal:manage",
        "practicums:mentoring",
        "trainees:teaching",
        "trainees:lessons",
        "courses:manage_classes",
        "trainees:book_colleagues",
        "courses:season_now",
        "trainees:dispatch",
        "trainees:approvals",
        "trainees:requests",
        "trainees:hour_claims",
        "trainees:evaluations",
        "trainees:certificates",
        "courses:manage_requests",
        "courses:manage_courses",
        "courses:service_gaps",
        "courses:manage_experts",
        "courses:rooms",
        "practicums:manage_cases",
        "plans:plan_list",
        "plans:actual",
        "plans:fee_lists",
        "practicums:board",
        "plans:manage_projects",
        "monitor:board",
        "coverage:towns",
        "trainees:people",
        "roles:role_list",
        "imports:import_list",
        "portal:feedback_inbox",
        "tables:index",
    ]
