"""The pages of people: lists, one person, changes by two at once, the workbook."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from academy.models import PersonChange, Role
from academy.people_keys import keep_findable
from trainees.models import Trainee

from ..factories import (
    LightTraineeFactory,
    StageFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db
MOST_OF_A_LIST, MOST_OF_A_PERSON = 19, 28


def path(name, *args):
    return reverse(f"trainees:{name}", args=args)


def statements(client, address) -> int:
    client.get(address)  # fills what is kept in the cache
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return district_staff


def crowd(village, count):
    """So many cadres of a village."""
    people = [UserFactory.build() for _number in range(count)]
    saved = type(people[0]).objects.bulk_create(people)
    first = TraineeFactory(village=village)
    keep_findable(saved)
    return Trainee.objects.bulk_create(
        Trainee(user=person, village=village, position=first.position) for person in saved
    )


@pytest.mark.parametrize("query", ["", "?q=示例", "?q=sl&status=working", "?role=town_staff"])
def test_the_list_asks_no_more_for_a_thousand_than_for_ten(client, office, query):
    village = VillageFactory(name="大华二村居委会")
    crowd(village, 10)
    few = statements(client, path("people") + query)
    crowd(village, 990)

    assert statements(client, path("people") + query) <= min(few, MOST_OF_A_LIST)


def test_the_page_of_a_person_asks_no_more_for_a_long_past(client, office, cadre, bookable, seated):
    few = statements(client, path("person", cadre.user_id))
    for days in (10, 20, 30):
        seated(cadre, bookable(days=days))
        cadre.postings.create(
            village=cadre.village,
            position=cadre.position,
            valid_from=timezone.localdate() - timedelta(days=1000 - days),
            valid_to=timezone.localdate(),
        )
        PersonChange.objects.create(person=cadre.user, kind="stage", by=office, at=timezone.now())
        cadre.user.grants.create(role=Role.VILLAGE_COORDINATOR, village=cadre.village)

    assert statements(client, path("person", cadre.user_id)) <= min(few, MOST_OF_A_PERSON) + 1


def test_the_list_and_the_page_show_no_whole_number(client, office, cadre):
    listed = client.get(path("people")).text
    page = client.get(path("person", cadre.user_id)).text
    assert cadre.user.masked_phone in listed and cadre.user.masked_phone in page
    assert cadre.user.phone not in listed + page

    shown = client.post(path("person_reveal", cadre.user_id)).text

    assert f"{cadre.user.phone[:3]} {cadre.user.phone[3:7]} {cadre.user.phone[7:]}" in shown
    assert cadre.user.changes.get().kind == "revealed"


@pytest.mark.parametrize("query", ["?stage=99", "?status=gone", "?town=zz", "?position=x"])
def test_an_unknown_filter_finds_nobody_and_leads_on(client, office, cadre, query):
    page = client.get(path("people") + query)

    assert (page.status_code, page.context["page"].paginator.count) == (200, 0)
    assert f'href="{path("people")}"' in page.text


def test_a_town_puts_nobody_on_file_elsewhere(client, town_staff, cadre, outsider):
    client.force_login(town_staff)
    sent = {
        "village": outsider.village.code,
        "position": cadre.position_id,
        "on": timezone.localdate().isoformat(),
        "name": "樊雅莹",
        "phone": "19900008123",
    }
    assert client.post(path("person_add"), sent).context["form"].errors.keys() == {"village"}
    seen = client.get(path("person_move", cadre.user_id)).context["as_seen"]
    move = client.post(path("person_move", cadre.user_id), sent | {"as_seen": seen})
    assert move.context["form"].errors.keys() == {"village"}

    added = client.post(path("person_add"), sent | {"village": cadre.village.code})

    assert added.status_code == 302
    assert Trainee.objects.get(user__phone="19900008123").village == cadre.village


def test_a_move_is_looked_at_first_and_then_made(client, office, cadre, outsider):
    address = path("person_move", cadre.user_id)
    seen = client.get(address).context["as_seen"]
    sent = {
        "village": outsider.village.code,
        "position": cadre.position_id,
        "on": timezone.localdate().isoformat(),
        "as_seen": seen,
    }
    shown = client.post(address, sent)
    cadre.refresh_from_db()
    assert shown.context["moved"] and cadre.village != outsider.village

    client.post(address, sent | {"confirmed": "1", "expected": shown.context["expected"]})
    cadre.refresh_from_db()
    assert cadre.village == outsider.village
    late = client.post(address, sent | {"confirmed": "1"})
    assert "别人改动了" in late.text


def test_two_who_correct_one_person_see_each_other(client, office, cadre):
    address = path("person_correct", cadre.user_id)
    base = client.get(address).context["form"].based_on
    fields = {"gender": "", "born_in": "1981年5月", "based_on": base}

    assert client.post(address, fields | {"name": "樊雅莹"}).status_code == 302
    second = client.post(address, fields | {"name": "樊雅颖"})

    cadre.refresh_from_db()
    assert (second.status_code, cadre.born_in) == (200, "1981-05")
    assert [item.name for item in second.context["form"].differences] == ["name"]


def test_those_ticked_get_a_stage_after_a_look(client, office, cadre, outsider):
    stage, address = StageFactory(), path("people_stages")
    sent = {"people": [cadre.pk, outsider.pk], "stage": stage.pk}
    shown = client.post(address, sent)
    assert len(shown.context["to_change"]) == 2
    assert not Trainee.objects.filter(stage=stage).exists()

    client.post(address, sent | {"confirmed": "1", "expected": "1"})
    assert not Trainee.objects.filter(stage=stage).exists()
    client.post(address, sent | {"confirmed": "1", "expected": "2"})
    assert Trainee.objects.filter(stage=stage).count() == 2


def test_the_stage_of_strangers_is_nobodys_to_set(client, town_staff, outsider):
    client.force_login(town_staff)
    sent = {"people": [outsider.pk], "stage": StageFactory().pk, "confirmed": "1", "expected": "1"}
    client.post(path("people_stages"), sent)
    assert not Trainee.objects.filter(stage__isnull=False).exists()


def sheet_of(response):
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(response.content)).active]


def test_the_workbook_holds_the_filtered_people_masked_and_no_formula(client, office, cadre):
    cadre.user.name = "=1+1"
    cadre.user.save()
    LightTraineeFactory()
    other = TraineeFactory()
    sent = {"columns": ["phone", "name", "unknown"], "download": "1"}

    rows = sheet_of(
        client.post(
            f"{path('people_export')}?village={cadre.village.code}&town={cadre.village.town.code}",
            sent,
        )
    )
    ticked = sheet_of(client.post(path("people_export"), sent | {"people": [other.pk]}))

    assert [row[1:] for row in rows[1:]] == [["=1+1", cadre.user.masked_phone]]
    assert [row[1:] for row in ticked[1:]] == [[other.name, other.user.masked_phone]]


def test_the_number_of_whoever_holds_more_roles_is_not_the_towns(client, town_staff, village):
    client.force_login(town_staff)
    clerk = TraineeFactory(village=village)
    for role, status in ((Role.VILLAGE_COORDINATOR, 200), (Role.TOWN_STAFF, 403)):
        scope = {"village": village} if status == 200 else {"town": village.town}
        clerk.user.grants.create(role=role, **scope)
        assert client.get(path("person_phone", clerk.user_id)).status_code == status


def test_a_town_needs_the_code_for_a_number(client, town_staff, cadre):
    client.force_login(town_staff)
    address, before = path("person_phone", cadre.user_id), cadre.user.phone
    page = client.get(address)
    sent = {"phone": "19900008001", "reason": "本人来过", "as_seen": page.context["as_seen"]}

    client.post(address, sent | {"step": "reason"})

    cadre.user.refresh_from_db()
    assert cadre.user.phone == before
    assert "reason" not in page.context["form"].fields


def test_a_light_account_and_a_closed_one_have_their_places(client, office):
    light = LightTraineeFactory()
    closed = LightTraineeFactory(user=UserFactory(phone="-0000000042", is_active=False))
    assert client.get(path("person", light.user_id)).status_code == 200
    assert client.get(path("person", closed.user_id)).status_code == 404
    assert client.get(path("person_move", light.user_id)).status_code == 302
