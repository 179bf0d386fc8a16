"""The portal's own pages among the hits: each is shown to those who may open it, and to nobody
else.
"""

import pytest

from academy.models import SearchEntry
from academy.search import index
from portal.search_sources import HELP, OWN_PAGES, PUBLIC_PAGES, staff_pages

EVERY_PAGE = (*staff_pages(), *OWN_PAGES, *PUBLIC_PAGES, *HELP)
ROLES = [
    "cadre",
    "village_coordinator",
    "branch_coordinator",
    "town_staff",
    "department_staff",
    "district_staff",
    "administrator",
    "auditor",
]


@pytest.fixture
def pages(db):
    index.rebuild(["page"])


def _hits(client, word) -> list[tuple[str, str]]:
    groups = client.get("/search/", {"q": word}).context.get("groups", [])
    return [(row["key"], row["url"]) for group in groups for row in group.rows]


def _opens(client, url) -> bool:
    """Also when it leads on, but not when it leads to the log-in."""
    response = client.get(url)
    return response.status_code == 200 or (
        response.status_code == 302 and "/login/" not in response.url
    )


@pytest.mark.parametrize("role", [None, *ROLES])
def test_pages_are_found_by_those_who_may_open_them(pages, client, request, role):
    user = None
    if role:
        user = request.getfixturevalue(role)
        client.force_login(user := getattr(user, "user", user))

    found = {
        hit.url
        for page in EVERY_PAGE
        for hit in index.search(page.names.split()[0], kinds=["page"], user=user)
    }

    assert {page.url for page in (*PUBLIC_PAGES, *HELP)} <= found
    opened = {page.url for page in EVERY_PAGE if _opens(client, page.url)}
    assert found - opened == set()
    assert {page.url for page in staff_pages()} & opened - found == set()


@pytest.mark.parametrize(
    ("role", "word", "first"),
    [
        (None, "学时", "/help/#hours"),
        ("cadre", "学时", "/me/hours/"),
        ("cadre", "请假", "/me/"),
        (None, "备案", None),
        ("town_staff", "备案", "/manage/plans/"),
        ("branch_coordinator", "点名", "/manage/classes/"),
        ("town_staff", "挂职", "/manage/secondments/"),
    ],
)
def test_a_word_of_the_house_leads_where_the_person_works(
    pages, client, request, role, word, first
):
    if role:
        user = request.getfixturevalue(role)
        client.force_login(getattr(user, "user", user))

    assert _hits(client, word)[:1] == ([("page", first)] if first else [])
    suggested = client.get("/search/suggest/", {"q": word}).context["hits"]
    assert [hit["url"] for hit in suggested][:1] == ([first] if first else [])


def test_parts_of_the_help_lead_to_their_headings(pages, client):
    text = client.get("/help/").content.decode()

    assert [page.anchor for page in HELP if f'id="{page.anchor}"' not in text] == []


def test_a_page_is_told_by_its_name_not_by_a_code(pages, client):
    text = client.get("/search/", {"q": "挂职"}).content.decode()

    assert "帮助：挂职" in text
    assert "help-secondment" not in text


def test_the_index_says_who_may_be_told_and_forgets_nothing(pages):
    before = dict(SearchEntry.objects.values_list("code", "audience"))
    index.rebuild(["page"])

    assert dict(SearchEntry.objects.values_list("code", "audience")) == before
    assert before["1-plans-plan_list"] == "plans.list_plans" and before["4-help-hours"] == ""
