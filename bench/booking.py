"""Measure booking with all rules on against a bare Django view with the two statements, in one run;
print ratios and where the time goes.

`python -m bench.booking --database postgres://…/empty`. One hot class and 100 classes, 8 and 32
clients.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from bench.load import Request, Result, run
from bench.stage import PORT, TOKEN, cookies, open_class, server, stage, tell

ROUNDS = 3
PEOPLE = {8: 200, 32: 320}  # clients → how many people book in a round
CLASSES = {"one hot class": 1, "100 classes": 100}
SEED = 4


class Rules:
    """What makes every rule speak: the people have a stage, a training of last year and another
    class ahead; classes ask for all of it.
    """

    def __init__(self, people) -> None:
        from django.utils import timezone

        from academy.models import GrowthStage, Town
        from courses.models import Course, CourseVersion
        from trainees.models import Attendance, EnrolmentStatus, Trainee

        self.people, self.now = people, timezone.now()
        self.stage, self.towns = GrowthStage.objects.first(), list(Town.objects.all())
        Trainee.objects.filter(pk__in=[person.pk for person in people]).update(stage=self.stage)
        asks_for_nothing = CourseVersion.objects.filter(
            course__prerequisites__isnull=True
        ).order_by("course__code")
        self.versions = list(asks_for_nothing[:2])  # the one taken, the one taught now
        self.taken = Course.objects.get(pk=self.versions[0].course_id)

        past = self._class(
            "BEFORE",
            len(people),
            version=self.versions[0],
            starts_at=self.now - timedelta(days=365),
            status="closed",
        )
        completed = self._seats(past, EnrolmentStatus.COMPLETED)
        lesson = past.lessons.get()
        Attendance.objects.bulk_create(
            Attendance(
                enrolment=enrolment,
                lesson=lesson,
                status="present",
                marked_by=enrolment.booked_by,
                marked_at=self.now,
            )
            for enrolment in completed
        )
        self._seats(
            self._class(
                "AHEAD",
                len(people),
                version=self.versions[0],
                starts_at=self.now + timedelta(days=40),
            ),
            EnrolmentStatus.BOOKED,
        )

    def _class(self, code: str, seats: int, *, version, starts_at, **fields):
        training_class, _pool = open_class(code, seats)
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        training_class.lessons.update(course_version=version, **times)
        for name, value in (times | fields).items():
            setattr(training_class, name, value)
        training_class.save()
        return training_class

    def _seats(self, training_class, status: str) -> list:
        from trainees.models import Enrolment

        pool = training_class.pools.get()
        training_class.pools.update(seats_taken=len(self.people))
        return Enrolment.objects.bulk_create(
            Enrolment(
                trainee=person,
                training_class=training_class,
                pool=pool,
                status=status,
                village_id=person.village_id,
                position_id=person.position_id,
                queued_at=self.now,
                booked_by=person.user,
            )
            for person in self.people
        )

    def strict_class(self, code: str, people):
        """A class with just enough seats that asks for post, stage, town and a course taken; a
        quota for each of two towns.
        """
        from courses.models import SeatPool
        from courses.schedule.conditions import set_conditions

        training_class = self._class(
            code, len(people), version=self.versions[1], starts_at=self.now + timedelta(days=60)
        )
        set_conditions(
            training_class,
            audiences=[people[0].position_id],
            stages=[self.stage],
            towns=self.towns,
            prerequisites=[self.taken],
        )
        from_town = Counter(person.village.town_id for person in people).most_common(2)
        training_class.pools.update(seats=len(people) - sum(seats for _town, seats in from_town))
        SeatPool.objects.bulk_create(
            SeatPool(
                training_class=training_class,
                town_id=town,
                seats=seats,
                release_at=training_class.booking_closes_at,
            )
            for town, seats in from_town
        )
        return training_class


def shared_out(people: list, classes: int) -> list[list]:
    """Who books which class."""
    return [people[number::classes] for number in range(classes)]


def bare(name: str, groups: list[list]) -> tuple[list[Request], list]:
    """The two statements for each person."""
    made, requests = [], {}
    for number, group in enumerate(groups):
        training_class, pool = open_class(f"{name}-{number}", len(group))
        made.append(training_class)
        for person in group:
            requests[person.pk] = Request(
                f"/floor/book/{pool.pk}/{person.pk}/?class={training_class.pk}&village={person.village_id}&position={person.position_id}&user={person.user_id}",
                method="POST",
            )
    return _in_any_order(requests), made


def with_all_rules(
    name: str, groups: list[list], rules: Rules, signed_in: dict[int, str]
) -> tuple[list[Request], list]:
    """A tap on the button for each person."""
    made, requests = [], {}
    for number, group in enumerate(groups):
        training_class = rules.strict_class(f"{name}-{number}", group)
        made.append(training_class)
        for person in group:
            requests[person.pk] = Request(
                f"/classes/{training_class.code}/book/",
                "POST",
                signed_in[person.pk],
                f"csrfmiddlewaretoken={TOKEN}",
            )
    return _in_any_order(requests), made


def _in_any_order(requests: dict[int, Request]) -> list[Request]:
    """The same order of people in every round, and not class by class."""
    keys = sorted(requests)
    random.Random(SEED).shuffle(keys)
    return [requests[key] for key in keys]


def settle(made: list, people: int) -> Counter:
    """What went wrong in these classes; then their bookings end, so that nobody's next one clashes
    with them.
    """
    from django.db.models import F

    from courses.models import SeatPool
    from trainees.models import Enrolment, EnrolmentEvent

    of_these = Enrolment.objects.filter(training_class__in=made)
    held, pools = (
        of_these.holding_a_seat().count(),
        SeatPool.objects.filter(training_class__in=made),
    )
    wrong = Counter()
    wrong["not booked"] = max(people - held, 0)
    wrong["oversold"] = max(held - sum(training_class.capacity for training_class in made), 0)
    wrong["pools out of step"] = pools.exclude(seats_taken=F("seats")).count()
    EnrolmentEvent.objects.filter(enrolment__in=of_these).delete()
    of_these.delete()
    return +wrong


def measure(rules: Rules, people: list, clients: int, classes: int, name: str) -> dict:
    """Rounds that alternate between the floor and the portal, so that a drift of the machine hits
    both.
    """
    groups, signed_in = shared_out(people, classes), cookies(people)
    floors, rates, faults, slowest = [], [], Counter(), 0.0
    for number in range(ROUNDS):
        requests, made = bare(f"F{name}-{clients}-{number}", groups)
        floors.append(run(PORT, requests, clients).per_second)
        faults += settle(made, len(people))
        requests, made = with_all_rules(f"B{name}-{clients}-{number}", groups, rules, signed_in)
        answered = run(PORT, requests, clients)
        rates.append(answered.per_second)
        slowest = max(slowest, answered.slowest_seconds)
        faults += settle(made, len(people)) + _errors(answered)
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


def _errors(result: Result) -> Counter:
    return Counter(
        {f"status {status}": count for status, count in result.statuses.items() if status != 302}
    )


def shares(rules: Rules, people: list, clients: int) -> dict[str, str]:
    """Step of a booking → its share of the server's time on one hot class, and milliseconds for one
    booking.
    """
    signed_in, spent = cookies(people), Counter()
    for number in range(ROUNDS):
        requests, made = with_all_rules(f"T-{clients}-{number}", [people], rules, signed_in)
        spent += Counter(run(PORT, requests, clients).timings)
        settle(made, len(people))
    whole = sum(spent.values())
    return {
        step: f"{spent[step] / whole:.0%} ({spent[step] / ROUNDS / len(people):.2f} ms)"
        for step in sorted(spent, key=spent.get, reverse=True)
    }


def rows() -> Iterator[tuple[str, dict]]:
    from django.db import connection

    from trainees.models import Trainee

    people = list(Trainee.objects.select_related("user", "village").order_by("pk"))
    rules = Rules(people)
    with server():
        yield "database", {"vendor": connection.vendor, "rounds": ROUNDS}
        for name, classes in CLASSES.items():
            for clients, count in PEOPLE.items():
                yield (
                    f"{name}, {clients} clients",
                    measure(rules, people[:count], clients, classes, str(classes)),
                )
    with server("bench.steps"):
        for clients, count in PEOPLE.items():
            yield f"share of server time, {clients} clients", shares(rules, people[:count], clients)


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
