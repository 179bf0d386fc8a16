"""The pages on which roles are given, ended and extended."""

from datetime import timedelta

import pytest
import time_machine

from academy.models import Role, RoleGrant, User
from notices.models import Notice
from tests.factories import NOW, RoleGrantFactory, TraineeFactory, UserFactory, VillageFactory

from ..page_forms import forms_of
from ..page_text import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
TODAY = NOW.date()
SOON = TODAY + timedelta(days=10)
LIST, GIVE = "/manage/roles/", "/manage/roles/give/"


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def coordinator(village):
    return RoleGrantFactory(
        role=Role.VILLAGE_COORDINATOR, village=village, user__name="欧阳晓岚", valid_to=SOON
    )


def last_form(client, address: str) -> dict:
    return forms_of(client.get(address).content.decode())[-1].sent


def test_from_a_name_to_a_role_and_a_second_press_changes_nothing(office, village):
    person = TraineeFactory(user__name="欧阳晓岚", village=village).user

    found = squeezed(office.get(f"{GIVE}?q=oyxl"))
    assert "欧阳晓岚" in found and person.masked_phone in found and person.phone not in found
    assert f"?person={person.pk}" in found
    assert "role=village_coordinator" in squeezed(office.get(f"{GIVE}?person={person.pk}"))
    page = f"{GIVE}?person={person.pk}&role=village_coordinator"
    sent = last_form(office, page) | {"place": village.pk, "valid_to": SOON}
    for _press in range(2):
        answer = office.post(page, sent, follow=True)
        assert "欧阳晓岚现在是" in squeezed(answer)

    grant = RoleGrant.objects.get(user=person)
    assert (grant.village, grant.valid_from, grant.valid_to) == (village, TODAY, SOON)
    notice = Notice.objects.get(person=person)
    assert notice.title == f"您有了新角色：居村联络员（{village.name}）"


def test_a_refusal_keeps_what_was_typed(office, coordinator):
    page = f"{GIVE}?person={coordinator.user.pk}&role=village_coordinator"
    answer = office.post(
        page, {"place": coordinator.village.pk, "valid_from": TODAY, "valid_to": ""}
    )

    assert "已有这个角色" in squeezed(answer)
    assert f'value="{TODAY}"' in squeezed(answer)


def test_town_staff_find_only_their_own_people(client, town_staff, village):
    own, other = TraineeFactory(village=village), TraineeFactory()
    client.force_login(town_staff)

    assert own.user.masked_phone in squeezed(client.get(f"{GIVE}?q={own.user.phone}"))
    assert other.user.masked_phone not in squeezed(client.get(f"{GIVE}?q={other.user.phone}"))
    assert client.get(f"{GIVE}?person={other.user.pk}").status_code == 404
    offered = squeezed(client.get(f"{GIVE}?person={own.user.pk}"))
    assert village.name in offered and other.village.name not in offered
    assert "role=administrator" not in offered


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"欧阳晓岚", "何伟"}),
        ("q=ouyang", {"欧阳晓岚"}),
        ("q=晓岚", {"欧阳晓岚"}),
        ("q=4321", {"何伟"}),
        ("q=21", set()),
        ("role=auditor", {"何伟"}),
        ("state=ending", {"欧阳晓岚"}),
        ("state=ended", {"已走"}),
        ("state=later", {"未来"}),
        ("place=town:{town}", {"欧阳晓岚"}),
        ("place=district&sort=place", {"何伟"}),
        ("sort=place", {"欧阳晓岚", "何伟"}),
        ("role=nonsense", set()),
    ],
)
def test_the_list_is_narrowed(office, administrator, coordinator, query, shown):
    RoleGrantFactory(role=Role.AUDITOR, user__name="何伟", user__phone="19900004321")
    RoleGrantFactory(user__name="已走", valid_to=TODAY - timedelta(days=1))
    RoleGrantFactory(user__name="未来", valid_from=SOON)
    address = f"{LIST}?{query.format(town=coordinator.village.town.code)}"

    rows = [grant.user.name for grant in office.get(address).context["page"]]
    assert set(rows) - {administrator.name} == shown


def test_the_list_keeps_its_budget(office, village, django_assert_max_num_queries):
    VillageFactory.create_batch(2)
    for number in range(6):
        RoleGrantFactory(
            role=Role.VILLAGE_COORDINATOR, village=VillageFactory(name=f"示例{number}村")
        )
    office.get(f"{LIST}?sort=place&q=示例")  # which is kept in the session
    with django_assert_max_num_queries(12):
        office.get(f"{LIST}?sort=place&q=示例")


