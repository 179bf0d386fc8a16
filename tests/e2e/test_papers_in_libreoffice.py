"""The workbooks of plans on paper, as LibreOffice prints them. Run by `bin/test --long`."""

import subprocess
from datetime import date

import pytest

from plans.papers.execution_report import ReportLine, ReportOnPaper
from plans.papers.exporting import export_plan, export_year
from plans.papers.rendering import filing_docx, report_docx

from ..factories import TownFactory
from ..plans.factories import drafted
from .paper import read
from .test_papers import A4_ACROSS, LEAST, long_plan

pytestmark = pytest.mark.django_db


def printed(content: bytes, name: str, folder, kind: str = "xlsx"):
    """The file as a PDF."""
    workbook = folder / f"{name}.{kind}"
    workbook.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        folder,
        workbook,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return read((folder / f"{name}.pdf").read_bytes())


def test_the_form_of_a_plan(tmp_path):
    form = printed(export_plan(long_plan(items=12), "xlsx"), "form", tmp_path)

    assert (form.size, form.smallest >= LEAST) == (A4_ACROSS, True)
    assert form.pages == 2 * sum("主办单位" in text for text in form.texts)
    assert all("培训班名称" in text for text in form.texts)


def test_the_workbook_of_the_year(tmp_path):
    long_plan(items=12)
    for number in range(6):
        drafted(town=TownFactory(code=f"31011380{number}"))

    year = printed(export_year(2027, "xlsx"), "year", tmp_path)

    assert year.smallest >= LEAST
    items = [text for text in year.texts if "培训班名称" in text]
    assert len(items) == 2 * sum("主办单位" in text for text in items)
    assert any("未建方案" in text or "起草中" in text for text in year.texts)


def test_the_letter_with_its_form_and_the_report(tmp_path):
    plan = long_plan(items=12)
    lines = [ReportLine(f"骨干班{number}", "楼组长", people=40) for number in range(12)]
    report = ReportOnPaper(2027, "示例镇", date(2027, 12, 1), 12, 12, "好", "无", lines)

    letter = printed(filing_docx(plan), "letter", tmp_path, "docx")
    paper = printed(report_docx(report), "report", tmp_path, "docx")

    assert letter.texts[0].count("的函") == 1
    rows = [text for text in letter.texts[1:] if "培训班名称" in text.replace("\n", "")]
    assert len(rows) == letter.pages - 1  # headings are repeated on every page of the form
    assert "—1—" in "".join(letter.texts[0].split())
    assert "12" in paper.texts[-1]
