"""Finding people in the list of all: by name, spelling, initials, the end of the number, unit and
post, with the filters of the page.

Everything typed is looked up in stored keys with an index, so that a hundred thousand people take
no longer than a thousand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_office
from academy.models import PersonKey, Position, RoleGrant, Town, User, Village
from academy.people_keys import TAIL, keys_of_text
from academy.search.index import MAX_QUERY_LENGTH, people_found
from academy.search.spelling import normalised
from academy.text.phones import mobile_in

from ..models import Posting, Trainee

MOST_WORDS = 5  # of one query
MOST_LISTED = 3_000  # people of one word that are named one by one; more are left to the database
MOST_COMPARED = 1_000  # people looked at for a slip
SHORTEST_INSIDE = 4  # letters that find a unit by the middle of its name
NOBODY = Q(pk__in=[])


class PersonStatus(models.TextChoices):
    WORKING = "working", pgettext_lazy("state of a person", "Holds a post")
    NO_POST = "no_post", pgettext_lazy("state of a person", "Without a post")
    SUSPENDED = "suspended", pgettext_lazy("state of a person", "Account suspended")
    NEVER = "never", pgettext_lazy("state of a person", "Never logged in")
    LIGHT = "light", pgettext_lazy("state of a person", "Residents and other groups")
    STAFF = "staff", pgettext_lazy("state of a person", "Staff without a training profile")


# each of these few has an index of its own
SUSPENDED = User.objects.filter(is_active=False)
NEVER_LOGGED_IN = User.objects.filter(is_active=True, last_login=None)
OF_STATUS: Mapping[str, Callable[[], Q]] = {
    PersonStatus.WORKING: lambda: Q(left_on__isnull=True) & ~Q(user__in=SUSPENDED),
    PersonStatus.NO_POST: lambda: Q(left_on__isnull=False),
    PersonStatus.SUSPENDED: lambda: Q(user__in=_few(SUSPENDED.values_list("pk", flat=True))),
    PersonStatus.NEVER: lambda: Q(
        left_on__isnull=True, user__in=_few(NEVER_LOGGED_IN.values_list("pk", flat=True))
    ),
    # closed for good, and nobody any more
    PersonStatus.LIGHT: lambda: ~Q(user__phone__startswith="-"),
    PersonStatus.STAFF: lambda: NOBODY,
}
NO_STAGE = "none"
JOINED_AWAY = User.objects.filter(merged_into__isnull=False)  # few, with an index of their own


@dataclass(frozen=True)
class PersonFilters:
    """What the list is narrowed to; empty values narrow nothing."""

    query: str = ""
    town: Town | None = None
    village: Village | None = None
    position: Position | None = None
    stage: str = ""  # the key of a stage, or NO_STAGE
    role: str = ""
    status: str = ""

    @property
    def takes_staff_in(self) -> bool:
        """Whether people without a profile are looked for too: not while nothing is asked, and not
        where a post or a unit is.
        """
        of_posts = self.town or self.village or self.position or self.stage
        of_cadres = (PersonStatus.WORKING, PersonStatus.NO_POST, PersonStatus.LIGHT)
        asked = self.query or self.role or self.status
        return bool(asked and not of_posts and self.status not in of_cadres)


def people_seen_by(user) -> QuerySet[Trainee]:
    """Whose page the person may open: the own village's or town's cadres, everybody for the
    office.
    """
    people = Trainee.objects.visible_to(user).exclude(user__in=JOINED_AWAY)
    return people if is_office(user) else people.filter(position__isnull=False)


def listed_people(user, filters: PersonFilters, today: date) -> QuerySet[Trainee]:
    """The people of the list in the order of official lists."""
    people = _in_order(user, filters, today)
    if not filters.query:
        return people
    # few are meant: to sort them takes half the time of going through everybody in their order,
    # which is what the index of the order is taken for
    in_no_index = Concat("stroke_key", Value(""))
    return people.filter(_meant(filters.query)).order_by(in_no_index, "pk")


def near_people(user, filters: PersonFilters, today: date) -> QuerySet[Trainee]:
    """Where nobody is meant by what was typed: those who come near to it."""
    people = _in_order(user, filters, today)
    return people.filter(pk__in=_near(people, filters.query))


def _in_order(user, filters: PersonFilters, today: date) -> QuerySet[Trainee]:
    people = _narrowed(people_seen_by(user), filters, today)
    people = people.select_related("user", "village__town", "position", "learner_group", "stage")
    return people.order_by("stroke_key", "pk")


def listed_staff(user, filters: PersonFilters, today: date) -> QuerySet[User]:
    """People without a training profile, such as the staff of departments: the office's alone."""
    if not is_office(user) or not filters.takes_staff_in:
        return User.objects.none()
    # a join that keeps those without a row reads everybody twice as long
    has_profile = Exists(Trainee.objects.filter(user=OuterRef("pk")))
    staff = User.objects.filter(~has_profile, merged_into__isnull=True)
    if filters.role:
        staff = staff.filter(_holds(filters.role, "pk", today))
    if filters.status == PersonStatus.SUSPENDED:
        staff = staff.filter(is_active=False)
    if filters.status == PersonStatus.NEVER:
        staff = staff.filter(is_active=True, last_login=None)
    if filters.status == PersonStatus.STAFF and not filters.query:
        # found by a look at everybody: once, and not for the count and the page each
        staff = User.objects.filter(pk__in=_few(staff.values_list("pk", flat=True)))
    for word in _words(filters.query):
        staff = staff.filter(_phone(word, "pk") or Q(pk__in=_outside(_keyed(word))))
    return staff.order_by("name", "pk")


