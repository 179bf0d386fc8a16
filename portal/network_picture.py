"""The 1+4+12+N network as one picture: geometry computed from the data, drawn as inline SVG without
style attributes.

The college stands in the middle, branches around it near their town, salons on a ring, villages as
dots in the sector of their town. A sector's length follows the number of villages. Filled dots are
neighbourhoods, rings are villages.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.models import Campus, CampusKind, Town, TownKind, Village, VillageKind

FEWEST_VILLAGES_DRAWN = 17  # a sector is never narrower than for so many, so that its name fits
FIRST_SECTOR_BEGINS_AT = -36.0  # degrees clockwise from north


@dataclass(frozen=True)
class Layout:
    """Measures of one drawing, in its own units (1 unit is 1 px where it is drawn full size)."""

    width: int
    height: int
    hub: float
    branch_ring: float
    branch_radius: float
    salon_ring: float
    first_row: float
    row_step: float
    rows: int
    dot: float
    gap_degrees: float
    label_distance: float
    font: int
    branch_font: int
    hub_font: int
    shows_counts: bool

    @property
    def centre(self) -> tuple[float, float]:
        return self.width / 2, self.height / 2

    def at(self, radius: float, degrees: float) -> tuple[float, float]:
        x, y = self.centre
        return x + radius * math.sin(math.radians(degrees)), y - radius * math.cos(
            math.radians(degrees)
        )


WIDE = Layout(720, 624, 50, 118, 33, 182, 202, 12.2, 5, 3.9, 5.2, 24, 15, 15, 19, True)
PHONE = Layout(358, 376, 29, 64, 19.5, 96, 107, 7.2, 5, 2.25, 6.2, 15, 13, 12, 13, False)


@dataclass(frozen=True)
class Sector:
    """One town's part of the ring, in degrees clockwise from north."""

    town: Town
    salon: Campus | None
    neighbourhoods: int
    villages: int
    begins_at: float
    span: float

    @property
    def units(self) -> int:
        return self.neighbourhoods + self.villages

    @property
    def middle(self) -> float:
        return self.begins_at + self.span / 2

    @property
    def description(self) -> str:
        units = ngettext(
            "%(town)s: %(count)d village", "%(town)s: %(count)d villages", self.units
        ) % {"town": self.town.name, "count": self.units}
        return units if self.salon else units + _(", no salon yet")


@dataclass(frozen=True)
class Network:
    """What the picture and the list beside it show."""

    college: Campus | None
    branches: list[Campus]
    sectors: list[Sector]

    @property
    def salons(self) -> list[Campus]:
        return [sector.salon for sector in self.sectors if sector.salon]

    @property
    def neighbourhoods(self) -> int:
        return sum(sector.neighbourhoods for sector in self.sectors)

    @property
    def villages(self) -> int:
        return sum(sector.villages for sector in self.sectors)

    @property
    def units(self) -> int:
        return self.neighbourhoods + self.villages


def network_of(today: date, layout: Layout = WIDE) -> Network:
    """The network as it stands on the day; three queries."""
    towns = sorted(
        Town.objects.filter(ended_on__isnull=True),
        key=lambda town: (town.map_order == 0, town.map_order, town.code),
    )
    campuses = list(Campus.objects.filter(ended_on__isnull=True))
    salons = {campus.town_id: campus for campus in campuses if campus.kind == CampusKind.SALON}
    counts = Counter(Village.objects.current(today).values_list("town_id", "kind"))
    sizes = [
        (town, counts[town.pk, VillageKind.NEIGHBOURHOOD], counts[town.pk, VillageKind.VILLAGE])
        for town in towns
    ]
    weights = [
        max(neighbourhoods + villages, FEWEST_VILLAGES_DRAWN)
        for _town, neighbourhoods, villages in sizes
    ]
    free = 360 - layout.gap_degrees * len(towns)
    sectors, position = [], FIRST_SECTOR_BEGINS_AT
    for (town, neighbourhoods, villages), weight in zip(sizes, weights, strict=True):
        span = free * weight / sum(weights)
        sectors.append(Sector(town, salons.get(town.pk), neighbourhoods, villages, position, span))
        position += span + layout.gap_degrees
    college = next((campus for campus in campuses if campus.kind == CampusKind.COLLEGE), None)
    return Network(
        college, [campus for campus in campuses if campus.kind == CampusKind.BRANCH], sectors
    )


