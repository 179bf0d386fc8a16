"""Workbooks of Excel 97 (.xls, .et): the same cells as of an .xlsx, and nothing of a file
believed.
"""

from datetime import datetime
from struct import pack

import pytest

from academy.spreadsheets.opening import read_sheets
from academy.spreadsheets.sheet import (
    MAX_AREAS,
    MAX_CELLS,
    MAX_ROWS,
    Area,
    Displayed,
    ErrorValue,
    FileRefused,
    Formula,
    Struck,
)
from academy.spreadsheets.xls_records import records_of

from .old_workbooks import SOUND, container, number, record, records_in, stream_of

NAME, EXTERNAL, TEXTS, CONTINUE, ENCRYPTED = 0x18, 0x23, 0xFC, 0x3C, 0x2F


@pytest.fixture(scope="module")
def sheets():
    return read_sheets(SOUND, "计划.xls")


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (1, ["2027年度培训方案"]),
        (2, ["名称", "数", "日期", "公式", "布尔", "备注"]),
        (3, ["甲", 60, datetime(2027, 3, 5), Formula(120), Formula(True), "普通"]),
        (
            4,
            [
                "乙",
                1.5,
                datetime(2027, 3, 5, 9, 30),
                Formula(ErrorValue("#DIV/0!")),
                Formula(False),
                Struck("留下划掉", "留下"),
            ],
        ),
        (5, ["丙", "30%", None, Formula("文字"), None, "隐藏行"]),
        (6, [Struck("丁"), "12000人/期", None, Formula(""), None, "划掉行"]),
        (7, ["戊", Displayed(2024.1, "2024.10")]),
        (8, ["己", 1]),
        (9, [None, 2]),
    ],
)
def test_a_cell_is_what_it_is_in_a_workbook_of_today(sheets, row, cells):
    assert sheets[0].rows[row - 1] == cells
    assert [type(cell) for cell in sheets[0].rows[row - 1]] == [type(cell) for cell in cells]


def test_what_is_merged_or_hidden_is_told(sheets):
    table, hidden = sheets

    assert table.merged == [Area(0, 0, 5, 0), Area(0, 7, 0, 8)]
    assert (table.hidden_rows, table.hidden_columns, table.title) == ({4}, {4}, "计划")
    assert (table.is_hidden, hidden.is_hidden, hidden.title) == (False, True, "藏")
    assert table.rows[6][1].shown == "2024.10"


@pytest.mark.parametrize("name", ["计划.xls", "计划.et", "计划.xlsx", "计划"])
def test_the_content_says_what_it_is_and_not_the_name(name):
    assert len(read_sheets(SOUND, name)) == 2


def test_a_workbook_of_excel_95_is_read():
    (sheet,) = read_sheets(container(stream_of(number(0, 0, 1)), "Book"), "a.xls")

    assert sheet.rows == [[1]]


def test_cells_far_away_are_named_and_cost_nothing():
    far = number(0, 0, 1) + number(0, 200, 2) + number(65_535, 0, 3)

    (sheet,) = read_sheets(container(stream_of(far)), "a.xls")

    assert (sheet.rows, sheet.far_rows, sheet.has_far_columns) == ([[1]], [65_536], True)


def test_names_of_cells_and_links_to_other_files_are_taken_out():
    stream = stream_of(number(0, 0, 1), globally=record(NAME, b"x" * 20) + record(EXTERNAL))

    found = records_of(container(stream))

    assert not {NAME, EXTERNAL} & set(records_in(found.stream))
    assert records_in(found.stream).count(0xFFFF) >= 2


@pytest.mark.parametrize("kind", [NAME, EXTERNAL])
def test_a_workbook_with_such_names_is_read(kind):
    stream = stream_of(number(0, 0, 1), globally=record(kind, b"\xff" * 40))

    assert read_sheets(container(stream), "a.xls")[0].rows == [[1]]


def test_another_file_of_office_97_is_called_an_old_format():
    with pytest.raises(FileRefused, match="旧格式"):
        read_sheets(container(stream_of(), "ET Data"), "a.et")


def texts(count: int, *strings: bytes) -> bytes:
    return record(TEXTS, pack("<ii", count, count) + b"".join(strings))


REFUSED = {
    "more numbers than a table has": (
        stream_of(record(0xBD, b"\0" * 8_004) * (MAX_CELLS // 1_333 + 1)),
        "远超",
    ),
    "more merged cells than a table has": (
        stream_of(record(0xE5, b"\0" * 8_008) * (MAX_AREAS // 1_001 + 1)),
        "远超",
    ),
    "more widths than there are columns": (stream_of(record(0x7D, b"\0" * 12) * 2_001), "远超"),
    "a table that goes on": (
        stream_of(b"".join(number(row, 0, 1) for row in range(MAX_ROWS + 1))),
        "10000",
    ),
    "a password": (stream_of(number(0, 0, 1), globally=record(ENCRYPTED, b"\0" * 6)), "密码"),
    "a text that leads backwards": (
        stream_of(globally=texts(2_000_000, pack("<HBi", 1, 4, -8) + b"a")),
        "远超",
    ),
    "a few texts that lead backwards": (
        stream_of(globally=texts(3_000, pack("<HBi", 1, 4, -8) + b"a")),
        "损坏",
    ),
    "a text that is not there": (stream_of(globally=texts(1, pack("<HB", 60_000, 0))), "损坏"),
    "a sheet that begins in the middle of a record": (
        stream_of(number(0, 0, 1), starts=[30]),
        "损坏",
    ),
    "one sheet under two names": (
        stream_of(number(0, 0, 1), number(0, 0, 2), starts=[60, 60]),
        "损坏",
    ),
    "no records": (b"\0" * 5_000, "损坏"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_believed_names_its_cause(kind):
    stream, word = REFUSED[kind]

    with pytest.raises(FileRefused, match=word):
        read_sheets(container(stream), "a.xls")


def test_a_text_cut_between_records_is_read_on():
    cut = record(TEXTS, pack("<iiHB", 1, 1, 4, 1) + "培训".encode("utf-16-le")) + record(
        CONTINUE, b"\1" + "计划".encode("utf-16-le")
    )
    (sheet,) = read_sheets(
        container(stream_of(record(0xFD, pack("<HHHI", 0, 0, 0, 0)), globally=cut)), "a.xls"
    )

    assert sheet.rows == [["培训计划"]]


def test_small_blocks_in_a_circle_end():
    """Streams below 4096 bytes stand in small blocks, whose chain a file may close to a circle."""
    blocks = bytearray(container(b"\0" * 4_096))
    folder = 512 + 8 * 512
    first = folder + 128 + 116
    blocks[first : first + 8] = pack("<ii", 0, 64)  # the stream: small block 0, 64 bytes
    blocks[folder + 116 : folder + 124] = pack("<ii", 0, 64)  # small blocks stand in block 0
    blocks[60:68] = pack("<ii", 1, 1)  # their chain stands in block 1
    blocks[512 + 512 : 512 + 516] = pack("<i", 0)  # block 0 is followed by itself
    chain = len(blocks) - 512
    blocks[chain : chain + 8] = pack("<ii", -2, -2)

    with pytest.raises(FileRefused, match="损坏"):
        read_sheets(bytes(blocks), "a.xls")


@pytest.mark.parametrize("length", [600, 2_000, 4_000, len(SOUND) - 600])
def test_a_file_that_was_cut_off_is_called_damaged(length):
    with pytest.raises(FileRefused, match="损坏"):
        read_sheets(SOUND[:length], "a.xls")
