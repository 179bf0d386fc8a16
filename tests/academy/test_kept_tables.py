"""The tables that the office keeps on pages: who may, what a change does, out of use and back."""

from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from academy.models import Campus, CampusKind, GrowthStage, Position, Town, Venue, Village
from academy.table_pages.registry import tables
from courses.catalogue.index import WORDS_KEY
from courses.models import ServiceItem, Track
from notices.models import ReminderRule
from trainees.models import HourTarget

from ..factories import (
    NOW,
    CampusFactory,
    PositionFactory,
    TownFactory,
    TraineeFactory,
    VenueFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _at_ten_in_chinese():
    with time_machine.travel(NOW, tick=False), translation.override("zh-hans"):
        yield


@pytest.fixture
def admin_page(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


def at(name: str, *args) -> str:
    return reverse(f"tables:{name}", args=args)


def typed(client, address: str, **changes) -> dict:
    """What the form of the page sends when some fields are changed."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields} | {"based_on": form.based_on}
    return {name: "" if value is None else value for name, value in (values | changes).items()}


def sent(client, address: str, wanted: dict):
    """Send the form, and confirm what it says it does."""
    response = client.post(address, wanted, follow=True)
    form = response.context.get("form")
    if response.context.get("effects"):
        response = client.post(address, wanted | {"confirmed": form.seal}, follow=True)
    return response


@pytest.mark.parametrize("slug", sorted(tables()))
def test_every_table_opens_its_list_and_its_form(admin_page, slug):
    table = tables()[slug]
    if slug == "reminders":
        ReminderRule.objects.create(kind="x", name="示例提醒", days_before=1)
    assert admin_page.get(at("table_list", slug)).status_code == 200
    response = admin_page.get(at("row_add", slug))
    assert response.status_code == (200 if table.may_add else 404)
    assert at("table_list", slug) in admin_page.get(at("index")).text


@pytest.mark.parametrize(
    ("slug", "status"),
    [("towns", 403), ("hour-targets", 403), ("positions", 302), ("service-items", 200)],
)
def test_the_office_keeps_words_and_reads_the_network_and_the_rules(office, slug, status):
    assert office.get(at("table_list", slug)).status_code == 200
    response = office.post(at("row_add", slug), {"name": "示例岗位"})
    assert response.status_code == status
    if status == 403:
        assert "由系统管理员维护" in response.text


def test_a_new_word_stands_last_and_draws_the_catalogue_anew(
    office, django_capture_on_commit_callbacks
):
    PositionFactory(sort_order=7)
    before = cache.get(WORDS_KEY)
    with django_capture_on_commit_callbacks(execute=True):
        sent(office, at("row_add", "positions"), {"name": "网格员"})

    assert Position.objects.get(name="网格员").sort_order == 8
    assert cache.get(WORDS_KEY) != before


def test_extra_fields_change_nothing(office):
    item = PositionFactory(name="居委主任")
    address = at("row_edit", "positions", item.pk)
    sent(office, address, typed(office, address, name="主任", active="", sort_order=99, pk=1))

    changed = Position.objects.get(pk=item.pk)
    assert (changed.name, changed.active, changed.sort_order) == ("主任", True, item.sort_order)


def test_a_code_never_changes(admin_page, town):
    address = at("row_edit", "towns", town.pk)
    sent(admin_page, address, typed(admin_page, address, name="新街镇", code="999"))

    assert Town.objects.get(pk=town.pk).code == town.code
    assert Town.objects.get(pk=town.pk).name == "新街镇"
    assert town.code in admin_page.get(address).text


def test_the_second_of_two_is_told_and_nothing_is_lost(admin_page, campus):
    address = at("row_edit", "campuses", campus.pk)
    first = typed(admin_page, address, theme="甲主题")
    second = typed(admin_page, address, theme="乙主题", opening_hours="周一")
    sent(admin_page, address, first)
    response = sent(admin_page, address, second)

    assert "还没有保存" in response.text
    assert "甲主题" in response.text
    assert "乙主题" in response.text
    assert Campus.objects.get(pk=campus.pk).theme == "甲主题"


def test_what_uses_a_row_is_said_before_it_is_changed(admin_page, village):
    TraineeFactory.create_batch(2, village=village)

    page = admin_page.get(at("row_edit", "villages", village.pk)).text
    assert "用到它的" in page
    assert "学员2条" in page
    listed = admin_page.get(at("table_list", "villages")).context["page"]
    assert next(item for item in listed if item == village).uses >= 2


def test_a_row_goes_out_of_use_from_a_day_and_comes_back(admin_page, village):
    trainee = TraineeFactory(village=village)
    address = at("row_retire", "villages", village.pk)
    assert "学员1条" in admin_page.get(address).text
    admin_page.post(address, {"day": "2027-02-28"})

    village.refresh_from_db()
    trainee.refresh_from_db()
    assert (village.valid_to, trainee.village) == (date(2027, 2, 28), village)
    name = f">{village.name}</a>"
    assert name not in admin_page.get(at("table_list", "villages")).text
    assert name in admin_page.get(at("table_list", "villages") + "?state=retired").text

    admin_page.post(at("row_bring_back", "villages", village.pk))
    assert Village.objects.get(pk=village.pk).valid_to is None


@pytest.mark.parametrize("day", ["2027-03-02", "1999-12-31", "morgen", ""])
def test_a_day_that_cannot_be_is_said(admin_page, village, day):
    response = admin_page.post(at("row_retire", "villages", village.pk), {"day": day})

    assert response.context["form"].errors["day"]
    assert Village.objects.get(pk=village.pk).valid_to is None


def test_no_address_deletes_a_row(admin_page, town):
    for verb in (admin_page.delete, admin_page.put):
        assert verb(at("row_edit", "towns", town.pk)).status_code == 405
    assert Town.objects.filter(pk=town.pk).exists()


def test_a_salon_cannot_come_back_where_another_stands(admin_page, town):
    old = CampusFactory(kind=CampusKind.SALON, town=town, ended_on=TODAY)
    CampusFactory(kind=CampusKind.SALON, town=town)

    response = admin_page.post(at("row_bring_back", "campuses", old.pk), follow=True)
    assert "不能恢复" in response.text
    assert Campus.objects.get(pk=old.pk).ended_on == TODAY


@pytest.mark.parametrize("kind", [CampusKind.SALON, CampusKind.COLLEGE])
def test_a_second_salon_or_college_is_refused_in_words(admin_page, town, kind):
    CampusFactory(kind=kind, town=town)
    new = {"code": "S99", "kind": kind, "name": "又一个", "town": town.pk, "capacity": "30"}
    response = admin_page.post(at("row_add", "campuses"), new)

    assert response.status_code == 200
    assert "已经有" in response.text
    assert not Campus.objects.filter(code="S99").exists()


def test_nothing_new_points_at_what_is_out_of_use(admin_page):
    gone, here = TownFactory(ended_on=TODAY), TownFactory()
    venue = VenueFactory(campus=CampusFactory(town=gone))

    choices = admin_page.get(at("row_add", "villages")).context["form"]["town"].field.queryset
    assert set(choices) == {here}
    own = admin_page.get(at("row_edit", "campuses", venue.campus.pk)).context["form"]
    assert set(own["town"].field.queryset) == {gone, here}


def test_words_change_places(office):
    for number, name in enumerate(("新任", "骨干", "带头")):
        GrowthStage.objects.create(name=name, sort_order=number)
    item = GrowthStage.objects.get(name="带头")
    office.post(at("row_move", "growth-stages", item.pk), {"up": ""})

    names = GrowthStage.objects.order_by("sort_order").values_list("name", flat=True)
    assert list(names) == ["新任", "带头", "骨干"]


def test_the_effect_of_a_target_is_shown_before_it_is_saved(admin_page, cadre):
    wanted = {
        "position": cadre.position.pk,
        "hours": "40",
        "centralised_sessions": "2",
        "legal_basis": "沪委组发〔2027〕1号",
        "valid_from": "2027-01-01",
        "valid_to": "",
    }
    address = at("row_add", "hour-targets")
    looked_at = admin_page.post(address, wanted)
    assert "共1人" in looked_at.text
    assert not HourTarget.objects.exists()

    again = admin_page.post(address, wanted | {"hours": "60", "confirmed": _seal(looked_at)})
    assert not HourTarget.objects.exists()  # another figure asks again
    admin_page.post(address, wanted | {"hours": "60", "confirmed": _seal(again)})
    assert HourTarget.objects.get().hours == 60


def test_a_target_that_ends_before_it_begins_is_said(admin_page, cadre):
    response = admin_page.post(
        at("row_add", "hour-targets"),
        {
            "position": cadre.position.pk,
            "hours": "40",
            "centralised_sessions": "2",
            "legal_basis": "文件",
            "valid_from": "2027-01-01",
            "valid_to": "2026-12-31",
        },
    )
    assert response.context["form"].errors["valid_to"]


def _seal(response) -> str:
    return response.context["form"].seal


@pytest.mark.parametrize("slug", ["venues", "villages", "positions", "service-items"])
def test_a_list_keeps_its_budget(admin_page, slug, django_assert_max_num_queries):
    model = tables()[slug].model
    if model is Venue:
        VenueFactory.create_batch(60, campus=CampusFactory())
    elif model is Village:
        VillageFactory.create_batch(60, town=TownFactory())
    elif model is Position:
        PositionFactory.create_batch(60)
    admin_page.get(at("index"))
    with django_assert_max_num_queries(9):
        assert admin_page.get(at("table_list", slug)).status_code == 200
    with django_assert_max_num_queries(len(tables()) + 9):  # each is counted
        admin_page.get(at("index"))


@pytest.mark.parametrize("query", ["?of=zzz", "?of=999999999999999999999", "?page=x"])
def test_odd_questions_are_answered(admin_page, campus, query):
    assert admin_page.get(at("table_list", "venues") + query).status_code == 200


def test_a_track_out_of_use_is_offered_to_no_course(office):
    track = Track.objects.create(name="旧板块", prefix="JB")
    office.post(at("row_retire", "tracks", track.pk))
    assert not Track.objects.get(pk=track.pk).active
    item = ServiceItem.objects.first()
    assert item is None or office.get(at("row_retire", "service-items", item.pk)).status_code == 404