def _narrowed(people: QuerySet[Trainee], filters: PersonFilters, today: date) -> QuerySet[Trainee]:
    people = people.filter(position__isnull=filters.status == PersonStatus.LIGHT)
    if filters.status in OF_STATUS:
        people = people.filter(OF_STATUS[filters.status]())
    if filters.town:
        people = people.filter(village__in=Village.objects.filter(town=filters.town))
    if filters.village:
        people = people.filter(village=filters.village)
    if filters.position:
        extra = Posting.objects.filter(
            position=filters.position, is_extra=True, valid_to__isnull=True
        )
        people = people.filter(Q(position=filters.position) | Q(pk__in=extra.values("trainee")))
    if filters.stage == NO_STAGE:
        people = people.filter(stage__isnull=True)
    elif filters.stage:
        people = people.filter(stage=filters.stage)
    if filters.role:
        people = people.filter(_holds(filters.role, "user", today))
    return people


def _holds(role: str, person: str, today: date) -> Exists:
    return Exists(RoleGrant.objects.current(today).filter(role=role, user=OuterRef(person)))


# --- What is typed --------------------------------------------------------------------------------


def _words(query: str) -> list[str]:
    number = mobile_in(query)
    if number.isdecimal():  # 138 0000 0001
        return [number]
    return normalised(query[:MAX_QUERY_LENGTH]).split()[:MOST_WORDS]


def _meant(query: str) -> Q:
    """Every word must speak of the person: of the name, the number, the unit or the post."""
    words = _words(query)
    meant = Q() if words else NOBODY
    for word in words:
        meant &= _phone(word, "user") or (
            Q(user__in=_keyed(word)) | _unit(word) | Q(position__in=_terms(word))
        )
    return meant


def _phone(word: str, person: str) -> Q | None:
    """A whole number, or its end: only the last four digits are compared. Nothing where the word
    is no number.

    `person` is the field that holds the key of the person.
    """
    if not (word.isascii() and word.isdecimal()):
        return None
    if len(word) < TAIL:
        return NOBODY
    if len(word) == 11:  # the number of an entry that was joined with another finds that one
        same = User.objects.filter(phone=word).values_list("pk", "merged_into")
        return Q(**{f"{person}__in": [joined or own for own, joined in same]})
    key = PersonKey.objects.filter(key=word[-TAIL:])
    return Q(**{f"{person}__in": _few(key.values_list("person", flat=True))})


