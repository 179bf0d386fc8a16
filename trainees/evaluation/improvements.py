"""What is to be mended after an evaluation: entered once, done with a sentence, never edited.

Source: docs/rules.md R83.
"""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import OFFICE, CampusKind, Role, RoleGrant, User
from courses.models import TrainingClass

from ..models import Improvement


class ImprovementError(PortalError):
    """Something to mend that cannot be entered or closed."""


class NoSentence(ImprovementError):
    """Done is said with a sentence."""


class DoneAlready(ImprovementError):
    """Somebody has said that it is done."""


def who_may_see_to_it(training_class: TrainingClass, today: date) -> QuerySet[User]:
    """Those who run the class, and the academy office."""
    campus = training_class.campus
    part = Q(role=Role.BRANCH_COORDINATOR, campus=campus) | Q(role__in=OFFICE)
    if campus.kind == CampusKind.SALON:
        part |= Q(role=Role.TOWN_STAFF, town=campus.town_id)
    if training_class.department_id:
        part |= Q(role=Role.DEPARTMENT_STAFF, department=training_class.department_id)
    grants = RoleGrant.objects.current(today).filter(part)
    return User.objects.filter(pk__in=grants.values("user"), is_active=True).order_by("name", "pk")


def mend(
    *,
    training_class: TrainingClass,
    finding: str,
    action: str,
    responsible: User,
    due_on: date,
    by: User,
    now: datetime,
) -> Improvement:
    """Enter what is to be done, by whom and until when."""
    return Improvement.objects.create(
        training_class=training_class,
        finding=finding.strip(),
        action=action.strip(),
        responsible=responsible,
        due_on=due_on,
        added_by=by,
        added_at=now,
    )


def say_done(*, improvement: Improvement, outcome: str, by: User, now: datetime) -> None:
    """Close it with what was done. Raises NoSentence, DoneAlready."""
    outcome = outcome.strip()[:200]
    if not outcome:
        raise NoSentence(_("Say in a sentence what was done; it stays in the list."))
    still_open = Improvement.objects.open().filter(pk=improvement.pk)
    if not still_open.update(done_on=timezone.localdate(now), done_by=by, outcome=outcome):
        raise DoneAlready(_("Somebody has closed this already. What was done stands beside it."))
