"""Plans as files: which formats there are, and the file of a plan or of a year."""

from ..models import AnnualPlan
from ..workbook import export_plan_csv, export_plan_xlsx, export_year_csv
from .year_workbook import write_year

FORMATS = ("xlsx", "csv")


def export_year(year: int, file_format: str) -> bytes:
    """Every plan of the year. Raises NothingToExport."""
    return write_year(year) if file_format == "xlsx" else export_year_csv(year)


def export_plan(plan: AnnualPlan, file_format: str) -> bytes:
    """One plan."""
    return export_plan_xlsx(plan) if file_format == "xlsx" else export_plan_csv(plan)


def file_name(year: int, file_format: str, plan: AnnualPlan | None = None) -> str:
    """Return the Chinese name of the file: of one plan, or of the year."""
    return f"{year}年度培训方案{'-' + plan.owner.name if plan else '汇总'}.{file_format}"
