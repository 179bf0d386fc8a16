"""How fast the command box and the lists that are typed into answer among 100,000 people.

`python -m bench.picking --database postgres://…/empty` takes people with names as they are, asks
each address some rounds long in this process and prints the slowest and the usual answer. A
hundred thousand people are made unless `--people` says otherwise.
"""

import argparse
import logging
import random
import statistics
import time
from collections.abc import Iterator

from bench.growth import refresh_statistics
from bench.people import FIRST_PHONE, SEED, add_people
from bench.stage import stage, tell

ROUNDS = 20
MOST = 150  # milliseconds that an answer may take
AT = "day=2027-04-12&starts=13:30&ends=16:00"
TYPED = (
    ("name", "周敏华"),
    ("part of a name", "敏华"),
    ("surname", "周"),
    ("two letters", "zh"),
    ("pinyin", "zhouminhua"),
    ("pinyin, unfinished", "zhoumin"),
    ("initials", "zmh"),
    ("typed wrong", "周敏花花"),
    ("end of the number", "0042"),
    ("whole number", str(FIRST_PHONE + 42)),
    ("unit", "dahua"),
    ("course", "dianti"),
    ("course in Chinese", "电梯加装"),
    ("nothing found", "wqxz"),
)
LISTS = ("person", "course", "class", "village", "room", "expert", "teacher")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with stage(wanted.database, 0):
        tell(measure(wanted.people), as_json=wanted.json)


def measure(people: int) -> Iterator[tuple[str, dict]]:
    """Each address with its usual and its slowest answer in milliseconds."""
    logging.disable(logging.CRITICAL)
    add_people(random.Random(SEED), people)
    refresh_statistics()
    for name, spent in times().items():
        usual, slowest = statistics.median(spent), max(spent)
        yield (
            name,
            {"usual ms": round(usual), "slowest ms": round(slowest), "fits": usual <= MOST},
        )


def times() -> dict[str, list[float]]:
    """The times of each address, after one answer that nobody counts."""
    from django.test import Client

    from academy.models import RoleGrant, User

    user, is_new = User.objects.get_or_create(phone="19900009999", name="示例", is_sample=True)
    if is_new:
        RoleGrant.objects.create(user=user, role="administrator")
    client = Client(SERVER_NAME="127.0.0.1", headers={"X-Requested-With": "fetch"})
    client.force_login(user)
    asked = {
        **{f"command box, {name}": ("/manage/find/", typed) for name, typed in TYPED},
        **{f"person, {name}": ("/manage/pick/person/", typed) for name, typed in TYPED[:10]},
        **{f"{kind}, typed": (f"/manage/pick/{kind}/?{AT}", "dian") for kind in LISTS},
        **{f"{kind}, all": (f"/manage/pick/{kind}/?{AT}", "") for kind in LISTS},
    }
    found: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(ROUNDS + 1):
        for name, (address, typed) in asked.items():
            sign = "&" if "?" in address else "?"
            began = time.perf_counter()
            response = client.get(f"{address}{sign}q={typed}")
            if response.status_code != 200:
                raise SystemExit(f"{name} answers {response.status_code}.")
            if turn:
                found[name].append((time.perf_counter() - began) * 1000)
    return found


if __name__ == "__main__":
    main()
