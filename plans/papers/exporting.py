"""Plans as files: which formats there are, and the file of a plan or of a year."""

from django.utils import timezone

from ..models import AnnualPlan, ExecutionReport
from ..workbook import export_plan_csv, export_plan_xlsx, export_year_csv
from .execution_report import on_paper
from .rendering import filing_docx, report_docx, year_docx
from .year_workbook import write_year

FORMATS = ("xlsx", "docx", "csv")


def export_year(year: int, file_format: str) -> bytes:
    """Every plan of the year. Raises NothingToExport."""
    return {"xlsx": write_year, "docx": year_docx, "csv": export_year_csv}[file_format](year)


def export_plan(plan: AnnualPlan, file_format: str) -> bytes:
    """One plan."""
    writers = {"xlsx": export_plan_xlsx, "docx": filing_docx, "csv": export_plan_csv}
    return writers[file_format](plan)


def export_report(report: ExecutionReport) -> bytes:
    """The execution report of one plan, as a document by the template that counts."""
    return report_docx(on_paper(report, timezone.localdate()))


def report_file_name(report: ExecutionReport) -> str:
    """Return the Chinese name of the file."""
    return f"{report.plan.year}年度培训执行报告-{report.plan.owner.name}.docx"


def file_name(year: int, file_format: str, plan: AnnualPlan | None = None) -> str:
    """Return the Chinese name of the file: of one plan, or of the year."""
    return f"{year}年度培训方案{'-' + plan.owner.name if plan else '汇总'}.{file_format}"
