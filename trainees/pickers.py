"""People who can be chosen by typing: by name, spelling, initials or the end of the number. No list
of them is laid open, and each stands there with the number masked.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import pgettext

from academy.access import is_office
from academy.models import PersonKey, User
from academy.people_keys import TAIL
from academy.picking.kinds import MOST, Ask, Choice, PickKind
from academy.search.spelling import normalised
from academy.text.phones import mobile_in

from .people.approvers import people_of_the_units
from .people.finding import people_seen_by

MOST_LOOKED_AT = 60  # people of one name; whoever is meant is told apart by another word


def named(people: QuerySet[User], ask: Ask) -> list[User]:
    """Of the people those whom every word speaks of, whole names first; reads a few rows, however
    many people there are.
    """
    number = mobile_in(ask.query)
    words = [number] if number.isdecimal() else ask.words
    if not words or any(_says_nothing(word) for word in words):
        return []
    if len(words[0]) == len("13800000000") and words[0].isdecimal():
        return list(_told(people.filter(phone=words[0])))
    for word in words[1:]:
        people = people.filter(Q(pk__in=_keyed(word).values("person")))
    first = words[0]
    exact = set(_keys(PersonKey.objects.filter(key=first), people))
    others = [] if len(exact) == MOST_LOOKED_AT else _keys(_keyed(first), people)
    return sorted(
        _told(User.objects.filter(pk__in={*exact, *others})),
        key=lambda person: (person.pk not in exact, normalised(person.name), person.pk),
    )


def _says_nothing(word: str) -> bool:
    """A letter, or too few digits."""
    return word.isascii() and (len(word) == 1 or (word.isdecimal() and len(word) < TAIL))


def _keyed(word: str) -> QuerySet[PersonKey]:
    if word.isascii() and word.isdecimal():
        return PersonKey.objects.filter(key=word[-TAIL:])
    return PersonKey.objects.filter(key__startswith=word)


def _keys(keys: QuerySet[PersonKey], people: QuerySet[User]) -> list[int]:
    found = keys.filter(person__in=people.order_by().values("pk")).order_by()
    return list(found.values_list("person", flat=True)[:MOST_LOOKED_AT])


def _told(people: QuerySet[User]) -> QuerySet[User]:
    """With what stands beside the name; an account that is closed for good has no number."""
    people = people.exclude(phone__startswith="-")
    return people.select_related(
        "trainee__village__town", "trainee__position", "trainee__learner_group"
    )


def people_to_choose(user) -> QuerySet[User]:
    """Whose page the person may open; for the office also people without a profile."""
    people = User.objects.filter(merged_into__isnull=True)
    if is_office(user):
        return people
    return people.filter(pk__in=people_seen_by(user).order_by().values("user"))


class PersonKind(PickKind):
    name = "person"

    def may_ask(self, user) -> bool:
        return user.has_perm("trainees.see_people")

    def people(self, user) -> QuerySet[User]:
        return people_to_choose(user)

    def choices(self, user, ask: Ask) -> list[Choice]:
        return as_choices(named(self.people(user), ask)[: MOST + 1])


class DeputyKind(PersonKind):
    """Who can stand in for the person."""

    name = "deputy"

    def may_ask(self, user) -> bool:
        return user.has_perm("trainees.name_deputies")

    def people(self, user) -> QuerySet[User]:
        return people_of_the_units(user, timezone.localdate())


def as_choices(people: Iterable[User]) -> list[Choice]:
    """Each with unit, post and the masked number."""
    return [Choice("", person.pk, person.name, _facts(person)) for person in people]


def _facts(person: User) -> str:
    trainee = getattr(person, "trainee", None)
    facts = [person.masked_phone]
    if trainee is not None:
        facts.insert(0, f"{trainee.village.town.name} {trainee.village.name}")
        if trainee.position is not None:
            facts.insert(1, trainee.position.name)
    return pgettext("between facts", ", ").join(facts)


PICKERS = [PersonKind, DeputyKind]
