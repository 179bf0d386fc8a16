"""Workbooks of Excel 97 as tests need them: a sound one, and records in a container, put together
as [MS-CFB] lays it out.
"""

from pathlib import Path
from struct import pack, unpack_from

# made once with LibreOffice; what its cells hold stands in test_old_workbooks.py
SOUND = (Path(__file__).parent / "files" / "excel-97.xls").read_bytes()
BOF, EOF = 0x809, 0x0A
SECTOR, FREE, END, TABLE = 512, -1, -2, -3


def record(code: int, data: bytes = b"") -> bytes:
    return pack("<HH", code, len(data)) + data


def begin(kind: int) -> bytes:
    """The beginning of the file (5) or of a sheet (16)."""
    return record(BOF, pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))


def number(row: int, column: int, value: float) -> bytes:
    return record(0x203, pack("<HHHd", row, column, 0, value))


def stream_of(*sheets: bytes, globally: bytes = b"", starts: list[int] | None = None) -> bytes:
    """The stream of a workbook; `globally` are records of the file, `starts` where sheets begin."""
    head = begin(5) + globally
    size = len(head) + len(sheets) * 18 + 4
    bodies = [begin(16) + sheet + record(EOF) for sheet in sheets]
    places = starts or [size + sum(map(len, bodies[:index])) for index in range(len(bodies))]
    told = b"".join(
        record(0x85, pack("<IBBBB6s", place, 0, 0, 3, 1, "表一二".encode("utf-16-le")))
        for place in places
    )
    return head + told + record(EOF) + b"".join(bodies)


def container(stream: bytes, name: str = "Workbook") -> bytes:
    """The stream in the container of Office 97."""
    stream = stream.ljust(4096, b"\0")
    blocks = -(-len(stream) // SECTOR)
    tables = -(-(blocks + 1) // 127)
    chain = [*range(1, blocks), END, END, *[TABLE] * tables]
    chain += [FREE] * (tables * 128 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head = head.ljust(44, b"\0") + pack("<iiiiiiii", tables, blocks, 0, 4096, END, 0, END, 0)
    head += b"".join(pack("<i", blocks + 1 + index) for index in range(tables))
    head += pack("<i", FREE) * (109 - tables)
    folder = _entry("Root Entry", 5, 1, END, 0) + _entry(name, 2, -1, 0, len(stream))
    return b"".join(
        (
            head,
            stream.ljust(blocks * SECTOR, b"\0"),
            folder.ljust(SECTOR, b"\0"),
            b"".join(pack("<i", entry) for entry in chain),
        )
    )


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + pack("<HBBiii", len(text) + 2, kind, 1, -1, -1, child)
        + b"\0" * 36
        + pack("<iii", first, size, 0)
    )


def records_in(stream: bytes) -> list[int]:
    """The kinds of its records, one after the other."""
    found, at = [], 0
    while at + 4 <= len(stream):
        code, length = unpack_from("<HH", stream, at)
        found.append(code)
        at += 4 + length
    return found


def label(row: int, column: int, text: str) -> bytes:
    """A cell with a text of its own."""
    written = text.encode("utf-16-le")
    return record(0x204, pack("<HHHHB", row, column, 0, len(written) // 2, 1) + written)


def table_of(*lines: tuple) -> bytes:
    """A workbook of Excel 97 with one sheet of texts and numbers."""
    cells = b"".join(
        label(row, column, cell) if isinstance(cell, str) else number(row, column, cell)
        for row, line in enumerate(lines)
        for column, cell in enumerate(line)
        if cell is not None
    )
    return container(stream_of(cells))
