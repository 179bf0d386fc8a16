"""The page of rosters, and what the page of a run says about people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from academy.imports import runs
from academy.models import ImportRun, Role
from notices.models import Notice
from trainees.models import Trainee

from ..conftest import grant
from ..factories import UserFactory
from .roster_tables import make_places, row, table

ADDRESS = "/manage/rosters/"
MOST = 15  # villages, people and posts are asked one after the other


@pytest.fixture
def places(db):
    return make_places()


@pytest.fixture
def town_client(client, places):
    client.force_login(grant(Role.TOWN_STAFF, town=places[0]))
    return client


def sent(client, content: bytes) -> ImportRun:
    client.post(ADDRESS, {"file": SimpleUploadedFile("花名册.xlsx", content)})
    return ImportRun.objects.order_by("pk").last()


def people(count: int) -> bytes:
    return table(
        *(row(姓名="示例" + "甲" * (n + 1), 手机号=f"13800000{n:03}") for n in range(count))
    )


def test_a_town_sends_looks_imports_tells_and_undoes(
    town_client, django_capture_on_commit_callbacks
):
    run = sent(
        town_client, table(row(), row(姓名="樊雅珺", 手机号="13800000101", 居村="虎林居委会"))
    )

    preview = town_client.get(run.get_absolute_url()).text
    assert "有 1 行退回" in preview
    assert "13800000100" not in preview
    town_client.post(reverse("imports:import_confirm", args=[run.pk]))
    page = town_client.get(run.get_absolute_url()).text
    assert "通知新增的人怎么登录" in page
    with django_capture_on_commit_callbacks():
        for _twice in range(2):
            town_client.post(reverse("trainees:tell_new_people", args=[run.pk]))
    assert Notice.objects.get().person.name == "于少明"
    assert "通知新增的人怎么登录" not in town_client.get(run.get_absolute_url()).text


def test_an_undo_on_the_page_says_who_was_left(town_client):
    run = sent(town_client, people(2))
    runs.confirm(run=run, now=timezone.now())
    Trainee.objects.filter(user__phone="13800000000").update(born_in="1979-01")

    page = town_client.post(reverse("imports:import_undo", args=[run.pk]), follow=True).text

    assert "有 1 行导入后有改动或已使用，没有撤回" in page
    assert "示例甲没有撤回" in page


def test_who_is_missing_from_the_file_stands_on_the_preview(town_client):
    runs.confirm(run=sent(town_client, people(2)), now=timezone.now())

    page = town_client.get(sent(town_client, people(1)).get_absolute_url()).text

    assert "这张表里没有的 1 人" in page
    assert "示例甲甲" in page


def test_the_office_sees_every_town_and_a_town_its_own(client, places):
    runs.confirm(
        run=runs.preview(
            kind="roster", content=people(3), name="a.xlsx", by=None, now=timezone.now()
        ),
        now=timezone.now(),
    )
    shown = {}
    for user in (grant(Role.DISTRICT_STAFF), *(grant(Role.TOWN_STAFF, town=t) for t in places)):
        client.force_login(user)
        answer = client.get(ADDRESS)
        figures = [
            (item.town.name, item.people, item.without_stage, bool(item.last_roster_at))
            for item in answer.context["list"].page_rows
        ]
        shown[user] = (sorted(figures), "示例甲甲" in answer.text)

    luodian, zhangmiao = ("罗店镇", 3, 3, True), ("张庙街道", 0, 0, False)
    assert list(shown.values()) == [
        (sorted([luodian, zhangmiao]), False),
        ([luodian], True),
        ([zhangmiao], False),
    ]


@pytest.mark.parametrize(
    ("query", "names"),
    [("", 2), ("lacks=stage", 2), ("lacks=posting", 0), ("lacks=x", 0), ("town=1", 0)],
)
def test_the_people_of_a_town_are_filtered_by_what_they_lack(town_client, query, names):
    runs.confirm(run=sent(town_client, people(2)), now=timezone.now())

    answer = town_client.get(f"{ADDRESS}?{query}")

    assert len(answer.context.get("people", [])) == names


def test_the_page_costs_the_same_however_many_people(town_client):
    costs = []
    for count in (1, 3):
        runs.confirm(run=sent(town_client, people(count)), now=timezone.now())
        town_client.get(ADDRESS)
        with CaptureQueriesContext(connection) as asked:
            town_client.get(ADDRESS)
        costs.append(len(asked))

    assert costs[0] == costs[1] <= MOST


def test_a_file_that_is_no_roster_is_refused_beside_the_field(town_client):
    answer = town_client.post(ADDRESS, {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not ImportRun.objects.exists()


def test_a_run_of_somebody_else_is_not_told(client, places):
    run = ImportRun.objects.create(
        kind="roster", status="imported", user=UserFactory(), previewed_at=timezone.now()
    )
    client.force_login(grant(Role.TOWN_STAFF, town=places[0]))

    assert client.post(reverse("trainees:tell_new_people", args=[run.pk])).status_code == 404
