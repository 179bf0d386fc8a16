"""Opening a table that somebody sent: which kind of file it is, and why it cannot be read."""

import contextlib
import io
import zipfile

from django.conf import settings
from django.utils.translation import gettext as _

from .delimited_text import read_text
from .sheet import FileRefused, Sheet, has_password, is_damaged
from .web_tables import is_web_page, read_web_page
from .xls import read_old_workbook
from .xlsx import read_workbook

__all__ = ["FileRefused", "Sheet", "read_sheets"]

OLE_MAGIC = (  # files of Office 97, and any workbook of Excel with a password
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)
ZIP_MAGIC = b"PK"
TEXT_ENDINGS = ("csv", "txt", "tsv", "tab")
WORKBOOK_ENDINGS = ("xlsx", "xlsm", "xltx", "xls", "et", "ett")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
PACKED = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
BEGINS_WITHIN = 1_024  # bytes, in which a web page or an XML table says what it is


def read_sheets(content: bytes, name: str) -> list[Sheet]:
    """The sheets of a workbook, or the one of a text file. Raises FileRefused."""
    if not content.strip():
        raise FileRefused(_("The file is empty."))
    if len(content) > settings.UPLOAD_MAX_BYTES:
        raise FileRefused(
            _(
                "The file is larger than %(limit)d MB. A table is much smaller: remove pictures "
                "and attachments."
            )
            % {
                "limit": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
            }
        )
    if content.startswith(OLE_MAGIC):
        return _office_97(content)
    if content.startswith(ZIP_MAGIC):
        refuse_other_archives(content)
        return read_workbook(content)
    if is_web_page(content, BEGINS_WITHIN):
        return [read_web_page(content, name)]
    refuse_what_is_no_table(content)
    ending = name.lower().rpartition(".")[2]
    if ending in TEXT_ENDINGS:
        return [read_text(content, name)]
    if ending in WORKBOOK_ENDINGS:
        return [_text_called_workbook(content, name)]
    raise FileRefused(_("This is not an Excel workbook. Send an .xlsx or .csv file."))


def _text_called_workbook(content: bytes, name: str) -> Sheet:
    """A table in text, as programs write it that give it the name of a workbook."""
    with contextlib.suppress(FileRefused):
        sheet = read_text(content, name)
        if any(len(row) > 1 for row in sheet.rows):
            return sheet
    raise FileRefused(
        _(
            "The name says Excel, but the content is something else. "
            "Open it in Excel or WPS and save it as .xlsx."
        )
    )


def _office_97(content: bytes) -> list[Sheet]:
    """The sheets of a workbook in the format of Excel 97. Raises FileRefused."""
    holds = {
        name
        for name in ("EncryptedPackage", "Workbook", "WordDocument", "PowerPoint Document")
        if name.encode("utf-16-le") in content
    }
    if "EncryptedPackage" in holds:
        raise FileRefused(has_password())
    if holds == {"WordDocument"}:
        raise FileRefused(
            _("This is a Word document. Copy the table into a new workbook and send that.")
        )
    if holds == {"PowerPoint Document"}:
        raise FileRefused(
            _("This is a presentation. Copy the table into a new workbook and send that.")
        )
    if (sheets := read_old_workbook(content)) is None:
        raise FileRefused(
            _(
                "The file is in an old format of Excel or WPS that is not read. Open it, save it "
                "as .xlsx and try again."
            )
        )
    return sheets


def refuse_other_archives(content: bytes) -> None:
    """Raise FileRefused for archives that are no workbook, or one in a format that is not read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {
                entry.filename.replace("\\", "/").lstrip("/").lower()
                for entry in archive.infolist()
            }
            has_password = any(entry.flag_bits & 1 for entry in archive.infolist())
    except Exception as error:  # a broken directory raises anything
        raise FileRefused(is_damaged()) from error
    if has_password:
        raise FileRefused(_("The file has a password. Take it away, and try again."))
    if "xl/workbook.bin" in names:
        raise FileRefused(
            _(
                "The file is an Excel binary workbook (.xlsb). Open it in Excel or WPS, save it "
                "as .xlsx and try again."
            )
        )
    if "word/document.xml" in names:
        raise FileRefused(
            _("This is a Word document. Copy the table into a new workbook and send that.")
        )
    if "ppt/presentation.xml" in names:
        raise FileRefused(
            _("This is a presentation. Copy the table into a new workbook and send that.")
        )
    if "content.xml" in names and "mimetype" in names:
        raise FileRefused(
            _(
                "The file is in the OpenDocument format (.ods). Open it in WPS or Excel, save "
                "it as .xlsx and try again."
            )
        )
    if any(name.endswith((".xlsx", ".xls", ".et", ".csv")) for name in names):
        raise FileRefused(
            _("This is a packed file with tables inside. Unpack it and send the workbook itself.")
        )
    if not names & {"[content_types].xml", "xl/workbook.xml"}:
        raise FileRefused(_("This is not an Excel workbook. Send an .xlsx or .csv file."))


def refuse_what_is_no_table(content: bytes) -> None:
    """Raise FileRefused with what the file is, when its first bytes tell."""
    beginning = content[:BEGINS_WITHIN].lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if content.startswith(PICTURES):
        raise FileRefused(_("This is a picture. Send the table itself, as .xlsx or .csv."))
    if content.startswith(b"%PDF"):
        raise FileRefused(_("This is a PDF document. Send the table itself, as .xlsx or .csv."))
    if content.startswith(PACKED):
        raise FileRefused(_("This is a packed file. Unpack it and send the workbook itself."))
    if content.startswith(b"{\\rtf"):
        raise FileRefused(
            _("This is a text document (RTF). Copy the table into a new workbook and send that.")
        )
    if beginning.startswith(b"mime-version:"):
        raise FileRefused(
            _(
                "This is a web page with the name of a table. Open it in Excel or WPS, save it "
                "as .xlsx and try again."
            )
        )
    if b"urn:schemas-microsoft-com:office:spreadsheet" in beginning:
        raise FileRefused(
            _(
                "The file is an XML table of Excel 2003. Open it in Excel or WPS, save it as "
                ".xlsx and try again."
            )
        )
