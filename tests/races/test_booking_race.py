"""200 people want 20 seats at the same moment, through a live server with real processes on both
sides. Source: docs/rules.md R1.

On the file database of SQLite or on the PostgreSQL that the tests run on. The seed is printed;
RACE_SEED repeats it, LONG=1 runs more rounds.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from academy.invariants import audit
from academy.models import User
from courses.models import SeatPool, TrainingClass
from tests.factories import class_with
from trainees.models import Enrolment, EnrolmentStatus
from trainees.seats.counting import places_of

from .crowd import crowd
from .leash import leash

LONG = os.environ.get("LONG") == "1"
ROUNDS = 50 if LONG else 1
TRIES_TO_OVERBOOK = 5
PEOPLE, SEATS = 200, 20
PROCESSES = 8  # of the server, and as many of the clients
PATIENCE = 60  # seconds until something that must happen has happened


class Portal:
    """A live server on the test's database; `without` names the guards that it goes without."""

    def __init__(self, environment: dict[str, str], log, *, without: str = "") -> None:
        self.log = log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "tests.races.booking_app",
                    "--preload",
                    "--bind",
                    f"127.0.0.1:{self.port}",
                    "--worker-class",
                    "gthread",
                    "--workers",
                    str(PROCESSES),
                    "--threads",
                    "2",
                    "--log-level",
                    "warning",
                ],
                cwd=settings.BASE_DIR,
                env=environment | {"RACE_WITHOUT": without},
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=leash,
            )

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                assert self.process.poll() is None and time.monotonic() < deadline, (
                    self.log.read_text()[-3000:]
                )
                time.sleep(0.1)

    def kill(self) -> None:
        """At once and with all its workers: nothing of it is needed after the test."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def start(own_processes, tmp_path):
    """Starts a portal, and stops it after the test."""
    started = []

    def start_one(**how) -> Portal:
        started.append(Portal(own_processes, tmp_path / f"portal-{len(started)}.log", **how))
        started[-1].wait_until_it_answers()
        return started[-1]

    yield start_one
    for portal in started:
        portal.kill()


def log_in(user: User) -> str:
    """The key of a session of the user's, without the password check that takes a third of a
    second.
    """
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "academy.accounts.backends.PhoneBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


@pytest.fixture
def people(transactional_db) -> list[str]:
    """Session keys of as many trainees as want a seat."""
    return [log_in(trainee.user) for trainee in crowd(PEOPLE)]


def hot_class(number: int, seats: int = SEATS) -> TrainingClass:
    """A class that everybody may book; each on a day of its own, so that nobody's lessons clash."""
    now = timezone.now()
    return class_with(
        seats=seats,
        starts_at=now + timedelta(days=14 + number),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=7),
    )


def all_book(training_class: TrainingClass, portal: Portal, people: list[str]) -> dict:
    """What everybody was answered who booked at the same moment."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.races.booking_clients",
            str(portal.port),
            f"/classes/{training_class.code}/book/",
            str(PROCESSES),
        ],
        cwd=settings.BASE_DIR,
        input=json.dumps(people),
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
        preexec_fn=leash,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def sentences_of(cookie: str) -> list[str]:
    """What the page after the redirect says."""
    request = RequestFactory().get("/")
    request.COOKIES["messages"] = cookie
    return [message.message for message in CookieStorage(request)]


def booked(training_class: TrainingClass) -> int:
    return Enrolment.objects.filter(
        training_class=training_class, status=EnrolmentStatus.BOOKED
    ).count()


def test_200_people_want_20_seats_and_then_the_last_one_at_once(start, people, chance):
    portal = start()
    for number, seats in enumerate([SEATS, 1] * ROUNDS):
        training_class = hot_class(number, seats)
        chance.shuffle(people)

        answers = all_book(training_class, portal, people)

        assert (answers["statuses"], answers["complaints"]) == (
            {"302": PEOPLE},
            [],
        ), portal.log.read_text()[-3000:]
        enrolments = list(Enrolment.objects.filter(training_class=training_class))
        assert Counter(enrolment.status for enrolment in enrolments) == {
            EnrolmentStatus.BOOKED: seats,
            EnrolmentStatus.WAITLISTED: PEOPLE - seats,
        }
        assert sorted(place.number for place in places_of(enrolments).values()) == list(
            range(1, PEOPLE - seats + 1)
        )
        assert SeatPool.objects.get(training_class=training_class).seats_taken == seats
        assert list(audit()) == []
    assert "locked" not in portal.log.read_text()
    assert "Traceback" not in portal.log.read_text()


def test_the_same_form_sent_twice_at_once_books_once_and_both_answers_are_kind(start, people):
    """Whichever comes second is told that there is nothing more to do; half of the people wait."""
    portal, twice = start(), people[: 2 * SEATS]
    training_class = hot_class(0)

    answers = all_book(training_class, portal, [session for session in twice for _ in range(2)])

    assert answers["statuses"] == {"302": 2 * len(twice)}, portal.log.read_text()[-3000:]
    assert Counter(
        Enrolment.objects.filter(training_class=training_class).values_list("status", flat=True)
    ) == {"booked": SEATS, "waitlisted": SEATS}
    assert len(set(Enrolment.objects.values_list("trainee", flat=True))) == len(twice)
    sentences = Counter(
        sentence.split("，")[0]
        for cookie in answers["messages"]
        for sentence in sentences_of(cookie)
    )
    assert sentences.pop("报上了。1 次课已放进“我的班”") == SEATS
    assert sentences.pop("您已经报上这个班了") == SEATS
    assert sentences.pop("排上了") == SEATS
    assert sentences == {"您已经在这个班候补了": SEATS}
    assert list(audit()) == []
    assert "Traceback" not in portal.log.read_text()


def test_control_without_the_guards_people_are_booked_twice_over_or_sqlite_is_locked(start, people):
    """It shows that the test above can fail: PostgreSQL needs the row lock, and on SQLite immediate
    transactions stand in for it.
    """
    unlocked = start(without="lock")
    counts = []
    while len(counts) < TRIES_TO_OVERBOOK and max(counts, default=0) <= SEATS:
        training_class = hot_class(len(counts))
        all_book(training_class, unlocked, people)
        counts.append(booked(training_class))
        if connection.vendor == "sqlite":
            break
    print(f"booked on {SEATS} seats without the lock: {counts}")

    if connection.vendor == "postgresql":
        assert max(counts) > SEATS
    else:
        assert counts == [SEATS]  # one writer at a time, lock or no lock
        # Each that is locked out waits for seconds, and is then told to try again.
        answers = all_book(hot_class(1), start(without="lock immediate"), people[: PEOPLE // 4])
        assert answers["statuses"]["503"] > 0
