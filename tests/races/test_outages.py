"""Redis and PostgreSQL are stopped and started while the four jobs of the portal are done.

Real processes: gunicorn, worker and beat, on a Redis and a PostgreSQL of the test's own. Nobody is
answered 500, nothing that was acknowledged is lost, and notices arrive once the queue is back.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlencode

import pytest
from django.conf import settings

from .leash import leash
from .own_servers import OwnPostgres, OwnRedis, free_port
from .press import form_to

LONG = os.environ.get("LONG") == "1"
ROUNDS = 200 if LONG else 15  # things to do of each job; more than are done
ANSWERS = 40 if LONG else 3  # of each job in each phase
PATIENCE = 60  # seconds until something that must happen has happened
TOKEN = "o" * 32  # the CSRF cookie and the form say the same
STAFF_LINE = "消息队列暂时连不上"
AWAY_LINE = "系统暂时连不上"


class House:
    """The processes of the portal, on servers that can be stopped."""

    def __init__(self, folder) -> None:
        self.folder, self.port = folder, free_port()
        self.redis, self.postgres = OwnRedis(), OwnPostgres()
        self.processes: list[subprocess.Popen] = []
        self.environment = os.environ | {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "PORTAL_VAR_DIR": str(folder),
            "SWEEP_SECONDS": "1",
            "DJANGO_SETTINGS_MODULE": "academy.settings",
            "PYTHONWARNINGS": "default",
        }

    def start(self) -> None:
        self.redis.start()
        self.run(
            "gunicorn",
            "academy.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--preload",
            "--workers",
            "2",
            "--threads",
            "4",
            "--log-level",
            "warning",
        )
        celery = ("celery", "-A", "academy")
        self.run(
            *celery,
            "worker",
            "--pool",
            "solo",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
        )
        self.run(*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--max-interval", "1")

    def run(self, *command: str) -> None:
        with (self.folder / f"{command[0]}-{len(self.processes)}.log").open("w") as log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", *command],
                    cwd=settings.BASE_DIR,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=leash,
                )
            )

    def site(self, *what: str) -> dict:
        command = [sys.executable, "-m", "tests.races.outage_site", *what]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    def get(self, path: str, session: str = "") -> tuple[int, str]:
        return self.ask("GET", path, session)

    def ask(self, method: str, path: str, session: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": f"csrftoken={TOKEN}" + (f"; sessionid={session}" if session else "")}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def wait_until(self, is_so, what: str):
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"{what}\n{self.logs()}"
            time.sleep(0.1)

    def logs(self) -> str:
        return "\n".join(
            f"{path.name}\n{path.read_text(errors='replace')[-1500:]}"
            for path in self.folder.glob("*.log")
        )

    def end(self) -> None:
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.redis.remove()
        self.postgres.remove()


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    try:
        house.postgres.start()
        yield house
    finally:
        house.end()


class Worker(threading.Thread):
    """Does one job again and again, with the next thing to do each time, until told to stop."""

    def __init__(self, house: House, name: str, things: list[dict], steps) -> None:
        super().__init__(name=name, daemon=True)
        self.house, self.things, self.steps = house, things, steps
        self.phase, self.answers = "all well", Counter()  # (phase, status) → how many
        self.done: list[dict] = []
        self.complaint = ""
        self.over = threading.Event()

    def run(self) -> None:
        try:
            for thing in self.things:
                if self.over.is_set():
                    return
                self.steps(self, thing)
                self.done.append(thing)
            raise AssertionError("nothing left to do")
        except Exception as error:  # for the test to read; a thread has nobody to tell
            self.complaint = f"{self.name}: {error!r}"

    def is_through(self, phase: str) -> bool:
        """Whether there were enough answers in this phase, or there will be none any more."""
        counts = [count for (known, _status), count in self.answers.items() if known == phase]
        return bool(self.complaint) or sum(counts) >= ANSWERS

    def ask(self, method: str, path: str, session: str, body: str | None = None) -> tuple[int, str]:
        """Until it is not 503, as a person would try again."""
        while True:
            status, page = self.house.ask(method, path, session, body)
            self.answers[self.phase, status] += 1
            if status >= 400 and status != 503:
                raise AssertionError(f"{method} {path}: {status} {page[:500]}")
            if status != 503:
                return status, page
            if AWAY_LINE not in page:
                raise AssertionError(f"{path}: a 503 that does not say why")
            time.sleep(0.1)

    def press(self, path: str, part: str, session: str, **more: str) -> None:
        """Open the page and press the button that leads to `part`, again if it asks a question.

        When the page has no such button, an earlier press was done though its answer was lost.
        """
        _status, page = self.ask("GET", path, session)
        for _question in range(3):
            form = form_to(page, part, path)
            if form is None:
                return
            address, fields = form
            status, page = self.ask(
                "POST", address, session, urlencode(fields | more | {"csrfmiddlewaretoken": TOKEN})
            )
            if status == 302:
                return
        raise AssertionError(f"{path}: {part} is asked for again and again")


def book(worker: Worker, thing: dict) -> None:
    worker.ask("GET", "/search/?q=%E5%85%9A%E5%BB%BA", thing["session"])
    worker.press(f"/classes/{thing['code']}/", "/book/", thing["session"])


def close(worker: Worker, thing: dict) -> None:
    worker.press(
        f"/manage/lessons/{thing['lesson']}/attendance/",
        "/attendance/",
        thing["session"],
        action="rest",
    )
    worker.press(f"/manage/classes/{thing['code']}/close/", "/close/", thing["session"])


def file_plan(worker: Worker, thing: dict) -> None:
    page = f"/manage/plans/{thing['pk']}/"
    worker.press(page, "/submit/", thing["session"])
    worker.press(page, "/file/", thing["filer"])


def sign(worker: Worker, thing: dict) -> None:
    worker.press(
        f"/me/secondment/{thing['code']}/{thing['kind']}/hand-in/",
        "/hand-in/",
        thing["session"],
        declared_open="on",
    )
    worker.press(
        f"/manage/secondments/{thing['code']}/items/{thing['kind']}/", "/sign/", thing["signer"]
    )


def test_nothing_fails_and_nothing_is_lost_while_redis_and_postgresql_come_and_go(house):
    site = house.site("make", str(ROUNDS))
    house.start()
    house.wait_until(lambda: house.redis.answers() and _is_up(house), "the portal does not answer")
    workers = [
        Worker(house, name, site[name], steps)
        for name, steps in [
            ("bookings", book),
            ("closings", close),
            ("plans", file_plan),
            ("items", sign),
        ]
    ]

    def phase(name: str, change=lambda: None) -> None:
        for worker in workers:
            worker.phase = name
        change()
        house.wait_until(lambda: all(worker.is_through(name) for worker in workers), name)
        assert [worker.complaint for worker in workers] == [""] * 4, house.logs()

    for worker in workers:
        worker.start()
    phase("all well")

    phase("Redis away", house.redis.stop)
    assert house.get("/healthz", site["office"])[0] == 200
    assert house.get("/readyz") == (503, "not ready\ndatabase: ok\nredis: away")
    status, page = house.get("/manage/", site["office"])
    assert (status, STAFF_LINE in page) == (200, True)
    phase("Redis back", house.redis.start)

    phase("PostgreSQL away", house.postgres.stop)
    assert house.get("/healthz", site["office"])[0] == 503
    assert house.get("/readyz") == (503, "not ready\ndatabase: away\nredis: ok")
    phase("PostgreSQL back", house.postgres.start)

    for worker in workers:
        worker.over.set()
    for worker in workers:
        worker.join(PATIENCE)
    answers = sum((worker.answers for worker in workers), Counter())
    for (name, status), count in answers.items():
        print(f"{name}: {count} × {status}")
    assert [worker.complaint for worker in workers] == [""] * 4, house.logs()
    assert {status for _phase, status in answers} == {200, 302, 503}
    assert {name for name, status in answers if status == 503} <= {
        "PostgreSQL away",
        "PostgreSQL back",
    }

    found = house.site("look")
    bookings, closings, plans, items = (worker.done for worker in workers)
    assert found["breaches"] == []
    assert found["booked"] == sorted(thing["trainee"] for thing in bookings)
    assert found["closed"] == sorted(thing["code"] for thing in closings)
    assert found["posted"] == {thing["code"]: 1 for thing in closings}
    assert found["filed"] == sorted(thing["pk"] for thing in plans)
    assert found["signed"] == sorted(thing["code"] for thing in items)
    assert found["due"] == 0
    assert found["notices"]["sent"] >= len(bookings) + len(closings) + len(plans) + len(items)


def _is_up(house: House) -> bool:
    try:
        return house.get("/healthz")[0] == 200
    except OSError:
        return False
