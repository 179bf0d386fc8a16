"""学时差额名单: the year of many says of each what it says of one, and puts nobody before another.

docs/rules.md R14, R27.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academy.models import CampusKind, Role
from trainees.models import HourKind, HourTarget
from trainees.office_lists import HourGapList
from trainees.record.hour_gaps import years_of_people
from trainees.record.hours import post, progress

from ..conftest import grant
from ..factories import CampusFactory, TraineeFactory, UserFactory, VillageFactory
from .certified import closed_class

pytestmark = pytest.mark.django_db


def target_of(trainee, hours=20, sessions=0, **fields):
    return HourTarget.objects.create(
        position=trainee.position,
        hours=hours,
        centralised_sessions=sessions,
        legal_basis="示例条例",
        **{"valid_from": date(2020, 1, 1)} | fields,
    )


def earned(trainee, hours, day=None):
    now = timezone.now()
    return post(
        trainee=trainee,
        kind=HourKind.CLAIM,
        hours=Decimal(hours),
        earned_on=day or timezone.localdate(now),
        rule="claim",
        by=UserFactory(),
        now=now,
        reason="网络课",
    )


def listed(user, **query) -> list:
    request = RequestFactory().get("/manage/people/hours/", query)
    request.user = user
    return HourGapList(request).found


def names(rows) -> list[str]:
    return [row.trainee.name for row in rows]


def test_each_stands_there_as_on_their_own_page(cadre, colleague, outsider, bookable, seated):
    target_of(cadre, sessions=1)
    target_of(cadre, hours=40, valid_from=date(2021, 1, 1))
    target_of(outsider, hours=90, valid_to=date(2022, 6, 30))
    college = CampusFactory(kind=CampusKind.COLLEGE)
    year = timezone.localdate(
        closed_class([cadre, colleague], UserFactory(), campus=college).starts_at
    ).year
    coming = bookable(days=8)
    for person in (cadre, outsider):
        seated(person, coming)
    now = timezone.now()
    people = [outsider, cadre, colleague]

    for asked in {year, timezone.localdate(coming.starts_at).year, 2022}:
        rows = years_of_people(people, asked, now)
        assert [row.trainee for row in rows] == people
        for row in rows:
            alone = progress(row.trainee, asked, now)
            for fact in ("done", "booked", "target", "missing", "centralised_done"):
                assert getattr(row.progress, fact) == getattr(alone, fact), (asked, fact)


def test_many_cost_what_one_costs(cadre):
    def queries(people) -> int:
        with CaptureQueriesContext(connection) as asked:
            years_of_people(people, 2027, timezone.now())
        return len(asked)

    assert queries([cadre]) == queries([cadre, *TraineeFactory.create_batch(9)]) == 4


def test_only_whoever_has_a_gap_is_listed_unless_all_are_asked_for(
    cadre, colleague, village_coordinator
):
    target_of(cadre)
    earned(cadre, 20)
    earned(colleague, 5)
    without_target = TraineeFactory(village=cadre.village)

    (row,) = listed(village_coordinator)

    assert (row.trainee, row.progress.missing) == (colleague, 15)
    everybody = listed(village_coordinator, who="all")
    assert {row.trainee for row in everybody} == {cadre, colleague, without_target}
    assert [row.progress.missing for row in everybody if row.trainee == without_target] == [None]


def test_a_missing_centralised_training_is_a_gap(cadre, village_coordinator):
    target_of(cadre, hours=2, sessions=1)
    earned(cadre, 2)

    (row,) = listed(village_coordinator)

    assert (row.progress.missing, row.centralised) == (0, (0, 1))


def test_the_order_is_that_of_villages_and_names_whatever_is_asked(cadre, town, district_staff):
    other = VillageFactory(town=town, code="000")
    people = [cadre] + [
        TraineeFactory(village=village, position=cadre.position, user__name=name, stroke_key=key)
        for village, name, key in [
            (cadre.village, "丁乙", "01"),
            (other, "王一", "04"),
            (other, "于二", "03"),
        ]
    ]
    cadre.stroke_key = "09"
    cadre.save()
    target_of(cadre)
    for number, person in enumerate(people):
        earned(person, 1 + number)
    usual = names(listed(district_staff, town=town.code))

    assert usual == ["于二", "王一", "丁乙", cadre.name]
    for name in HourGapList.columns:
        request = RequestFactory().get("/", {"town": town.code, "sort": f"-{name}"})
        request.user = district_staff
        assert names(HourGapList(request).sorted_rows) == usual
    assert not any(column.sort for column in HourGapList.columns.values())


def test_each_office_sees_its_own_people(
    cadre, outsider, town, village_coordinator, district_staff
):
    neighbour = TraineeFactory(village=VillageFactory(town=town), position=cadre.position)
    for person in (cadre, outsider):
        target_of(person)
    town_staff = grant(Role.TOWN_STAFF, town=town)
    foreign = outsider.village.town.code

    def seen(user, **query):
        return {row.trainee for row in listed(user, who="all", **query)}

    assert seen(village_coordinator) == {cadre}
    assert seen(town_staff) == {cadre, neighbour}
    assert seen(town_staff, village=neighbour.village.code) == {neighbour}
    assert seen(town_staff, town=foreign) == seen(village_coordinator, town=foreign) == set()
    assert seen(district_staff, town=foreign) == {outsider}
    assert seen(district_staff, town=foreign, village=cadre.village.code) == {outsider}


def test_whoever_has_left_is_not_reminded_of(cadre, village_coordinator):
    target_of(cadre)
    cadre.left_on = date(2026, 1, 1)
    cadre.save()

    assert listed(village_coordinator) == []


def test_last_year_is_asked_for(cadre, village_coordinator):
    target_of(cadre)
    last_year = timezone.localdate().year - 1
    earned(cadre, 12, date(last_year, 5, 1))

    (row,) = listed(village_coordinator, year=str(last_year))

    assert (row.progress.done, row.progress.missing) == (12, 8)
    assert listed(village_coordinator, year="1999") == []
