"""Letters and forms by their templates, and which files are taken as templates."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from plans.models import PaperKind, PaperTemplate
from plans.papers.default_templates import default_template
from plans.papers.execution_report import ReportLine, ReportOnPaper
from plans.papers.fields import FIELDS
from plans.papers.rendering import filing_docx, report_docx, template_of, year_docx
from plans.papers.template_check import TemplateRefused, fields_used
from tests.factories import DepartmentFactory

from .factories import drafted, filed

pytestmark = pytest.mark.django_db
SEND = "plans:paper_templates"


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


def words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def template(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_part(name: str, text: bytes = b"x", content: bytes | None = None) -> bytes:
    """A template with one more part, or with one in the place of its own."""
    stream = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(content or template("{{ owner }}")))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, text)
    return stream.getvalue()


LINK = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId9" Type="x" Target="https://example.org/a.png" TargetMode="External"/>'
    b"</Relationships>"
)


# --- the papers -----------------------------------------------------------------------------------


def test_the_letter_and_the_form_say_what_the_plan_says():
    plan = filed(items=3)
    plan.items.filter(number=2).update(
        standing="cancelled", standing_reason="并入区级班", name="<&停办>"
    )

    text = words(filing_docx(plan))

    assert f"{plan.owner.name}关于报送2027年度培训方案的函" in text
    assert "共安排培训项目2个、4期，计划培训80人，经费预算16,000元" in text
    assert [plan.filing_number in text, "<&停办>" in text, "{{" in text, "{%" in text] == [
        True,
        True,
        False,
        False,
    ]


def test_the_paper_is_laid_out_by_the_standard():
    document = Document(io.BytesIO(default_template(PaperKind.FILING)))
    first = document.sections[0]

    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    margins = (first.top_margin, first.left_margin, first.right_margin, first.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 26, 35]
    fonts = {
        style.name: (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size.pt)
        for style in document.styles
        if style.name in {"Normal", "公文标题", "公文一级标题"}
    }
    assert fonts == {
        "Normal": ("仿宋_GB2312", 16),
        "公文标题": ("方正小标宋简体", 22),
        "公文一级标题": ("黑体", 16),
    }


@pytest.mark.parametrize("kind", list(PaperKind))
def test_the_own_templates_name_known_fields_alone(kind):
    own, rows, of_row = FIELDS[kind]

    assert set(fields_used(default_template(kind), kind)) <= {
        *own,
        *(f"{rows}.{field}" for field in of_row),
    }


def test_the_overview_names_who_has_not_handed_in():
    filed()
    DepartmentFactory(code="BM99", name="示例九局")

    text = words(year_docx(2027))

    assert "1家单位有2027年度培训方案，其中1家已备案" in text
    assert "示例九局\n未报送" in text


def test_the_report_adds_up_and_shows_what_nobody_counted():
    lines = [
        ReportLine("骨干班", people=40, spent=Decimal("8000.50"), staff=3),
        ReportLine("新任班", people=20),
    ]
    report = ReportOnPaper(2027, "示例镇", date(2027, 12, 1), 3, 2, "好", "无", lines)

    text = words(report_docx(report))

    assert "本年度计划培训项目3个，已办2个，参训60人，经费支出8,000.50元。" in text
    assert "2027年12月1日" in text
    assert text.count("—") >= 2


# --- which templates are taken --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["{{ ownr }}"], "ownr"),
        (["{{ owner.name }}"], "owner.name"),
        (["{{ items }}"], "items"),
        (["{% for item in items %}{{ item.titel }}{% endfor %}"], "item.titel"),
        (["{% for item in items %}{{ item }}{% endfor %}"], "item"),
        (["{{ owner.__class__ }}"], "owner.__class__"),
        (["{% for item in items %}{{ item.__class__ }}{% endfor %}"], "item.__class__"),
    ],
)
def test_an_unknown_field_is_refused_with_its_name(lines, named):
    with pytest.raises(TemplateRefused, match=f"“{named}”"):
        fields_used(template(*lines), PaperKind.FILING)


@pytest.mark.parametrize(
    "line",
    [
        "{{ owner() }}",
        "{{ owner|upper }}",
        "{{ owner['x'] }}",
        "{{ 7 * 7 }}",
        "{{ 'x' }}",
        "{% set a = owner %}",
        "{% include 'x' %}",
        "{% if owner %}x{% endif %}",
        "{% for i in range(9) %}x{% endfor %}",
        "{% for item in items %}{% for other in items %}x{% endfor %}{% endfor %}",
        "{% for item in items if item.name %}x{% endfor %}",
        "{% macro a() %}x{% endmacro %}",
        "{{ owner",
        "{% for item in items %}",
        "nothing at all",
    ],
)
def test_only_fields_and_one_loop_are_taken(line):
    with pytest.raises(TemplateRefused):
        fields_used(template("{{ owner }}" * (line != "nothing at all"), line), PaperKind.FILING)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Word"),
        (b"PK\x03\x04broken", "Word"),
        (b"%PDF-1.7", "Word"),
        (with_part("word/vbaProject.bin"), "宏"),
        (with_part("word/embeddings/a.xlsx"), "嵌"),
        (with_part("word/_rels/header1.xml.rels", LINK), "example.org"),
        (with_part("word/bomb.bin", b"\0" * 21_000_000), "20 MB"),
        (with_part("word/document.xml", b"<a"), "Word"),
        (with_part("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "Word"),
        (with_part("word/document.xml", b"<a/>"), "Word"),
        (b"\0" * 3_000_000, "2 MB"),
    ],
    ids=["empty", "broken", "pdf", "macro", "embedded", "link", "bomb", "xml", "dtd", "a", "large"],
)
def test_a_file_that_is_no_plain_document_is_refused(content, sentence):
    with pytest.raises(TemplateRefused) as refused:
        fields_used(content, PaperKind.FILING)

    assert sentence in str(refused.value)


# --- the page -------------------------------------------------------------------------------------


def send(client, content: bytes, kind: str = "filing", name: str = "函.docx"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse(SEND), {"kind": kind, "file": file})


def test_the_office_replaces_a_template_and_goes_back(admin_client):
    plan = drafted()
    mine = template("本单位：{{ owner }}")

    assert send(admin_client, mine).status_code == 302
    assert words(filing_docx(plan)) == f"本单位：{plan.owner.name}"
    assert admin_client.get(reverse("plans:paper_template", args=["filing"])).content == mine
    admin_client.post(reverse("plans:paper_template_default", args=["filing"]))

    assert template_of(PaperKind.FILING) == default_template(PaperKind.FILING)


def test_a_refused_template_changes_nothing(admin_client):
    response = send(admin_client, template("{{ nobody }}"))

    assert (response.status_code, "nobody" in response.content.decode()) == (422, True)
    assert not PaperTemplate.objects.exists()


@pytest.mark.parametrize("kind", ["", "x", "FILING", "九", "9" * 400])
def test_a_kind_that_is_none_is_refused(admin_client, kind):
    assert send(admin_client, template("{{ owner }}"), kind).status_code == 422


def test_a_plan_and_the_year_are_exported_as_documents(admin_client, tmp_path):
    plan = filed()

    one = admin_client.get(reverse("plans:plan_export", args=[plan.pk]), {"format": "docx"})
    year = admin_client.get(reverse("plans:export_all"), {"year": "2027", "format": "docx"})
    path = tmp_path / "one.docx"
    arguments = ("--year", "2027", "--owner", plan.town.code, "--format", "docx")
    call_command("export_plans", *arguments, "--output", str(path))

    assert (one.status_code, year.status_code) == (200, 200)
    assert words(one.content) == words(path.read_bytes())
    assert "2027年度培训方案备案情况" in words(year.content)


def test_the_page_of_a_report_gives_it_out_by_the_template_that_counts(admin_client):
    plan = filed(items=2)
    page, file = (reverse(f"plans:{name}", args=[plan.pk]) for name in ("report", "report_export"))
    assert admin_client.get(file).url == plan.get_absolute_url()  # not begun
    text = admin_client.get(page).content.decode()
    plan.report.rows.filter(number=1).update(
        people=38, staff=2, spent=Decimal("7900.50"), held="4月3日", results="到课率高。"
    )

    own = admin_client.get(file)
    send(admin_client, template("{{ owner }}办了{{ held_count }}个班"), "report")
    replaced = admin_client.get(file)

    assert f'href="{file}"' in text and f'href="{reverse(SEND)}"' in text
    assert f"{plan.owner.name}2027年度培训方案执行情况报告" in words(own.content)
    assert "计划培训项目2个，已办1个，参训38人，经费支出7,900.50元。" in words(own.content)
    assert "培训班1：到课率高。" in words(own.content)
    assert words(replaced.content) == f"{plan.owner.name}办了1个班"
