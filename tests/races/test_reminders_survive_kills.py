"""Kill -9 of worker and beat, at random, while hundreds of reminders are due: each appears once.
Source: docs/rules.md R8, R40.

Real processes in a group of their own, on the database that the tests run on; their queue is files,
or Redis. The seed is printed; RACE_SEED repeats it, LONG=1 kills more often among more reminders.
"""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from notices.models import Delivery, Notice, NoticeStatus
from tests.factories import class_with
from trainees.models import Enrolment, EnrolmentStatus

from .crowd import crowd
from .leash import leash

LONG = os.environ.get("LONG") == "1"
REMINDERS = 1000 if LONG else 500
KILLS = 20 if LONG else 3
PATIENCE = 60  # seconds until something that must happen has happened
CELERY = [sys.executable, "-m", "celery", "-A", "tests.races.kill_app"]
WORKER = [
    *CELERY,
    "worker",
    "--concurrency",
    "2",
    "--loglevel",
    "INFO",
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
]
BEAT = [*CELERY, "beat", "--loglevel", "INFO", "--pidfile=", "--max-interval", "1"]


class House:
    """One database and one queue, and the group of processes that works on them."""

    def __init__(self, environment: dict[str, str], log) -> None:
        self.log = log
        self.queue = f"race-{uuid.uuid4().hex[:8]}"
        self.environment = environment | {"RACE_QUEUE": self.queue, "SWEEP_SECONDS": "1"}
        self.processes: list[subprocess.Popen] = []

    def start(self, *commands: list[str], **more: str) -> None:
        """Start the commands in one process group of their own."""
        group = 0
        for command in commands:
            with self.log.open("a") as log:
                process = subprocess.Popen(
                    command,
                    cwd=settings.BASE_DIR,
                    env=self.environment | more,
                    stdout=log,
                    stderr=log,
                    process_group=group,
                    preexec_fn=leash,
                )
            group = group or process.pid
            self.processes.append(process)

    def kill(self) -> None:
        """SIGKILL to every process of the group, pool children included; none gets to say a
        word.
        """
        if self.processes:
            os.killpg(self.processes[0].pid, signal.SIGKILL)
        for process in self.processes:
            process.wait()
        self.processes = []

    def wait_until_sent(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while sent() < count:
            assert time.monotonic() < deadline, (
                f"{sent()} of {count} sent in time.\n{self.log.read_text()[-3000:]}"
            )
            time.sleep(0.01)


def sent() -> int:
    return Notice.objects.filter(status=NoticeStatus.SENT).count()


def appearances() -> Counter:
    """How often how many people find the reminder in their inbox: {1: 500} is right."""
    found = (
        Notice.objects.filter(status=NoticeStatus.SENT).values("person").annotate(count=Count("pk"))
    )
    return Counter(found.values_list("count", flat=True))


@pytest.fixture
def house(own_processes, tmp_path):
    house = House(own_processes, tmp_path / "workers.log")
    yield house
    house.kill()
    if settings.REDIS_URL:
        import redis

        with closing(redis.from_url(settings.REDIS_URL)) as broker:
            broker.delete(house.queue, f"_kombu.binding.{house.queue}")


def seat(count: int) -> None:
    """A class that meets in three hours, with so many people in it: the reminder of it is due for
    each, whatever the time of day.
    """
    now = timezone.now()
    training_class = class_with(
        seats=count,
        starts_at=now + timedelta(hours=3),
        booking_opens_at=now - timedelta(days=9),
        booking_closes_at=now,
    )
    pool = training_class.pools.get()
    Enrolment.objects.bulk_create(
        Enrolment(
            trainee=trainee,
            training_class=training_class,
            pool=pool,
            status=EnrolmentStatus.BOOKED,
            village=trainee.village,
            position=trainee.position,
            queued_at=now,
            booked_by=trainee.user,
        )
        for trainee in crowd(count)
    )
    training_class.pools.update(seats_taken=count)


def test_each_reminder_appears_once_however_often_the_workers_are_killed(house, chance):
    seat(REMINDERS)
    midway = sorted(chance.randrange(1, REMINDERS - 50) for _ in range(KILLS))
    killed_at = []
    for target in midway:
        house.start(WORKER, BEAT)
        house.wait_until_sent(target)
        time.sleep(chance.uniform(0, 0.02))
        house.kill()
        killed_at.append(sent())
    print(f"killed when {killed_at} of {REMINDERS} were sent")
    assert killed_at[0] < REMINDERS  # else nothing was under way when the first one died

    house.start(WORKER, BEAT)
    house.wait_until_sent(REMINDERS)
    time.sleep(3)  # three more sweeps, and whatever the queue still hands out

    assert appearances() == {1: REMINDERS}
    assert Counter(Notice.objects.values_list("status", flat=True)) == {"sent": REMINDERS}
    assert Counter(Delivery.objects.values_list("channel", "status")) == {
        ("inbox", "sent"): REMINDERS
    }


def test_control_without_the_key_people_are_reminded_again(house):
    seat(50)
    house.start(WORKER, BEAT, RACE_WITHOUT_KEY="1")

    house.wait_until_sent(150)

    assert max(appearances()) > 1


def test_control_without_the_sweep_reminders_are_lost(house):
    seat(REMINDERS)
    house.start(WORKER, BEAT)
    house.wait_until_sent(1)
    house.kill()
    assert sent() < REMINDERS

    house.start(WORKER)  # no beat: the message of the dead worker is gone, or held back by Redis
    time.sleep(6)

    assert sent() < REMINDERS
