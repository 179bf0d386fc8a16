"""The portal's WSGI application as test_booking_race.py starts it. RACE_WITHOUT takes guards away,
to show that the test would notice.

`lock`: the class row is not locked, and a seat is taken by reading, waiting a moment and writing,
as somebody in a hurry would write it. `immediate`: SQLite begins its transactions as readers, which
is its default.
"""

import os
import time
from unittest.mock import patch

from django.conf import settings

from academy.wsgi import application  # noqa: F401
from courses.models import TrainingClass
from tests.everywhere import modules_with
from trainees.booking.class_lock import lock
from trainees.booking.seat_ledger import take

from .leash import leash

os.register_at_fork(after_in_child=leash)  # the workers end with their master

BETWEEN_READ_AND_WRITE = 0.05  # seconds
without = os.environ.get("RACE_WITHOUT", "").split()


def _read_then_write(pool) -> bool:
    if pool.seats_left <= 0:
        return False
    time.sleep(BETWEEN_READ_AND_WRITE)
    pool.seats_taken += 1
    pool.save(update_fields=["seats_taken"])
    return True


if "lock" in without:
    for module in modules_with(lock):
        patch.object(
            module, "lock", lambda training_class: TrainingClass.objects.get(pk=training_class.pk)
        ).start()
    for module in modules_with(take):
        patch.object(module, "take", _read_then_write).start()
if "immediate" in without:
    settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] = "DEFERRED"
