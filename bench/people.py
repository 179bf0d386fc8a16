"""How the pages of people answer with 1,000 people and with 100,000.

`python -m bench.people --database postgres://…/empty` makes two schemas in the database, one with
few people and one with many, with names as they are, and a process for each. It asks both for the
same page in turn, so that what else the machine does falls on both, and prints the ratios. Without
a database each process makes a SQLite file of its own.
"""

import argparse
import logging
import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from bench.growth import refresh_statistics
from bench.stage import stage, tell

FIRST_PHONE = 19920000000
FEW = 50  # one of so many has never logged in, another one has no growth stage
ROUNDS = 15  # requests of each address, in turn with few people and with many
SEED = 2027
PEOPLE = "/manage/people/"
ADDRESSES = (
    ("first page", f"{PEOPLE}?page=1"),  # the bare address goes back to the filters left last
    ("page 30", f"{PEOPLE}?page=30"),
    ("name", f"{PEOPLE}?q=周敏华"),
    ("part of a name", f"{PEOPLE}?q=敏华"),
    ("pinyin", f"{PEOPLE}?q=zhouminhua"),
    ("pinyin, unfinished", f"{PEOPLE}?q=zhoumin"),
    ("initials", f"{PEOPLE}?q=zmh"),
    ("surname", f"{PEOPLE}?q=周"),
    ("typed wrong", f"{PEOPLE}?q=周敏花花"),
    ("end of the number", f"{PEOPLE}?q=0042"),
    ("whole number", f"{PEOPLE}?q={FIRST_PHONE + 42}"),
    ("unit", f"{PEOPLE}?q=dahua"),
    ("unit and name", f"{PEOPLE}?q=大华+周"),
    ("post", f"{PEOPLE}?q=书记"),
    ("street-town", f"{PEOPLE}?town=310113102"),
    ("state", f"{PEOPLE}?status=working"),
    ("never logged in", f"{PEOPLE}?status=never"),
    ("without a stage", f"{PEOPLE}?stage=none"),
    ("role", f"{PEOPLE}?role=town_staff"),
    ("suspended", f"{PEOPLE}?status=suspended"),
    ("staff", f"{PEOPLE}?status=staff"),
    ("nothing found", f"{PEOPLE}?q=wqxz"),
    ("twice on file", f"{PEOPLE}duplicates/?page=1"),
    ("twice, of a town", f"{PEOPLE}duplicates/?town=310113102"),
    ("rosters", "/manage/rosters/?page=1"),
    ("roster of a town", "/manage/rosters/?town=310113102"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with asked(wanted.database, wanted.few) as few, asked(wanted.database, wanted.many) as many:
        tell(measure(few, many), as_json=wanted.json)


def measure(few: Connection, many: Connection) -> Iterator[tuple[str, dict]]:
    """Each address with its times among few and among many people; the ratio is the median of the
    ratios of all rounds.
    """
    yield "few", few.recv()
    yield "many", many.recv()
    for name, address in ADDRESSES:
        before, after = [], []
        for _round in range(ROUNDS):
            for people, spent in ((few, before), (many, after)):
                people.send(address)
                spent.append(people.recv()["ms"])
        ratios = [two / one for one, two in zip(before, after, strict=True)]
        yield (
            name,
            {
                "few ms": round(min(before), 1),
                "many ms": round(min(after), 1),
                "ratio": round(statistics.median(ratios), 2),
            },
        )
    many.send(f"{PEOPLE}?export=xlsx")
    yield "workbook of many", many.recv()


@contextmanager
def asked(database: str, people: int) -> Iterator[Connection]:
    """A process with so many people: it says what it has made, and then answers each address that
    is sent with its milliseconds.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=answer, args=(theirs, database, people)
    )
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join()


def answer(asking: Connection, database: str, people: int) -> None:
    """Make the people and time the addresses that are asked for until nobody asks any more."""
    if database:
        make_schema(database, f"people_{people}")
    logging.disable(logging.CRITICAL)
    with stage(database, 0):
        began = time.perf_counter()
        add_people(random.Random(SEED), people)
        refresh_statistics()
        asking.send({"people": people, "seconds": round(time.perf_counter() - began)})
        client = office()
        while True:
            try:
                address = asking.recv()
            except EOFError:
                return
            began = time.perf_counter()
            response = client.get(address)
            size = sum(map(len, response))  # a workbook is read to its end
            spent = (time.perf_counter() - began) * 1000
            if response.status_code != 200:
                raise SystemExit(f"{address} answers {response.status_code}.")
            asking.send({"ms": round(spent, 1), "bytes": size})


def make_schema(database: str, name: str) -> None:
    """An empty schema, which every connection of this process works in."""
    import psycopg2

    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {name}")
    os.environ["PGOPTIONS"] = f"-c search_path={name}"


def add_people(chance: random.Random, count: int) -> None:
    """People in every village and post, each since the same day, with their keys."""
    from django.utils import timezone

    from academy.models import GrowthStage, PersonKey, Position, User, Village
    from academy.people_keys import keys_of
    from portal.demonstration.accounts import GIVEN, SURNAMES
    from portal.demonstration.bulk_rows import write_rows
    from trainees.models import Posting, Trainee
    from trainees.people.stroke_order import stroke_key

    villages = list(Village.objects.order_by("code").values_list("pk", flat=True))
    positions = list(Position.objects.order_by("pk").values_list("pk", flat=True))
    stages = list(GrowthStage.objects.order_by("pk").values_list("pk", flat=True))
    seen = timezone.now()
    write_rows(
        User,
        ("phone", "name", "is_sample", "last_login"),
        (
            (
                str(FIRST_PHONE + number),
                chance.choice(SURNAMES) + chance.choice(GIVEN),
                True,
                None if number % FEW == 0 else seen,
            )
            for number in range(count)
        ),
    )
    people = list(User.objects.filter(phone__gte=str(FIRST_PHONE)).order_by("pk"))
    write_rows(
        PersonKey,
        ("person_id", "key"),
        ((person.pk, key) for person in people for key in sorted(keys_of(person))),
    )
    write_rows(
        Trainee,
        ("user_id", "village_id", "position_id", "stage_id", "stroke_key"),
        (
            (
                person.pk,
                chance.choice(villages),
                chance.choice(positions),
                None if number % FEW == 1 else chance.choice(stages),
                stroke_key(person.name),
            )
            for number, person in enumerate(people)
        ),
    )
    held = Trainee.objects.values_list("pk", "village", "position").order_by("pk")
    write_rows(
        Posting,
        ("trainee_id", "village_id", "position_id", "valid_from", "is_extra"),
        ((*post, seen.date(), False) for post in held.iterator()),
    )


def office():
    """A client that is logged in as the office."""
    from django.test import Client

    from academy.models import RoleGrant, User

    user = User.objects.create(phone="19900009999", name="示例", is_sample=True)
    RoleGrant.objects.create(user=user, role="district_staff")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


if __name__ == "__main__":
    main()
