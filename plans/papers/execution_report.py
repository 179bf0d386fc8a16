"""What the yearly execution report (年度执行报告) says, as plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..models import ExecutionReport
from .fields import day_in_words, money, whole


@dataclass(frozen=True)
class ReportLine:
    """A training that was held, or was planned and not held (0 people)."""

    name: str
    audience: str = ""
    content: str = ""
    time: str = ""
    place: str = ""
    people: int = 0
    staff: int | None = None  # None: nobody has counted
    spent: Decimal | None = None  # yuan
    funding: str = ""
    results: str = ""
    problems: str = ""


@dataclass(frozen=True)
class ReportOnPaper:
    """An execution report of one unit and year."""

    year: int
    owner: str
    today: date
    planned_count: int
    held_count: int
    results: str = ""
    problems: str = ""
    lines: Sequence[ReportLine] = ()


def on_paper(report: ExecutionReport, today: date) -> ReportOnPaper:
    """Return the report of a plan as its unit wrote it; results and problems of the whole are those
    of its trainings, one after the other.
    """
    rows = list(report.rows.all())
    return ReportOnPaper(
        year=report.plan.year,
        owner=report.plan.owner.name,
        today=today,
        planned_count=len(rows),
        held_count=sum(row.people > 0 for row in rows),
        results=_one_after_the_other((row.name, row.results) for row in rows),
        problems=_one_after_the_other((row.name, row.problems) for row in rows),
        lines=[
            ReportLine(
                name=row.name,
                audience=row.audience,
                content=row.content,
                time=row.held,
                place=row.place,
                people=row.people,
                staff=row.staff,
                spent=row.spent,
                funding=row.funding,
                results=row.results,
                problems=row.problems,
            )
            for row in rows
        ],
    )


def _one_after_the_other(said: Iterable[tuple[str, str]]) -> str:
    """班一：到课率高；班二：……。; 无。 where nothing was said."""
    parts = [f"{name}：{text.strip().rstrip('。；')}" for name, text in said if text.strip()]
    return "；".join(parts) + "。" if parts else "无。"


def report_values(report: ReportOnPaper) -> dict:
    """Return what the template's fields stand for; what nobody has counted is a dash."""
    spent = [line.spent for line in report.lines if line.spent is not None]
    return {
        "year": str(report.year),
        "owner": report.owner,
        "today": day_in_words(report.today),
        "planned_count": whole(report.planned_count),
        "held_count": whole(report.held_count),
        "people": whole(sum(line.people for line in report.lines)),
        "spent": money(sum(spent, Decimal(0))) if spent else "—",
        "results": report.results,
        "problems": report.problems,
        "lines": [
            {
                "number": str(number),
                "name": line.name,
                "audience": line.audience,
                "content": line.content,
                "time": line.time,
                "place": line.place,
                "people": whole(line.people),
                "staff": "—" if line.staff is None else whole(line.staff),
                "spent": "—" if line.spent is None else money(line.spent),
                "funding": line.funding,
                "results": line.results,
                "problems": line.problems,
            }
            for number, line in enumerate(report.lines, start=1)
        ],
    }
