"""Measure checking in by the code on the wall, with all rules on, against a bare Django view with
the two statements that write a mark and its history; print ratios.

`python -m bench.door --database postgres://…/empty`. One lesson, 8 and 32 clients.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from bench.load import Request, run
from bench.stage import PORT, TOKEN, cookies, open_class, server, stage, tell

ROUNDS = 3
PEOPLE = {8: 160, 32: 320}  # clients → how many people check in in a round


def lesson_with(code: str, people: list):
    """A lesson that begins in ten minutes; all of these people have a seat in its class."""
    from django.utils import timezone

    from trainees.models import Enrolment

    training_class, pool = open_class(code, len(people))
    starts_at = timezone.now() + timedelta(minutes=10)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    training_class.lessons.update(**times)
    type(training_class).objects.filter(pk=training_class.pk).update(**times)
    type(pool).objects.filter(pk=pool.pk).update(seats_taken=len(people))
    Enrolment.objects.bulk_create(
        Enrolment(
            trainee=person,
            training_class=training_class,
            pool=pool,
            status="booked",
            village_id=person.village_id,
            position_id=person.position_id,
            queued_at=timezone.now(),
            booked_by=person.user,
        )
        for person in people
    )
    return training_class.lessons.get()


def bare(lesson, people: list) -> list[Request]:
    from trainees.models import Enrolment

    seats = Enrolment.objects.filter(training_class=lesson.training_class_id)
    return [
        Request(f"/floor/check-in/{lesson.pk}/{seat}/{user}/", "POST")
        for seat, user in seats.order_by("pk").values_list("pk", "trainee__user")
    ]


def with_all_rules(lesson, people: list, signed_in: dict[int, str]) -> list[Request]:
    """What the page that a scan opens sends."""
    from django.core import signing
    from django.utils import timezone
    from django.utils.http import urlencode

    from trainees.views.wall import SCAN_SALT

    now = timezone.now().timestamp()
    found = []
    for person in people:
        scan = {"lesson": lesson.pk, "at": now, "person": person.user_id}
        body = {"csrfmiddlewaretoken": TOKEN, "scan": signing.dumps(scan, salt=SCAN_SALT)}
        found.append(Request(f"/in/{lesson.pk}/", "POST", signed_in[person.pk], urlencode(body)))
    return found


def settle(lesson, people: int) -> Counter:
    """What went wrong, and the way clear for the next round."""
    from trainees.models import Attendance, AttendanceChange

    wrong = Counter()
    wrong["not marked"] = people - Attendance.objects.filter(lesson=lesson).count()
    wrong["history"] = people - AttendanceChange.objects.filter(lesson=lesson).count()
    return +wrong


def measure(people: list, clients: int) -> dict:
    signed_in = cookies(people)
    ratios, rates, floors, faults, slowest = [], [], [], Counter(), 0.0
    for number in range(ROUNDS):
        lesson = lesson_with(f"F-{clients}-{number}", people)
        floors.append(run(PORT, bare(lesson, people), clients).per_second)
        faults += settle(lesson, len(people))
        lesson = lesson_with(f"C-{clients}-{number}", people)
        answered = run(PORT, with_all_rules(lesson, people, signed_in), clients)
        rates.append(answered.per_second)
        slowest = max(slowest, answered.slowest_seconds)
        faults += settle(lesson, len(people))
        faults += Counter(
            {f"status {key}": count for key, count in answered.statuses.items() if key != 302}
        )
    ratios = sorted(rate / floor for rate, floor in zip(rates, floors, strict=True))
    return {
        "ratio": round(median(ratios), 2),
        "from": round(ratios[0], 2),
        "to": round(ratios[-1], 2),
        "per_second": round(median(rates), 1),
        "floor_per_second": round(median(floors), 1),
        "slowest_seconds": round(slowest, 2),
        "faults": dict(faults),
    }


def rows() -> Iterator[tuple[str, dict]]:
    from django.db import connection

    from trainees.models import Trainee

    people = list(Trainee.objects.select_related("user", "village").order_by("pk"))
    with server():
        yield "database", {"vendor": connection.vendor, "rounds": ROUNDS}
        for clients, count in PEOPLE.items():
            yield f"check-in, {clients} clients", measure(people[:count], clients)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--database",
        default="",
        help="URL of an empty PostgreSQL database (default: a new SQLite file)",
    )
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with stage(wanted.database, people=max(PEOPLE.values())):
        tell(rows(), as_json=wanted.json)


if __name__ == "__main__":
    main()
