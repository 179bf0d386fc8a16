"""How long the workbook of a year takes, and the memory of it, beside the writer alone.

`python -m bench.exports --database postgres://…/empty` makes a year of 40 plans of 20 items and one
of 100,000 items, and writes each in a process of its own: with the portal, and the same number of
cells with the writer alone. Without a database it makes a SQLite file of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from bench.stage import stage, tell

SMALL, LARGE = 2031, 2032  # the years
SIZES = {SMALL: (40, 20), LARGE: (1_000, 100)}  # plans, items of each
ROUNDS = 3
WORDS = ("邻里走访", "矛盾早发现", "协商议事", "楼组自治", "垃圾分类", "防汛值守", "加装电梯")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", choices=["portal", "writer"], help=argparse.SUPPRESS)
    parser.add_argument("--year", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.child:
        return print(json.dumps(export(wanted.child, wanted.year)))
    with stage(wanted.database, 0):
        tell(measure(), as_json=wanted.json)


def measure() -> Iterator[tuple[str, dict]]:
    """Seconds and MiB of each year, the fastest of some rounds; portal and writer take turns."""
    for year, (plans, items) in SIZES.items():
        make_plans(year, plans, items)
        rounds = [(child("portal", year), child("writer", year)) for _round in range(ROUNDS)]
        portal, alone = (
            min(found, key=lambda figures: figures["seconds"])
            for found in zip(*rounds, strict=True)
        )
        yield (
            f"{plans} plans of {items} items",
            {
                **portal,
                "writer_alone_seconds": alone["seconds"],
                "writer_alone_MiB": alone["MiB"],
                "ratio": round(alone["seconds"] / portal["seconds"], 2),
            },
        )


def child(what: str, year: int) -> dict:
    """The figures of one export in a process of its own."""
    command = [sys.executable, "-m", "bench.exports", "--child", what, "--year", str(year)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def export(what: str, year: int) -> dict:
    """Write the year; seconds from the first query to the last byte, the most memory ever held."""
    import django

    django.setup()
    from bench.floor import write_rows
    from plans.papers.year_workbook import write_year
    from plans.workbook import YEAR_COLUMNS

    rows = SIZES[year][0] * SIZES[year][1]
    before = most_memory()
    with tempfile.TemporaryFile() as file:
        began = time.perf_counter()
        if what == "portal":
            write_year(year, file)
        else:
            cells = ["示例培训班", *["示例"] * 16, *[Decimal(8000)] * (len(YEAR_COLUMNS) - 17)]
            file.write(write_rows(cells for _row in range(rows)))
        seconds = round(time.perf_counter() - began, 2)
        size = file.tell() // 1024
    return {"seconds": seconds, "MiB": most_memory(), "MiB before": before, "kB": size}


def most_memory() -> int:
    """The most memory that this process ever held since it was started, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


def make_plans(year: int, plans: int, items: int) -> None:
    """So many plans of towns, each of so many different trainings."""
    from academy.models import Town
    from plans.models import AnnualPlan, PlanItem

    Town.objects.bulk_create(
        [
            Town(code=f"{year}{number:05}", name=f"示例{number}镇", kind="town")
            for number in range(plans)
        ]
    )
    towns = Town.objects.filter(code__startswith=str(year)).order_by("code")
    for town in towns:
        plan = AnnualPlan.objects.create(town=town, year=year)
        PlanItem.objects.bulk_create(
            [item(plan, number, PlanItem) for number in range(1, items + 1)]
        )


def item(plan, number: int, model):
    """A training; its words come round again every 49 numbers."""
    first, second = WORDS[number % 7], WORDS[number // 7 % 7]
    return model(
        plan=plan,
        number=number,
        name=f"{first}与{second}培训班{number}",
        organiser="示例镇人民政府",
        audience="楼组长",
        people=40,
        runs=2,
        months=f"{number % 12 + 1}月",
        quarter=number % 12 // 3 + 1,
        days=Decimal("0.5"),
        hours=Decimal(4),
        place="示例会客厅",
        content=f"{first}、{second}、{WORDS[number % 5]}",
        budget=Decimal(8000),
        funding="镇财政",
    )


if __name__ == "__main__":
    main()
