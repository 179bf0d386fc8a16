"""How long a roster of 10,000 rows takes: preview, import and undoing it, and the memory of it.

`python -m bench.roster --database postgres://…/empty` writes an Excel file of invented people,
reads it as the portal does and prints seconds and the most memory this process ever held.
Without a database it makes a SQLite file of its own.
"""

import argparse
import io
import logging
import random
import resource
import time
from collections.abc import Callable, Iterator

from bench.stage import stage, tell

FIRST_PHONE = 19930000000
SEED = 2027
HEADINGS = ("姓名", "手机号码", "街镇", "居村", "职务", "任职时间", "备注")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with stage(wanted.database, 0):
        tell(measure(wanted.rows), as_json=wanted.json)


def measure(rows: int) -> Iterator[tuple[str, dict]]:
    """Seconds and MiB of each step of one import."""
    from django.utils import timezone

    from academy.imports.runs import confirm, counts_of, preview, undo
    from academy.models import RoleGrant, User

    logging.disable(logging.CRITICAL)
    office = User.objects.create(phone="19900009998", name="示例", is_sample=True)
    RoleGrant.objects.create(user=office, role="district_staff")
    content = workbook(rows)
    yield "file", {"rows": rows, "kB": len(content) // 1024, "MiB": most_memory()}
    now = timezone.now()
    run, figures = timed(
        lambda: preview(kind="roster", content=content, name="roster.xlsx", by=office, now=now)
    )
    yield "preview", figures | counts_of(run.rows.all())
    _run, figures = timed(lambda: confirm(run=run, now=now))
    yield "import", figures | {"people": User.objects.count()}
    _run, figures = timed(lambda: undo(run=run, by=office, now=now))
    yield "undo", figures | {"people": User.objects.count()}


def workbook(rows: int) -> bytes:
    """An Excel file with so many people, each in a village and a post that the portal knows."""
    from openpyxl import Workbook

    from academy.models import Position, Village
    from portal.demonstration.accounts import GIVEN, SURNAMES

    chance = random.Random(SEED)
    villages = list(Village.objects.select_related("town").order_by("code"))
    posts = list(Position.objects.order_by("pk").values_list("name", flat=True))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    sheet.append(HEADINGS)
    for number in range(rows):
        village = chance.choice(villages)
        sheet.append(
            (
                chance.choice(SURNAMES) + chance.choice(GIVEN),
                str(FIRST_PHONE + number),
                village.town.name,
                village.name,
                chance.choice(posts),
                "2025-07-01",
                "",
            )
        )
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def timed(step: Callable) -> tuple:
    """What a step returns, and its seconds and memory."""
    began = time.perf_counter()
    done = step()
    return done, {"seconds": round(time.perf_counter() - began, 1), "MiB": most_memory()}


def most_memory() -> int:
    """The most memory that this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
