"""How somebody is recognised, and where their permissions do not come from."""

from allauth.account.auth_backends import AuthenticationBackend


class PhoneBackend(AuthenticationBackend):
    """Django's ModelBackend by phone, without its tables of permissions: role grants and `rules`
    decide who may do what.

    Asked, those empty tables cost two queries on every page that has something this person may not
    do.
    """

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        return set()
