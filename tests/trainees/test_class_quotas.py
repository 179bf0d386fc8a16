"""The quotas of every street-town in one grid: filled at once, saved together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from academy.models import Village
from courses.models import ClassStatus, SeatPool
from courses.schedule.quotas import follow_the_window
from trainees.forms.quotas import read_pasted
from trainees.models import EnrolmentStatus
from trainees.on_behalf.nominations import answer, nominate
from trainees.workspace.quotas import by_villages, town_quotas

from ..factories import TownFactory, TraineeFactory, VillageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, district_staff):
    client.force_login(district_staff)
    return client


@pytest.fixture
def training_class(bookable, town, other_town):
    return bookable(seats=20, days=20)


def here(training_class) -> str:
    return f"/manage/classes/{training_class.code}/quotas/"


def typed(training_class, seats: dict, **more) -> dict:
    return {"capacity": "20"} | {f"seats-{town.code}": str(n) for town, n in seats.items()} | more


def kept(training_class) -> dict:
    pools = SeatPool.objects.filter(training_class=training_class, town__isnull=False)
    return {pool.town: pool.seats for pool in pools}


def test_all_towns_are_saved_together(page, training_class, town, other_town):
    page.post(here(training_class), typed(training_class, {town: 3, other_town: 2}))

    assert kept(training_class) == {town: 3, other_town: 2}
    assert training_class.pools.get(town=None).seats == 15


def test_more_seats_than_the_class_has_are_refused_and_nothing_is_saved(
    page, training_class, town, other_town
):
    answered = page.post(here(training_class), typed(training_class, {town: 15, other_town: 9}))

    assert "24" in answered.text and answered.context["form"].non_field_errors()
    assert kept(training_class) == {}


def test_the_same_for_each_town_is_filled_in_and_not_saved(page, training_class, town, other_town):
    filled = page.post(
        here(training_class), typed(training_class, {town: 0}, fill="each", each="2")
    )

    assert {field.value() for _quota, field, _until in filled.context["rows"]} == {"2"}
    assert "尚未保存" in filled.text and kept(training_class) == {}


def test_by_the_number_of_villages_at_least_one(training_class, town, other_town):
    for _number in range(5):
        VillageFactory(town=town)
    VillageFactory(town=other_town)
    empty = TownFactory()
    Village.objects.filter(town=empty).delete()

    seats = by_villages(town_quotas(training_class), 2)

    assert (seats[town.code], seats[other_town.code], seats[empty.code]) == (2, 1, 0)


def test_a_pasted_column_goes_down_the_rows_or_by_name(town, other_town):
    towns = [town, other_town]

    assert read_pasted("3\r\n2\r\n", towns) == ({town.code: "3", other_town.code: "2"}, [])
    assert read_pasted(f"{other_town.name}\t4", towns) == ({other_town.code: "4"}, [])
    found, unclear = read_pasted("1\n2\n3", towns)
    assert len(found) == 2 and "3" in unclear[0]


@pytest.mark.parametrize("text", ["二", "-1", "2.5", "=1+1", "99999999999999999999"])
def test_text_in_a_number_column_is_said_beside_its_field(page, training_class, town, text):
    filled = page.post(
        here(training_class),
        typed(training_class, {town: 1}, fill="pasted", pasted=f"{town.name}\t{text}"),
    )
    field = next(field for quota, field, _until in filled.context["rows"] if quota.town == town)

    assert field.value() == text and field.errors
    assert page.post(here(training_class), typed(training_class, {town: text})).status_code == 200
    assert kept(training_class) == {}


def test_five_hundred_pasted_rows_fill_what_there_is_and_name_the_rest(page, training_class, town):
    filled = page.post(
        here(training_class),
        typed(training_class, {town: 0}, fill="pasted", pasted="\n".join(["1"] * 500)),
    )

    assert len(filled.context["said"]) == 500 - len(filled.context["rows"])


@pytest.mark.parametrize(("fill", "number"), [("each", "x"), ("by_villages", "0"), ("x", "1")])
def test_a_filling_without_a_number_is_said(page, training_class, town, fill, number):
    data = typed(training_class, {town: 1}, fill=fill, each=number, per=number)

    assert page.post(here(training_class), data).context["said"]


def test_who_saves_second_sees_what_the_first_one_saved(page, training_class, town, other_town):
    based_on = page.get(here(training_class)).context["form"].based_on
    page.post(here(training_class), typed(training_class, {town: 3, other_town: 0}))

    second = page.post(
        here(training_class), typed(training_class, {town: 0, other_town: 2}, based_on=based_on)
    )

    assert [(item.now, item.is_conflict) for item in second.context["form"].differences] == [
        ("3", False)
    ]
    assert kept(training_class) == {town: 3}
    again = second.context["form"]
    page.post(
        here(training_class),
        typed(
            training_class,
            {town: again[f"seats-{town.code}"].value(), other_town: 2},
            based_on=again.based_on,
        ),
    )
    assert kept(training_class) == {town: 3, other_town: 2}


def test_the_grid_shows_what_is_used_and_what_was_answered(
    page, training_class, town, other_town, cadre, colleague, town_staff
):
    now = timezone.now()
    page.post(here(training_class), typed(training_class, {town: 3, other_town: 1}))
    nominate(
        trainees=[cadre, colleague],
        training_class=training_class,
        town=town,
        by=town_staff,
        now=now,
    )
    answer(nomination=cadre.nominations.get(), comes=False, reason="换届", now=now)

    quotas = {quota.town: quota for quota in town_quotas(training_class)}

    mine = quotas[town]
    assert (mine.seats, mine.taken, mine.left, mine.asked, mine.cannot) == (3, 2, 1, 1, 1)
    assert [quota.town for quota in quotas.values() if quota.is_silent] == [other_town]


def test_fewer_seats_than_are_taken_are_refused(page, bookable, town, cadre, town_staff):
    training_class = bookable(seats=4, town_seats={town: 2})
    nominate(
        trainees=[cadre],
        training_class=training_class,
        town=town,
        by=town_staff,
        now=timezone.now(),
    )

    answered = page.post(here(training_class), typed(training_class, {town: 0}))

    assert town.name in str(answered.context["form"].non_field_errors())
    assert kept(training_class) == {town: 2}


def test_new_seats_go_to_whoever_waits(page, bookable, seated, town):
    training_class = bookable(seats=1)
    _first, waits = [seated(TraineeFactory(), training_class) for _number in range(2)]
    assert waits.status == EnrolmentStatus.WAITLISTED

    page.post(here(training_class), typed(training_class, {}, capacity="2"))

    waits.refresh_from_db()
    assert waits.status == EnrolmentStatus.BOOKED


def test_not_more_seats_than_the_smallest_room(page, training_class, town):
    training_class.lessons.get().venue.__class__.objects.update(capacity=10)

    answered = page.post(here(training_class), typed(training_class, {town: 1}))

    assert "10" in str(answered.context["form"].errors["capacity"])


def test_a_closed_class_is_shown_and_not_changed(page, training_class, town):
    training_class.status = ClassStatus.CLOSED
    training_class.save()

    assert (
        "<input"
        not in page.get(here(training_class))
        .text.split('<table class="matrix quotas')[1]
        .split("</table>")[0]
    )
    page.post(here(training_class), typed(training_class, {town: 3}))
    assert kept(training_class) == {}


# --- Until when a quota is kept -------------------------------------------------------------------


@pytest.fixture
def with_quotas(page, training_class, town, other_town):
    page.post(here(training_class), typed(training_class, {town: 3, other_town: 2}))
    return training_class


def moments(training_class) -> dict:
    return dict(
        training_class.pools.filter(town__isnull=False).values_list("town__code", "release_at")
    )


def shown(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_one_town_keeps_its_seats_until_a_moment_of_its_own(page, with_quotas, town, other_town):
    usual = moments(with_quotas)[other_town.code]
    later = usual.replace(second=0, microsecond=0) + timedelta(hours=5)
    sent = typed(
        with_quotas,
        {town: 3, other_town: 2},
        **{f"until-{town.code}": shown(later), f"until-{other_town.code}": shown(usual)},
    )

    assert f'name="until-{town.code}"' in page.get(here(with_quotas)).text
    page.post(here(with_quotas), sent)
    assert moments(with_quotas) == {town.code: later, other_town.code: usual}

    follow_the_window(with_quotas)
    assert moments(with_quotas)[town.code] == later

    page.post(here(with_quotas), sent | {f"until-{town.code}": ""})
    assert moments(with_quotas) == {town.code: usual, other_town.code: usual}


@pytest.mark.parametrize("hours", [1, -24 * 90])
def test_not_after_booking_closes_and_not_in_the_past(page, with_quotas, town, hours):
    before = moments(with_quotas)
    moment = with_quotas.booking_closes_at + timedelta(hours=hours)

    answered = page.post(
        here(with_quotas),
        typed(with_quotas, {town: 3}, **{f"until-{town.code}": shown(moment)}),
    )

    assert town.name in str(answered.context["form"].non_field_errors())
    assert moments(with_quotas) == before


def test_a_moment_of_its_own_ends_with_the_booking_window(with_quotas, town):
    SeatPool.objects.filter(training_class=with_quotas, town=town).update(
        release_at=with_quotas.booking_closes_at, has_own_release=True
    )
    with_quotas.booking_closes_at -= timedelta(hours=3)
    with_quotas.save()

    follow_the_window(with_quotas)

    assert moments(with_quotas)[town.code] == with_quotas.booking_closes_at