def test_extending_and_ending_tell_the_person(office, coordinator):
    person, later = coordinator.user, SOON + timedelta(days=30)

    extend = f"{LIST}{coordinator.pk}/extend/"
    office.post(extend, last_form(office, extend) | {"valid_to": later})
    end = f"{LIST}{coordinator.pk}/end/"
    sent = last_form(office, end) | {"at_once": "on", "reason": "换岗"}
    for _press in range(2):
        answer = office.post(end, sent, follow=True)
        assert answer.status_code == 200

    coordinator.refresh_from_db()
    assert coordinator.valid_to == TODAY - timedelta(days=1)
    titles = list(Notice.objects.filter(person=person).order_by("pk").values_list("title", "body"))
    assert [title.partition("：")[0] for title, _body in titles] == [
        "您的角色延期了",
        "您的角色将结束",
    ]
    assert "换岗" in titles[1][1]


def test_what_begins_today_is_taken_back_and_a_second_press_is_friendly(office):
    grant = RoleGrantFactory(valid_from=TODAY)
    end = f"{LIST}{grant.pk}/end/"
    sent = last_form(office, end) | {"at_once": "on", "reason": "给错人了"}

    assert "通知" in squeezed(office.post(end, sent, follow=True))
    assert "已经收回" in squeezed(office.post(end, sent, follow=True))
    assert not RoleGrant.objects.filter(pk=grant.pk).exists()


def test_two_who_move_the_same_end_see_each_other(office, coordinator):
    extend = f"{LIST}{coordinator.pk}/extend/"
    sent = last_form(office, extend) | {"valid_to": SOON + timedelta(days=5)}
    RoleGrant.objects.filter(pk=coordinator.pk).update(valid_to=SOON + timedelta(days=90))

    answer = office.post(extend, sent)
    assert "还没有保存" in squeezed(answer)
    coordinator.refresh_from_db()
    assert coordinator.valid_to == SOON + timedelta(days=90)


def test_what_is_left_as_it_is_tells_nobody(office, coordinator, administrator):
    extend = f"{LIST}{coordinator.pk}/extend/"
    assert "没有改动" in squeezed(office.post(extend, last_form(office, extend), follow=True))

    endless = f"{LIST}{RoleGrantFactory().pk}/extend/"
    assert "不用延期" in squeezed(office.get(endless, follow=True))
    assert not Notice.objects.exists()


def test_an_end_needs_a_day_and_a_reason(office, coordinator):
    end = f"{LIST}{coordinator.pk}/end/"
    text = squeezed(office.post(end, last_form(office, end) | {"valid_to": ""}))

    assert "请选最后一天" in text and "请写明为什么收回" in text


def test_the_last_administrator_cannot_leave(office, administrator):
    end = f"{LIST}{administrator.grants.get().pk}/end/"
    answer = office.post(end, last_form(office, end) | {"at_once": "on", "reason": "退休"})

    assert "就没有管理员了" in squeezed(answer)


def test_an_ended_role_is_not_changed(office):
    grant = RoleGrantFactory(user=UserFactory(), valid_to=TODAY - timedelta(days=1))

    assert "已经结束" in squeezed(office.get(f"{LIST}{grant.pk}/extend/", follow=True))


@pytest.mark.parametrize("page", ["end", "extend"])
def test_the_forms_carry_the_token_that_a_browser_needs(office, coordinator, page):
    assert "csrfmiddlewaretoken" in last_form(office, f"{LIST}{coordinator.pk}/{page}/")


# --- Somebody who stands on no roster -------------------------------------------------------------

NEW = "/manage/roles/give/new-person/"


def test_somebody_on_no_roster_gets_an_account_and_then_a_role(office, administrator):
    page = office.post(NEW, {"name": "何静", "phone": "139 0000 0911"})
    person = User.objects.get(phone="13900000911")
    assert page["Location"] == f"/manage/roles/give/?person={person.pk}"
    assert (person.name, person.has_usable_password()) == ("何静", False)
    assert person.changes.get().by == administrator
    assert "何静" in office.get("/manage/people/?q=hejing").text


def test_whoever_has_the_number_under_this_name_is_taken_as_they_are(office):
    person = UserFactory(name="何静")
    page = office.post(NEW, {"name": "何静", "phone": person.phone})
    assert page["Location"] == f"/manage/roles/give/?person={person.pk}"


def test_a_number_of_somebody_else_makes_nobody(office, administrator):
    person = UserFactory(name="何静")
    administrator.name = "沈知远"
    administrator.save()
    for name, phone in (("韩梅", person.phone), (administrator.name, administrator.phone)):
        page = office.post(NEW, {"name": name, "phone": phone})
        assert page.status_code == 200
        assert page.context["new"].errors["phone"]
    assert not User.objects.filter(name="韩梅").exists()
