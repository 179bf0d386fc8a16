"""How complete the roster of each street-town is: people, gaps, and when the last file came."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import ImportRun, ImportStatus, Town, Village

from ..models import Posting, Trainee
from ..people.finding import JOINED_AWAY

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
    """One line for each of the towns.

    Posts held now are counted for themselves and taken from the people: to look for the post of
    each of 100,000 people takes twice as long as all three figures.
    """
    town_of = dict(Village.objects.filter(town__in=towns).values_list("pk", "town"))
    cadres = (
        Trainee.objects.cadres()
        .filter(village__in=town_of)
        .order_by()
        .values_list("village")
        .annotate(people=Count("pk"), without_stage=Count("pk", filter=Q(stage__isnull=True)))
    )
    people, without_stage, posts = Counter(), Counter(), Counter()
    for village, count, without in cadres:
        people[town_of[village]] += count
        without_stage[town_of[village]] += without
    for village, count in _main_posts(town_of):
        posts[town_of[village]] += count
    last = _last_rosters()
    return [
        PlaceFigures(
            town=town,
            people=people[town.pk],
            without_stage=without_stage[town.pk],
            without_posting=people[town.pk] - posts[town.pk],
            last_roster_at=last.get(town.code),
        )
        for town in towns
    ]


def _main_posts(villages: Iterable[int]) -> QuerySet:
    """Key of a village → how many hold their main post there. An entry that was joined with another
    may have kept one that the other had as well.
    """
    joined_away = Trainee.objects.filter(user__in=JOINED_AWAY)
    held = Posting.objects.filter(valid_to__isnull=True, is_extra=False, village__in=villages)
    return (
        held.exclude(trainee__in=joined_away)
        .order_by()
        .values_list("village")
        .annotate(Count("pk"))
    )


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
