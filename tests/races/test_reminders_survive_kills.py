"""Kill -9 of worker and beat, at random, while hundreds of reminders are due: each appears once. Source: issue 2, line 5.

Real processes in a group of their own, on a file database of SQLite and the queue of files, or on the PostgreSQL and Redis the
tests run on. The seed is printed; RACE_SEED repeats it, LONG=1 kills more often among more reminders.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections import Counter
from contextlib import closing
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

LONG = os.environ.get("LONG") == "1"
REMINDERS = 1000 if LONG else 500
KILLS = 20 if LONG else 5
PATIENCE = 60  # seconds until something that must happen has happened
CELERY = [sys.executable, "-m", "celery", "-A", "tests.races.kill_app"]
WORKER = [*CELERY, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
BEAT = [*CELERY, "beat", "--loglevel", "INFO", "--pidfile=", "--max-interval", "1"]


class House:
    """One database and one queue, and the group of processes that works on them."""

    def __init__(self, var_dir) -> None:
        self.var_dir = var_dir
        self.database_file = var_dir / "race.sqlite3"  # where the tests run on SQLite
        self.log = var_dir / "workers.log"
        self.queue = f"race-{uuid.uuid4().hex[:8]}"
        self.environment = os.environ | {
            "DATABASE_URL": self._database_url(), "REDIS_URL": settings.REDIS_URL, "PORTAL_VAR_DIR": str(var_dir), "RACE_QUEUE": self.queue,
            "DJANGO_SETTINGS_MODULE": "academy.settings", "SWEEP_SECONDS": "1", "PYTHONWARNINGS": "default",
        }  # fmt: skip
        self.processes: list[subprocess.Popen] = []

    def _database_url(self) -> str:
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.database_file}"
        parts = {key: quote(str(connection.settings_dict[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
        return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**parts)

    def run(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stderr[-2000:]

    def start(self, *commands: list[str], **more: str) -> None:
        """Start the commands in one process group of their own."""
        group = 0
        for command in commands:
            with self.log.open("a") as log:
                process = subprocess.Popen(
                    command, cwd=settings.BASE_DIR, env=self.environment | more, stdout=log, stderr=log, process_group=group
                )
            group = group or process.pid
            self.processes.append(process)

    def kill(self) -> None:
        """SIGKILL to every process of the group, pool children included; none gets to say a word."""
        if self.processes:
            os.killpg(self.processes[0].pid, signal.SIGKILL)
        for process in self.processes:
            process.wait()
        self.processes = []

    def ask(self, query: str) -> list[tuple]:
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.database_file, timeout=20)) as own:
                return own.execute(query).fetchall()
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def sent(self) -> int:
        return self.ask("SELECT count(*) FROM notices_notice WHERE status = 'sent'")[0][0]

    def wait_until_sent(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.sent() < count:
            assert time.monotonic() < deadline, f"{self.sent()} of {count} sent in time.\n{self.log.read_text()[-3000:]}"
            time.sleep(0.005)

    def appearances(self) -> Counter:
        """How often how many people find the reminder in their inbox: {1: 500} is right."""
        return Counter(count for _person, count in self.ask("SELECT person_id, count(*) FROM notices_notice WHERE status = 'sent' GROUP BY person_id"))


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory):
    """An empty SQLite database with every table, to be copied."""
    house = House(tmp_path_factory.mktemp("migrated"))
    house.run("manage.py", "migrate", "--verbosity", "0")
    return house.database_file


@pytest.fixture
def house(request, transactional_db, tmp_path):
    house = House(tmp_path)
    if connection.vendor == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), house.database_file)
    yield house
    house.kill()
    if settings.REDIS_URL:
        import redis

        with closing(redis.from_url(settings.REDIS_URL)) as broker:
            broker.delete(house.queue, f"_kombu.binding.{house.queue}")


@pytest.fixture
def chance():
    seed = int(os.environ.get("RACE_SEED") or random.SystemRandom().randrange(10**6))
    print(f"RACE_SEED={seed}")
    return random.Random(seed)


def test_each_reminder_appears_once_however_often_the_workers_are_killed(house, chance):
    house.run("-m", "tests.races.kill_seed", str(REMINDERS))
    midway = sorted(chance.randrange(1, REMINDERS - 50) for _ in range(KILLS))
    killed_at = []
    for target in midway:
        house.start(WORKER, BEAT)
        house.wait_until_sent(target)
        time.sleep(chance.uniform(0, 0.02))
        house.kill()
        killed_at.append(house.sent())
    print(f"killed when {killed_at} of {REMINDERS} were sent")
    assert killed_at[0] < REMINDERS  # else nothing was under way when the first one died

    house.start(WORKER, BEAT)
    house.wait_until_sent(REMINDERS)
    time.sleep(3)  # three more sweeps, and whatever the queue still hands out

    assert house.appearances() == {1: REMINDERS}
    assert house.ask("SELECT status, count(*) FROM notices_notice GROUP BY status") == [("sent", REMINDERS)]
    assert house.ask("SELECT channel, status, count(*) FROM notices_delivery GROUP BY channel, status") == [("inbox", "sent", REMINDERS)]


def test_control_without_the_key_people_are_reminded_again(house):
    house.run("-m", "tests.races.kill_seed", "50")
    house.start(WORKER, BEAT, RACE_WITHOUT_KEY="1")

    house.wait_until_sent(150)

    assert max(house.appearances()) > 1


def test_control_without_the_sweep_reminders_are_lost(house):
    house.run("-m", "tests.races.kill_seed", str(REMINDERS))
    house.start(WORKER, BEAT)
    house.wait_until_sent(1)
    house.kill()
    sent = house.sent()
    assert sent < REMINDERS

    house.start(WORKER)  # no beat: the message of the dead worker is gone, or held back by Redis
    time.sleep(6)

    assert house.sent() < REMINDERS
