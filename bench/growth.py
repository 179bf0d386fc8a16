"""How pages slow down when the data grows: the demonstration, then a hundred thousand people.

`python -m bench.growth --database postgres://…/empty` loads the demonstration, times every page in
this process, adds people, classes and bookings with `make_scale`, times the same pages again and
prints the ratios. Without a database it makes a SQLite file of its own.

The lists of a village's people and of classes to book are shorter than a page in the demonstration
and a full page at scale. Beside the demonstration the first times have a full page of each too, so
that the ratios compare the data behind a page, not the rows drawn on it. "shown" counts the rows
that were added for that.

Each page is asked once more with its SQL statements counted; `grew` names those that ask more at
scale than before.
"""

import argparse
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.stage import tell

FIRST_PHONE = 19909000000  # of the people who fill a page; between those of demo and scale
ROUNDS = 15  # requests of each page; the fastest is what is printed
OFFICE, ADMIN, TOWN, BRANCH = "19900009007", "19900009008", "19900009005", "19900009004"
DEPARTMENT, COORDINATOR, CADRE, VISITOR = "19900009006", "19900009003", "19900009001", ""

PAGES = (
    ("home, visitor", "/", VISITOR),
    ("home, cadre", "/", CADRE),
    ("network", "/network/", VISITOR),
    ("campus", "/campuses/C00/", CADRE),
    ("town", "/towns/310113102/", CADRE),
    ("courses", "/courses/", CADRE),
    ("course", "/courses/SW-001/", CADRE),
    ("services", "/services/", VISITOR),
    ("service", "/services/FW-01/", VISITOR),
    ("service gaps", "/manage/services/gaps/", OFFICE),
    ("cases", "/cases/", VISITOR),
    ("classes, visitor", "/classes/", VISITOR),
    ("classes, cadre", "/classes/", CADRE),
    ("classes to book, cadre", "/classes/?bookable=1", CADRE),
    ("classes of the past", "/classes/?past=1", CADRE),
    ("classes of a campus", "/classes/?campus=S01", CADRE),
    ("class page, visitor", "/classes/{open}/", VISITOR),
    ("class page, cadre", "/classes/{open}/", CADRE),
    ("class page, booked", "/classes/{booked}/", CADRE),
    ("search 加装", "/search/?q=加装", CADRE),
    ("search jzdt", "/search/?q=jzdt", CADRE),
    ("suggestions", "/search/suggest/?q=jia", CADRE),
    ("expert", "/experts/ZJ-001/", VISITOR),
    ("me, cadre", "/me/", CADRE),
    ("my bookings", "/me/", CADRE),
    ("my hours", "/me/hours/", CADRE),
    ("my notices", "/me/notices/", CADRE),
    ("my follows", "/me/follows/", CADRE),
    ("my absences", "/me/absences/", CADRE),
    ("requests", "/requests/", CADRE),
    ("people", "/manage/people/", OFFICE),
    ("people zmh", "/manage/people/?q=zmh", OFFICE),
    ("colleagues", "/classes/{booked}/colleagues/", COORDINATOR),
    ("colleagues, town", "/classes/{booked}/colleagues/", TOWN),
    ("to do, office", "/manage/", OFFICE),
    ("to do, administrator", "/manage/", ADMIN),
    ("to do, town", "/manage/", TOWN),
    ("to do, branch", "/manage/", BRANCH),
    ("to do, department", "/manage/", DEPARTMENT),
    ("to do, coordinator", "/manage/", COORDINATOR),
    ("staff's courses", "/manage/courses/", OFFICE),
    ("staff's classes, office", "/manage/classes/", OFFICE),
    ("staff's classes, branch", "/manage/classes/", BRANCH),
    ("roster", "/manage/classes/{booked}/", OFFICE),
    ("queue", "/manage/classes/{full}/queue/", OFFICE),
    ("book for a class", "/manage/classes/{open}/book/", OFFICE),
    ("rules of a class", "/manage/classes/{open}/rules/", OFFICE),
    ("nominations", "/manage/classes/{open}/nominations/", TOWN),
    ("roll", "/manage/lessons/{lesson}/attendance/", OFFICE),
    ("sign-in sheet", "/manage/lessons/{lesson}/sign-in/", OFFICE),
    ("season", "/manage/season/{season}/", OFFICE),
    ("rooms", "/manage/rooms/", OFFICE),
    ("experts", "/manage/experts/", OFFICE),
    ("staff's cases", "/manage/cases/", OFFICE),
    ("staff's requests", "/manage/requests/", OFFICE),
    ("approvals", "/manage/approvals/", OFFICE),
    ("approvals, town", "/manage/approvals/", TOWN),
    ("deputies", "/manage/deputies/", COORDINATOR),
    ("leave and appeals", "/manage/petitions/", OFFICE),
    ("load, town", "/manage/load/", TOWN),
    ("load, office", "/manage/load/?town=310113102", OFFICE),
    ("groups", "/manage/groups/", OFFICE),
    ("secondments", "/manage/secondments/", OFFICE),
    ("plans", "/manage/plans/", ADMIN),
    ("plan", "/manage/plans/{plan}/", ADMIN),
    ("list of units", "/manage/plans/units/", ADMIN),
    ("overlaps", "/manage/plans/overlaps/?year=2027", ADMIN),
    ("plan against actual", "/manage/plans/actual/", ADMIN),
    ("by quarter", "/manage/plans/actual/?quarter=each", ADMIN),
    ("against actual, town", "/manage/plans/actual/", TOWN),
    ("items behind", "/manage/plans/actual/items/", ADMIN),
    ("classes behind", "/manage/plans/actual/classes/", ADMIN),
    ("people behind", "/manage/plans/actual/people/", ADMIN),
    ("classes without item", "/manage/plans/unfiled/", ADMIN),
    ("coverage", "/manage/coverage/", OFFICE),
    ("coverage of one's own town", "/manage/coverage/towns/310113102/", TOWN),
    ("coverage by stage", "/manage/coverage/stages/", OFFICE),
    ("quotas on trial", "/manage/coverage/quotas/", OFFICE),
    ("projects", "/projects/", VISITOR),
    ("staff's projects", "/manage/projects/", OFFICE),
    ("monitor", "/manage/monitor/", OFFICE),
    ("monitor, town", "/manage/monitor/", TOWN),
    ("monitor, one indicator", "/manage/monitor/repeats/", OFFICE),
    ("monitor, rows", "/manage/monitor/repeats/rows/", OFFICE),
    ("monitor, rows of a town", "/manage/monitor/near-own/rows/", TOWN),
    ("imports", "/manage/imports/", OFFICE),
    ("feedback", "/manage/feedback/", OFFICE),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--trainees", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="requests of each page")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            PORTAL_VAR_DIR=folder,
            DJANGO_SETTINGS_MODULE="bench.settings",
            DJANGO_SECRET_KEY="bench-" + "0" * 50,
            DATABASE_URL=wanted.database,
        )
        import django

        django.setup()
        Path(folder, "static").mkdir(exist_ok=True)
        tell(measure(wanted.trainees, wanted.rounds), as_json=wanted.json)


