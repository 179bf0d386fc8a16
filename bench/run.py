"""Measure the portal side by side with the floor, in one run; print ratios. `python -m bench.run --help` tells the rest.

It makes a database of its own, starts the server twice over the same code, and stops by itself.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE_REQUESTS, ROUNDS = 200, 3
SEATS = {8: 200, 32: 320}
PLANS, ITEMS = 50, 100  # of the exported year: 5,000 rows
PORT = 8791


def set_up_django(variables: dict[str, str]) -> None:
    os.environ.update(variables, DJANGO_SETTINGS_MODULE="bench.settings", DJANGO_SECRET_KEY="bench-" + "0" * 50)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


@contextmanager
def server(workers: int = 2, threads: int = 4):
    """gunicorn on this machine; yields (process, seconds until the first page)."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "academy.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", str(workers), "--threads", str(threads),
         "--log-level", "error"],
        cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5)
                break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.perf_counter() - began > 60:
                    raise SystemExit("The server does not start.") from None
                time.sleep(0.02)
        yield process, time.perf_counter() - began
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def resident_mib(process: subprocess.Popen) -> list[int]:
    """Memory of each worker of the server, in MiB."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    sizes = []
    for child in children:
        status = Path(f"/proc/{child}/status").read_text()
        sizes.append(int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024)
    return sizes


def make_data(people: int) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from academy.models import Position, User, Village
    from academy.network import load_network
    from courses.catalogue import load_catalogue
    from trainees.models import Trainee

    call_command("migrate", verbosity=0)
    load_network(ROOT / "demo" / "network", today=timezone.localdate())
    load_catalogue(ROOT / "demo" / "catalogue", now=timezone.now())
    villages, position = list(Village.objects.all()), Position.objects.first()
    users = User.objects.bulk_create(User(phone=f"1990{number:07}", name=f"示例{number}", is_sample=True, password="!") for number in range(people))
    Trainee.objects.bulk_create(
        Trainee(user=user, village=villages[number % len(villages)], position=position) for number, user in enumerate(users)
    )


def hot_class(code: str, seats: int):
    """An open class without quotas that everybody may book."""
    from django.utils import timezone

    from courses.models import Lesson, SeatPool, TrainingClass

    lesson = Lesson.objects.first()
    starts_at = timezone.now() + timedelta(days=60)
    training_class = TrainingClass.objects.create(
        code=code, title=code, campus=lesson.training_class.campus, season="2027Q1", capacity=seats, status="open", lesson_count=1, hours=3,
        booking_opens_at=timezone.now() - timedelta(days=1), booking_closes_at=timezone.now() + timedelta(days=30), starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    )  # fmt: skip
    pool = SeatPool.objects.create(training_class=training_class, seats=seats)
    Lesson.objects.create(
        training_class=training_class, number=1, course_version=lesson.course_version, venue=lesson.venue, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2), hours=3,
    )  # fmt: skip
    return training_class, pool


def cookies(people) -> dict[int, str]:
    """A signed-in session for each person, without the slow password check."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    found = {}
    for trainee in people:
        session = SessionStore()
        session[SESSION_KEY] = str(trainee.user_id)
        session[BACKEND_SESSION_KEY] = "academy.backends.PhoneBackend"
        session[HASH_SESSION_KEY] = trainee.user.get_session_auth_hash()
        session.create()
        found[trainee.pk] = f"sessionid={session.session_key}; csrftoken={'a' * 32}"
    return found


