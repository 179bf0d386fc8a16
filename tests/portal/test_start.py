"""The start list: what is there and what is missing, from an empty database on."""

import pytest

from academy.models import Role
from portal.start import STEPS

from ..factories import RoleGrantFactory, TownFactory, TraineeFactory, VenueFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/manage/start/"
MOST_QUERIES = 45  # some figures of each step; it does not grow with the rows


def test_an_empty_academy_begins_with_the_network(client, administrator):
    client.force_login(administrator)
    page = client.get(ADDRESS)

    assert len(page.context["steps"]) == len(STEPS)
    assert page.context["next"] == page.context["steps"][0]
    assert "下一件：教学网络" in page.text


def test_what_is_missing_is_named(client, district_staff):
    covered = TraineeFactory().village.town
    bare = TownFactory(name="缺册镇")
    RoleGrantFactory(role=Role.TOWN_STAFF, town=bare)
    VenueFactory()
    client.force_login(district_staff)
    by_title = {step.title: step for step in client.get(ADDRESS).context["steps"]}

    assert "缺册镇" in by_title["花名册"].missing
    assert covered.name not in by_title["花名册"].missing
    assert covered.name in by_title["角色：谁管哪里"].missing
    assert by_title["教室"].is_done is not bool(by_title["教室"].missing)


def test_each_step_leads_somewhere(client, administrator, django_assert_max_num_queries):
    client.force_login(administrator)
    for number in range(12):
        TraineeFactory(village__town__name=f"第{number}镇")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(ADDRESS)

    for step in page.context["steps"]:
        for url in filter(None, (step.url, step.sample_url)):
            assert client.get(url).status_code == 200, url
