"""What a person may do here, and why: the roles that let them, or the role that is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import Role, RoleGrant, User
from academy.role_grants import PLACE_OF, PLACES, Place

from .deeds import DEEDS, PAGES
from .rehearsal import nothing_stays, open_page, wearing

MOST_MISSING = 4  # roles named; one that helps is enough
NOBODY = 0  # a key that no row has: whoever is logged in without any part
# pages of Django and of the log-in are not asked
NOT_ASKED = ("admin", "roles")

Test = Callable[[Sequence[RoleGrant]], bool]


class NoSuchPage(PortalError):
    """The address leads to no page of the portal that can be asked."""


@dataclass(frozen=True)
class MissingRole:
    """A role that would do; without a place at any place, or in the whole district."""

    role: Role
    place: Place = None
    anywhere: bool = False

    @property
    def words(self) -> str:
        if self.place is not None:
            return _("%(role)s of %(place)s") % {"role": self.role.label, "place": self.place}
        if self.anywhere:
            return _("%(role)s, of any place") % {"role": self.role.label}
        return str(self.role.label)


@dataclass
class Answer:
    """Whether something may be done, and because of which roles; `without_role` says in words why
    no role is needed.
    """

    words: str
    may: bool
    because: list[RoleGrant] = field(default_factory=list)
    together: bool = False  # none of the roles would do alone
    without_role: str = ""
    missing: list[MissingRole] = field(default_factory=list)


def page_at(address: str) -> tuple[str, ResolverMatch]:
    """Path and view of an address, with or without the name of the site.

    Raises NoSuchPage.
    """
    path = urlsplit(address.strip()).path
    if not path.startswith("/"):
        path = f"/{path}"
    try:
        match = resolve(path)
    except Resolver404:
        raise NoSuchPage(
            _("There is no page at this address. Copy it from the browser’s address line.")
        ) from None
    if match.namespaces and match.namespaces[0] in NOT_ASKED:
        raise NoSuchPage(
            _("This page cannot be asked about. Roles and vocabularies are for administrators.")
        )
    return path, match


def explain(*, person: User, address: str, request: HttpRequest, now: datetime) -> list[Answer]:
    """The answer for the page itself, then for each deed that the page asks about.

    Raises NoSuchPage.
    """
    path, match = page_at(address)
    held = list(
        RoleGrant.objects.current(timezone.localdate(now))
        .filter(user=person)
        .select_related("village__town", "campus__town", "town", "department")
        .order_by("pk")
    )
    deed = str(PAGES.get(match.view_name, _("open this page")))
    with nothing_stays():
        if not getattr(match.func, "login_required", True):
            public = _("Everybody may, without logging in.")
            return [Answer(deed, True, without_role=public)]
        found = open_page(request, match, path, wearing(person, held))
        if found.status == HTTPStatus.METHOD_NOT_ALLOWED:
            raise NoSuchPage(
                _("This is the address of a button. Give the page on which the button stands.")
            )

        def opens(who) -> bool:
            return open_page(request, match, path, who).opens

        answers = [_answer(deed, person, held, opens)]
        for permission, thing in found.asked:
            words = DEEDS.get(permission)
            if words and str(words) != deed:
                answers.append(
                    _answer(
                        str(words),
                        person,
                        held,
                        lambda who, asked=(permission, thing): who.has_perm(*asked),
                    )
                )
    return answers


def _answer(words: str, person: User, held: list[RoleGrant], may: Callable[[User], bool]) -> Answer:
    def with_roles(grants: Sequence[RoleGrant]) -> bool:
        return may(wearing(person, grants))

    if not with_roles(held):
        return Answer(words, False, missing=missing_roles(with_roles, held))
    if with_roles([]):
        return Answer(words, True, without_role=_why_without_role(person, may))
    alone = [item for item in held if with_roles([item])]
    return Answer(words, True, because=alone or held, together=not alone)


def _why_without_role(person: User, may: Callable[[User], bool]) -> str:
    if person.is_superuser:
        return _("This account was made on the server and may do everything, without a role.")
    if may(User(pk=NOBODY, name="")):
        return _("Whoever is logged in may, without a role.")
    return _("It needs no role: it is their own, or they are named in it.")


def missing_roles(test: Test, held: Sequence[RoleGrant]) -> list[MissingRole]:
    """The roles that would do, the narrowest first, each with its one place."""
    today = timezone.localdate()
    found = []
    for role in (*PLACE_OF, Role.AUDITOR, Role.DISTRICT_STAFF, Role.ADMINISTRATOR):
        if len(found) == MOST_MISSING:
            break

        def would_do(places: Sequence[Place], role=role) -> bool:
            tried = [
                RoleGrant(role=role, valid_from=today, **({PLACE_OF[role]: place} if place else {}))
                for place in places
            ]
            return test([*held, *tried])

        places = _places(role)
        if not places or not would_do(places):
            continue
        if role not in PLACE_OF:
            found.append(MissingRole(role))
        else:
            found.append(_narrowest(role, places, would_do))
    return found


def _places(role: Role) -> list[Place]:
    if role not in PLACE_OF:
        return [None]
    return list(PLACES[PLACE_OF[role]].objects.order_by("code"))


def _narrowest(
    role: Role, places: list[Place], would_do: Callable[[Sequence[Place]], bool]
) -> MissingRole:
    """The place at which the role would do, found by halving; or that any place would."""
    if len(places) > 1 and would_do(places[:1]) and would_do(places[-1:]):
        return MissingRole(role, anywhere=True)
    while len(places) > 1:
        half = places[: len(places) // 2]
        places = half if would_do(half) else places[len(places) // 2 :]
    return MissingRole(role, places[0])
