"""The portal's Celery application as test_reminders_survive_kills.py starts it: the same tasks,
beat and transport on a queue of its own.

With RACE_WITHOUT_KEY set, what makes two notices the same is taken away, to show that the test
would notice.
"""

import os
import uuid

from celery.signals import worker_process_init

from academy.celery import app

app.conf.task_default_queue = os.environ["RACE_QUEUE"]


@worker_process_init.connect
def _take_the_key_away(**_signal) -> None:
    if os.environ.get("RACE_WITHOUT_KEY"):
        from notices import due_reminders

        due_reminders.dedupe_key = lambda *parts: uuid.uuid4().hex