def pages(person_cookie: str):
    """Pages against the bare view, alternating so that a drift of the machine hits both."""
    from bench.load import Request, run

    some_class, _pool = hot_class("PAGE", 20)
    targets = {
        "catalogue, signed in": Request("/courses/?per_page=100", cookie=person_cookie),
        "catalogue, visitor": Request("/courses/?per_page=100"),
        "class page, signed in": Request(f"/classes/{some_class.code}/", cookie=person_cookie),
        "class page, visitor": Request(f"/classes/{some_class.code}/"),
    }
    floor = Request("/floor/rows/")
    for name, request in targets.items():
        best_floor, best_page = [], []
        for _round in range(ROUNDS):
            best_floor.append(run(PORT, [floor] * PAGE_REQUESTS, 8))
            best_page.append(run(PORT, [request] * PAGE_REQUESTS, 8))
        ratio = sorted(page.per_second / base.per_second for page, base in zip(best_page, best_floor, strict=True))[ROUNDS // 2]
        yield name, {
            "per_second": round(sorted(page.per_second for page in best_page)[ROUNDS // 2], 1),
            "floor_per_second": round(sorted(base.per_second for base in best_floor)[ROUNDS // 2], 1),
            "ratio": round(ratio, 2), "body_bytes": best_page[0].body_bytes, "statuses": best_page[0].statuses,
        }  # fmt: skip


def give_back(training_class) -> None:
    """Nobody's next booking shall clash with this one."""
    from trainees.models import Enrolment

    Enrolment.objects.filter(training_class=training_class).update(status="withdrawn", pool=None)


def bookings(clients: int) -> dict:
    """One hot class against the two bare statements, as many clients at once."""
    from bench.load import Request, run
    from trainees.models import Enrolment, Trainee

    seats = SEATS[clients]
    people = list(Trainee.objects.select_related("user").order_by("pk")[:seats])
    signed_in = cookies(people)
    ratios, rates, floors, statuses, slowest = [], [], [], {}, 0.0
    for number in range(ROUNDS):
        bare_class, bare_pool = hot_class(f"FLOOR-{clients}-{number}", seats)
        floor = run(PORT, [
            Request(
                f"/floor/book/{bare_pool.pk}/{person.pk}/?class={bare_class.pk}&village={person.village_id}&position={person.position_id}&user={person.user_id}",
                method="POST",
            )
            for person in people
        ], clients)  # fmt: skip
        give_back(bare_class)
        training_class, _pool = hot_class(f"HOT-{clients}-{number}", seats)
        booked = run(PORT, [
            Request(f"/classes/{training_class.code}/book/", "POST", signed_in[person.pk], f"csrfmiddlewaretoken={'a' * 32}") for person in people
        ], clients)  # fmt: skip
        held = Enrolment.objects.filter(training_class=training_class).holding_a_seat().count()
        if held != seats:
            statuses["seats not booked"] = statuses.get("seats not booked", 0) + seats - held
        give_back(training_class)
        ratios.append(booked.per_second / floor.per_second)
        rates.append(booked.per_second)
        floors.append(floor.per_second)
        slowest = max(slowest, booked.slowest_seconds)
        for status, count in booked.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    middle = ROUNDS // 2
    return {
        "per_second": round(sorted(rates)[middle], 1), "floor_per_second": round(sorted(floors)[middle], 1), "ratio": round(sorted(ratios)[middle], 2),
        "statuses": statuses, "slowest_seconds": round(slowest, 2),
    }  # fmt: skip


def make_plans(year: int) -> None:
    """A year of plans that fills 5,000 rows of the workbook."""
    from decimal import Decimal

    from academy.models import Town
    from plans.models import AnnualPlan, PlanItem

    Town.objects.bulk_create(Town(code=f"3101139{number:02}", name=f"示例{number}镇", kind="town") for number in range(PLANS))
    plans = AnnualPlan.objects.bulk_create(AnnualPlan(town=town, year=year) for town in Town.objects.order_by("-code")[:PLANS])
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan, number=number, name=f"示例培训班{number}", organiser="示例镇人民政府", audience="楼组长", people=40, runs=2, months="4月", quarter=2,
            days=Decimal("0.5"), hours=Decimal(4), place="示例会客厅", content="邻里走访、矛盾早发现、协商议事", budget=Decimal(8000), funding="镇财政",
        )
        for plan in plans
        for number in range(1, ITEMS + 1)
    )  # fmt: skip


def exports() -> dict:
    """The year's workbook against the writer alone with the same cells, alternating; SQL and memory beside them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench.floor import write_rows
    from plans import workbook

    year = 2031
    make_plans(year)
    rows = list(workbook._year_rows({plan.pk: plan for plan in workbook.AnnualPlan.objects.of_year(year).with_owner()}))
    found, alone = [], []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        write_rows(rows)
        alone.append(time.perf_counter() - began)
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            workbook.export_year(year, "xlsx")
        found.append(time.perf_counter() - began)
    middle = ROUNDS // 2
    return {
        "rows": len(rows), "columns": len(rows[0]), "seconds": round(sorted(found)[middle], 2), "writer_alone_seconds": round(sorted(alone)[middle], 2),
        "ratio": round(sorted(base / page for page, base in zip(found, alone, strict=True))[middle], 2), "SQL": len(asked),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database (default: a new SQLite file)")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))  # leaves the server's block, which stops it
    with tempfile.TemporaryDirectory() as folder:
        set_up_django({"PORTAL_VAR_DIR": folder, **({"DATABASE_URL": wanted.database} if wanted.database else {})})
        make_data(max(SEATS.values()))
        Path(folder, "static").mkdir(exist_ok=True)
        found = {}
        for name, row in measure():
            found[name] = row
            if not wanted.json:
                print(f"{name:26}", "   ".join(f"{what} {value}" for what, value in row.items()), flush=True)
    if wanted.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))


def measure():
    """Everything, one row after the other as it is known."""
    from django.db import connection

    from trainees.models import Trainee

    someone = Trainee.objects.select_related("user").first()
    with server() as (process, first_page):
        yield "start", {"database": connection.vendor, "seconds to the first answer": round(first_page, 2), "worker MiB": resident_mib(process)}
        yield from pages(cookies([someone])[someone.pk])
        for clients in SEATS:
            yield f"booking, {clients} clients", bookings(clients)
        yield "after all this", {"worker MiB": resident_mib(process)}
    yield "workbook of a year", exports()


if __name__ == "__main__":
    main()
