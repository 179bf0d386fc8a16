"""How somebody is recognised, and where their permissions do not come from."""

from collections.abc import Callable

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import FilteredRelation
from django.db.models.expressions import Combinable

from ..access import keep_grants
from ..models import User
from ..prepared import Prepared

# attribute of the user → how the database finds it
READ_WITH_PERSON: dict[str, Callable[[], Combinable]] = {}


def read_with_person(**found: Callable[[], Combinable]) -> None:
    """For the `ready()` of a higher app: what each page shows of whoever asks for it comes with the
    person, not by a query of its own.
    """
    READ_WITH_PERSON.update(found)


def _with_grants(key: int):
    """A row for each grant, or one without: every page asks for both."""
    found = {name: build() for name, build in READ_WITH_PERSON.items()}
    return (
        User.objects.filter(pk=key)
        .annotate(held=FilteredRelation("grants"), **found)
        .select_related("held")
        .order_by("held__pk")
    )


WITH_GRANTS = Prepared(_with_grants)


class PhoneBackend(AuthenticationBackend):
    """Django's ModelBackend by phone, without its tables of permissions: role grants and `rules`
    decide who may do what.

    Asked, those empty tables cost two queries on every page that has something this person may not
    do.
    """

    def get_user(self, user_id: int) -> User | None:
        """Whoever the session belongs to; nobody when the account was closed meanwhile."""
        rows = WITH_GRANTS(key=user_id)
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        keep_grants(rows[0], [row.held for row in rows if hasattr(row, "held")])
        return rows[0]

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        return set()
