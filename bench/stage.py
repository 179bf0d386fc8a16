"""What every measurement stands on: a database with people and courses, a server on this machine,
sessions without the slow password check.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = 8791
TOKEN = "a" * 32  # the CSRF cookie and the form say the same


@contextmanager
def stage(database: str, people: int) -> Iterator[None]:
    """Django set up over a database with so many people; an empty URL means a new SQLite file."""
    # leaves the server's block, which stops it
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            {
                "PORTAL_VAR_DIR": folder,
                "DJANGO_SETTINGS_MODULE": "bench.settings",
                "DJANGO_SECRET_KEY": "bench-" + "0" * 50,
            }
            | ({"DATABASE_URL": database} if database else {})
        )
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        Path(folder, "static").mkdir(exist_ok=True)
        make_data(people)
        yield


@contextmanager
def server(
    application: str = "academy.wsgi", workers: int = 2, threads: int = 4, **environment: str
):
    """gunicorn on this machine; yields (process, seconds until the home page has come)."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            application,
            "--bind",
            f"127.0.0.1:{PORT}",
            "--workers",
            str(workers),
            "--threads",
            str(threads),
            "--log-level",
            "error",
        ],
        cwd=ROOT,
        start_new_session=True,
        env=os.environ | environment,
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=30)
                break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.perf_counter() - began > 60:
                    raise SystemExit("The server does not start.") from None
                time.sleep(0.02)
        yield process, time.perf_counter() - began
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def resident_mib(process: subprocess.Popen) -> list[int]:
    """Memory of each worker of the server, in MiB."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    sizes = []
    for child in children:
        status = Path(f"/proc/{child}/status").read_text()
        sizes.append(
            int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
            // 1024
        )
    return sizes


def make_data(people: int) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from academy.models import Position, User, Village
    from academy.network import load_network
    from courses.loading.catalogue import load_catalogue
    from trainees.models import Trainee

    call_command("migrate", verbosity=0)
    load_network(ROOT / "demo" / "network", today=timezone.localdate())
    load_catalogue(ROOT / "demo" / "catalogue", now=timezone.now())
    villages, position = list(Village.objects.all()), Position.objects.first()
    users = User.objects.bulk_create(
        User(phone=f"1990{number:07}", name=f"示例{number}", is_sample=True, password="!")
        for number in range(people)
    )
    Trainee.objects.bulk_create(
        Trainee(user=user, village=villages[number % len(villages)], position=position)
        for number, user in enumerate(users)
    )


def open_class(code: str, seats: int):
    """An open class that everybody may book, and its one pool."""
    from django.utils import timezone

    from courses.models import Lesson, SeatPool, TrainingClass

    lesson = Lesson.objects.first()
    starts_at = timezone.now() + timedelta(days=60)
    training_class = TrainingClass.objects.create(
        code=code,
        title=code,
        campus=lesson.training_class.campus,
        season="2027Q1",
        capacity=seats,
        status="open",
        lesson_count=1,
        hours=3,
        booking_opens_at=timezone.now() - timedelta(days=1),
        booking_closes_at=timezone.now() + timedelta(days=30),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    )
    pool = SeatPool.objects.create(training_class=training_class, seats=seats)
    Lesson.objects.create(
        training_class=training_class,
        number=1,
        course_version=lesson.course_version,
        venue=lesson.venue,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        hours=3,
    )
    return training_class, pool


def cookies(people) -> dict[int, str]:
    """A signed-in session for each person, without the slow password check."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    found = {}
    for trainee in people:
        session = SessionStore()
        session[SESSION_KEY] = str(trainee.user_id)
        session[BACKEND_SESSION_KEY] = "academy.accounts.backends.PhoneBackend"
        session[HASH_SESSION_KEY] = trainee.user.get_session_auth_hash()
        session.create()
        found[trainee.pk] = f"sessionid={session.session_key}; csrftoken={TOKEN}"
    return found


def tell(rows: Iterable[tuple[str, dict]], *, as_json: bool) -> None:
    """Print what was measured: a line as soon as it is known, or all of it as JSON at the end."""
    found = {}
    for name, row in rows:
        found[name] = row
        if not as_json:
            print(
                f"{name:32}",
                "   ".join(f"{what} {value}" for what, value in row.items()),
                flush=True,
            )
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
