"""Who is told when a class needs somebody: the people that run it."""

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.models import OFFICE, CampusKind, Role, RoleGrant, User
from courses.models import TrainingClass

MOST_NAMES = 3  # of those who could do a step


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


def owners_in_words(training_class: TrainingClass, now: datetime) -> str:
    """The names of those who run the class, the first few."""
    people = owners_of(training_class, timezone.localdate(now))
    names = pgettext("between names", ", ").join(person.name for person in people[:MOST_NAMES])
    if len(people) > MOST_NAMES:
        return _("%(names)s and others") % {"names": names}
    return names
