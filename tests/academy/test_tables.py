"""Reading CSV files as offices send them."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.spreadsheets.csv_files import Record, TableError, decoded, read_csv


def write(tmp_path, content: bytes):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_reads_every_usual_encoding(tmp_path, encoding):
    path = write(tmp_path, "code,name\n01,罗店镇\n".encode(encoding))

    assert [record.values for record in read_csv(path, ["code", "name"])] == [
        {"code": "01", "name": "罗店镇"}
    ]


def test_empty_rows_are_passed_over_but_counted(tmp_path):
    records = read_csv(write(tmp_path, b"code,name\n\n , \n1,a\n"), ["code"])

    assert [record.row for record in records] == [4]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name\na\n",
        b"code,name\n1\n",
        b"code,name\n1,2,3\n",
        b"code\n\x00\n",
        b"\xff\xff\xff",
        b'code\n"open\n',
    ],
    ids=["empty", "column missing", "short row", "long row", "NUL", "no text", "open quote"],
)
def test_refuses_what_is_no_table(tmp_path, content):
    with pytest.raises(TableError):
        read_csv(write(tmp_path, content), ["code"])


def test_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(TableError):
        read_csv(tmp_path / "nothing.csv", [])


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_text_or_a_refusal(content):
    with contextlib.suppress(TableError):
        assert isinstance(decoded(content, "file.csv"), str)


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (lambda record: record.code("a", 9), "a/b"),
        (lambda record: record.code("a", 9), "new"),
        (lambda record: record.code("a", 9), ""),
        (lambda record: record.code("a", 2), "ABC"),
        (lambda record: record.integer("a"), "-1"),
        (lambda record: record.integer("a"), "²"),
        (lambda record: record.integer("a", 9), "10"),
        (lambda record: record.integer("a"), "9" * 5000),
        (lambda record: record.decimal("a"), "NaN"),
        (lambda record: record.day("a"), "0001-01-01"),
        (lambda record: record.day("a"), "2027-02-29"),
        (lambda record: record.moment("a"), "2027-03-01T09:00"),
        (lambda record: record.moment("a"), "9999-12-31T23:59:59-08:00"),
        (lambda record: record.yes("a"), "vielleicht"),
        (lambda record: record.person("a", 40), "李\ufffd"),
        (lambda record: record.mobile("a"), "1990000900"),
        (lambda record: record.telephone("a", 20), "1.99E+10"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(read, cell):
    with pytest.raises(TableError, match="f.csv.*7.*a"):
        read(Record("f.csv", 7, {"a": cell}))


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (lambda record: record.person("a", 40), "买买提•阿不都", "买买提·阿不都"),
        (lambda record: record.mobile("a"), "+86 199 0000 9001", "19900009001"),
        (lambda record: record.telephone("a", 20), "电话（021）00001234", "(021)00001234"),
    ],
)
def test_names_and_numbers_are_read_as_on_pages(read, cell, value):
    assert read(Record("f.csv", 7, {"a": cell})) == value
