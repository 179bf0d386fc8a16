"""The portal that test_outages.py works on, in a database of its own: made, and looked at after.

Usage: python -m tests.races.outage_site make ROUNDS | look, with DATABASE_URL set. Answers one
JSON object on standard output. `make` says who does what where, and with which session.
"""

import json
import os
import sys
import time
from collections import Counter
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings")
django.setup()

from django.core.management import call_command
from django.utils import timezone

from academy.invariants import audit
from academy.models import Role
from courses.models import ClassStatus, TrainingClass
from notices.models import Notice
from plans.models import AnnualPlan, PlanStatus
from practicums.models import ItemKind, ItemStatus, SevenItem
from tests.factories import RoleGrantFactory, UserFactory, class_with
from tests.plans.factories import drafted
from tests.practicums.factories import SecondmentFactory, with_evidence
from trainees.booking.enrolling import book
from trainees.models import Enrolment, EnrolmentStatus, HourEntry

from .crowd import crowd
from .test_booking_race import log_in

PATIENCE = 30  # seconds that the worker has for the notices


def granted(role: str, **scope):
    user = UserFactory()
    RoleGrantFactory(user=user, role=role, **scope)
    return user


def make(rounds: int) -> dict:
    """For each of the four jobs so many things to do, each with the session of whoever does it."""
    call_command("migrate", verbosity=0)
    now = timezone.now()
    booking_times = {
        "booking_opens_at": now - timedelta(days=9),
        "booking_closes_at": now + timedelta(days=2),
    }
    people = crowd(2 * rounds)
    open_class = class_with(seats=rounds, starts_at=now + timedelta(days=14), **booking_times)
    return {
        "bookings": [
            {"session": log_in(person.user), "code": open_class.code, "trainee": person.pk}
            for person in people[:rounds]
        ],
        "closings": [closing(person, now, booking_times) for person in people[rounds:]],
        "plans": [plan() for _round in range(rounds)],
        "items": [item(now) for _round in range(rounds)],
        "office": log_in(granted(Role.DISTRICT_STAFF)),
    }


def closing(person, now, booking_times) -> dict:
    """A class that has just ended, with one person, whom nobody has marked yet."""
    held = class_with(seats=5, starts_at=now + timedelta(days=3), **booking_times)
    book(trainee=person, training_class=held, by=person.user, now=now)
    times = {"starts_at": now - timedelta(minutes=150), "ends_at": now - timedelta(minutes=5)}
    held.lessons.update(**times)
    closes_at = now - timedelta(days=2)
    TrainingClass.objects.filter(pk=held.pk).update(
        booking_closes_at=closes_at, status=ClassStatus.RUNNING, **times
    )
    coordinator = granted(Role.BRANCH_COORDINATOR, campus=held.campus)
    return {"session": log_in(coordinator), "code": held.code, "lesson": held.lessons.get().pk}


def plan() -> dict:
    draft = drafted(items=1)
    town = granted(Role.TOWN_STAFF, town=draft.town)
    return {"session": log_in(town), "filer": log_in(granted(Role.ADMINISTRATOR)), "pk": draft.pk}


def item(now) -> dict:
    today = timezone.localdate(now)
    half = timedelta(days=60)
    secondment = SecondmentFactory(starts_on=today - half, ends_on=today + half)
    with_evidence(secondment, ItemKind.WORK_CASE, now=now)
    return {
        "session": log_in(secondment.trainee.user),
        "signer": log_in(secondment.mentor),
        "code": secondment.code,
        "kind": ItemKind.WORK_CASE,
    }


def look() -> dict:
    """What has become of all that, once every notice that is due was sent."""
    deadline = time.monotonic() + PATIENCE
    while Notice.objects.due(timezone.now()).exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    enrolments = Enrolment.objects.filter(training_class__status=ClassStatus.OPEN)
    booked = enrolments.filter(status=EnrolmentStatus.BOOKED)
    closed = TrainingClass.objects.filter(status=ClassStatus.CLOSED)
    hours = HourEntry.objects.values_list("lesson__training_class__code", flat=True)
    filed = AnnualPlan.objects.filter(status=PlanStatus.FILED)
    signed = SevenItem.objects.filter(status=ItemStatus.SIGNED)
    return {
        "breaches": [str(breach) for breach in audit()],
        "booked": sorted(booked.values_list("trainee", flat=True)),
        "closed": sorted(closed.values_list("code", flat=True)),
        "posted": Counter(hours),
        "filed": sorted(filed.values_list("pk", flat=True)),
        "signed": sorted(signed.values_list("secondment__code", flat=True)),
        "notices": Counter(Notice.objects.values_list("status", flat=True)),
        "due": Notice.objects.due(timezone.now()).count(),
    }


if __name__ == "__main__":
    answer = make(int(sys.argv[2])) if sys.argv[1] == "make" else look()
    json.dump(answer, sys.stdout)