def branch_angles(network: Network, layout: Layout) -> dict[int, float]:
    """Where each branch stands: as near to its town as the others allow. Campus key → degrees."""
    sector_of = {sector.town.pk: sector.middle for sector in network.sectors}
    angles = {branch.pk: sector_of.get(branch.town_id, 0.0) % 360 for branch in network.branches}
    room = math.degrees(2 * math.asin(min(1, layout.branch_radius * 1.28 / layout.branch_ring)))
    for _round in range(200):
        order = sorted(angles, key=angles.get)
        moved = False
        for here, there in zip(order, order[1:] + order[:1], strict=True):
            distance = (angles[there] - angles[here]) % 360
            if here != there and distance < room - 0.01:
                push = (room - distance) / 2
                angles[here], angles[there] = (
                    (angles[here] - push) % 360,
                    (angles[there] + push) % 360,
                )
                moved = True
        if not moved:
            break
    return angles


def short_name(town: Town) -> str:
    """罗店镇 → 罗店, 吴淞街道 → 吴淞; of an industrial park the last two characters."""
    if town.kind == TownKind.INDUSTRIAL_PARK:
        return town.name[-2:]
    return town.name.removesuffix("街道").removesuffix("镇")


def dots(sector: Sector, layout: Layout) -> list[tuple[float, float]]:
    """Places of the sector's villages: in rows, from the inside out."""
    radii = [layout.first_row + row * layout.row_step for row in range(layout.rows)]
    share = [round(sector.units * radius / sum(radii)) for radius in radii]
    share[-1] += sector.units - sum(share)
    places = []
    for radius, count in zip(radii, share, strict=True):
        if count > 0:
            step = min(sector.span / count, math.degrees(layout.row_step * 1.02 / radius))
            places += [
                layout.at(radius, sector.middle + (index - (count - 1) / 2) * step)
                for index in range(count)
            ]
    return places


def draw(network: Network, layout: Layout) -> SafeString:
    """The picture as an `<svg>`; every town, salon, branch and the college is a link."""
    angles = branch_angles(network, layout)
    label = _(
        "The academy's network: %(branches)d branches, %(salons)d salons, %(units)d villages around"
        " the main college"
    ) % {
        "branches": len(network.branches),
        "salons": len(network.salons),
        "units": network.units,
    }
    parts = [
        *(
            _spoke(layout, "spoke", layout.salon_ring, sector.middle)
            for sector in network.sectors
            if sector.salon
        ),
        *(
            _spoke(layout, "branch-spoke", layout.branch_ring, angles[branch.pk])
            for branch in network.branches
        ),
        *(part for sector in network.sectors for part in _sector(sector, layout)),
        *(_branch(branch, layout, angles[branch.pk]) for branch in network.branches),
    ]
    if network.college:
        parts.append(_college(network.college, layout))
    return format_html(
        '<svg class="network" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
        layout.width,
        layout.height,
        label,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _spoke(layout: Layout, css_class: str, radius: float, degrees: float) -> SafeString:
    (x1, y1), (x2, y2) = layout.at(layout.hub, degrees), layout.at(radius, degrees)
    return format_html(
        '<path class="{}" d="M{} {}L{} {}"/>',
        css_class,
        *(f"{number:.1f}" for number in (x1, y1, x2, y2)),
    )


def _path(places: list[tuple[float, float]]) -> str:
    """A dot is a line of no length with round ends: one path draws them all."""
    return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places)


