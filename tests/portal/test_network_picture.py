"""The picture is computed from the data: every place stands in it, nothing overlaps, everything is
a link.
"""

import re
from datetime import date
from math import dist

import pytest
from django.conf import settings

from academy.models import Village
from academy.network import load_network
from portal.network_picture import PHONE, WIDE, branch_angles, dots, draw, network_of

from ..factories import CampusFactory, VillageFactory

TODAY = date(2027, 3, 1)


@pytest.fixture
def network(db):
    load_network(settings.BASE_DIR / "demo" / "network", today=TODAY)
    return network_of(TODAY)


@pytest.mark.parametrize("layout", [WIDE, PHONE], ids=["wide", "phone"])
def test_one_dot_for_each_village_and_none_outside(network, layout):
    places = [place for sector in network.sectors for place in dots(sector, layout)]

    assert len(places) == network.units == Village.objects.count() == 567
    assert all(0 < x < layout.width and 0 < y < layout.height for x, y in places)


def test_dots_do_not_overlap(network):
    places = [place for sector in network.sectors for place in dots(sector, WIDE)]

    nearest = min(dist(one, other) for index, one in enumerate(places) for other in places[:index])
    assert nearest > WIDE.dot * 2


@pytest.mark.parametrize("layout", [WIDE, PHONE], ids=["wide", "phone"])
def test_branches_stand_apart(network, layout):
    places = [
        layout.at(layout.branch_ring, angle) for angle in branch_angles(network, layout).values()
    ]

    assert len(places) == 4
    assert (
        min(dist(one, other) for index, one in enumerate(places) for other in places[:index])
        > layout.branch_radius * 2
    )


def test_every_place_is_a_named_link(network):
    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', draw(network, WIDE))

    assert len(links) == 13 + 12 + 4 + 1
    assert len(set(links)) == len(links)
    assert all(label for _url, label in links)


def test_nothing_inline(network):
    picture = draw(network, WIDE)

    assert "style=" not in picture and "<script" not in picture and "onclick" not in picture


def test_ended_places_are_left_out(network):
    Village.objects.filter(code="310113003001").update(valid_to=date(2027, 1, 1))

    assert network_of(TODAY).units == 566


def test_an_empty_network_draws(db):
    assert "<svg" in draw(network_of(TODAY), WIDE)


def test_names_are_escaped(db):
    village = VillageFactory(town__name="<b>镇")
    CampusFactory(kind="branch", name="<i>分校", town=village.town)

    picture = draw(network_of(TODAY), WIDE)

    assert "<b>" not in picture and "<i>" not in picture
