"""The portal's own templates, built by GB/T 9704-2012: A4, margins 37, 28, 26 and 35 mm, 22 lines
of 28 characters, the title in 小标宋 of 22 points, the body in 仿宋 of 16.

Fonts are named, not shipped; a machine without them shows its own. Source: docs/rules.md R57.
"""

import io
from functools import cache

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ..models import PaperKind

TITLE_FONT, BODY_FONT = "方正小标宋简体", "仿宋_GB2312"
HEADING_FONT, PAGE_FONT = "黑体", "宋体"
BODY, TITLE, CELL = 16, 22, 10.5  # points
LINE = 28.95  # points: 225 mm in 22 lines
LINE_PITCH = 579  # the same in 1/20 point
NARROWER = -5  # 1/20 point between characters: 28 of 16 points in 156 mm
# heading, field, mm: together 297 - 37 - 35
FORM_COLUMNS = (
    ("序号", "number", 9),
    ("培训班名称", "name", 27),
    ("培训目的", "purpose", 22),
    ("培训对象", "audience", 25),
    ("培训内容", "content", 38),
    ("拟办时间", "months", 15),
    ("地点", "place", 19),
    ("人数", "people", 11),
    ("期数", "runs", 9),
    ("学时", "hours", 10),
    ("经费预算（元）", "budget", 18),
    ("经费来源", "funding", 15),
    ("备注", "remark", 17),
)
REPORT_COLUMNS = (
    ("序号", "number", 9),
    ("培训名称", "name", 28),
    ("培训对象", "audience", 24),
    ("培训内容", "content", 36),
    ("时间", "time", 17),
    ("地点", "place", 20),
    ("参训人数", "people", 12),
    ("工作人员数", "staff", 12),
    ("经费支出（元）", "spent", 18),
    ("列支渠道", "funding", 15),
    ("成效", "results", 24),
    ("问题和建议", "problems", 20),
)
YEAR_COLUMNS = (
    ("序号", "number", 11),
    ("单位", "owner", 44),
    ("状态", "status", 21),
    ("备案编号", "filing_number", 32),
    ("项目数", "item_count", 13),
    ("人数", "people", 15),
    ("经费预算（元）", "budget", 20),
)


@cache
def default_template(kind: PaperKind) -> bytes:
    """Return the portal's own template as a .docx."""
    paper = _Paper()
    {PaperKind.FILING: _filing, PaperKind.REPORT: _report, PaperKind.YEAR: _year}[kind](paper)
    return paper.done()


def _filing(paper: "_Paper") -> None:
    paper.title("{{ owner }}关于报送{{ year }}年度培训方案的函")
    paper.flush_left("区委组织部、区人力资源和社会保障局、区财政局：")
    paper.text(
        "根据培训费管理和干部教育培训有关规定，现将我单位{{ year }}年度培训方案报送贵单位，"
        "请予备案。"
    )
    paper.text(
        "本年度共安排培训项目{{ item_count }}个、{{ run_count }}期，计划培训{{ people }}人，"
        "经费预算{{ budget }}元，其中涉及本系统以外干部的项目{{ others_count }}个。"
    )
    paper.text("附件：{{ owner }}{{ year }}年度培训方案备案表", before=1)
    paper.signed("{{ owner }}", "{{ today }}")
    paper.text("（联系人：{{ contact }}，联系电话：{{ phone }}）")
    paper.across()
    paper.heading("附件")
    paper.title("{{ owner }}{{ year }}年度培训方案备案表")
    paper.small("填报单位（盖章）：{{ owner }}　　　系统备案编号：{{ filing_number }}")
    paper.table(FORM_COLUMNS, "item", "items")
    paper.small(
        "合计：项目{{ item_count }}个，{{ people }}人，经费预算{{ budget }}元（已取消的不计入）。"
    )


def _report(paper: "_Paper") -> None:
    paper.title("{{ owner }}{{ year }}年度培训方案执行情况报告")
    paper.heading("一、总体情况", indent=True)
    paper.text(
        "本年度计划培训项目{{ planned_count }}个，已办{{ held_count }}个，参训{{ people }}人，"
        "经费支出{{ spent }}元。"
    )
    paper.heading("二、培训成效", indent=True)
    paper.text("{{ results }}")
    paper.heading("三、问题和建议", indent=True)
    paper.text("{{ problems }}")
    paper.text("附件：{{ year }}年度培训项目执行情况表", before=1)
    paper.signed("{{ owner }}", "{{ today }}")
    paper.across()
    paper.heading("附件")
    paper.title("{{ year }}年度培训项目执行情况表")
    paper.table(REPORT_COLUMNS, "line", "lines")


