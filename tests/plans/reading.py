"""Reading the file of a plan as the preview does, nothing written; items as the model has them."""

from dataclasses import dataclass
from decimal import Decimal

from academy.imports import runs
from academy.models import ImportRow, ImportRun
from plans.imports.table_context import DECIMALS, context_of
from plans.models import Owner, PlanItem
from plans.timing import first_quarter
from tests.factories import NOW


@dataclass
class Line:
    """One row of the preview: an item that is not saved, or the reason why there is none."""

    row: int
    name: str
    item: PlanItem | None
    reason: str
    remarks: list[str]
    outcome: str


@dataclass
class Reading:
    rows: list[Line]
    warnings: list[dict]
    questions: list[dict]
    hidden: list[dict]

    @property
    def accepted(self) -> list[Line]:
        return [line for line in self.rows if line.item is not None]

    @property
    def rejected(self) -> list[Line]:
        return [line for line in self.rows if line.reason]


def read_plan(
    content: bytes,
    name: str = "plan.xlsx",
    *,
    owner: Owner,
    year: int = 2027,
    choices: dict | None = None,
) -> Reading:
    run = ImportRun(
        kind="plan",
        file_name=name,
        content=content,
        context=context_of(owner, year),
        choices=choices or {},
    )
    rows = runs.read_file(run, now=NOW)
    warnings = run.warnings + [
        {"sheet": row.sheet, "row": row.row, "reason": remark}
        for row in rows
        for remark in row.remarks
    ]
    return Reading([_line(row) for row in rows], warnings, run.questions, run.hidden)


def _line(row: ImportRow) -> Line:
    values = {
        name: Decimal(value) if name in DECIMALS else value for name, value in row.values.items()
    }
    item = PlanItem(**values, quarter=first_quarter(values["months"])) if values else None
    return Line(row.row, row.title, item, "；".join(row.reasons), row.remarks, row.outcome)
