"""Who else could do what waits for a person: the names of those who hold the same part today.

One statement for all that stands on a desk, and none where nothing does.
"""

from dataclasses import dataclass

from django.utils import timezone

from .models import OFFICE, Role, RoleGrant

# village coordinators are some hundreds, and each has a village of their own
ASKED_FOR = (Role.BRANCH_COORDINATOR, Role.TOWN_STAFF, Role.DEPARTMENT_STAFF, *OFFICE)


@dataclass(frozen=True)
class Colleagues:
    """The grants of others: role, campus, town, department, name."""

    held: tuple[tuple[str, int | None, int | None, int | None, str], ...]

    def in_office(self) -> tuple[str, ...]:
        return self._names(lambda role, campus, town, department: role in OFFICE)

    def of_town(self, key: int | None) -> tuple[str, ...]:
        return self._names(
            lambda role, campus, town, department: role == Role.TOWN_STAFF and town == key
        )

    def of_department(self, key: int | None) -> tuple[str, ...]:
        return self._names(
            lambda role, campus, town, department: key is not None and department == key
        )

    def running(self, *, campus: int, salon_of: int | None, department: int | None):
        """Who runs a class there, first those nearest to it; `salon_of` is the town whose salon the
        campus is.
        """
        near = self._names(
            lambda role, at, town, of: (
                (role == Role.BRANCH_COORDINATOR and at == campus)
                or (role == Role.TOWN_STAFF and salon_of is not None and town == salon_of)
                or (department is not None and of == department)
            )
        )
        return tuple(dict.fromkeys((*near, *self.in_office())))

    def _names(self, fits) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for *part, name in self.held if fits(*part)))


def colleagues_of(user) -> Colleagues:
    """The others who work today; read once per request (they live on the user object)."""
    if not hasattr(user, "_colleagues"):
        grants = (
            RoleGrant.objects.current(timezone.localdate())
            .filter(role__in=ASKED_FOR, user__is_active=True)
            .exclude(user=user)
            .order_by("user__name", "pk")
        )
        user._colleagues = Colleagues(
            tuple(grants.values_list("role", "campus", "town", "department", "user__name"))
        )
    return user._colleagues
