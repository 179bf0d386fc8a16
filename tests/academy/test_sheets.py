"""Opening files as offices send them: what can be read is read, what cannot says why."""

import io
import re
import zipfile
from datetime import datetime
from xml.sax.saxutils import escape

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.styles import Font

from academy.spreadsheets.opening import read_sheets
from academy.spreadsheets.sheet import (
    MAX_ROWS,
    MOST_ROWS,
    Area,
    ErrorValue,
    FileRefused,
    Formula,
    Rescaled,
    Struck,
)
from tests.plans.sheets import saved, with_part, workbook

SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
GOOD = workbook([["甲", 1]], headings=["名称", "数"], above=())
READ = [["名称", "数"], ["甲", 1]]
QUOTE = '"'


def rows(content: bytes, name="a.xlsx") -> list[list]:
    (sheet,) = read_sheets(content, name)
    return sheet.rows


def sheet_of(cells: str, *, before="", after="", namespace=MAIN) -> bytes:
    """A workbook whose sheet has these rows as they stand in the file."""
    return with_part(
        GOOD,
        SHEET,
        f'<worksheet xmlns="{namespace}">{before}<sheetData>{cells}</sheetData>{after}</worksheet>',
    )


def styled(cell_format: str, fonts="<font/>", code="") -> bytes:
    """A workbook whose A1 holds 46844.5 in a format of its own."""
    formats = (
        '<numFmts><numFmt numFmtId="200"'
        f' formatCode="{escape(code, {QUOTE: "&quot;"})}"/></numFmts>'
    )
    styles = (
        f'<styleSheet xmlns="{MAIN}">{formats}<fonts>{fonts}</fonts><cellXfs><xf/><xf'
        f" {cell_format}/></cellXfs></styleSheet>"
    )
    return with_part(
        sheet_of('<row r="1"><c r="A1" s="1"><v>46844.5</v></c></row>'), STYLES, styles
    )


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return stream.getvalue()


def ole(stream_name: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + stream_name.encode("utf-16-le")
        + b"\0" * 600
    )


def locked() -> bytes:
    """An archive that says of its entries that they have a password."""
    content = bytearray(GOOD)
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


# --- What can be read -----------------------------------------------------------------------------


def with_20_000_styles() -> bytes:
    names = "".join(
        f'<cellStyle name="{"常规 " * 20}{number}" xfId="0"/>' for number in range(20_000)
    )
    return with_part(
        GOOD,
        STYLES,
        "<styleSheet"
        f' xmlns="{MAIN}"><cellXfs><xf/></cellXfs><cellStyles>{names}</cellStyles></styleSheet>',
    )