def measure(trainees: int, rounds: int) -> Iterator[tuple[str, dict]]:
    """Each page with its time on the demonstration, at scale, and the ratio."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from portal.demonstration.scale import make_scale
    from portal.demonstration.year import load_demo
    from portal.monitor.counting import count_all

    settings.DEMO_ALLOWED = True
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    load_demo(today=timezone.localdate())
    yield "shown", fill_pages()
    refresh_statistics()
    names = places()
    before, asked = times(names, rounds)
    began = time.perf_counter()
    report = make_scale(trainees=trainees, seed=1, now=timezone.now())
    counting = time.perf_counter()
    figures = count_all(timezone.now())
    yield (
        "monitor counted",
        {
            "figures": figures,
            "seconds": round(time.perf_counter() - counting, 1),
        },
    )
    yield "added", {**report.as_dict(), "seconds": round(time.perf_counter() - began)}
    refresh_statistics()
    after, asked_then = times(names, rounds)
    ratios = {}
    for name, _path, _who in PAGES:
        ratios[name] = after[name] / before[name]
        yield (
            name,
            {
                "before ms": round(before[name], 1),
                "after ms": round(after[name], 1),
                "ratio": round(ratios[name], 2),
                "statements": f"{asked[name]} → {asked_then[name]}",
            },
        )
    above = [name for name, ratio in ratios.items() if ratio > 2]
    grew = [name for name in asked if asked_then[name] > asked[name]]
    yield (
        "all pages",
        {
            "median ratio": round(statistics.median(ratios.values()), 2),
            "above 2": "、".join(above) or "none",
            "grew": "、".join(grew) or "none",
        },
    )


def fill_pages() -> dict[str, int]:
    """Add a page of people to the villages that the forms for colleagues show, and of classes to
    book.
    """
    from django.utils import timezone

    from academy.models import Position, User
    from bench.stage import open_class
    from courses.views.browse import CLASSES_PER_PAGE
    from trainees.models import Posting, Trainee
    from trainees.on_behalf.colleagues import people_of
    from trainees.people.stroke_order import stroke_key
    from trainees.views.colleagues import PER_PAGE

    users = [User.objects.get(phone=phone) for phone in (COORDINATOR, TOWN)]
    villages = [people_of(user).order_by("village__code").first().village for user in users]
    position, key, today = Position.objects.first(), stroke_key("示例"), timezone.localdate()
    for place, village in enumerate(villages):
        phones = range(FIRST_PHONE + place * PER_PAGE, FIRST_PHONE + (place + 1) * PER_PAGE)
        people = User.objects.bulk_create(
            User(phone=str(phone), name=f"示例{phone}", is_sample=True) for phone in phones
        )
        trainees = Trainee.objects.bulk_create(
            Trainee(user=user, village=village, position=position, stroke_key=key)
            for user in people
        )
        Posting.objects.bulk_create(
            Posting(trainee=trainee, village=village, position=position, valid_from=today)
            for trainee in trainees
        )
    for number in range(CLASSES_PER_PAGE):
        open_class(f"BENCH-{number}", seats=PER_PAGE)
    return {"people": len(villages) * PER_PAGE, "classes": CLASSES_PER_PAGE}


def refresh_statistics() -> None:
    """What a database that has been running for a day has done by itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def places() -> dict[str, str]:
    """What the addresses of PAGES leave open: an open class, a full one, one of the cadre's …"""
    from django.utils import timezone

    from courses.models import Lesson, TrainingClass
    from courses.schedule.scheduling import season_of
    from plans.models import AnnualPlan
    from trainees.models import Enrolment

    now = timezone.now()
    coming = TrainingClass.objects.filter(
        status="open", booking_opens_at__lte=now, starts_at__gt=now
    )
    booked = Enrolment.objects.filter(trainee__user__phone=CADRE, status="booked")
    mine = coming.filter(enrolments__in=booked).first()
    return {
        "open": coming.exclude(enrolments__trainee__user__phone=CADRE).first().code,
        "full": coming.filter(waiting_count__gt=0).first().code,
        "booked": mine.code,
        "lesson": str(Lesson.objects.filter(training_class=mine).first().pk),
        "season": season_of(now),
        "plan": str(AnnualPlan.objects.first().pk),
    }


