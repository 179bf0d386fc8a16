"""Which street-town borders which: the office keeps it, and the order of lists follows."""

import pytest
from django.db import IntegrityError, transaction

from academy.imports import runs
from academy.models import RowOutcome, Town, TownBorder
from academy.nearness import Near, Nearness, nearness_from
from academy.network import load_network, load_town_borders
from portal.demonstration.files import DEMO_DIR

from ..factories import NOW, TownFactory
from .test_kept_tables import admin_page, at, office, sent, typed  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db
SOURCE = "示例地图第 3 页"


@pytest.fixture
def pair():
    return TownFactory(name="甲镇"), TownFactory(name="乙镇")


def border(town, neighbour, **fields) -> TownBorder:
    return TownBorder.objects.create(town=town, neighbour=neighbour, source=SOURCE, **fields)


def test_a_row_serves_both_ways_and_the_others_are_equal(pair):
    one, other = pair
    further = TownFactory()
    border(one, other)

    assert nearness_from(one.pk).of([other.pk]) == nearness_from(other.pk).of([one.pk])
    assert nearness_from(one.pk).of([further.pk, other.pk]) is Near.BORDERING
    assert nearness_from(one.pk).of([other.pk, one.pk]) is Near.OWN
    assert nearness_from(further.pk).of([one.pk]) is Near.ELSEWHERE
    assert Nearness().of([one.pk]) is Near.ELSEWHERE


def test_a_row_out_of_use_says_nothing(pair):
    one, other = pair
    border(one, other, active=False)

    assert nearness_from(one.pk).of([other.pk]) is Near.ELSEWHERE


def test_the_database_takes_neither_a_double_nor_a_town_beside_itself(pair):
    one, other = pair
    border(one, other)

    for town, neighbour in ((one, other), (other, one), (one, one)):
        with pytest.raises(IntegrityError), transaction.atomic():
            border(town, neighbour)


def test_the_office_adds_a_row_and_is_told_what_cannot_be(admin_page, pair):  # noqa: F811
    one, other = pair
    new = at("row_add", "town-borders")

    def add(town, neighbour):
        wanted = {"town": town.pk, "neighbour": neighbour.pk, "source": SOURCE}
        return sent(admin_page, new, typed(admin_page, new, **wanted))

    assert "请选两个不同的街镇" in add(one, one).text
    assert "甲镇 — 乙镇" in add(one, other).text
    assert "已有一行" in add(other, one).text
    assert TownBorder.objects.count() == 1


def test_only_administrators_keep_it(office, pair):  # noqa: F811
    assert office.get(at("row_add", "town-borders")).status_code == 403


def imported(user, *lines: str):
    text = "\n".join(["街镇,相邻街镇,依据", *lines])
    return runs.preview(
        kind="town-borders", content=text.encode(), name="相邻街镇.csv", by=user, now=NOW
    )


def test_a_file_says_each_pair_once_whichever_is_named_first(administrator, pair):
    one, other = pair
    third = TownFactory(name="丙镇")
    border(one, other)

    run = imported(
        administrator,
        f"乙镇,甲镇,{SOURCE}",
        f"丙镇,甲镇,{SOURCE}",
        f"甲镇,丙镇,{SOURCE}",
        f"甲镇,甲镇,{SOURCE}",
        "乙镇,丙镇,",
    )

    outcomes = [row.outcome for row in run.rows.order_by("row")]
    assert outcomes == [RowOutcome.SAME, RowOutcome.NEW, *[RowOutcome.REJECTED] * 3]

    run = imported(administrator, f"乙镇,甲镇,{SOURCE}", f"丙镇,甲镇,{SOURCE}")
    runs.confirm(run=run, now=NOW)

    assert nearness_from(one.pk).bordering == {other.pk, third.pk}


def test_the_demonstration_marks_its_rows_as_such():
    load_network(DEMO_DIR / "network", today=NOW.date())
    assert load_town_borders(DEMO_DIR / "network" / "town_borders.csv") == Town.objects.count()
    assert not TownBorder.objects.exclude(source__startswith="示例").exists()
