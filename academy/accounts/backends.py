"""How somebody is recognised, and where their permissions do not come from."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import FilteredRelation

from ..access import keep_grants
from ..models import User


class PhoneBackend(AuthenticationBackend):
    """Django's ModelBackend by phone, without its tables of permissions: role grants and `rules`
    decide who may do what.

    Asked, those empty tables cost two queries on every page that has something this person may not
    do.
    """

    def get_user(self, user_id: int) -> User | None:
        """Whoever the session belongs to, with their grants, which every page asks for; nobody when
        the account was closed meanwhile.
        """
        people = User.objects.filter(pk=user_id).annotate(held=FilteredRelation("grants"))
        rows = list(people.select_related("held"))
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        # a row for each grant, or one without
        keep_grants(rows[0], [row.held for row in rows if hasattr(row, "held")])
        return rows[0]

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        return set()
