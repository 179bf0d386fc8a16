"""How complete the roster of each street-town is: people, gaps, and when the last file came."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import ImportRun, ImportStatus, Town

from ..models import Posting, Trainee

KIND = "roster"
LAST_RUNS = 200  # of which the newest of each town is looked for


class UnknownTown(PortalError):
    """No street-town has the code."""


@dataclass(frozen=True)
class PlaceFigures:
    """A street-town with its cadres."""

    town: Town
    people: int
    without_stage: int
    without_posting: int
    last_roster_at: datetime | None


def town_named(code: str) -> Town:
    """Raises UnknownTown."""
    if town := Town.objects.filter(code=code).first():
        return town
    raise UnknownTown(_("No street-town has the code “%(code)s”.") % {"code": code[:20]})


def with_gaps(people: QuerySet[Trainee]) -> QuerySet[Trainee]:
    """The people, each with `has_posting`: whether it is known since when the post is held."""
    present = Posting.objects.filter(trainee=OuterRef("pk"), valid_to__isnull=True, is_extra=False)
    return people.annotate(has_posting=Exists(present))


def figures_of(towns: list[Town]) -> list[PlaceFigures]:
    """One line for each of the towns, in two statements."""
    counted = {
        line["village__town"]: line
        for line in with_gaps(Trainee.objects.cadres().filter(village__town__in=towns))
        .order_by()
        .values("village__town")
        .annotate(
            people=Count("pk"),
            without_stage=Count("pk", filter=Q(stage__isnull=True)),
            without_posting=Count("pk", filter=Q(has_posting=False)),
        )
    }
    last = _last_rosters()
    nobody = {"people": 0, "without_stage": 0, "without_posting": 0}
    return [
        PlaceFigures(
            town=town,
            **{name: counted.get(town.pk, nobody)[name] for name in nobody},
            last_roster_at=last.get(town.code),
        )
        for town in towns
    ]


def _last_rosters() -> dict[str, datetime]:
    """Code of a town → when the last roster that names people of it was imported."""
    last: dict[str, datetime] = {}
    for context, imported_at in (
        ImportRun.objects.filter(kind=KIND, status=ImportStatus.IMPORTED)
        .order_by("-imported_at")
        .values_list("context", "imported_at")[:LAST_RUNS]
    ):
        for code in context.get("towns", ()):
            last.setdefault(code, imported_at)
    return last


def towns_in_use(today: date) -> QuerySet[Town]:
    """Towns that have not ended on the day."""
    return Town.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today))
