"""The rules by which a class is booked, set by whoever schedules it: for whom, when, how seats
move, when it takes place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.models import GrowthStage, LearnerGroup, Position, Town
from academy.search import index
from courses.models import ClashRule, ClassApproval, ClassStatus, Course, TrainingClass
from courses.schedule.class_plans import Problem, SchedulingRefused
from courses.schedule.conditions import LINKS, set_conditions
from courses.schedule.quotas import follow_the_window
from courses.schedule.scheduling import refuse_over

from ..booking import approvals
from ..booking.class_lock import lock
from ..booking.queue import promote
from ..models import Enrolment

LONGEST_OFFER_HOURS, LONGEST_LEAD_HOURS, MOST_APPROVAL_DAYS = 72, 24 * 30, 20


@dataclass(frozen=True, kw_only=True)
class ClassRules:
    """What staff set on the page of the rules."""

    booking_opens_at: datetime
    booking_closes_at: datetime
    cancel_until: datetime | None = None
    audiences: Sequence[Position] = ()
    open_to_groups: Sequence[LearnerGroup] = ()
    groups_only: bool = False
    stages: Sequence[GrowthStage] = ()
    towns: Sequence[Town] = ()
    prerequisites: Sequence[Course] = ()
    approval: str = ClassApproval.NONE
    approval_village: bool = True
    approval_town: bool = True
    approval_district: bool = True
    approval_days: int = 2
    clash_rule: str = ClashRule.BLOCK
    guards_repeats: bool = True
    has_waiting_list: bool = True
    first_timers_first: bool = False
    offer_within_hours: int = 48
    offer_hours: int = 4
    queue_ends_hours: int = 2
    minimum_size: int = 0
    decide_on: date | None = None


@transaction.atomic
def change_rules(
    *, training_class: TrainingClass, rules: ClassRules, by, now: datetime
) -> list[Enrolment]:
    """Set the rules; who has a seat keeps it, who waits is looked at again.

    Returns who was promoted. Raises SchedulingRefused.
    """
    training_class = lock(training_class)
    refuse_over(training_class)
    _refuse_wrong(training_class, rules)
    for name, value in vars(rules).items():
        if name not in LINKS:
            setattr(training_class, name, value)
    training_class.save()
    set_conditions(training_class, **{name: getattr(rules, name) for name in LINKS})
    approvals.follow_the_rule(training_class, now)
    follow_the_window(training_class)
    if training_class.status != ClassStatus.DRAFT:
        index.rebuild(["class"])
    return promote(training_class=training_class, now=now)


def _refuse_wrong(training_class: TrainingClass, rules: ClassRules) -> None:
    problems = []
    starts_at = training_class.starts_at
    if rules.booking_closes_at <= rules.booking_opens_at:
        problems.append(Problem(_("Booking closes before it opens."), "booking_closes_at"))
    if starts_at and rules.booking_closes_at > starts_at:
        problems.append(
            Problem(_("Booking must close before the first lesson begins."), "booking_closes_at")
        )
    if starts_at and rules.cancel_until and rules.cancel_until > starts_at:
        problems.append(
            Problem(_("Cancelling must end before the first lesson begins."), "cancel_until")
        )
    if rules.approval == ClassApproval.CHAIN and not (
        rules.approval_village or rules.approval_town or rules.approval_district
    ):
        problems.append(
            Problem(_("Tick at least one level that approves, or ask for no approval."), "approval")
        )
    if rules.minimum_size > training_class.capacity:
        problems.append(
            Problem(
                _("The class has only %(seats)d seats.") % {"seats": training_class.capacity},
                "minimum_size",
            )
        )
    if rules.minimum_size and not rules.decide_on:
        problems.append(
            Problem(_("Say on which day it is decided whether the class takes place."), "decide_on")
        )
    if rules.decide_on and starts_at and rules.decide_on > timezone.localdate(starts_at):
        problems.append(Problem(_("Decide before the first lesson."), "decide_on"))
    if rules.groups_only and not rules.open_to_groups:
        problems.append(
            Problem(_("Tick at least one group, or nobody could book."), "open_to_groups")
        )
    taught = set(training_class.lessons.values_list("course_version__course", flat=True))
    if own := [course.title for course in rules.prerequisites if course.pk in taught]:
        problems.append(
            Problem(
                _("“%(title)s” is taught in this class, so it cannot be asked for before it.")
                % {"title": own[0]},
                "prerequisites",
            )
        )
    if problems:
        raise SchedulingRefused(*problems)


# --- Takes place or not ---------------------------------------------------------------------------


def short_classes(classes, today: date):
    """Open classes with a minimum size that fewer people have booked, and whose day of decision has
    come.
    """
    due = classes.filter(
        status=ClassStatus.OPEN, minimum_size__gt=0, decide_on__lte=today
    ).with_seats()
    return [
        training_class
        for training_class in due.order_by("starts_at", "code")
        if is_short(training_class)
    ]


def is_short(training_class: TrainingClass) -> bool:
    """Return whether fewer people have a seat than the class needs."""
    return training_class.seats_taken < training_class.minimum_size
