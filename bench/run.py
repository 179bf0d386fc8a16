"""Measure the portal side by side with the floor, in one run; print ratios. `python -m bench.run --help` tells the rest.

It makes a database of its own, starts the server twice over the same code, and stops by itself.
"""

import argparse
import time

from bench.stage import PORT, cookies, open_class, resident_mib, server, stage, tell

PAGE_REQUESTS, ROUNDS = 200, 3
PEOPLE = 200
PLANS, ITEMS = 50, 100  # of the exported year: 5,000 rows


def pages(person_cookie: str):
    """Pages against the bare view, alternating so that a drift of the machine hits both."""
    from bench.load import Request, run

    some_class, _pool = open_class("PAGE", 20)
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
    with stage(wanted.database, people=PEOPLE):
        tell(measure(), as_json=wanted.json)


def measure():
    """Everything, one row after the other as it is known."""
    from django.db import connection

    from trainees.models import Trainee

    someone = Trainee.objects.select_related("user").first()
    with server() as (process, first_page):
        yield "start", {"database": connection.vendor, "seconds to the first answer": round(first_page, 2), "worker MiB": resident_mib(process)}
        yield from pages(cookies([someone])[someone.pk])
        yield "after all this", {"worker MiB": resident_mib(process)}
    yield "workbook of a year", exports()


if __name__ == "__main__":
    main()
