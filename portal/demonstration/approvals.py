"""The demonstration year's approvals: one class asks village, street-town and district, and a
booking stands at each of them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from academy.errors import PortalError
from academy.models import User
from courses.models import ClassApproval, ClassStatus, TrainingClass
from trainees.booking.approvals import decide_step
from trainees.booking.enrolling import book
from trainees.classes.booking_rules import LINKS, ClassRules, change_rules
from trainees.models import ApprovalStep, Enrolment, Trainee
from trainees.people.approvers import name_deputy

SEATS_LEFT = 6


def ask_for_approval(
    *,
    cadre: Trainee,
    colleague: Trainee,
    coordinator: User,
    town_staff: User,
    office: User,
    now: datetime,
) -> None:
    """The colleague waits for the village, the cadre for the street-town, others for the district,
    and one is refused.
    """
    at = now - timedelta(hours=20)
    training_class = _class_for(cadre, colleague, at)
    if training_class is None:
        return
    change_rules(
        training_class=training_class,
        rules=_rules_with_a_chain(training_class),
        by=office,
        now=now - timedelta(days=3),
    )
    others = (
        Trainee.objects.filter(village__town=cadre.village.town)
        .exclude(pk__in=[cadre.pk, colleague.pk])
        .select_related("user", "village__town")
        .order_by("pk")
    )
    booked = _book([colleague, cadre], training_class, at, 2) + _book(others, training_class, at, 3)
    # who has approved so far
    answers = [(), (coordinator,), (coordinator, town_staff), (coordinator, town_staff, office)]
    for enrolment, approvers in zip(booked, answers, strict=False):
        for approver in approvers:
            _answer(enrolment, approver, True, "同意", at + timedelta(hours=4))
    if len(booked) > len(answers):
        _answer(booked[-1], town_staff, False, "防汛值班，下一期再去", at + timedelta(hours=5))
    today = timezone.localdate(now)
    name_deputy(
        approver=coordinator,
        phone=colleague.user.phone,
        valid_from=today,
        valid_to=today + timedelta(days=4),
        reason="外出学习",
        now=now,
    )


def _answer(
    enrolment: Enrolment, approver: User, approved: bool, opinion: str, now: datetime
) -> None:
    """What they say, if it is for them to say: not every village has a coordinator."""
    step = ApprovalStep.objects.get(approval__enrolment=enrolment, decision="pending")
    try:
        decide_step(step=step, approved=approved, opinion=opinion, by=approver, now=now)
    except PortalError:
        return


def _book(
    people: Iterable[Trainee], training_class: TrainingClass, at: datetime, wanted: int
) -> list[Enrolment]:
    booked: list[Enrolment] = []
    for trainee in people:
        if len(booked) == wanted:
            break
        try:
            booked.append(
                book(
                    trainee=trainee,
                    training_class=training_class,
                    by=trainee.user,
                    now=at,
                    repeat_reason="岗位有调整，再学一遍",
                )
            )
        except PortalError:
            continue
    return booked


def _rules_with_a_chain(training_class: TrainingClass) -> ClassRules:
    links = {name: list(getattr(training_class, name).all()) for name in LINKS}
    as_they_are = {
        name: getattr(training_class, name)
        for name in ClassRules.__dataclass_fields__
        if name not in links
    }
    return ClassRules(**links | as_they_are | {"approval": ClassApproval.CHAIN})


def _class_for(cadre: Trainee, colleague: Trainee, at: datetime) -> TrainingClass | None:
    """An open class with free seats for all, at least ten days ahead, that neither of the two has
    booked; rather one for both.
    """
    found = None
    wanted = TrainingClass.objects.filter(
        status=ClassStatus.OPEN,
        waiting_count=0,
        nominations__isnull=True,
        starts_at__gt=at + timedelta(days=10),
    )
    for training_class in wanted.exclude(enrolments__trainee__in=[cadre, colleague]).order_by(
        "starts_at", "code"
    ):
        free = sum(pool.seats_left for pool in training_class.pools.filter(town__isnull=True))
        if free < SEATS_LEFT or not training_class.booking_is_open(at):
            continue
        posts = set(training_class.audiences.values_list("pk", flat=True))
        if not posts or {cadre.position_id, colleague.position_id} <= posts:
            return training_class
        found = found or (training_class if cadre.position_id in posts else None)
    return found
