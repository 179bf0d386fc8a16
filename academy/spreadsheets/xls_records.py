"""The records of an Excel 97 workbook, looked through before xlrd reads them.

xlrd believes what a file says of itself: names that name each other, texts whose length leads
backwards, chains of blocks that end nowhere. So only the records that a table needs are left, and
those are counted first. Layout: Microsoft's [MS-XLS] and [MS-CFB].
"""

import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from struct import unpack_from

from xlrd.compdoc import CompDoc

from .sheet import MAX_AREAS, MAX_CELLS, MAX_SHEETS, FileRefused, far_too_much

BOF, EOF, CONTINUE = 0x809, 0x0A, 0x3C
FORMULAS = (0x06, 0x206, 0x406)
BOUNDSHEET, TEXTS, PICTURES = 0x85, 0xFC, 0xEB
MANY_NUMBERS, COLUMNS, MERGED = 0xBD, 0x7D, 0xE5
CELLS = (0x203, 0x204, 0x205, 0x27E, 0xD6, 0xFD, *FORMULAS)
# file: password, code page, epoch, fonts, formats; sheet: rows, results that are text, arrays
OTHERS = (0x2F, 0x42, 0x22, 0x31, 0x41E, 0xE0, 0x200, 0x208, 0x207, 0x4BC, 0x221, 0x236, 0x55)
READ = {BOF, EOF, CONTINUE, BOUNDSHEET, TEXTS, MANY_NUMBERS, COLUMNS, MERGED, *CELLS, *OTHERS}
IGNORED = b"\xff\xff"  # a kind of record that there is not
STORE_OF_PICTURES = b"\x01\xf0"
LONGEST_ROW_OF_AREAS = 8  # bytes of a merged area
MOST_COLUMNS_TOLD = 2_000  # records that say how wide columns are


@dataclass
class Records:
    """What is given to xlrd, and what xlrd would not tell."""

    stream: bytes
    formulas: list[set[tuple[int, int]]] = field(default_factory=list)  # cells of each sheet
    has_pictures: bool = False


def records_of(content: bytes) -> Records | None:
    """The records of the workbook in the file, None where it holds no workbook.

    Raises FileRefused for far too many; hostile bytes raise anything.
    """
    stream = _stream_of(content)
    return _looked_through(bytearray(stream)) if stream else None


def _stream_of(content: bytes) -> bytes:
    document = CompDoc(content, logfile=io.StringIO())
    for node in document.dirlist:
        _follow_to_its_end(node.first_SID, document.SSAT)
    for name in ("Workbook", "Book"):  # of Excel 97 and of Excel 95
        memory, start, length = document.locate_named_stream(name)
        if memory:
            return memory[start : start + length]
    return b""


def _follow_to_its_end(block: int, following: list[int]) -> None:
    """Raise ValueError for a chain of small blocks that runs in a circle."""
    for _step in range(len(following) + 1):
        if not 0 <= block < len(following):
            return
        block = following[block]
    raise ValueError(block)


def _looked_through(stream: bytearray) -> Records:
    found, counts = Records(b""), Counter()
    formulas: dict[int, set] = defaultdict(set)  # by where the sheet begins
    begins: list[int] = []
    at, depth, sheet = 0, 0, 0
    while at + 4 <= len(stream):
        code, length = unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + length]
        if code == BOF:
            depth += 1
            sheet = at if depth == 1 else sheet
            formulas[sheet]
        elif code == EOF:
            depth -= 1
        elif code == BOUNDSHEET:
            begins += [unpack_from("<i", data)[0]] if data[5] == 0 else []  # others are charts
        elif code == TEXTS:
            _refuse_backward_lengths(stream, at)
        elif code == PICTURES:
            found.has_pictures |= STORE_OF_PICTURES in data
        elif code in FORMULAS and depth == 1:
            formulas[sheet].add(unpack_from("<HH", data))
        counts["cells"] += code in CELLS or (code == MANY_NUMBERS) * ((length - 6) // 6)
        counts["columns"] += code == COLUMNS
        counts["areas"] += (code == MERGED) * (length // LONGEST_ROW_OF_AREAS)
        if code not in READ:
            stream[at : at + 2] = IGNORED
        at += 4 + length
    is_sound = len(set(begins)) == len(begins) <= MAX_SHEETS and formulas.keys() >= {*begins}
    if not is_sound:
        raise ValueError(begins)
    if (
        counts["cells"] > MAX_CELLS
        or counts["columns"] > MOST_COLUMNS_TOLD
        or counts["areas"] > MAX_AREAS
    ):
        raise FileRefused(far_too_much())
    found.formulas = [formulas[begin] for begin in begins]
    found.stream = bytes(stream)
    return found


def _refuse_backward_lengths(stream: bytearray, at: int) -> None:
    """Raise ValueError where a text of the workbook says that what follows it lies before it.

    The table of texts is a record with those that continue it; a text may be cut between them, and
    then says anew how wide its characters are.
    """
    parts = []
    while not parts or unpack_from("<H", stream, at)[0] == CONTINUE:
        length = unpack_from("<H", stream, at + 2)[0]
        parts.append(stream[at + 4 : at + 4 + length])
        at += 4 + length
        if at + 4 > len(stream):
            break
    (count,) = unpack_from("<i", parts[0], 4)
    if not 0 <= count <= MAX_CELLS:
        raise FileRefused(far_too_much())
    part, place = 0, 8
    for _number in range(count):
        if place >= len(parts[part]):
            place -= len(parts[part])
            part += 1
        characters, options = unpack_from("<HB", parts[part], place)
        place += 3
        runs = reading = 0
        if options & 8:  # parts with a format of their own
            (runs,) = unpack_from("<H", parts[part], place)
            place += 2
        if options & 4:  # how it is pronounced
            (reading,) = unpack_from("<i", parts[part], place)
            place += 4
        if reading < 0:
            raise ValueError(reading)
        while True:
            width = 2 if options & 1 else 1
            here = min((len(parts[part]) - place) // width, characters)
            place += here * width
            characters -= here
            if not characters:
                break
            part, place = part + 1, 1
            options = parts[part][0]
        place += 4 * runs + reading
        while part + 1 < len(parts) and place > len(parts[part]):
            place -= len(parts[part])
            part += 1
