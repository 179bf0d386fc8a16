"""docs/rules.md R1, R2, R3, R5 and R90 on live data: seats, queue, one enrolment, hours.

Each function yields its breaches.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from academy.invariants import Breach
from courses.models import ClassApproval, ClassStatus, Lesson, SeatPool, TrainingClass
from courses.schedule.conditions import linked
from courses.schedule.slots import seats_of

from .booking.queue import parties
from .eligibility.reasons import reasons_against_promotion
from .eligibility.requirements import requirements_of
from .models import (
    LIVE,
    SEAT_HOLDING,
    TAKING_PART,
    Approval,
    ApprovalStatus,
    ApprovalStep,
    Attendance,
    Enrolment,
    EnrolmentStatus,
    RollLock,
    SlotChoice,
    StepDecision,
    attended_by,
)
from .record.ledger_breaches import ledger_breaches
from .record.locked_marks import GUARD
from .seats.counting import promotes, usable_seats

SWEEP_GRACE = timedelta(minutes=5)  # the sweep that ends offers runs every half minute


def breaches() -> Iterator[Breach]:
    yield from _seats()
    yield from _conditions()
    yield from _queue()
    yield from _one_enrolment()
    yield from _approvals()
    yield from ledger_breaches()
    yield from _locked_rolls()
    yield from _slots()


def _seats() -> Iterator[Breach]:
    """1: seats_taken ≤ seats, equal to the seat-holding enrolments, and pools add up to the
    capacity.
    """
    holding = Count("enrolments", filter=Q(enrolments__status__in=SEAT_HOLDING))
    for pool in SeatPool.objects.annotate(held=holding).filter(
        ~Q(held=F("seats_taken")) | Q(seats_taken__gt=F("seats"))
    ):
        yield Breach(
            1,
            "courses.SeatPool",
            pool.pk,
            f"{pool.seats_taken} of {pool.seats} seats taken, {pool.held} people hold one",
        )
    total = TrainingClass.objects.annotate(pooled=Sum("pools__seats", default=0)).exclude(
        pooled=F("capacity")
    )
    for training_class in total:
        yield Breach(
            1,
            "courses.TrainingClass",
            training_class.pk,
            f"pools have {training_class.pooled} seats, the class {training_class.capacity}",
        )
    elsewhere = Enrolment.objects.filter(pool__isnull=False).exclude(
        pool__training_class=F("training_class")
    )
    for enrolment in elsewhere:
        yield Breach(1, "trainees.Enrolment", enrolment.pk, "holds a seat of another class")
    abroad = Enrolment.objects.filter(pool__town__isnull=False).exclude(
        pool__town=F("village__town")
    )
    for enrolment in abroad:
        yield Breach(
            1, "trainees.Enrolment", enrolment.pk, "holds a seat of a town that is not its own"
        )


def _conditions() -> Iterator[Breach]:
    """3: for whom a class is stands on its row as in the tables."""
    kept = dict(TrainingClass.objects.values_list("pk", "conditions"))
    for key, conditions in linked(kept).items():
        if kept[key] != conditions:
            yield Breach(
                3, "courses.TrainingClass", key, f"the row says {kept[key]}, links {conditions}"
            )


def _queue() -> Iterator[Breach]:
    """2: nobody waits who could have a free seat now; the count of who waits is right; no offer
    outlives its end.
    """
    now = timezone.now()
    for enrolment in Enrolment.objects.filter(
        status=EnrolmentStatus.OFFERED, offer_ends_at__lt=now - SWEEP_GRACE
    ):
        yield Breach(
            2,
            "trainees.Enrolment",
            enrolment.pk,
            f"an offer that ended at {enrolment.offer_ends_at} still holds its seat",
        )
    for enrolment in Enrolment.objects.filter(group__isnull=False).exclude(
        group__training_class=F("training_class"), group__village=F("village")
    ):
        yield Breach(
            2, "trainees.Enrolment", enrolment.pk, "waits in a group of another class or village"
        )
    waiting = Count("enrolments", filter=Q(enrolments__status=EnrolmentStatus.WAITLISTED))
    for training_class in TrainingClass.objects.annotate(queue=waiting).exclude(
        queue=F("waiting_count")
    ):
        yield Breach(
            2,
            "courses.TrainingClass",
            training_class.pk,
            f"{training_class.queue} people wait, the class says {training_class.waiting_count}",
        )
    free = SeatPool.objects.filter(
        seats_taken__lt=F("seats"),
        training_class__status=ClassStatus.OPEN,
        training_class__waiting_count__gt=0,
    )
    for pool in free.select_related("training_class"):
        if not promotes(pool.training_class, now) or (
            pool.town_id and pool.release_at and pool.release_at <= now
        ):
            continue
        requirements = requirements_of([pool.training_class])[pool.training_class_id]
        queue = Enrolment.objects.waiting().filter(training_class=pool.training_class)
        if pool.town_id:
            queue = queue.filter(village__town=pool.town_id)
        for party in parties(
            queue.select_related(
                "group",
                "village",
                "trainee__position",
                "trainee__learner_group",
                "trainee__stage",
                "trainee__village__town",
            )
        ):
            enrolment = party[0]
            free_seats = usable_seats(enrolment.village.town_id, pool.training_class.pools.all())
            against = [
                reasons_against_promotion(
                    member.trainee, pool.training_class, requirements, channel=member.channel
                )
                for member in party
            ]
            if free_seats >= len(party) and not any(against):
                yield Breach(
                    2,
                    "trainees.Enrolment",
                    enrolment.pk,
                    f"waits although pool {pool.pk} has a seat",
                )


def _one_enrolment() -> Iterator[Breach]:
    """3: one live enrolment for each person and class, one attendance for each enrolment and lesson
    of its class.
    """
    doubles = (
        Enrolment.objects.filter(status__in=LIVE)
        .order_by()
        .values("trainee", "training_class")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    for row in doubles:
        yield Breach(
            3,
            "trainees.Trainee",
            row["trainee"],
            f"{row['count']} live enrolments in class {row['training_class']}",
        )
    twice = (
        Attendance.objects.order_by()
        .values("enrolment", "lesson")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    for row in twice:
        yield Breach(
            3,
            "trainees.Enrolment",
            row["enrolment"],
            f"{row['count']} attendances of lesson {row['lesson']}",
        )
    for attendance in Attendance.objects.exclude(
        lesson__training_class=F("enrolment__training_class")
    ):
        yield Breach(
            3,
            "trainees.Attendance",
            attendance.pk,
            "the lesson belongs to another class than the enrolment",
        )


def _slots() -> Iterator[Breach]:
    """90: a choice is of a slot of its class and group and of somebody who takes part, a slot has
    no more people than seats, and nobody has a mark in a slot that they have not chosen.
    """
    standing = SlotChoice.objects.standing()
    wrong = standing.exclude(
        lesson__training_class=F("enrolment__training_class"),
        lesson__slot_group=F("slot_group"),
        enrolment__status__in=TAKING_PART,
    )
    for choice in wrong:
        yield Breach(90, "trainees.SlotChoice", choice.pk, "is no choice of a slot of the class")
    slots = Lesson.objects.filter(slot_group__isnull=False).select_related("training_class")
    people = Q(slot_choices__left_at__isnull=True)
    for slot in slots.annotate(chosen=Count("slot_choices", filter=people)):
        if slot.chosen > (seats := seats_of(slot, slot.training_class.capacity)):
            yield Breach(
                90, "courses.Lesson", slot.pk, f"{slot.chosen} people have chosen {seats} seats"
            )
    for mark in Attendance.objects.exclude(attended_by(OuterRef("enrolment"), lesson="lesson")):
        yield Breach(
            90, "trainees.Attendance", mark.pk, "a mark in a slot that the person has not chosen"
        )


def _approvals() -> Iterator[Breach]:
    """1: who was refused holds neither seat nor place.

    3: each live booking that needs approval has one, and it waits for one level.
    """
    for enrolment in Enrolment.objects.live().filter(approval__status=ApprovalStatus.REFUSED):
        yield Breach(
            1,
            "trainees.Enrolment",
            enrolment.pk,
            f"was not approved and is still {enrolment.status}",
        )
    for enrolment in Enrolment.objects.live().filter(
        training_class__approval=ClassApproval.CHAIN, approval__isnull=True
    ):
        yield Breach(3, "trainees.Enrolment", enrolment.pk, "needs approval, and nobody was asked")
    asked = ApprovalStep.objects.filter(approval=OuterRef("pk"), decision=StepDecision.PENDING)
    for approval in Approval.objects.filter(status=ApprovalStatus.PENDING).exclude(
        Exists(asked.filter(level=OuterRef("level")))
    ):
        yield Breach(3, "trainees.Approval", approval.pk, "waits for a level that is not asked")
    for approval in Approval.objects.exclude(status=ApprovalStatus.PENDING).filter(Exists(asked)):
        yield Breach(
            3, "trainees.Approval", approval.pk, f"is {approval.status}, and a level is still asked"
        )
    refused = ApprovalStep.objects.filter(approval=OuterRef("pk"), decision=StepDecision.REFUSED)
    for approval in Approval.objects.filter(
        Q(status=ApprovalStatus.REFUSED) & ~Exists(refused)
        | ~Q(status=ApprovalStatus.REFUSED) & Exists(refused)
    ):
        yield Breach(
            3, "trainees.Approval", approval.pk, f"is {approval.status}, its levels say otherwise"
        )


def _locked_rolls() -> Iterator[Breach]:
    """73: the triggers stand, and every roll of a closed class is locked."""
    for name in GUARD.missing(connection):
        yield Breach(
            73, "trainees.Attendance", name, f"the trigger {name} is missing in the database"
        )
    locks = RollLock.objects.standing().filter(lesson=OuterRef("pk"))
    held_and_closed = Lesson.objects.filter(training_class__status=ClassStatus.CLOSED)
    for lesson in held_and_closed.exclude(Exists(locks)).order_by("pk"):
        yield Breach(73, "courses.Lesson", lesson.pk, "the class is closed and the roll is open")
