"""Sixty people check in by the code on the wall while the coordinator's phone reads the same sixty
tickets, in real processes: each is marked once. Source: docs/rules.md R70.
"""

import json
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.factories import UserFactory, class_with
from trainees.models import Attendance, AttendanceChange, Enrolment, EnrolmentStatus, WallScan

from .crowd import crowd
from .leash import leash

PEOPLE, PHONES = 60, 6
A_MINUTE = 60  # seconds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lesson():
    """Begins now; sixty people have a seat in it."""
    training_class = class_with(seats=PEOPLE, starts_at=timezone.now() + timedelta(minutes=1))
    pool = training_class.pools.get()
    Enrolment.objects.bulk_create(
        Enrolment(
            trainee=person,
            training_class=training_class,
            pool=pool,
            status=EnrolmentStatus.BOOKED,
            village_id=person.village_id,
            position_id=person.position_id,
            queued_at=timezone.now(),
            booked_by=person.user,
        )
        for person in crowd(PEOPLE)
    )
    type(pool).objects.update(seats_taken=PEOPLE)
    return training_class.lessons.get()


def race(environment, lesson, **job) -> dict:
    people = Enrolment.objects.order_by("trainee__user").values_list("trainee__user", flat=True)
    job |= {
        "lesson": lesson.pk,
        "people": list(people),
        "phones": PHONES,
        "coordinator": UserFactory().pk,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.races.door_race"],
        cwd=settings.BASE_DIR,
        env=environment,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=400,
        preexec_fn=leash,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_sixty_by_the_wall_and_sixty_tickets_at_once_mark_each_person_once(own_processes, lesson):
    began = time.monotonic()
    answer = race(own_processes, lesson)
    seconds = time.monotonic() - began

    print(f"{PEOPLE} people twice in {seconds:.1f} s, {answer['made']}")
    assert answer["errors"] == []
    assert sum(answer["made"].values()) == PEOPLE
    marks = Attendance.objects.values_list("method", "status")
    assert len(marks) == AttendanceChange.objects.count() == PEOPLE
    assert {status for _method, status in marks} == {"present"}
    by_wall = sum(method == "qr" for method, _status in marks)
    assert WallScan.objects.count() == by_wall == answer["made"].get("by the wall", 0)
    assert seconds < A_MINUTE


def test_without_the_unique_key_somebody_sees_an_error_on_postgresql(own_processes, lesson):
    """SQLite lets one write at a time: there nobody is in between."""
    answer = race(own_processes, lesson, without_the_key=True)

    assert (answer["errors"] != []) == (connection.vendor == "postgresql")
