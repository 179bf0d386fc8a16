"""Finding people to give a role to, and the roles that stand."""

from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from academy.access import is_administrator, towns_of
from academy.models import CampusKind, Role, RoleGrant, RoleGrantQuerySet, User
from academy.search.index import people_found

ENDING_WITHIN = timedelta(days=30)
SHORTEST_TAIL = 4  # digits of a telephone number that are enough to find somebody
MOST_BY_SOUND = 5_000  # people whose names are spelt for one search
MOST_FOUND = 20

# in the order in which people look for it: a place after its town
BY_PERSON = ("user__name", "user_id", "role", "pk")
BY_PLACE = (
    F("place_town").asc(nulls_first=True),
    F("village__code").asc(nulls_first=True),
    F("campus__code").asc(nulls_first=True),
    F("department__code").asc(nulls_first=True),
    "role",
    "user__name",
    "pk",
)


def people_to_choose_from(user) -> QuerySet[User]:
    """Whom somebody may give a role to: administrators anybody who may log in, town staff the
    cadres of their own town and whoever coordinates a village there.
    """
    people = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if is_administrator(user):
        return people
    towns = towns_of(user)
    cadres = Q(
        trainee__village__town__in=towns,
        trainee__position__isnull=False,
        trainee__left_on__isnull=True,
    )
    coordinators = RoleGrant.objects.filter(role=Role.VILLAGE_COORDINATOR, village__town__in=towns)
    return people.filter(cadres | Q(grants__in=coordinators)).distinct()


def matching(people: QuerySet[User], query: str) -> QuerySet[User]:
    """Of the people those with this name, written, spelt by sound or by initials, or with the last
    digits of a telephone number.
    """
    digits = query.replace(" ", "").replace("-", "")
    if digits.isdecimal():
        if len(digits) < SHORTEST_TAIL:
            return people.none()
        return people.filter(phone__endswith=digits)
    written = people.filter(name__icontains=query)
    if written.exists():
        return written
    names = dict(people.values_list("pk", "name")[:MOST_BY_SOUND])
    found = people_found(query, {str(key): name for key, name in names.items()})
    return people.filter(pk__in=[int(key) for key in found[: MOST_FOUND * 5]])


def with_places(grants: RoleGrantQuerySet) -> RoleGrantQuerySet:
    """What a line of the list shows."""
    return grants.select_related(
        "user", "granted_by", "village__town", "campus__town", "town", "department"
    )


def in_state(grants: RoleGrantQuerySet, state: str, today: date) -> RoleGrantQuerySet:
    """Those that hold now, end within 30 days, begin later, or are over."""
    match state:
        case "ending":
            return grants.current(today).filter(valid_to__lte=today + ENDING_WITHIN)
        case "later":
            return grants.filter(valid_from__gt=today)
        case "ended":
            return grants.filter(valid_to__lt=today)
        case _current:
            return grants.current(today)


def at_place(grants: RoleGrantQuerySet, place: str) -> RoleGrantQuerySet:
    """Of `town:310113102`: that town, its villages and its salon; `district`: without a place."""
    kind, _colon, code = place.partition(":")
    match kind:
        case "town":
            return grants.filter(
                Q(town__code=code)
                | Q(village__town__code=code)
                | Q(campus__town__code=code, campus__kind=CampusKind.SALON)
            )
        case "campus":
            return grants.filter(campus__code=code)
        case "department":
            return grants.filter(department__code=code)
        case _district:
            return grants.filter(town=None, village=None, campus=None, department=None)


def narrowed(seen: RoleGrantQuerySet, wanted: dict, today: date) -> RoleGrantQuerySet:
    """Of the grants those that the filters of the list ask for."""
    found = in_state(seen, wanted["state"], today)
    if wanted["role"]:
        found = found.filter(role=wanted["role"])
    if wanted["place"]:
        found = at_place(found, wanted["place"])
    if wanted["q"]:
        holders = User.objects.filter(grants__in=found.order_by().values("pk")).distinct()
        found = found.filter(user__in=matching(holders, wanted["q"]).values("pk"))
    return found
