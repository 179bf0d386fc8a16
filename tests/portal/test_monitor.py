"""The monitor: who sees which numbers, what an empty figure says, where its rows are."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academy.models import Role
from courses.models import TopicRequest
from portal.models import IndicatorFigure, IndicatorOwner, UnansweredQuery
from portal.monitor.board import board_of, number_of
from portal.monitor.counting import Figure, count_all, seasons_until
from portal.monitor.indicators import BY_CLASS, BY_SLUG, INDICATORS, Complaint
from portal.monitor.owners import set_owners
from portal.monitor.scopes import Scope, scopes_for
from portal.monitor.sources import MEASURES
from trainees.models import EnrolmentStatus

from ..factories import (
    CampusFactory,
    DepartmentFactory,
    EnrolmentFactory,
    RoleGrantFactory,
    TopicRequestFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
    class_with,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DISTRICT = Scope("", "全区")
STATEMENTS = 16  # of the board and of an indicator, whatever stands behind the figures


@pytest.fixture
def town():
    return TownFactory()


@pytest.fixture
def town_staff(town):
    return RoleGrantFactory(role=Role.TOWN_STAFF, town=town).user


@pytest.fixture
def booking(town):
    """One that stands, of a cadre of the town, in the present season."""
    return booked_in(town)


def booked_in(town, campus=None, **more):
    training_class = class_with(seats=9, campus=campus or CampusFactory(town=town), starts_at=NOW)
    training_class.season = seasons_until(NOW)[-1]
    training_class.save()
    trainee = TraineeFactory(village=VillageFactory(town=town))
    return EnrolmentFactory(trainee=trainee, training_class=training_class, **more)


def test_every_indicator_has_its_rows_and_every_complaint_an_indicator():
    assert set(MEASURES) | {"overlaps", "searches", *BY_CLASS} == set(BY_SLUG)
    assert {indicator.complaint for indicator in INDICATORS} == set(Complaint)
    assert all(
        len(slug) <= IndicatorFigure._meta.get_field("indicator").max_length for slug in BY_SLUG
    )


def test_nothing_of_nothing_is_no_figure():
    assert number_of(Figure(0, 0)) == "暂无数据"
    assert Figure(0, 0).value is None
    assert number_of(Figure(0, 3)) == "0%"
    assert number_of(Figure(0, None)) == "0"


def test_a_little_is_not_shown_as_none_nor_nearly_all_as_all():
    assert (number_of(Figure(1, 400)), number_of(Figure(399, 400))) == ("<1%", ">99%")
    assert number_of(Figure(3, 4)) == "75%"


def test_a_booking_counts_in_its_season_town_and_district(town, booking):
    count_all(NOW)

    kept = IndicatorFigure.objects.filter(indicator="near-own")
    assert set(kept.values_list("scope", "season", "part", "whole")) == {
        ("", seasons_until(NOW)[-1], 1, 1),
        (town.code, seasons_until(NOW)[-1], 1, 1),
    }


def test_counting_again_leaves_no_old_figure(town, booking):
    count_all(NOW)
    booking.status = EnrolmentStatus.WITHDRAWN
    booking.pool = None
    booking.save()

    count_all(NOW)

    assert not IndicatorFigure.objects.filter(indicator="near-own").exists()
    assert IndicatorFigure.objects.get(indicator="cancels", scope="").part == 1


def test_what_cannot_be_counted_is_named_with_its_reason_and_is_no_zero(client, administrator):
    client.force_login(administrator)

    page = client.get("/manage/monitor/").content.decode()

    assert page.count("尚不能统计") == 2
    assert "会诊上线后才有" in page
    assert "0%" not in page


def test_staff_see_their_own_numbers_and_the_office_all(town_staff, town, administrator):
    other = TownFactory()
    department = DepartmentFactory()
    clerk = RoleGrantFactory(role=Role.DEPARTMENT_STAFF, department=department).user

    assert [scope.code for scope in scopes_for(town_staff)] == [town.code]
    assert [scope.code for scope in scopes_for(clerk)] == [department.code]
    assert [scope.code for scope in scopes_for(administrator)][:1] == [""]
    towns = [scope.code for scope in scopes_for(administrator) if scope.of == "town"]
    assert towns == sorted(towns)  # in code order, never by value
    assert {town.code, other.code} <= set(towns)


def test_a_town_that_asks_for_another_one_gets_its_own(client, town_staff, town, booking):
    other = TownFactory(name="示例别镇")
    booked_in(other)
    count_all(NOW)
    client.force_login(town_staff)

    for asked in (other.code, "district", "十三月", "", "9" * 300):
        page = client.get("/manage/monitor/", {"of": asked})
        assert page.status_code == 200
        assert page.context["scope"].code == town.code
        assert "示例别镇" not in page.content.decode()
        rows = client.get("/manage/monitor/near-own/rows/", {"of": asked})
        assert [row.pk for row in rows.context["page"]] == [booking.pk]


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_each_indicator_opens_its_page_rows_workbook_and_paper(client, administrator, slug, town):
    booked_in(town)
    UnansweredQuery.objects.create(week=date(2026, 1, 5), words="示例词")
    count_all(NOW)
    client.force_login(administrator)

    for address in (
        f"/manage/monitor/{slug}/",
        f"/manage/monitor/{slug}/?export=xlsx",
        f"/manage/monitor/{slug}/?print=1",
        f"/manage/monitor/{slug}/rows/?of=district&counted=part",
        f"/manage/monitor/{slug}/rows/?export=xlsx",
        f"/manage/monitor/{slug}/rows/?print=1",
        f"/manage/monitor/{slug}/rows/?season=十三月&counted=7",
        f"/manage/monitor/{slug}/rows/?season=2027Q1&season=x&sort=-unit&page=99999999999999999999",
        f"/manage/monitor/{slug}/rows/?of={town.code}",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.getvalue()


@pytest.mark.parametrize("slug", ["..", "0", "十三月", "owner", "x" * 200])
def test_there_is_no_other_indicator(client, administrator, slug):
    client.force_login(administrator)

    assert client.get(f"/manage/monitor/{slug}/").status_code == 404
    assert client.get(f"/manage/monitor/{slug}/rows/").status_code == 404


def test_the_rows_are_as_many_as_the_figure_says(client, administrator, town):
    booked_in(town, is_repeat=True, repeat_reason="示例原因")
    booked_in(town)
    booked_in(town, status=EnrolmentStatus.WITHDRAWN, pool=None)
    count_all(NOW)
    client.force_login(administrator)
    [card] = [
        card
        for part in board_of(DISTRICT, NOW)
        for card in part.cards
        if card.indicator.slug == "repeats"
    ]

    assert card.figure == Figure(1, 2)
    assert client.get(card.counted_url).context["count"] == 1
    assert client.get(card.rows_url).context["count"] == 2


def test_a_town_reads_neither_the_words_of_a_request_nor_the_name_of_who_left(
    client, town, town_staff
):
    asker = UserFactory()
    TopicRequestFactory(
        topic="示例难题", asked_by=asker, asked_at=NOW, village=VillageFactory(town=town)
    )
    elsewhere = CampusFactory(town=TownFactory())
    here, gone = booked_in(town, elsewhere), booked_in(town, elsewhere)
    gone.trainee.village = VillageFactory()  # has moved since
    gone.trainee.save()
    count_all(NOW)
    client.force_login(town_staff)

    requests = client.get("/manage/monitor/requests-open/rows/").content.decode()
    bookings = client.get("/manage/monitor/near-far/rows/")

    assert TopicRequest.objects.count() == 1
    assert "示例难题" not in requests
    assert "内容只有学院办公室看得到" in requests
    assert {row.pk: row.shown_name for row in bookings.context["list"].page_rows} == {
        here.pk: here.trainee.user.name,
        gone.pk: "姓名不显示",
    }


def test_the_office_names_a_unit_and_takes_it_away(client, administrator):
    unit = DepartmentFactory(name="示例责任局")
    client.force_login(administrator)

    client.post("/manage/monitor/owners/", {"repeats": unit.code})
    assert "责任单位：示例责任局" in client.get("/manage/monitor/").content.decode()

    client.post("/manage/monitor/owners/", {"repeats": ""})
    assert not IndicatorOwner.objects.exists()


def test_an_unknown_unit_is_refused_with_a_sentence(client, administrator):
    client.force_login(administrator)

    page = client.post("/manage/monitor/owners/", {"repeats": "D99"})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not IndicatorOwner.objects.exists()


def test_naming_the_same_unit_changes_nothing(administrator):
    unit = DepartmentFactory()

    assert set_owners(wanted={"repeats": unit}, by=administrator, now=NOW) == 1
    assert set_owners(wanted={"repeats": unit}, by=administrator, now=NOW) == 0


def test_the_database_refuses_a_part_beyond_its_whole_and_an_owner_of_two_units(administrator):
    figure = {"indicator": "repeats", "season": "2027Q1", "counted_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorFigure.objects.create(part=2, whole=1, **figure)
    IndicatorFigure.objects.create(part=1, whole=1, **figure)
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorFigure.objects.create(part=1, whole=1, **figure)
    both = IndicatorOwner(
        indicator="repeats",
        department=DepartmentFactory(),
        campus=CampusFactory(),
        set_by=administrator,
        set_at=NOW,
    )
    with pytest.raises(ValidationError):
        both.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        both.save()


def test_the_board_asks_the_same_whatever_stands_behind_its_figures(client, administrator, town):
    client.force_login(administrator)
    booked_in(town)
    count_all(NOW)
    asked = {}
    for bookings in (1, 6):
        while bookings > 1:
            booked_in(TownFactory())
            bookings -= 1
        count_all(NOW)
        for address in ("/manage/monitor/", "/manage/monitor/repeats/"):
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(address)
            asked.setdefault(address, []).append(len(queries))

    for address, (few, many) in asked.items():
        assert few == many <= STATEMENTS, address


def test_searches_are_told_from_the_first_week_that_is_kept():
    now = datetime(2027, 5, 10, tzinfo=UTC)
    UnansweredQuery.objects.create(week=date(2027, 1, 4), words="示例词", times=3)
    count_all(now)

    kept = IndicatorFigure.objects.filter(indicator="searches").order_by("season")
    assert list(kept.values_list("season", "part", "whole")) == [
        ("2027Q1", 3, None),
        ("2027Q2", 0, None),
    ]
