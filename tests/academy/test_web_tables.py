"""Tables of web pages that systems export under the name of a workbook."""

import pytest

from academy.spreadsheets.opening import read_sheets
from academy.spreadsheets.sheet import MOST_ROWS, Area, FileRefused, Formula, Rescaled, Struck

TABLE = "<tr><th>名称</th><th>数</th></tr><tr><td>甲</td><td>1</td></tr>"
READ = [["名称", "数"], ["甲", "1"]]


def read(page: str, encoding="utf-8"):
    (sheet,) = read_sheets(page.encode(encoding), "导出.xls")
    return sheet


@pytest.mark.parametrize(
    "page",
    [
        f"<table>{TABLE}</table>",
        f"<html><head><title>系统</title></head><body><table>{TABLE}</table></body></html>",
        f'<!DOCTYPE html><meta charset="utf-8"><table><tbody>{TABLE}</tbody></table>',
        "<table><tr><th>名称<th>数<tr><td>甲<td>1</table>",
        f"<table><tr><td><table>{TABLE}</table></td></tr></table>",
        f"<html><style>td {{color: red}}</style><script>a<b</script><table>{TABLE}</table>",
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><!--[if gte mso 9]><xml><td>x"
        f"</td></xml><![endif]--><table><![if x]>{TABLE}<![endif]></table>",
        "<table><tr><th> 名\n 称 </th><th>数&nbsp;<tr><td><p>甲</p></td><td>1</td></table>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_the_table_of_a_page_is_read(page, encoding):
    rows = [row for row in read(page, encoding).rows if row]

    assert rows in (READ, [["名 称", "数"], ["甲", "1"]])


def test_a_title_above_the_table_is_a_row_of_its_own():
    sheet = read(f"<html><h2>2027年度计划</h2><p>单位：<b>示例镇</b></p><table>{TABLE}</table>")

    assert sheet.rows == [["2027年度计划"], ["单位：示例镇"], *READ]


def test_cells_over_several_columns_and_rows_are_merged():
    sheet = read(
        "<table><tr><td colspan=3>计划</td></tr><tr><td rowspan=2>甲</td><td>1</td><td>2</td></tr>"
        "<tr><td>3</td><td>4</td></tr></table>"
    )

    assert sheet.rows == [["计划"], ["甲", "1", "2"], [None, "3", "4"]]
    assert sheet.merged == [Area(0, 0, 2, 0), Area(0, 1, 0, 2)]


def test_what_is_hidden_is_told():
    sheet = read(
        "<html><style>.aus {display:none}</style><table><col><col style='display: none'>"
        f"{TABLE}<tr style='DISPLAY:none'><td>乙</td><td>2</td></tr>"
        "<tr class='x aus'><td>丙</td><td>3</td></tr><tr hidden><td>丁</td></tr></table>"
    )

    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2, 3, 4}, {1})


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<td><s>甲</s></td>", Struck("甲")),
        ("<td>甲<del>乙</del>丙</td>", Struck("甲乙丙", "甲丙")),
        ("<td><span style='text-decoration:line-through'>甲</span>乙</td>", Struck("甲乙", "乙")),
        ("<td class=weg>甲</td>", Struck("甲")),
        ("<td>一<br>二</td>", "一\n二"),
        ("<td><p>一</p><p>二</p></td>", "一\n二"),
        ("<td x:fmla='=A1*2'>2</td>", Formula("2")),
        ("<td x:num='12000'>1.2</td>", Rescaled(12_000, "1.2")),
        ("<td x:num='1.25'>1.3</td>", 1.25),
        ("<td x:num='0.3'>30%</td>", "30%"),
        ("<td>3 < 4 & 5</td>", "3 < 4 & 5"),
        ("<td>&#30002;&lt;1&gt;</td>", "甲<1>"),
    ],
)
def test_a_cell_is_what_a_person_sees(cell, value):
    sheet = read(
        f"<html><style>.weg {{text-decoration:line-through}}</style><table><tr>{cell}</tr></table>"
    )

    assert [cell for row in sheet.rows for cell in row if cell] == [value]


def test_a_struck_row_is_struck_in_every_cell():
    sheet = read(
        "<table><tr style='text-decoration:line-through'><td>甲</td><td>1</td></tr></table>"
    )

    assert sheet.rows == [[Struck("甲"), Struck("1")]]


@pytest.mark.parametrize(
    ("page", "word"),
    [
        ("<html><body>请先登录</body></html>", "网页"),
        ("MIME-Version: 1.0\n\n<html><table><tr><td>1", "网页"),
        ("<table>" + "<tr><td>1" * (MOST_ROWS + 200), str(MOST_ROWS)),
        ("<table>" + "<tr><td colspan=1000 rowspan=1000>1<td>" * 20_000, "10000"),
    ],
)
def test_what_is_no_table_of_an_office_names_its_cause(page, word):
    with pytest.raises(FileRefused, match=word):
        read(page)


def test_a_page_of_more_cells_than_a_table_has_is_refused(monkeypatch):
    monkeypatch.setattr("academy.spreadsheets.web_tables.MAX_CELLS", 100)

    with pytest.raises(FileRefused, match="远超"):
        read("<table><tr>" + "<td>" * 200)


@pytest.mark.parametrize("piece", ["<", "<a", "<!--", "<![CDATA[", "</", "&#", "<a b='", "<?"])
def test_a_page_of_beginnings_without_end_is_read_at_once(piece):
    """The parser of the library looks for each end anew; half a million would take it hours."""
    sheet = read(f"<table><tr><td>甲</td></tr></table>{piece * 100_000}")

    assert sheet.rows[0] == ["甲"]