def _year(paper: "_Paper") -> None:
    paper.title("{{ year }}年度培训方案备案情况")
    paper.text(
        "截至{{ today }}，{{ unit_count }}家单位有{{ year }}年度培训方案，其中{{ filed_count }}家"
        "已备案，共安排培训项目{{ item_count }}个，计划培训{{ people }}人，经费预算{{ budget }}元。"
    )
    paper.table(YEAR_COLUMNS, "unit", "units")


class _Paper:
    """A document under way."""

    def __init__(self) -> None:
        self.document = Document()
        self.document.settings.odd_and_even_pages_header_footer = True
        self._styles()
        self._page(self.document.sections[0])
        self._page_numbers(self.document.sections[0])

    def _styles(self) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        _font(normal, BODY_FONT, BODY)
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(NARROWER))
        normal.element.get_or_add_rPr().append(spacing)
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        normal.paragraph_format.line_spacing = Pt(LINE)
        for name, font, size in (
            ("公文标题", TITLE_FONT, TITLE),
            ("公文一级标题", HEADING_FONT, BODY),
            ("公文表格", BODY_FONT, CELL),
            ("公文表头", HEADING_FONT, CELL),
        ):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = normal
            _font(style, font, size)
        title = styles["公文标题"].paragraph_format
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.line_spacing = Pt(35)
        title.space_after = Pt(LINE)
        for name in ("公文表格", "公文表头"):
            styles[name].paragraph_format.line_spacing = Pt(14)
            loose = OxmlElement("w:snapToGrid")
            loose.set(qn("w:val"), "0")
            styles[name].element.get_or_add_pPr().insert(0, loose)
        styles["公文表头"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _page(self, section) -> None:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(26)  # the number stands 7 mm below the text
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(LINE_PITCH))

    def _page_numbers(self, section) -> None:
        """— 1 — of 14 points, odd pages right, even ones left, a character from the edge."""
        for footer, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            paragraph.paragraph_format.left_indent = Pt(14)
            paragraph.paragraph_format.right_indent = Pt(14)
            for text, code in (("— ", ""), ("", "PAGE"), (" —", "")):
                run = paragraph.add_run(text)
                _font(run, PAGE_FONT, 14)
                if code:
                    field = OxmlElement("w:fldSimple")
                    field.set(qn("w:instr"), code)
                    paragraph._p.append(field)
                    field.append(run._r)

    def across(self) -> None:
        """Go on across the page, for a table."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(28), Mm(26)
        section.left_margin, section.right_margin = Mm(35), Mm(27)
        section.footer_distance = Mm(15)
        # lines of a table are closer than those of the text
        del section._sectPr.find(qn("w:docGrid")).attrib[qn("w:type")]

    def title(self, text: str) -> None:
        self.document.add_paragraph(text, style="公文标题")

    def flush_left(self, text: str) -> None:
        self.document.add_paragraph(text)

    def heading(self, text: str, *, indent: bool = False) -> None:
        paragraph = self.document.add_paragraph(text, style="公文一级标题")
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(2 * BODY)

    def text(self, text: str, *, before: int = 0) -> None:
        paragraph = self.document.add_paragraph(text)
        paragraph.paragraph_format.first_line_indent = Pt(2 * BODY)
        paragraph.paragraph_format.space_before = Pt(before * LINE)

    def signed(self, who: str, day: str) -> None:
        """Two lines below, the day four characters from the right."""
        for text, lines, edge in ((who, 2, 2), (day, 0, 4)):
            paragraph = self.document.add_paragraph(text)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.space_before = Pt(lines * LINE)
            paragraph.paragraph_format.right_indent = Pt(edge * BODY)

    def small(self, text: str) -> None:
        self.document.add_paragraph(text, style="公文表格")

    def table(self, columns: tuple, row: str, rows: str) -> None:
        """Headings that are repeated, and a row for each of `rows`; rows do not break."""
        table = self.document.add_table(rows=4, cols=len(columns))
        table.style = "Table Grid"
        table.autofit = False
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        for line in table.rows:
            line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, (heading, field, width) in enumerate(columns):
            table.columns[place].width = Mm(width)
            for line in table.rows:
                line.cells[place].width = Mm(width)
            _cell(table.cell(0, place), heading, "公文表头")
            _cell(table.cell(2, place), f"{{{{ {row}.{field} }}}}", "公文表格")
        _cell(table.cell(1, 0), f"{{%tr for {row} in {rows} %}}", "公文表格")
        _cell(table.cell(3, 0), "{%tr endfor %}", "公文表格")

    def done(self) -> bytes:
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()


def _cell(cell, text: str, style: str) -> None:
    cell.paragraphs[0].text = text
    cell.paragraphs[0].style = style


def _font(holder, name: str, size: float) -> None:
    """Name the font for Chinese and for digits."""
    holder.font.name, holder.font.size = name, Pt(size)
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), name)
