"""Campuses, villages, rooms and departments as the search finds them."""

import re
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Campus, CampusKind, Department, Venue, Village
from .search.index import Findable, SearchSource

# what people type who look for one
PLACES_OF_TEACHING = ("上课的地方", "议事的地方", "议事的屋子", "教学点")
PRACTICE_CLASSROOM = ("沉浸式实训课堂", "沉浸式")


def street_of(address: str) -> str:
    """The street of an address in the district, or nothing: 共康路 of 上海市宝山区共康路9921号."""
    found = re.search(r"(?:区|^)(\w{1,6}?(?:路|街|道))\d", address)
    return found[1] if found else ""


def branch_of(campus: Campus) -> str:
    """What people call a branch: by its street-town, such as 罗泾分校."""
    if campus.kind != CampusKind.BRANCH:
        return ""
    return re.sub("镇$|街道$", "", campus.town.name) + "分校"


class CampusSource(SearchSource):
    """A place of teaching is found by its name, its theme, its street-town and its street."""

    kind = "campus"
    label = _("Campus")
    answers = True

    def entries(self) -> Iterator[Findable]:
        for campus in Campus.objects.filter(ended_on__isnull=True).select_related("town"):
            yield Findable(
                campus.code,
                campus.name,
                campus.get_absolute_url(),
                [campus.town.name, street_of(campus.address), *PLACES_OF_TEACHING],
                topics=[campus.theme],
                names=[campus.short_name, branch_of(campus)],
            )


class VillageSource(SearchSource):
    kind = "village"
    label = pgettext_lazy("unit", "Village")

    def entries(self) -> Iterator[Findable]:
        # one that ends today is left out: nothing writes the index anew tomorrow
        today = timezone.localdate()
        for village in (
            Village.objects.current(today).exclude(valid_to=today).select_related("town")
        ):
            yield Findable(
                village.code,
                village.name,
                reverse("portal:town", args=[village.town.code]),
                [village.town.name],
            )


class RoomSource(SearchSource):
    """A room leads to the page of its campus, which says where it is. A practice classroom is also
    found as one.
    """

    kind = "room"
    label = _("Room")

    def entries(self) -> Iterator[Findable]:
        for room in Venue.objects.filter(
            ended_on__isnull=True, campus__ended_on__isnull=True
        ).select_related("campus"):
            url = f"{room.campus.get_absolute_url()}#{room.code}"
            yield Findable(
                room.code,
                f"{room.campus.short_name or room.campus.name} {room.name}",
                url,
                [room.immersive_topic],
                names=[room.name, *(PRACTICE_CLASSROOM if room.immersive else ())],
                is_named=True,
            )


def spoken_names(department: Department) -> list[str]:
    """What people call it: 房管局 and 区房管局 of 宝山区住房保障和房屋管理局 (short name 房管)."""
    ending = re.search("委员会|分局|办公室|[局部委办]$", re.sub("（.*）", "", department.name))
    spoken = (
        department.short_name
        + {"委员会": "委", "办公室": "办", "分局": "分局"}.get(ending[0], ending[0])
        if ending
        else department.short_name
    )
    return [spoken, f"区{spoken}"]


class DepartmentSource(SearchSource):
    """A department leads to the service items that it answers for."""

    kind = "department"
    label = _("Department")

    def entries(self) -> Iterator[Findable]:
        for department in Department.objects.filter(ended_on__isnull=True):
            url = f"{reverse('courses:service_list')}?department={department.code}"
            yield Findable(
                department.code,
                department.name,
                url,
                topics=[department.short_name],
                names=spoken_names(department),
                is_named=True,
            )


SOURCES = [CampusSource, VillageSource, RoomSource, DepartmentSource]
