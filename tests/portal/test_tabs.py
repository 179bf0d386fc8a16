"""The tabs at the foot of a phone fit the role, are the same everywhere, and one of them is lit."""

import re

import pytest

from academy.models import Role

from ..conftest import grant
from ..factories import (
    CampusFactory,
    DepartmentFactory,
    ExpertFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
)
from ..practicums.factories import SecondmentFactory

pytestmark = pytest.mark.django_db


def _coordinator():
    return grant(Role.VILLAGE_COORDINATOR, village=VillageFactory())


def _expert():
    return ExpertFactory(user=UserFactory()).user


ROLES = {
    "visitor": (lambda: None, "首页 找课 我的班 通知"),
    "trainee": (lambda: TraineeFactory().user, "首页 找课 我的班 通知"),
    "coordinator": (_coordinator, "待办 找课 替同事报名 我的"),
    "branch": (
        lambda: grant(Role.BRANCH_COORDINATOR, campus=CampusFactory()),
        "待办 找课 班次 我的",
    ),
    "office": (lambda: grant(Role.DISTRICT_STAFF), "待办 找课 班次 挂职 我的"),
    "host": (
        lambda: grant(Role.DEPARTMENT_STAFF, department=DepartmentFactory()),
        "待办 找课 班次 挂职 我的",
    ),
    "mentor": (lambda: SecondmentFactory().mentor, "带教 找课 我的 通知"),
    "expert": (_expert, "授课 找课 我的 通知"),
    "auditor": (lambda: grant(Role.AUDITOR), "首页 找课 我的 通知"),
}
# path → the tab that is lit, for whoever has it
LIT = {
    "/": "首页",
    "/help/": "首页",
    "/network/": "首页",
    "/classes/": "找课",
    "/courses/": "找课",
    "/services/": "找课",
    "/cases/": "找课",
    "/search/": "找课",
    "/experts/": "找课",
    "/me/": "我的",
    "/me/hours/": "我的",
    "/me/follows/": "我的",
    "/me/notices/": "通知",
    "/me/mentoring/": "带教",
    "/me/teaching/": "授课",
    "/manage/": "待办",
    "/manage/colleagues/": "替同事报名",
    "/manage/people/": "我的",
    "/manage/approvals/": "我的",
    "/manage/classes/": "班次",
    "/manage/secondments/": "挂职",
}
INSTEAD = {"挂职": ["带教"]}  # the mentor's page stands for it


def tabs_of(page) -> list[tuple[str, bool]]:
    """(words, whether lit) of each tab."""
    bar = page.text.partition('<nav class="tab-bar')[2].partition("</nav>")[0]
    links = re.findall(r"<a([^>]*)>(.*?)</a>", bar, re.DOTALL)
    return [
        (re.sub(r"<.*?>|\d+ 条未读|\s", "", words), "aria-current" in attributes)
        for attributes, words in links
    ]


@pytest.mark.parametrize("role", ROLES)
def test_the_tabs_fit_the_role_and_the_right_one_is_lit(client, role):
    make, wanted = ROLES[role]
    if person := make():
        client.force_login(person)
    opened = 0
    for path, lit in LIT.items():
        page = client.get(path)
        if page.status_code != 200:
            continue
        tabs, opened = tabs_of(page), opened + 1
        assert " ".join(words for words, _lit in tabs) == wanted, path
        mine = "我的班" if "我的班" in wanted else "我的"
        lit = mine if lit == "我的" else lit
        names = [words for words, _lit in tabs]
        wanted_here = [lit, *INSTEAD.get(lit, ()), "首页", mine]
        expected = next(words for words in wanted_here if words in names)
        assert [words for words, is_lit in tabs if is_lit] == [expected], path
    assert opened >= 9


def test_who_has_several_parts_finds_each_among_the_tabs(client):
    trainee = TraineeFactory()
    SecondmentFactory(mentor=trainee.user)
    ExpertFactory(user=trainee.user)
    client.force_login(trainee.user)

    assert [words for words, _lit in tabs_of(client.get("/"))] == [
        "首页",
        "找课",
        "带教",
        "授课",
        "我的班",
    ]


def test_the_former_page_of_the_bookings_leads_to_the_own_page(client, cadre):
    client.force_login(cadre.user)

    answer = client.get("/me/bookings/?page=2")

    assert (answer.status_code, answer.url) == (301, "/me/?page=2")
