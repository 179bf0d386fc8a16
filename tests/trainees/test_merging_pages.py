"""The pages of entries that may be one person: two clicks, two tabs, extra fields, long lists."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from academy.models import DifferentPeople, PersonMerge, User
from academy.people_keys import keep_findable
from trainees.booking.enrolling import book
from trainees.models import Trainee
from trainees.office_lists import DuplicateList

from ..factories import TraineeFactory, UserFactory
from .entries import entry, joined

pytestmark = pytest.mark.django_db
MOST_OF_A_LIST, MOST_OF_A_PAIR = 16, 46


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


@pytest.fixture
def two(village):
    return entry(village=village), entry(village=village)


def crowd(village, count):
    """So many cadres of a village, all of one name."""
    people = User.objects.bulk_create(UserFactory.build(name="周敏华") for _number in range(count))
    keep_findable(people)
    position = TraineeFactory(village=village).position
    Trainee.objects.bulk_create(
        Trainee(user=person, village=village, position=position) for person in people
    )


def sent(client, two, **more):
    """What the form of a pair sends, with the effect as it was shown."""
    address = path("duplicate_pair", *(person.user_id for person in two))
    page = client.get(address)
    fields = {f"as_seen-{key}": seen for key, seen in page.context["as_seen"]}
    keep = str(two[0].user_id)
    fields |= {"keep": keep, "number": keep, "reason": "已问过本人"} | more
    shown = client.post(address, fields)
    return address, fields | {"confirmed": "1", "expected": shown.context["joined"].key}


@pytest.mark.parametrize("name", ["duplicates", "merges"])
def test_the_lists_ask_no_more_for_a_thousand_than_for_ten(client, office, village, two, name):
    joined(entry(village=village), entry(village=village), office)
    crowd(village, 10)
    few = statements(client, path(name))
    crowd(village, 990)
    ready = list(User.objects.filter(name="周敏华", merged_into=None).order_by("pk")[20:62])
    PersonMerge.objects.bulk_create(
        PersonMerge(survivor=one, away=other, by=office, at=timezone.now(), reason="同一人")
        for one, other in zip(ready[:21], ready[21:], strict=True)
    )

    assert statements(client, path(name)) <= min(few, MOST_OF_A_LIST)


def test_a_pair_asks_no_more_for_a_long_past(client, office, two, bookable, seated):
    address = path("duplicate_pair", *(person.user_id for person in two))
    few = statements(client, address)
    for days in (10, 20, 30):
        seated(two[1], bookable(days=days))

    assert statements(client, address) <= min(few, MOST_OF_A_PAIR)


def test_no_page_shows_a_whole_number(client, office, two):
    address, fields = sent(client, two)
    pages = client.get(path("duplicates")).text + client.get(address).text
    pages += client.post(address, {k: v for k, v in fields.items() if k != "confirmed"}).text
    client.post(address, fields)
    merge = PersonMerge.objects.get()
    pages += client.get(path("merges")).text + client.get(path("merge", merge.pk)).text

    assert two[0].user.masked_phone in pages and two[1].user.masked_phone in pages
    assert two[0].user.phone not in pages and two[1].user.phone not in pages


def test_a_second_click_joins_nothing_and_leads_to_what_was_joined(client, office, two):
    address, fields = sent(client, two)

    first, second = client.post(address, fields), client.post(address, fields)

    merge = PersonMerge.objects.get()
    assert first.url == second.url == path("merge", merge.pk)
    gone = client.get(path("person", two[1].user_id))
    assert (gone.status_code, gone.url) == (302, path("person", two[0].user_id))
    assert client.get(gone.url).context["joined"] == [merge]


def test_an_old_tab_joins_nothing(client, office, two, bookable):
    address, fields = sent(client, two)
    training_class = bookable()
    book(
        trainee=two[1],
        training_class=training_class,
        by=two[1].user,
        now=training_class.booking_opens_at,
    )

    page = client.post(address, fields)

    assert page.status_code == 200 and page.context["form"].errors
    assert not PersonMerge.objects.exists()


def test_further_fields_change_nothing(client, office, two, cadre):
    address, fields = sent(client, two)
    more = {
        "survivor": cadre.user_id,
        "away": cadre.user_id,
        "by": cadre.user_id,
        "moved": "{}",
        "is_staff": "1",
        f"clash-{cadre.pk}-{cadre.pk}": "1",
        "at": "2020-01-01",
    }

    client.post(address, fields | more)

    merge = PersonMerge.objects.get()
    assert (merge.survivor, merge.away, merge.by) == (two[0].user, two[1].user, office)
    assert not User.objects.get(pk=two[0].user_id).is_staff and merge.at.year > 2020
    cadre.user.refresh_from_db()
    assert cadre.user.is_active


@pytest.mark.parametrize(
    "wrong", [{"keep": "1"}, {"keep": ""}, {"number": "x"}, {"reason": ""}, {"reason": "长" * 201}]
)
def test_a_wrong_form_is_shown_again(client, office, two, wrong):
    address, fields = sent(client, two)

    page = client.post(address, fields | wrong)

    assert page.status_code == 200 and page.context["form"].errors
    assert not PersonMerge.objects.exists()


def test_undoing_is_looked_at_first_and_then_done_once(client, office, two):
    address, fields = sent(client, two)
    client.post(address, fields)
    undo = path("undo_merge", PersonMerge.objects.get().pk)

    shown = client.post(undo)
    assert shown.context["is_asked"] and PersonMerge.objects.get().parted_at is None
    client.post(undo, {"confirmed": "1"})
    again = client.post(undo, {"confirmed": "1"}, follow=True)

    assert PersonMerge.objects.get().parted_by == office
    assert again.status_code == 200
    assert client.get(path("person", two[1].user_id)).status_code == 200


def test_of_very_many_pairs_the_first_are_listed_and_it_says_so(
    client, office, village, monkeypatch
):
    monkeypatch.setattr(DuplicateList, "most", 3)
    crowd(village, 3)
    assert "2 人待核对" in client.get(path("duplicates")).text
    crowd(village, 3)

    page = client.get(path("duplicates"))

    assert len(page.context["list"].page_rows) == 3
    assert "待核对 3 人以上，先列出这些" in page.text
    exported = client.get(path("duplicates"), {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(exported))).active
    assert sheet.max_row == 1 + 3


def test_a_pair_that_is_two_people_is_not_offered_again(client, office, two):
    listed = client.get(path("duplicates"))
    assert len(listed.context["list"].page_rows) == 1

    for _click in range(2):
        client.post(path("different_people", *(person.user_id for person in two)))

    assert DifferentPeople.objects.count() == 1
    assert client.get(path("duplicates")).context["list"].page_rows == []


def test_a_town_joins_no_one_with_a_role_and_nobody_elsewhere(client, town_staff, two, outsider):
    client.force_login(town_staff)
    elsewhere = path("duplicate_pair", two[0].user_id, outsider.user_id)
    assert client.get(elsewhere).status_code == 404
    two[1].user.grants.create(role="auditor", valid_from=timezone.localdate())

    assert client.get(path("duplicate_pair", *(p.user_id for p in two))).status_code == 403


def test_two_that_are_ticked_are_compared(client, office, two, cadre):
    ticked = client.get(path("compare_ticked"), {"people": [person.pk for person in two]})
    assert ticked.url == path("duplicate_pair", *(person.user_id for person in two))

    three = client.get(path("compare_ticked"), {"people": [two[0].pk, two[1].pk, cadre.pk]})

    assert three.url == path("people")


def test_one_entry_is_no_pair(client, office, cadre):
    assert client.get(path("duplicate_pair", cadre.user_id, cadre.user_id)).status_code == 302