def forget_lists(client) -> None:
    """Leave no list as it was left: opened without a question it would lead to the last one."""
    from django.conf import settings

    from academy.web.remembering import KEPT_LISTS

    if settings.SESSION_COOKIE_NAME not in client.cookies:
        return
    session = client.session
    session.pop(KEPT_LISTS, None)
    session.save()


def times(names: dict[str, str], rounds: int) -> tuple[dict[str, float], dict[str, int]]:
    """The fastest time of each page in milliseconds, in this process, without a browser; and how
    many statements it asks once what is kept between pages is there.

    What else the machine does only adds to a time. The rounds go through all pages, so that a busy
    moment costs each of them one round and not one of them all.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from academy.models import User

    clients = {}
    for phone in {who for _name, _path, who in PAGES}:
        clients[phone] = Client(SERVER_NAME="127.0.0.1")
        if phone:
            clients[phone].force_login(User.objects.get(phone=phone))
    found: dict[str, list[float]] = {name: [] for name, _path, _who in PAGES}
    for _round in range(rounds):
        for name, path, who in PAGES:
            address = path.format(**names)
            forget_lists(clients[who])
            began = time.perf_counter()
            response = clients[who].get(address)
            found[name].append((time.perf_counter() - began) * 1000)
            if response.status_code != 200:
                raise SystemExit(f"{name}: {address} answers {response.status_code}.")
    asked = {}
    for name, path, who in PAGES:
        forget_lists(clients[who])
        with CaptureQueriesContext(connection) as queries:
            clients[who].get(path.format(**names))
        asked[name] = len(queries)
    return {name: min(spent) for name, spent in found.items()}, asked


if __name__ == "__main__":
    main()
