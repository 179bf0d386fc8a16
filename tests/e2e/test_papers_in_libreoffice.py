"""The workbooks of plans on paper, as LibreOffice prints them. Run by `bin/test --long`."""

import subprocess

import pytest

from plans.papers.exporting import export_plan, export_year

from ..factories import TownFactory
from ..plans.factories import drafted
from .paper import read
from .test_papers import A4_ACROSS, LEAST, long_plan

pytestmark = pytest.mark.django_db


def printed(content: bytes, name: str, folder):
    """The workbook as a PDF."""
    workbook = folder / f"{name}.xlsx"
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
