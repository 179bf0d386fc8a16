"""Papers by their templates: which one counts, filling it, replacing it."""

import io
from datetime import datetime

from django.utils import timezone, translation
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from ..models import AnnualPlan, PaperKind, PaperTemplate
from .default_templates import default_template
from .execution_report import ReportOnPaper, report_values
from .fields import filing_values, year_values
from .template_check import fields_used
from .year_workbook import plans_of, units_of


def template_of(kind: PaperKind) -> bytes:
    """Return the office's template, or the portal's own where there is none."""
    kept = PaperTemplate.objects.filter(kind=kind).first()
    return bytes(kept.content) if kept else default_template(kind)


def replace_template(*, kind: PaperKind, content: bytes, name: str, by, now: datetime) -> list[str]:
    """Put the file in the place of the template; return the fields it names.

    Raises TemplateRefused.
    """
    fields = fields_used(content, kind)
    PaperTemplate.objects.update_or_create(
        kind=kind, defaults={"content": content, "name": name[:120], "by": by, "at": now}
    )
    return fields


def back_to_default(kind: PaperKind) -> None:
    """Let the portal's own template count again."""
    PaperTemplate.objects.filter(kind=kind).delete()


def filing_docx(plan: AnnualPlan) -> bytes:
    """The letter by which a plan is handed in, with its form."""
    with translation.override("zh-hans"):
        return _filled(PaperKind.FILING, filing_values(plan, timezone.localdate()))


def year_docx(year: int) -> bytes:
    """The overview of a year. Raises NothingToExport."""
    plans = plans_of(year)
    with translation.override("zh-hans"):
        return _filled(PaperKind.YEAR, year_values(year, units_of(plans)))


def report_docx(report: ReportOnPaper) -> bytes:
    """An execution report."""
    with translation.override("zh-hans"):
        return _filled(PaperKind.REPORT, report_values(report))


def _filled(kind: PaperKind, values: dict) -> bytes:
    document = DocxTemplate(io.BytesIO(template_of(kind)))
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    document.render(values, environment, autoescape=True)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
