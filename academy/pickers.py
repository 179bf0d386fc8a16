"""The units that can be chosen by typing: villages, street-towns, campuses, departments."""

from django.db.models import QuerySet
from django.utils import timezone

from .access import is_any_staff, is_office, villages_of
from .models import Campus, Department, Town, Village
from .picking.kinds import MOST, Ask, Choice, PickKind, rank


class UnitKind(PickKind):
    """Units in being; their names are public, but only staff choose among them."""

    model: type

    def may_ask(self, user) -> bool:
        return is_any_staff(user)

    def units(self, user) -> QuerySet:
        return self.model.objects.filter(ended_on__isnull=True).order_by("code")

    def detail(self, unit) -> str:
        return ""

    def choices(self, user, ask: Ask) -> list[Choice]:
        ranked = [
            (place, unit)
            for unit in self.units(user)
            if (place := rank(ask, unit.code, [unit.name, self.detail(unit)])) is not None
        ]
        ranked.sort(key=lambda pair: pair[0])
        return [
            Choice(unit.code, unit.pk, unit.name, self.detail(unit))
            for _rank, unit in ranked[: MOST + 1]
        ]


class VillageKind(UnitKind):
    """The office chooses any village, a street-town or a coordinator one of their own."""

    name, model = "village", Village

    def units(self, user) -> QuerySet:
        villages = Village.objects.current(timezone.localdate()).select_related("town")
        if not is_office(user):
            villages = villages.filter(pk__in=villages_of(user))
        return villages.order_by("town__code", "kind", "code")

    def detail(self, unit: Village) -> str:
        return unit.town.name


class TownKind(UnitKind):
    name, model = "town", Town


class CampusKind(UnitKind):
    name, model = "campus", Campus


class DepartmentKind(UnitKind):
    name, model = "department", Department


PICKERS = [VillageKind, TownKind, CampusKind, DepartmentKind]
