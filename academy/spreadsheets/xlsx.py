"""Reading the sheets of an xlsx workbook, each of its parts in one pass.

openpyxl's read-only mode drops what an import has to know (hidden and struck-out cells, merged
areas, the kept results of formulas) and stops at styles that Excel and WPS do not mind. So the
parts are read here; the meaning of number formats, dates and addresses stays openpyxl's.

Nothing in a file is believed: the parts that are read are bounded before they are unpacked, and
everything else in the archive, pictures and the like, is never opened.
"""

import io
import zipfile
from posixpath import join, normpath

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parse
from django.utils.translation import gettext as _

from .sheet import MAX_SHEETS, FileRefused, Sheet, far_too_much, is_damaged
from .xlsx_parts import RelationsPart, StringsPart, StylesPart, WorkbookPart
from .xlsx_sheet import SheetPart

MAX_UNPACKED_BYTES = (
    24 * 1024 * 1024
)  # a table of 1,000 rows unpacks to about 1 MB, formatted empty rows to much more
MAX_STYLES_BYTES = (
    12 * 1024 * 1024
)  # years of copying between workbooks leave tens of thousands of styles
MAX_PART_BYTES = (
    6 * 1024 * 1024
)  # the words of all cells, of 1,000 courses 1 MB; the list of sheets with its names


def read_workbook(content: bytes) -> list[Sheet]:
    """Every sheet with cells. Raises FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Package(archive).sheets()
    except FileRefused:
        raise
    except DefusedXmlException as error:
        raise FileRefused(
            _(
                "The workbook holds instructions that no table needs. Copy the table alone into "
                "a new workbook and send that."
            )
        ) from error
    except Exception as error:  # hostile bytes raise anything: KeyError, struct.error, zlib.error …
        raise FileRefused(is_damaged()) from error


class _Package:
    """The archive: its parts by name, bounded in size before they are unpacked.

    Sizes are declared in the archive's directory. zipfile stops at the declared size, so their sum
    may be trusted.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.entries = {
            entry.filename.replace("\\", "/").lstrip("/").lower(): entry
            for entry in archive.infolist()
        }
        self.unpacked = 0

    def sheets(self) -> list[Sheet]:
        root = self._related("")
        path = next(
            (target for kind, target in root.values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        if path.lower() not in self.entries:
            raise FileRefused(_("This is not an Excel workbook. Send an .xlsx or .csv file."))
        workbook = self.read(path, WorkbookPart())
        if len(workbook.sheets) > MAX_SHEETS:
            raise FileRefused(
                _("The workbook has more than %(sheets)d sheets. Send those with the table alone.")
                % {"sheets": MAX_SHEETS}
            )
        related = self._related(path)
        strings, styles = StringsPart(), StylesPart()
        for kind, target in related.values():
            if kind == "sharedStrings":
                self.read(target, strings)
            elif kind == "styles":
                self.read(target, styles, MAX_STYLES_BYTES)
        sheets = []
        for title, state, key in workbook.sheets:
            kind, target = related[key]
            if kind == "worksheet":  # others are charts, macros and dialogs
                part = self.read(
                    target,
                    SheetPart(title, strings.texts, styles.kinds(), workbook.epoch),
                    MAX_UNPACKED_BYTES,
                )
                part.sheet.is_hidden = state != "visible"
                part.sheet.has_pictures = any(name.startswith("xl/media/") for name in self.entries)
                sheets.append(part.finished())
        return sheets

    def read(self, path: str, handler, most: int = MAX_PART_BYTES):
        entry = self.entries[path.lower()]
        self.unpacked += entry.file_size
        if entry.file_size > most or self.unpacked > MAX_UNPACKED_BYTES:
            raise FileRefused(far_too_much())
        with self.archive.open(entry) as source:
            parse(source, handler)
        return handler

    def _related(self, path: str) -> dict[str, tuple[str, str]]:
        """Key → (kind, path) of what the part refers to."""
        folder, name = path.rpartition("/")[::2]
        relations = join(folder, "_rels", f"{name}.rels")
        if relations.lower() not in self.entries:
            return {}
        found = self.read(relations, RelationsPart()).targets
        return {
            key: (
                kind,
                (
                    normpath(join(folder, target))
                    if not target.startswith("/")
                    else target.lstrip("/")
                ),
            )
            for key, (kind, target) in found.items()
        }
