"""The start list: what is there and what is missing, from an empty database on."""

import pytest
from django.utils import timezone

from academy.imports import runs
from academy.imports.registry import importers
from academy.imports.samples import sample
from academy.models import Role, Town, Village
from academy.table_pages.usual import keep, rows_in, still_empty
from courses.models import ClassStatus
from portal.start import STEPS, steps
from trainees.models import Trainee

from ..factories import (
    RoleGrantFactory,
    TownFactory,
    TraineeFactory,
    TrainingClassFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/manage/start/"
ORDER = (
    "towns",
    "town-borders",
    "villages",
    "departments",
    "campuses",
    "teaching-formats",
    "service-items",
    "courses",
    "venues",
    "experts",
    "roster",
    "hour-targets",
    "plan",
)
MOST_QUERIES = 45  # some figures of each step; it does not grow with the rows


def test_an_empty_academy_begins_with_the_network(client, administrator):
    client.force_login(administrator)
    page = client.get(ADDRESS)

    assert len(page.context["steps"]) == len(STEPS)
    assert page.context["next"] == page.context["steps"][0]
    assert "下一件：街镇和居村" in page.text


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
        for url in (
            step.url,
            *(url for item in step.uploads for url in (item.url, item.sample_url)),
        ):
            assert client.get(url).status_code == 200, url


def test_the_first_table_that_is_missing_is_to_be_sent_next(client, administrator):
    client.force_login(administrator)
    places = client.get(ADDRESS).context["steps"][0]
    assert places.next_upload.title == "街镇"
    TownFactory()
    places = client.get(ADDRESS).context["steps"][0]
    assert places.next_upload.title == "居村"


def test_the_number_that_nobody_has_is_missing_until_the_office_gives_its_own(
    client, administrator, settings
):
    def missing():
        found = client.get(ADDRESS).context["steps"]
        return next(step.missing for step in found if step.title == "通知")

    client.force_login(administrator)
    assert "页脚的学院办公室电话还是示例号码，请改成真的" in missing()
    settings.OFFICE_PHONE = "021-56780000"
    assert "示例号码" not in missing()


def test_the_first_administrator_alone_is_no_beginning_of_the_roles(client, administrator):
    client.force_login(administrator)
    roles = next(
        step for step in client.get(ADDRESS).context["steps"] if step.title == "角色：谁管哪里"
    )
    assert not roles.has_begun


def test_whoever_may_give_no_role_gets_no_button_for_it(client, district_staff):
    client.force_login(district_staff)
    for step in client.get(ADDRESS).context["steps"]:
        for url in filter(None, (step.url, *(item.url for item in step.uploads))):
            assert client.get(url).status_code == 200, url


def test_the_office_is_led_to_the_start_list_until_a_class_is_open(client, district_staff):
    client.force_login(district_staff)
    assert f'href="{ADDRESS}" aria-label="打开启用清单' in client.get("/manage/").text
    TrainingClassFactory(status=ClassStatus.DRAFT)
    assert "打开启用清单" in client.get("/manage/").text
    TrainingClassFactory(status=ClassStatus.OPEN)
    assert "打开启用清单" not in client.get("/manage/").text


def test_nobody_else_is_led_to_the_start_list(client, town_staff):
    client.force_login(town_staff)
    assert "打开启用清单" not in client.get("/manage/").text


def test_every_sample_file_is_imported_as_it_is(administrator):
    """From an empty database, in the order of the start list."""
    now = timezone.now()
    empty = still_empty(administrator)
    keep({table: rows_in(table, "\n".join(table.usual)) for table in empty})
    samples = [name for name in (*ORDER, "projects", "outside-hours") if importers()[name].sample]
    assert set(samples) == {name for name, importer in importers().items() if importer.sample}

    for kind in samples:
        importer = importers()[kind]
        owner = {"context": {"kind": "town", "code": "310113003", "year": 2027}}
        run = runs.preview(
            kind=kind,
            content=sample(importer),
            name=f"{kind}.xlsx",
            by=administrator,
            now=now,
            **(owner if kind == "plan" else {}),
        )
        assert not runs.open_questions(run), kind
        said = list(run.rows.values_list("outcome", "reasons"))
        # the usual words are there already, without what the sample says of them
        fine = {"new", "same", "changed"} if kind == "teaching-formats" else {"new", "same"}
        assert said and {outcome for outcome, _reasons in said} <= fine, (kind, said)
        runs.confirm(run=run, now=now)

    assert (Town.objects.count(), Village.objects.count()) == (13, 567)
    assert Trainee.objects.count() == 3
    assert [
        step.title for step in steps(administrator, timezone.localdate()) if not step.has_begun
    ] == [
        "角色：谁管哪里",
        "挂职",
        "第一个班",
        "上年度培训方案",  # the sample is of next year
    ]
