"""Who may be on file twice: people who are called alike, in the same street-town or with the same
last four digits of the number.

Names are compared as they sound, by a stored key with an index, so that nobody is compared with
everybody. What somebody has looked at and found to be two people is not offered again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Right
from django.utils.translation import gettext as _

from academy.access import is_office, towns_of
from academy.models import DifferentPeople, PersonKey, Town, User, Village
from academy.people_keys import SPELT, TAIL, spelt_key

from ..models import Trainee
from .as_seen import PersonRefused

MOST_SHOWN = 5  # of those who are called like one person
UNIT = "person__trainee__village"


@dataclass(frozen=True)
class Likeness:
    """Somebody who may be the same person, and why."""

    person: User
    trainee: Trainee | None
    reasons: Sequence[str]


@dataclass
class Likely:
    """One person of the list with those who may be the same."""

    person: User
    trainee: Trainee | None
    others: list[Likeness] = field(default_factory=list)
    more: int = 0  # beyond those shown


def likely_pairs(
    user, town: Town | None = None, village: Village | None = None
) -> QuerySet[PersonKey]:
    """The spelt names of people who may be on file twice, called alike next to each other.

    A pair stands under the one whose key is smaller; where a unit is asked for, under the one in
    it.
    """
    names = _names(user)
    unit = {UNIT: village} if village else {f"{UNIT}__town": town} if town else {}
    behind = Q(person__gt=OuterRef("person"))
    if unit:
        behind |= ~Q(**unit)
    others = names.filter(behind, _near(OuterRef(f"{UNIT}__town"), OuterRef("tail")))
    others = others.filter(key=OuterRef("key")).exclude(person=OuterRef("person"))
    looked_at = Q(person__in=DifferentPeople.objects.values("first")) | Q(
        person__in=DifferentPeople.objects.values("second")
    )
    return (
        names.filter(Exists(others), **unit)
        .filter(~looked_at | Exists(others.exclude(_different(OuterRef(OuterRef("person"))))))
        .order_by("key", "person")
    )


def likely_of(page: Sequence[PersonKey], user, unit: Town | Village | None = None) -> list[Likely]:
    """The people of a page of `likely_pairs`, each with the others: two queries."""
    alike: dict[str, list[PersonKey]] = {}
    for item in _with_people(_names(user).filter(key__in={item.key for item in page})):
        alike.setdefault(item.key, []).append(item)
    keys = {other.person_id for others in alike.values() for other in others}
    different = set(DifferentPeople.objects.filter(first__in=keys).values_list("first", "second"))
    found = []
    for item in page:
        own = next((other for other in alike[item.key] if other.person_id == item.person_id), None)
        if own is None:
            continue
        others = [
            likeness
            for other in alike[item.key]
            if _stands_under(own, other, unit)
            and _pair(own.person_id, other.person_id) not in different
            and (likeness := _likeness(own.person, other.person))
        ]
        more = max(0, len(others) - MOST_SHOWN)
        found.append(Likely(own.person, profile_of(own.person), others[:MOST_SHOWN], more))
    return found


def like(person: User, user) -> list[Likeness]:
    """Those who may be the same as one person; also whoever has the same end of the number, the
    same unit and the same family name, for a name may be written wrong.
    """
    trainee = profile_of(person)
    near = Q(tail=person.phone[-TAIL:])
    if trainee:
        near |= Q(**{f"{UNIT}__town": trainee.village.town_id})
    meant = Q(key=spelt_key(person.name)) & near
    if trainee:
        meant |= Q(
            tail=person.phone[-TAIL:],
            person__in=PersonKey.objects.filter(key=person.phone[-TAIL:]).values("person"),
            person__name__startswith=person.name[:1],
            **{UNIT: trainee.village_id},
        )
    others = _names(user).filter(meant).exclude(person=person.pk)
    others = _with_people(others.exclude(_different(person.pk)).order_by("key", "person"))
    found = [_likeness(person, other.person) for other in others[:MOST_SHOWN]]
    return [likeness for likeness in found if likeness]


def called_alike(name: str, tail: str) -> list[int]:
    """Keys of the trainees whose name sounds like this and whose number ends so; whoever asks,
    for both are known at the door.
    """
    names = PersonKey.objects.filter(key=spelt_key(name), person__trainee__isnull=False)
    alike = names.annotate(tail=Right("person__phone", TAIL)).filter(tail=tail)
    return list(alike.order_by("person").values_list("person__trainee", flat=True)[:MOST_SHOWN])


def different(*, first: User, second: User, by: User, now: datetime) -> None:
    """Keep that two are different people; a second time changes nothing. Raises PersonRefused."""
    if first.pk == second.pk:
        raise PersonRefused(_("This is one entry, not two."))
    smaller, larger = sorted((first.pk, second.pk))
    DifferentPeople.objects.get_or_create(
        first_id=smaller, second_id=larger, defaults={"by": by, "at": now}
    )


def profile_of(person: User) -> Trainee | None:
    """The training profile, if there is one."""
    return getattr(person, "trainee", None)


# --- How likeness is asked for --------------------------------------------------------------------


def _names(user) -> QuerySet[PersonKey]:
    """The spelt name of everybody whose entries the person may join: all for the office, the own
    cadres for a street-town.
    """
    names = PersonKey.objects.filter(key__startswith=SPELT, person__phone__startswith="1")
    if not is_office(user):
        names = names.filter(
            **{f"{UNIT}__town__in": towns_of(user)}, person__trainee__position__isnull=False
        )
    return names.annotate(tail=Right("person__phone", TAIL))


def _near(town, tail) -> Q:
    return Q(**{f"{UNIT}__town": town}) | Q(tail=tail)


def _different(person) -> Q:
    """Those of whom it is known that they are not the person."""
    pairs = DifferentPeople.objects
    return Q(Exists(pairs.filter(first=person, second=OuterRef("person")))) | Q(
        Exists(pairs.filter(second=person, first=OuterRef("person")))
    )


def _with_people(names: QuerySet[PersonKey]) -> QuerySet[PersonKey]:
    return names.select_related(
        "person__trainee__village__town",
        "person__trainee__position",
        "person__trainee__learner_group",
    )


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _stands_under(own: PersonKey, other: PersonKey, unit: Town | Village | None) -> bool:
    if own.person_id == other.person_id:
        return False
    trainee = profile_of(other.person)
    if unit is not None and not (trainee and unit in (trainee.village, trainee.village.town)):
        return True
    return other.person_id > own.person_id


def _likeness(person: User, other: User) -> Likeness | None:
    """What is alike in two who are called alike; nothing where that is all."""
    one, two = profile_of(person), profile_of(other)
    reasons = []
    if one and two and one.village_id == two.village_id:
        reasons.append(_("same unit"))
    elif one and two and one.village.town_id == two.village.town_id:
        reasons.append(_("same street-town"))
    if person.phone[-TAIL:] == other.phone[-TAIL:]:
        reasons.append(_("same end of the number"))
    if not reasons:
        return None
    if person.name == other.name:
        reasons.insert(0, _("same name"))
    elif spelt_key(person.name) == spelt_key(other.name):
        reasons.insert(0, _("name sounds the same"))
    else:
        reasons.insert(0, _("similar name"))
    return Likeness(other, two, reasons)
