"""Workbooks as tests need them: a plan with a title, headings and rows, and the same with one thing
wrong.
"""

import io
import zipfile

from openpyxl import Workbook

HEADINGS = [
    "序号",
    "培训班名称",
    "主办单位",
    "承办单位",
    "培训对象",
    "人数",
    "期数",
    "天数",
    "学时",
    "拟办时间",
    "地点",
    "培训内容",
    "培训方式",
    "经费预算（元）",
    "经费来源",
    "备注",
]


def row(**changes) -> list:
    values = {
        "序号": 1,
        "培训班名称": "楼组长骨干班",
        "主办单位": "示例镇人民政府",
        "承办单位": "示例镇党校",
        "培训对象": "楼组长",
        "人数": 60,
        "期数": 2,
        "天数": 0.5,
        "学时": 4,
        "拟办时间": "4月",
        "地点": "党校",
        "培训内容": "走访、议事",
        "培训方式": "课堂教学",
        "经费预算（元）": 8000,
        "经费来源": "镇财政",
        "备注": None,
    }
    return list((values | changes).values())


def workbook(
    rows: list[list],
    *,
    headings=HEADINGS,
    above=(["2027年度培训方案备案表"],),
    below=(),
    title="Sheet1",
    merged=(),
    prepare=None,
) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for line in (*above, headings, *rows, *below):
        sheet.append(line)
    for area in merged:
        sheet.merge_cells(area)
    if prepare:
        prepare(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(content: bytes, name: str, part: str | bytes) -> bytes:
    """The workbook with one part of its archive replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, part)
    return stream.getvalue()
