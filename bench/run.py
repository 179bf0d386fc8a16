"""Measure the portal side by side with the floor, in one run; print ratios. `python -m bench.run
--help` tells the rest.

It makes a database of its own, starts the server twice over the same code, and stops by itself.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from bench.load import Request, Result, run
from bench.stage import PORT, cookies, open_class, resident_mib, server, stage, tell

PAGE_REQUESTS, ROUNDS = 200, 3
PEOPLE = 200
CLIENTS = 8
PEOPLE_IN_CLASS, OTHER_BOOKINGS = 20, 5  # so that the pages have something to say
CATALOGUE = "/courses/?per_page=100"


def pages(person_cookie: str, class_code: str) -> Iterator[tuple[str, dict]]:
    """Pages against the bare view, alternating so that a drift of the machine hits both.

    The rows of the catalogue come drawn from the cache, while the floor draws its own each time;
    `uncached` below says what it costs without.
    """
    yield from side_by_side(
        {
            "catalogue, signed in": Request(CATALOGUE, cookie=person_cookie),
            "catalogue, visitor": Request(CATALOGUE),
            "class page, signed in, booked": Request(
                f"/classes/{class_code}/", cookie=person_cookie
            ),
            "class page, visitor": Request(f"/classes/{class_code}/"),
        }
    )


def uncached() -> Iterator[tuple[str, dict]]:
    """The visitor's catalogue behind a server whose cache keeps nothing."""
    yield from side_by_side({"catalogue, visitor, no cache": Request(CATALOGUE)})


def side_by_side(targets: dict[str, Request]) -> Iterator[tuple[str, dict]]:
    floor = Request("/floor/rows/")
    for name, request in targets.items():
        floors, found = [], []
        for _round in range(ROUNDS):
            floors.append(run(PORT, [floor] * PAGE_REQUESTS, CLIENTS))
            found.append(run(PORT, [request] * PAGE_REQUESTS, CLIENTS))
        yield name, compared(floors, found)


def compared(floors: list[Result], found: list[Result]) -> dict:
    """The ratios of the rounds, or no ratio at all when any answer was not a page."""
    statuses = sum((Counter(result.statuses) for result in [*floors, *found]), Counter())
    if set(statuses) != {200}:
        return {"no ratio, answers by status": dict(statuses)}
    pairs = zip(found, floors, strict=True)
    ratios = sorted(page.per_second / base.per_second for page, base in pairs)
    return {
        "ratio": round(median(ratios), 2),
        "from": round(ratios[0], 2),
        "to": round(ratios[-1], 2),
        "per_second": round(median(page.per_second for page in found), 1),
        "floor_per_second": round(median(base.per_second for base in floors), 1),
        "body_bytes": found[0].body_bytes,
    }


def a_class_with_people():
    """An open class with a seat for each of PEOPLE_IN_CLASS, and the first of those people."""
    from django.utils import timezone

    from trainees.booking.enrolling import book
    from trainees.models import Trainee

    training_class, _pool = open_class("PAGE", PEOPLE_IN_CLASS + 10)
    others = [open_class(f"OTHER-{number}", 20)[0] for number in range(OTHER_BOOKINGS)]
    people = list(Trainee.objects.with_profile().select_related("user")[:PEOPLE_IN_CLASS])
    for number, other in enumerate(others, start=1):
        move(other, timedelta(days=number))  # beside the others, not at the same time
    for person in people:
        book(trainee=person, training_class=training_class, by=person.user, now=timezone.now())
    for other in others:
        book(trainee=people[0], training_class=other, by=people[0].user, now=timezone.now())
    return training_class, people[0]


def move(training_class, by: timedelta) -> None:
    """Hold the class so much later."""
    from django.db.models import F

    training_class.lessons.update(starts_at=F("starts_at") + by, ends_at=F("ends_at") + by)
    training_class.starts_at += by
    training_class.ends_at += by
    training_class.save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--database",
        default="",
        help="URL of an empty PostgreSQL database (default: a new SQLite file)",
    )
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with stage(wanted.database, people=PEOPLE):
        tell(measure(), as_json=wanted.json)


def measure() -> Iterator[tuple[str, dict]]:
    """Everything, one row after the other as it is known."""
    from django.db import connection

    training_class, someone = a_class_with_people()
    with server() as (process, first_page):
        yield (
            "start",
            {
                "database": connection.vendor,
                "seconds to the first page": round(first_page, 2),
                "worker MiB": resident_mib(process),
            },
        )
        yield from pages(cookies([someone])[someone.pk], training_class.code)
        yield "after all this", {"worker MiB": resident_mib(process)}
    with server(BENCH_CACHE="off"):
        yield from uncached()


if __name__ == "__main__":
    main()