def _sector(sector: Sector, layout: Layout) -> Iterator[SafeString]:
    places = dots(sector, layout)
    filled, rings = places[: sector.neighbourhoods], places[sector.neighbourhoods :]
    width = layout.dot * 2
    drawn = []
    if filled:
        drawn.append(
            format_html(
                '<path class="neighbourhoods" stroke-width="{}" d="{}"/>',
                f"{width:.1f}",
                _path(filled),
            )
        )
    if rings:
        path = _path(rings)
        drawn.append(
            format_html(
                '<path class="villages" stroke-width="{}" d="{}"/>', f"{width - 0.4:.1f}", path
            )
        )
        drawn.append(
            format_html(
                '<path class="villages-core" stroke-width="{}" d="{}"/>', f"{width - 2.4:.1f}", path
            )
        )
    outer = layout.first_row + (layout.rows - 1) * layout.row_step
    side = math.sin(math.radians(sector.middle))
    if layout.shows_counts:
        anchor, (x, y) = (
            "middle",
            layout.at(outer + layout.label_distance + 8 + 8 * abs(side), sector.middle),
        )
        y -= layout.font * 0.05
        count = format_html(
            '<tspan class="units" x="{}" dy="1.2em">{}</tspan>', f"{x:.1f}", sector.units
        )
    else:
        x, y = layout.at(outer + layout.label_distance, sector.middle)
        anchor = "middle" if abs(side) < 0.35 else ("start" if side > 0 else "end")
        x += 0 if anchor == "middle" else (-6 if side > 0 else 6)
        y, count = y + layout.font * 0.35, ""
    hit_x, hit_y = layout.at((layout.first_row + outer + layout.label_distance) / 2, sector.middle)
    yield format_html(
        '<a href="{}" aria-label="{}"><circle class="hit" cx="{}" cy="{}" r="{}"/>{}<text x="{}"'
        ' y="{}" text-anchor="{}" font-size="{}">{}{}</text></a>',
        sector.town.get_absolute_url(),
        sector.description,
        f"{hit_x:.1f}",
        f"{hit_y:.1f}",
        40 if layout.shows_counts else 22,
        format_html_join("", "{}", ((part,) for part in drawn)),
        f"{x:.1f}",
        f"{y:.1f}",
        anchor,
        layout.font,
        short_name(sector.town),
        count,
    )
    if sector.salon:
        salon_x, salon_y = layout.at(layout.salon_ring, sector.middle)
        yield format_html(
            '<a href="{}" aria-label="{}"><circle class="hit" cx="{}" cy="{}" r="12"/><circle'
            ' class="salons" cx="{}" cy="{}" r="{}" stroke-width="{}"/></a>',
            sector.salon.get_absolute_url(),
            sector.salon.name,
            *(f"{n:.1f}" for n in (salon_x, salon_y, salon_x, salon_y)),
            f"{layout.dot * 1.75:.1f}",
            f"{layout.dot * 0.75:.1f}",
        )


def _branch(branch: Campus, layout: Layout, degrees: float) -> SafeString:
    x, y = layout.at(layout.branch_ring, degrees)
    name = branch.short_name or branch.name[:2]
    return format_html(
        '<a href="{}" aria-label="{}"><circle class="branch" cx="{}" cy="{}" r="{}"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="{}" font-weight="600">{}</text></a>',
        reverse("portal:campus", args=[branch.code]),
        f"{name} · {branch.name}",
        f"{x:.1f}",
        f"{y:.1f}",
        layout.branch_radius,
        f"{x:.1f}",
        f"{y + layout.branch_font * 0.36:.1f}",
        layout.branch_font,
        name,
    )


def _college(college: Campus, layout: Layout) -> SafeString:
    x, y = layout.centre
    name = college.short_name or college.name[:2]
    return format_html(
        '<a href="{}" aria-label="{}"><circle class="hub" cx="{}" cy="{}" r="{}"/><text'
        ' class="hub-name" x="{}" y="{}" text-anchor="middle" font-size="{}"'
        ' font-weight="700">{}</text></a>',
        college.get_absolute_url(),
        f"{name} · {college.name}",
        f"{x:.1f}",
        f"{y:.1f}",
        layout.hub,
        f"{x:.1f}",
        f"{y + layout.hub_font * 0.36:.1f}",
        layout.hub_font,
        name,
    )
