"""A phone that hears no answer sends again, and two tabs send at once: one nonce is one mark, in
real processes, beside a control that loses. Source: docs/rules.md R74.
"""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from trainees.booking.enrolling import book
from trainees.models import AttendanceChange, SentMark

from ..factories import NOW, TraineeFactory, UserFactory, class_with

PROCESSES = 4
PATIENCE = 120  # seconds


@pytest.fixture
def send_at_once(own_processes):
    """Four processes send the same mark of a phone; returns how often each outcome came."""

    def send(*how: str) -> dict[str, int]:
        training_class, trainee = class_with(seats=1), TraineeFactory()
        seat = book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
        lesson = training_class.lessons.get()
        numbers = (lesson.pk, seat.pk, UserFactory().pk, PROCESSES)
        done = subprocess.run(
            [sys.executable, "-m", "tests.trainees.nonce_race", *map(str, numbers), *how],
            cwd=settings.BASE_DIR,
            env=own_processes,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return send


def test_a_nonce_that_several_send_is_one_mark_and_all_hear_the_same(send_at_once):
    assert send_at_once() == {"taken": PROCESSES}

    assert (SentMark.objects.count(), AttendanceChange.objects.count()) == (1, 1)


def test_without_the_lock_somebody_hears_an_error(send_at_once):
    """The control. SQLite lets one writer in at a time, lock or no lock; the constraint leaves one
    mark in any case.
    """
    outcomes = send_at_once("unguarded")

    assert SentMark.objects.count() == 1
    if connection.vendor == "postgresql":
        assert outcomes["IntegrityError"] >= 1
    else:
        assert outcomes == {"taken": PROCESSES}