def renamed(old: str, new: str, content=GOOD) -> bytes:
    """The same with every part renamed whose name has the old text, and the text replaced in lists
    of parts.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for entry in source.namelist():
            target.writestr(entry.replace(old, new), source.read(entry))
    return stream.getvalue()


TYPED = (
    '<row><c t="inlineStr"><is><t>名称</t></is></c><c'
    ' t="inlineStr"><is><t>数</t></is></c></row><row><c t="str"><v>甲</v></c><c><v>1</v></c></row>'
)
PREFIXED = re.sub("<(/?)", r"<\1x:", TYPED)
READABLE = {
    "a fill that is empty": lambda: with_part(
        GOOD,
        STYLES,
        f'<styleSheet xmlns="{MAIN}"><fills><fill/></fills><cellXfs><xf/></cellXfs></styleSheet>',
    ),
    "20,000 styles": with_20_000_styles,
    "pictures": lambda: with_part(GOOD, "xl/media/image1.png", bytes(9_000_000)),
    "400 pictures": lambda: archive_with_pictures(400),
    "no styles": lambda: with_part(GOOD, STYLES, f'<styleSheet xmlns="{MAIN}"/>'),
    "capitals in the names of parts": lambda: renamed(
        "xl/worksheets/sheet1", "xl/Worksheets/Sheet1"
    ),
    "backslashes in the names of parts": lambda: renamed("xl/worksheets/", "xl\\worksheets\\"),
    "no addresses": lambda: sheet_of(TYPED),
    "strict": lambda: sheet_of(TYPED, namespace="http://purl.oclc.org/ooxml/spreadsheetml/main"),
    "a prefix": lambda: with_part(
        GOOD,
        SHEET,
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{PREFIXED}</x:sheetData></x:worksheet>',
    ),
}


def archive_with_pictures(count: int) -> bytes:
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as target:
        for number in range(count):
            target.writestr(f"xl/media/image{number}.png", b"")
    return stream.getvalue()


@pytest.mark.parametrize("kind", READABLE)
def test_a_workbook_is_read_however_it_was_written(kind):
    assert rows(READABLE[kind]()) == READ


def test_a_workbook_is_read_whatever_its_ending():
    assert rows(GOOD, "a.csv") == READ
    assert rows(GOOD, "表格") == READ


def test_the_writer_of_our_own_exports_is_read():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("项目（2027）")
        sheet.write_rich_string("A1", "普通", book.add_format({"bold": True}), "加粗")
        sheet.write_formula("B1", "=1+1", None, 2)
        sheet.write_boolean("C1", True)
        sheet.write_datetime(
            "D1", datetime(2027, 4, 1), book.add_format({"num_format": "yyyy-mm-dd"})
        )

    (sheet,) = read_sheets(stream.getvalue(), "a.xlsx")

    assert (sheet.title, sheet.rows) == (
        "项目（2027）",
        [["普通加粗", Formula(2), True, datetime(2027, 4, 1)]],
    )


def test_a_sheet_that_is_only_a_chart_is_passed_over():
    def draw(book: Workbook):
        book.create_chartsheet("图").add_chart(BarChart())

    assert [sheet.title for sheet in read_sheets(workbook([], prepare=draw), "a.xlsx")] == [
        "Sheet1"
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<v>12</v>", 12),
        ("<v>1.5</v>", 1.5),
        ("<v>1.2E3</v>", 1200.0),
        ('t="b"><v>1</v>', True),
        ('t="e"><v>#REF!</v>', ErrorValue("#REF!")),
        ('t="d"><v>2027-04-01T00:00:00</v>', datetime(2027, 4, 1)),
        ("<f>1+1</f><v>2</v>", Formula(2)),
        ("<f>1+1</f><v></v>", Formula()),
        ('t="str"><f>A1</f><v></v>', Formula("")),
        ('t="str"><f>A1</f><v>甲</v>', Formula("甲")),
        ('<f t="shared" si="0"/><v>3</v>', Formula(3)),
        ('t="e"><f>A1</f><v>#N/A</v>', Formula(ErrorValue("#N/A"))),
        ('t="str"><f t="array" ref="A1">A9:A10</f><v>甲</v>', Formula("甲")),
        ('t="inlineStr"><is><r><t>旧</t></r><r><rPr><b/></rPr><t>新</t></r></is>', "旧新"),
        ('t="inlineStr"><is><t>汉</t><rPh><t>hàn</t></rPh></is>', "汉"),
        (
            't="inlineStr"><is><r><rPr><strike/></rPr><t>旧</t></r><r><t>新</t></r></is>',
            Struck("旧新", "新"),
        ),
        ('t="str"><v>一_x000D_二</v>', "一\r二"),
    ],
)
def test_the_kinds_of_cells(cell, value):
    attributes, _, inside = (
        cell.rpartition("><") if cell.startswith("t=") else ("", "", cell.removeprefix("<"))
    )

    assert rows(sheet_of(f'<row r="1"><c r="A1" {attributes}><{inside}</c></row>')) == [[value]]


def test_all_cells_of_an_array_formula_are_results():
    cells = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row><row r="2"><c'
        ' r="A2"><v>2</v></c><c r="B2"><v>3</v></c></row>'
    )

    assert rows(sheet_of(cells)) == [[Formula(1)], [Formula(2), 3]]


@pytest.mark.parametrize(
    ("cell_format", "value"),
    [
        ('numFmtId="14"', datetime(2028, 4, 1, 12)),
        ('numFmtId="57"', datetime(2028, 4, 1, 12)),
        ('numFmtId="31"', datetime(2028, 4, 1, 12)),
        ("", 46844.5),
        ('numFmtId="9"', "4684450%"),
        ('numFmtId="46"', "1124268:00"),
        ('numFmtId="4"', 46844.5),
        ('fontId="1"', Struck(46844.5)),
    ],
)
def test_a_number_means_what_its_format_shows(cell_format, value):
    assert rows(styled(cell_format, fonts="<font/><font><strike/></font>")) == [[value]]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ('0.0"万元"', "46844.5万元"),
        ('0!.0,"万"', "4.68445万"),
        ('#,##0,"千元"', "46.8445千元"),
        ("0!.0,", Rescaled(46844.5, "4.68445")),
        ("#,##0,", Rescaled(46844.5, "46.8445")),
        ("#,##0.00", 46844.5),
        ('"￥"#,##0.00', 46844.5),
        ("_ * #,##0.00_ ;_ * -#,##0.00_ ", 46844.5),
        ('0"人"', 46844.5),
        ('0"人/期"', "46844.5人/期"),
        ('#,##0.00"元/人"', "46844.5元/人"),
        ('"每期"0\\人;-0', "每期46844.5人"),
        ('0.0"万元/期"', "46844.5万元/期"),
        ('m"月"', datetime(2028, 4, 1, 12)),
    ],
)
def test_a_format_that_shows_another_number_is_not_passed_over(code, value):
    assert rows(styled('numFmtId="200"', code=code)) == [[value]]


def test_days_counted_from_1904():
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="甲"'
        ' sheetId="1" r:id="rId1"/></sheets></workbook>'
    )

    assert rows(with_part(styled('numFmtId="14"'), BOOK, book)) == [[datetime(2032, 4, 2, 12)]]


def test_what_is_hidden_or_merged_is_marked():
    cells = (
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" ht="0"><c'
        ' r="A2"><v>1</v></c></row><row r="3" ht="15"><c r="A3"><v>1</v></c></row>'
    )
    columns = (
        '<cols><col min="2" max="3" hidden="true"/><col min="5" max="5" width="0"/><col min="6"'
        ' max="6" width="9"/></cols>'
    )

    (sheet,) = read_sheets(
        sheet_of(cells, before=columns, after='<mergeCells><mergeCell ref="A1:B3"/></mergeCells>'),
        "a.xlsx",
    )

    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merged) == (
        {0, 1},
        {1, 2, 4},
        [Area(0, 0, 1, 2)],
    )


def test_hidden_sheets_are_marked():
    def prepare(book: Workbook):
        book.create_sheet("藏").sheet_state = "veryHidden"

    assert [
        (sheet.title, sheet.is_hidden)
        for sheet in read_sheets(workbook([], prepare=prepare), "a.xlsx")
    ] == [("Sheet1", False), ("藏", True)]


# --- Text files -----------------------------------------------------------------------------------

TEXT = [["名称", "数"], ["甲、乙；一季度", "1"], ["丙", "2"]]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|", "，"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_is_read_in_every_usual_encoding_and_separator(encoding, separator):
    text = "\r\n".join(separator.join(line) for line in TEXT) + "\r\n"

    assert rows(text.encode(encoding), "a.txt") == TEXT


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ('="19900000123",a', ["19900000123", "a"]),
        ("=1+1,a", [Formula(), "a"]),
        ("'=1+1,a", ["=1+1", "a"]),
        ('"一\n二",a', ["一\n二", "a"]),
        ("'甲',a", ["'甲'", "a"]),
        ("a;b;c,d", ["a;b;c", "d"]),
    ],
)
def test_cells_of_text_that_mean_more(line, values):
    assert rows(f"名称,数\n{line}\n甲,1\n".encode(), "a.csv")[1] == values


def test_a_table_in_text_is_read_under_the_name_of_a_workbook():
    assert rows("名称\t数\r\n甲\t1\r\n".encode("gb18030"), "导出.xls") == [
        ["名称", "数"],
        ["甲", "1"],
    ]


def test_the_line_that_names_the_separator_is_no_row():
    assert rows("sep=;\r\n名称;数\r\n".encode(), "a.csv") == [[], ["名称", "数"]]


# --- What cannot ----------------------------------------------------------------------------------

REFUSED = {
    "a password": (ole("EncryptedPackage"), "密码"),
    "half of an old workbook": (ole("Workbook"), "损坏"),
    "slides of Office 97": (ole("PowerPoint Document"), "演示"),
    "Word 97": (ole("WordDocument"), "Word"),
    "a locked archive": (locked(), "密码"),
    "Excel binary": (archive(**{"xl/workbook.bin": b""}), ".xlsb"),
    "OpenDocument": (archive(mimetype=b"x", **{"content.xml": b""}), ".ods"),
    "Word": (archive(**{"word/document.xml": b"", "[Content_Types].xml": b""}), "Word"),
    "slides": (archive(**{"ppt/presentation.xml": b""}), "演示"),
    "another package": (archive(**{"[Content_Types].xml": b""}), "不是 Excel"),
    "packed tables": (archive(**{"计划.xlsx": b""}), "解压"),
    "another archive": (archive(hello=b""), "不是 Excel"),
    "rar": (b"Rar!\x1a\x07", "解压"),
    "text without a table": (b"hello", "内容不是"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图片"),
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "a web page": (b"<html><p>1</p></html>", "网页"),
    "a page with a mark": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<html xmlns="x">', "网页"),
    "RTF": (b"{\\rtf1}", "RTF"),
    "XML of 2003": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "2003",
    ),
    "cut off": (GOOD[:-40], "损坏"),
    "a part missing": (renamed("worksheets/sheet1", "worksheets/other"), "损坏"),
    "broken XML": (with_part(GOOD, SHEET, "<worksheet><row>"), "损坏"),
    "entities": (
        with_part(GOOD, SHEET, f'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet xmlns="{MAIN}"/>'),
        "指令",
    ),
    "nothing": (b" \n", "空"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_names_its_cause(kind):
    content, word = REFUSED[kind]

    with pytest.raises(FileRefused, match=word):
        read_sheets(content, "a.xls")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\x00\x01\x02\x03", "文本"),
        (b"\xff\xff\xff\x80", "GBK"),
        ("培訓班名稱,人數\n社區工作者,60\n".encode("big5"), "Big5"),
        (b'a,b\n"c,d\n1,2\n', "引号"),
        (b'"' + b"x" * 200_000, "引号"),
    ],
)
def test_text_that_cannot_be_read_names_its_cause(content, word):
    with pytest.raises(FileRefused, match=word):
        read_sheets(content, "a.csv")


def test_more_sheets_than_a_workbook_of_tables_has():
    def prepare(book: Workbook):
        for number in range(60):
            book.create_sheet(f"表{number}")

    with pytest.raises(FileRefused, match="60"):
        read_sheets(workbook([], prepare=prepare), "a.xlsx")


@pytest.mark.parametrize("first", [MAX_ROWS - 1, MAX_ROWS + 20])
def test_cells_far_below_are_named_and_a_table_that_goes_on_is_refused(first):
    far = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>'
        for row in (1, first, first + 1, first + 2, 1_048_576)
    )

    if first < MAX_ROWS:
        with pytest.raises(FileRefused, match=str(MOST_ROWS)):
            read_sheets(sheet_of(far), "a.xlsx")
    else:
        (sheet,) = read_sheets(sheet_of(far), "a.xlsx")
        assert (sheet.rows, sheet.far_rows) == ([[1]], [first, first + 1, first + 2, 1_048_576])


def test_many_rows_far_below_are_a_table_that_is_too_long():
    far = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>'
        for row in range(MAX_ROWS + 20, MAX_ROWS + 41)
    )

    with pytest.raises(FileRefused, match=str(MOST_ROWS)):
        read_sheets(sheet_of(far), "a.xlsx")


def test_a_column_far_to_the_right_is_marked():
    book = Workbook()
    book.active["A1"], book.active["BI1"] = 1, 2
    book.active["A1"].font = Font(strike=False)

    (sheet,) = read_sheets(saved(book), "a.xlsx")

    assert (sheet.rows, sheet.has_far_columns) == ([[1]], True)
