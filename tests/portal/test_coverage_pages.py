"""The pages of coverage: gaps first, in code order, own town only; a trial that writes nothing."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import SeatPool
from portal.coverage.quota_trial import TownTrial, Trial
from trainees.models import EnrolmentStatus

from ..factories import (
    NOW,
    EnrolmentFactory,
    SeatPoolFactory,
    TownFactory,
    TraineeFactory,
    VillageFactory,
    class_with,
)
from ..page_text import squeezed
from .test_reach import came

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
HERE = "/manage/coverage/"
LAST_YEAR = date(2026, 9, 1)


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


@pytest.fixture
def staff(client, town_staff):
    client.force_login(town_staff)
    return client


def page_of(town, more: str = "") -> str:
    return f"{HERE}towns/{town.code}/{more}"


def names(response) -> list[str]:
    return [row.village.name for row in response.context["list"].page_rows]


def reached_and_not(town):
    """Two villages of the town with a cadre each: from the first somebody came."""
    there, gap = (VillageFactory(town=town) for _number in range(2))
    came(on=LAST_YEAR, trainee=TraineeFactory(village=there))
    TraineeFactory(village=gap)
    return there, gap


# --- Lists ----------------------------------------------------------------------------------------


def test_the_gaps_are_shown_at_first_and_all_villages_when_asked(office):
    town = TownFactory()
    there, gap = reached_and_not(town)

    assert names(office.get(page_of(town))) == [gap.name]
    assert names(office.get(page_of(town, "?show=all"))) == [there.name, gap.name]
    assert names(office.get(page_of(town, "?show=never"))) == [gap.name]


def test_a_village_without_a_cadre_says_so_and_is_a_gap(office):
    empty = VillageFactory()
    came(on=LAST_YEAR)

    text = squeezed(office.get(page_of(empty.town)))
    assert empty.name in text and "没有在册的人" in text
    assert "花名册上没有人" in squeezed(office.get(f"{HERE}villages/{empty.code}/"))


def test_no_figure_orders_a_list(office):
    came(on=LAST_YEAR)
    for address in (HERE, f"{HERE}stages/", page_of(VillageFactory().town)):
        columns = office.get(address).context["list"].columns
        assert [name for name, column in columns.items() if column.sort] in (["town"], ["village"])


def test_towns_stand_in_code_order_with_both_numbers(office):
    towns = [TownFactory(code=code) for code in ("310119902", "310119901")]
    reached_and_not(towns[0])

    answer = office.get(HERE)
    rows = answer.context["list"].page_rows
    (track,) = answer.context["list"].axis.keys
    assert [row.town.code for row in rows][-2:] == ["310119901", "310119902"]
    assert (rows[-1].reached_in(track), rows[-1].gaps_in(track)) == (1, 1)
    backwards = office.get(f"{HERE}?sort=-town").context["list"].page_rows
    assert [row.town.code for row in backwards[:2]] == ["310119902", "310119901"]


def test_town_staff_go_to_their_own_town_and_see_no_other(staff, town, village):
    other = VillageFactory()

    assert staff.get(HERE).url == page_of(town)
    assert village.name in squeezed(staff.get(page_of(town)))
    assert staff.get(page_of(other.town)).status_code == 404
    assert staff.get(f"{HERE}villages/{other.code}/").status_code == 404
    assert other.town.name not in squeezed(staff.get(f"{HERE}quotas/"))


def test_the_day_asked_for_moves_the_twelve_months(office):
    village = came(on=date(2026, 3, 1))  # a year and a day ago, but not of yesterday's year

    assert names(office.get(page_of(village.town))) == [village.name]
    assert names(office.get(page_of(village.town, "?day=2027-02-28"))) == []
    assert "2026年3月1日至2027年2月28日" in squeezed(
        office.get(page_of(village.town, "?day=2027-02-28"))
    )


@pytest.mark.parametrize(
    "day", ["2027-03-02", "1899-01-01", "十三月", "2027-13-01", "../", "9" * 40]
)
def test_a_day_that_cannot_be_is_answered_with_a_sentence(office, day):
    village = came(on=LAST_YEAR)

    for address in (HERE, page_of(village.town), f"{HERE}villages/{village.code}/"):
        answer = office.get(address, {"day": day})
        assert answer.status_code == 200
        assert not answer.context["page"].paginator.count


def test_the_workbook_holds_numbers_and_paper_the_definition(office):
    town = TownFactory()
    reached_and_not(town)

    answer = office.get(page_of(town, "?show=all&export=xlsx"))
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [row[-1].value for row in sheet.iter_rows(min_row=2)] == [1, 0]
    assert "2026年3月2日至2027年3月1日" in squeezed(office.get(page_of(town, "?print=1")))


# --- What is behind a village ---------------------------------------------------------------------


def test_a_village_opens_its_class_seats_with_masked_numbers(staff, town):
    there, _gap = reached_and_not(town)
    person = there.trainees.get()

    text = squeezed(staff.get(f"{HERE}villages/{there.code}/"))
    assert person.name in text and person.user.masked_phone in text
    assert person.user.phone not in text


def test_who_works_elsewhere_now_is_counted_and_not_named(staff, town):
    there, _gap = reached_and_not(town)
    person = there.trainees.get()
    person.village = VillageFactory()
    person.save()

    text = squeezed(staff.get(f"{HERE}villages/{there.code}/"))
    assert "现在别处任职" in text
    assert person.name not in text and person.user.masked_phone not in text


def test_a_gap_leads_to_a_class_that_can_be_booked(staff, town):
    _there, gap = reached_and_not(town)
    kept = class_with(seats=5, town_seats={town: 2})
    open_to_all = class_with(seats=5)
    track = kept.lessons.get().course_version.course.track
    open_to_all.lessons.update(course_version=kept.lessons.get().course_version)

    text = staff.get(f"{HERE}villages/{gap.code}/").text
    assert track.name in text
    assert (
        f"/manage/classes/{kept.code}/nominations/?town={town.code}&amp;village={gap.code}" in text
    )
    assert f"/classes/{open_to_all.code}/colleagues/?village={gap.code}" in text


# --- The trial of quotas --------------------------------------------------------------------------


def in_need(town, number: int) -> None:
    for _number in range(number):
        TraineeFactory(village=VillageFactory(town=town))


def trial_of(client, **asked) -> Trial:
    return client.get(f"{HERE}quotas/", asked).context["trial"]


def row_of(found: Trial, town) -> TownTrial:
    return next(row for row in found.rows if row.town == town)


def test_a_trial_counts_one_free_seat_for_each_village_and_writes_nothing(office):
    town = TownFactory()
    in_need(town, 3)
    VillageFactory(town=town)  # with nobody on the roster
    item = class_with(seats=10, town_seats={town: 2})
    pool = item.pools.get(town=town)
    asked = {"training_class": item.code}

    as_it_is = row_of(trial_of(office, **asked), town)
    assert (as_it_is.gaps, as_it_is.nobody) == (3, 1)
    assert (as_it_is.seats_now, as_it_is.could_now, as_it_is.could_then) == (2, 2, 2)

    more = trial_of(office, **asked, **{f"seats-{town.code}": "9"})
    assert (row_of(more, town).could_then, row_of(more, town).left_over) == (3, 0)
    assert more.changed == [row_of(more, town)] and more.too_many == 0
    assert trial_of(office, **asked, **{f"seats-{town.code}": "12"}).too_many == 2
    assert SeatPool.objects.get(pk=pool.pk).seats == 2


def test_seats_that_are_taken_help_nobody_else(office):
    town = TownFactory()
    in_need(town, 3)
    item = class_with(seats=10, town_seats={town: 3})
    item.pools.filter(town=town).update(seats_taken=2)

    found = trial_of(office, training_class=item.code, **{f"seats-{town.code}": "1"})
    assert (row_of(found, town).could_now, row_of(found, town).could_then) == (1, 0)
    assert found.too_few == [row_of(found, town)]

    filled = trial_of(office, training_class=item.code, fill="villages")
    assert row_of(filled, town).seats_then == 5


def test_a_village_that_has_booked_needs_no_second_seat(office):
    town = TownFactory()
    in_need(town, 1)
    trainee = TraineeFactory(village=VillageFactory(town=town))
    item = class_with(seats=10, town_seats={town: 2})
    EnrolmentFactory(
        trainee=trainee,
        training_class=item,
        status=EnrolmentStatus.BOOKED,
        pool=SeatPoolFactory(),
    )

    row = row_of(trial_of(office, training_class=item.code), town)
    assert (row.gaps, row.booked) == (1, 1)


def test_a_released_quota_and_a_town_the_class_is_not_for_stay_as_they_are(office):
    released, barred = TownFactory(), TownFactory()
    for town in (released, barred):
        in_need(town, 1)
    item = class_with(seats=10, town_seats={released: 2})
    item.pools.filter(town=released).update(released_at=NOW - timedelta(hours=1))
    item.towns.add(released)
    asked = {f"seats-{town.code}": "5" for town in (released, barred)}

    found = trial_of(office, training_class=item.code, **asked)
    assert row_of(found, released).seats_then == 2 and row_of(found, released).is_fixed
    assert row_of(found, barred).could_then == 0 and row_of(found, barred).is_barred


@pytest.mark.parametrize(
    "asked",
    [
        {"training_class": "NO-SUCH"},
        {"track": "999999999999999999999999"},
        {"track": "../"},
        {"seats": "9" * 400},
        {"seats": "-1"},
        {"seats": "三"},
        {"seats": ["1", "2"]},
        {"fill": "everything"},
    ],
    ids=str,
)
def test_a_trial_answers_whatever_is_asked(office, asked):
    town = came(on=LAST_YEAR).town
    if seats := asked.pop("seats", None):
        asked[f"seats-{town.code}"] = seats

    assert office.get(f"{HERE}quotas/", asked).status_code == 200


# --- What a page costs ----------------------------------------------------------------------------


def statements(client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_ask_as_often_for_many_as_for_few(office):
    town = came(on=LAST_YEAR).town
    item = class_with(seats=5, town_seats={town: 2})
    village = town.villages.get()
    addresses = [
        HERE,
        f"{HERE}stages/",
        page_of(town, "?show=all"),
        page_of(town, "stages/?show=all"),
        f"{HERE}villages/{village.code}/",
        f"{HERE}quotas/?training_class={item.code}",
    ]
    office.get(HERE)
    few = [statements(office, address) for address in addresses]
    for _number in range(20):
        came(on=LAST_YEAR, trainee=TraineeFactory(village=VillageFactory(town=town)))
        came(on=LAST_YEAR, trainee=TraineeFactory(village=village))
        class_with(seats=5, town_seats={town: 2})
    many = [statements(office, address) for address in addresses]

    # a first narrowing is kept in the session, a queue may have to be looked at
    assert all(later <= before for before, later in zip(few, many, strict=True)), (few, many)
    assert max(many) <= 22, many
