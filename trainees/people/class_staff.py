"""Who is told when a class needs somebody: the people that run it."""

from datetime import date

from django.db.models import Q

from academy.models import OFFICE, CampusKind, Role, RoleGrant, User
from courses.models import TrainingClass


def owners_of(training_class: TrainingClass, today: date) -> list[User]:
    """The coordinators of its campus (a salon is its town's) and its department; where there are
    none, the academy office.
    """
    campus = training_class.campus
    own = Q(role=Role.BRANCH_COORDINATOR, campus=campus)
    if campus.kind == CampusKind.SALON:
        own |= Q(role=Role.TOWN_STAFF, town=campus.town_id)
    if training_class.department_id:
        own |= Q(role=Role.DEPARTMENT_STAFF, department=training_class.department_id)
    grants = RoleGrant.objects.current(today).filter(user__is_active=True)
    for wanted in (own, Q(role__in=OFFICE)):
        if people := list(
            User.objects.filter(grants__in=grants.filter(wanted)).distinct().order_by("pk")
        ):
            return people
    return []
