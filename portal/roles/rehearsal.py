"""Opening a page as somebody would, to see whether it lets them in.

Views and predicates decide themselves, so the answer is theirs. The roles that are tried on are
written and taken back with the transaction, and so is whatever a page writes when it is opened.
"""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, QueryDict
from django.urls import ResolverMatch

from academy.access import keep_grants
from academy.models import RoleGrant, User

Asked = tuple[str, object]  # permission, and the thing it was asked for


@dataclass
class Outcome:
    """What a page answers: a status, and the permissions it asked for on the way."""

    status: int
    asked: list[Asked] = field(default_factory=list)

    @property
    def opens(self) -> bool:
        return self.status < HTTPStatus.BAD_REQUEST


class _NoMessages(BaseStorage):
    """A rehearsal says nothing to the person."""

    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


class _Rehearsal(HttpRequest):
    """A request without a body, a session or cookies of anybody."""

    def __init__(self, like: HttpRequest, match: ResolverMatch, path: str, user) -> None:
        super().__init__()
        self.method, self.path, self.path_info = "GET", path, path
        self.GET, self.POST = QueryDict(), QueryDict()
        self.META = {
            name: value
            for name, value in like.META.items()
            if name in ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme")
        }
        self.META["REQUEST_METHOD"] = "GET"
        self.session, self._messages = SessionStore(), _NoMessages(self)
        self.htmx, self.csp_nonce = False, ""
        self.resolver_match, self.user, self.LANGUAGE_CODE = match, user, like.LANGUAGE_CODE


@contextmanager
def nothing_stays():
    """Whatever is written within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def wearing(person: User | AnonymousUser, grants: Sequence[RoleGrant]):
    """The person with exactly these roles, in the database as well. Call within
    `nothing_stays`.
    """
    if person.pk is None:
        return person
    known = User.objects.filter(pk=person.pk).first() or User(pk=person.pk, name=person.name)
    RoleGrant.objects.filter(user=person.pk).delete()
    worn = [
        RoleGrant(
            user_id=person.pk,
            role=item.role,
            village_id=item.village_id,
            campus_id=item.campus_id,
            town_id=item.town_id,
            department_id=item.department_id,
            valid_from=item.valid_from,
            valid_to=item.valid_to,
        )
        for item in grants
    ]
    RoleGrant.objects.bulk_create(worn)
    keep_grants(known, worn)
    return known


def open_page(like: HttpRequest, match: ResolverMatch, path: str, person) -> Outcome:
    """How the page answers the person, whose permissions are listened to."""
    outcome = Outcome(HTTPStatus.OK)
    has_perm = person.has_perm

    def listening(permission: str, obj=None) -> bool:
        if (permission, obj) not in outcome.asked:
            outcome.asked.append((permission, obj))
        return has_perm(permission, obj)

    person.has_perm = listening
    try:
        response = match.func(_Rehearsal(like, match, path, person), *match.args, **match.kwargs)
        outcome.status = response.status_code
        # not the response itself: closing it says that the whole request is over
        if file := getattr(response, "file_to_stream", None):
            file.close()
    except PermissionDenied:
        outcome.status = HTTPStatus.FORBIDDEN
    except Http404:
        outcome.status = HTTPStatus.NOT_FOUND
    finally:
        del person.has_perm
    return outcome
