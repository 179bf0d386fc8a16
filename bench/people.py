"""How the list of people answers with 1,000 people and with 100,000.

`python -m bench.people --database postgres://…/empty` makes 1,000 people with names as they are,
times the list, what is typed into it and its filters in this process, adds people up to 100,000,
times the same again and prints the ratios. Without a database it makes a SQLite file of its own.
"""

import argparse
import logging
import random
import time
from collections.abc import Iterator

from bench.growth import refresh_statistics
from bench.stage import stage, tell

FIRST_PHONE = 19920000000
FEW = 50  # one of so many has never logged in, another one has no growth stage
ROUNDS = 15  # requests of each address; the fastest is what is printed
SEED = 2027
ADDRESSES = (
    ("first page", "?page=1"),  # the bare address goes back to the filters left last
    ("page 30", "?page=30"),
    ("name", "?q=周敏华"),
    ("part of a name", "?q=敏华"),
    ("pinyin", "?q=zhouminhua"),
    ("pinyin, unfinished", "?q=zhoumin"),
    ("initials", "?q=zmh"),
    ("surname", "?q=周"),
    ("typed wrong", "?q=周敏花花"),
    ("end of the number", "?q=0042"),
    ("whole number", f"?q={FIRST_PHONE + 42}"),
    ("unit", "?q=dahua"),
    ("unit and name", "?q=大华+周"),
    ("post", "?q=书记"),
    ("street-town", "?town=310113102"),
    ("state", "?status=working"),
    ("never logged in", "?status=never"),
    ("without a stage", "?stage=none"),
    ("role", "?role=town_staff"),
    ("suspended", "?status=suspended"),
    ("staff", "?status=staff"),
    ("nothing found", "?q=wqxz"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with stage(wanted.database, 0):
        tell(measure(wanted.few, wanted.many), as_json=wanted.json)


def measure(few: int, many: int) -> Iterator[tuple[str, dict]]:
    """Each address with its time among few and among many people, and the ratio."""
    logging.disable(logging.CRITICAL)
    chance = random.Random(SEED)
    add_people(chance, 0, few)
    refresh_statistics()
    before = times()
    began = time.perf_counter()
    add_people(chance, few, many)
    yield "added", {"people": many - few, "seconds": round(time.perf_counter() - began)}
    refresh_statistics()
    after = times()
    for name, _address in ADDRESSES:
        yield (
            name,
            {
                "before ms": round(before[name], 1),
                "after ms": round(after[name], 1),
                "ratio": round(after[name] / before[name], 2),
            },
        )


def add_people(chance: random.Random, first: int, last: int) -> None:
    """People with number `first` up to `last`, in every village and post, with their keys."""
    from django.utils import timezone

    from academy.models import GrowthStage, PersonKey, Position, User, Village
    from academy.people_keys import keys_of
    from portal.demonstration.accounts import GIVEN, SURNAMES
    from portal.demonstration.bulk_rows import write_rows
    from trainees.models import Trainee
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
            for number in range(first, last)
        ),
    )
    people = list(User.objects.filter(phone__gte=str(FIRST_PHONE + first)).order_by("pk"))
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


def times() -> dict[str, float]:
    """The fastest time of each address in milliseconds, for the office."""
    from django.test import Client

    from academy.models import RoleGrant, User

    user, is_new = User.objects.get_or_create(phone="19900009999", name="示例", is_sample=True)
    if is_new:
        RoleGrant.objects.create(user=user, role="district_staff")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    found: dict[str, list[float]] = {name: [] for name, _address in ADDRESSES}
    for _round in range(ROUNDS):
        for name, address in ADDRESSES:
            began = time.perf_counter()
            response = client.get(f"/manage/people/{address}")
            found[name].append((time.perf_counter() - began) * 1000)
            if response.status_code != 200:
                raise SystemExit(f"{name} answers {response.status_code}.")
    return {name: min(spent) for name, spent in found.items()}


if __name__ == "__main__":
    main()