def _keyed(word: str) -> list[int] | QuerySet:
    """Keys of the people found by the word: listed one by one unless there are too many."""
    if len(word) == 1 and word.isascii():
        return []  # a letter says nothing
    return _few(PersonKey.objects.filter(key__startswith=word).values_list("person", flat=True))


def _few(found: QuerySet) -> list[int] | QuerySet:
    """The keys named one by one, each of which an index finds at once; more than MOST_LISTED are
    left to the database, for which a look at every row is then no dearer.
    """
    listed = list(found[: MOST_LISTED + 1])
    return list(set(listed)) if len(listed) <= MOST_LISTED else found


def _outside(found: QuerySet | list[int]) -> list[int] | QuerySet:
    """Of people named one by one, those without a training profile."""
    named = found if isinstance(found, list) else _few(found)
    if not isinstance(named, list):
        return named
    profiles = Trainee.objects.filter(user__in=named).values_list("user", flat=True)
    return list(set(named).difference(profiles))


def _unit(word: str) -> Q:
    """The villages that the word names, or whose street-town it names."""
    names = Village.objects.values_list("pk", "name", "town__name")
    return Q(
        village__in=[
            key for key, name, town in names if _is_named(word, name) or _is_named(word, town)
        ]
    )


def _terms(word: str) -> list[int]:
    return [
        key for key, name in Position.objects.values_list("pk", "name") if _is_named(word, name)
    ]


def _is_named(word: str, name: str) -> bool:
    """Chinese characters stand anywhere in the name, a few letters are its initials only: li is
    rather somebody called 李 than a place with 里 in it.
    """
    if word.isascii() and len(word) == 1:
        return False
    only_initials = word.isascii() and len(word) < SHORTEST_INSIDE
    return any(
        key.startswith(word) and (not only_initials or (key.isascii() and len(key) == len(name)))
        for key in keys_of_text(name)
    )


def _near(people: QuerySet[Trainee], query: str) -> list[int]:
    """Of people whose name begins or ends like what was typed, those that it is a slip for.

    Sounding alike counts: 樊雅颖 is found for 樊雅莹.
    """
    words = _words(query)
    if len(words) != 1 or words[0].isdecimal() or len(words[0]) < 2:
        return []
    word = words[0]
    keyed = PersonKey.objects.values_list("person", flat=True)
    if not word.isascii():
        spelt = [key for key in keys_of_text(word) if key.isascii() and len(key) > len(word)]
        if same := _listed(people.filter(user__in=_few(keyed.filter(key__in=spelt)))):
            return [int(key) for key in same]
    size = 3 if word.isascii() else max(1, len(word) - 1)
    ways = [keyed.filter(key__startswith=word[:size]), keyed.filter(key__startswith=word[-size:])]
    if not word.isascii():
        ends = _few(keyed.filter(key=word[-1]))
        ways.append(keyed.filter(key__startswith=word[0], person__in=ends))
    alike = reduce(or_, (Q(user__in=_few(way)) for way in ways))
    names = _listed(people.filter(alike))
    return [int(key) for key in people_found(query, names)] if names else []


def _listed(people: QuerySet[Trainee]) -> dict[str, str]:
    return {str(key): name for key, name in people.values_list("pk", "user__name")[:MOST_COMPARED]}


def status_of(person: User, trainee: Trainee | None) -> tuple[str, str]:
    """The badge and the words of how somebody stands."""
    if not person.is_active:
        return "bad", str(PersonStatus.SUSPENDED.label)
    if trainee is not None and trainee.left_on is not None:
        return "idle", str(PersonStatus.NO_POST.label)
    if person.last_login is None:
        return "note", str(PersonStatus.NEVER.label)
    return "ok", str(_("Account in use"))
