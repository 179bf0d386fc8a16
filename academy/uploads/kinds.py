"""Which files are taken: as evidence, as materials of a lesson.

The content decides, never the name or what the browser says.
"""

import hashlib
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from ..errors import PortalError
from .photos import FORMATS, PhotoDamaged, PhotoTooLarge, without_metadata

# what the file dialogue offers; the content is checked all the same
ACCEPT = ".pdf,.docx,.xlsx,.jpg,.jpeg,.png"
ACCEPT_WITH_SLIDES = f"{ACCEPT},.pptx"
MAX_PARTS = 2_000  # of an office file; a real one has a few dozen
NAME_LENGTH = 120

OFFICE = "application/vnd.openxmlformats-officedocument"
MAGIC = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
)
MAIN_PARTS = (
    ("word/document.xml", "docx", f"{OFFICE}.wordprocessingml.document"),
    ("xl/workbook.xml", "xlsx", f"{OFFICE}.spreadsheetml.sheet"),
)
SLIDES = ("ppt/presentation.xml", "pptx", f"{OFFICE}.presentationml.presentation")


class FileRefused(PortalError):
    """A file that is too large, empty, or of another kind. Nothing of it is kept."""


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: its bytes, what it is by content, and the name a person knows it by.

    Of a photo the picture alone is kept; `sha256` and `size` are of what is kept.
    """

    upload: UploadedFile
    extension: str
    content_type: str
    name: str
    sha256: str
    size: int


def examine(upload: UploadedFile, *, slides: bool = False) -> CheckedFile:
    """Look at size and content; slides (.pptx) are taken where that is said.

    Raises FileRefused with a sentence for the person.
    """
    limit = settings.UPLOAD_MAX_BYTES
    if upload.size > limit:
        raise FileRefused(
            _("The file is larger than %(limit)d MB. Make the photo smaller, or send it in parts.")
            % {"limit": limit // (1024 * 1024)}
        )
    if not upload.size:
        raise FileRefused(_("The file is empty. Choose it again."))
    extension, content_type = _kind_of(upload, slides=slides)
    name = _clean_name(upload.name or "", extension)
    if extension in FORMATS:
        upload = _picture_alone(upload, extension)
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return CheckedFile(upload, extension, content_type, name, digest.hexdigest(), upload.size)


def _picture_alone(upload: UploadedFile, extension: str) -> UploadedFile:
    try:
        return without_metadata(upload, extension)
    except PhotoTooLarge as error:
        raise FileRefused(
            _("The photo has too many pixels. Make it smaller, then choose it again.")
        ) from error
    except PhotoDamaged as error:
        raise _damaged() from error


def _kind_of(upload: UploadedFile, *, slides: bool) -> tuple[str, str]:
    upload.seek(0)
    head = upload.read(8)
    for magic, extension, content_type in MAGIC:
        if head.startswith(magic):
            return extension, content_type
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(upload, slides=slides)
    raise _not_taken(slides=slides)


def _office_kind(upload: UploadedFile, *, slides: bool) -> tuple[str, str]:
    """Only the list of parts is read; nothing is unpacked. Files with macros are refused."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as parts:
            names = {part.filename for part in parts.infolist()[: MAX_PARTS + 1]}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise _damaged() from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused(
            _("The file holds macros. Save it as .docx or .xlsx without macros first.")
        )
    if len(names) <= MAX_PARTS and "[Content_Types].xml" in names:
        for part, extension, content_type in (*MAIN_PARTS, *([SLIDES] if slides else ())):
            if part in names:
                return extension, content_type
    raise _not_taken(slides=slides)


def _damaged() -> FileRefused:
    return FileRefused(
        _("The file is damaged: it cannot be opened. Save it again and choose it once more.")
    )


def _not_taken(*, slides: bool) -> FileRefused:
    if slides:
        return FileRefused(
            _(
                "This kind of file is not taken. PDF, Word (.docx), Excel (.xlsx), PowerPoint"
                " (.pptx) and photos (JPG, PNG) are."
            )
        )
    return FileRefused(
        _(
            "This kind of file is not taken. Photos (JPG, PNG), PDF, Word (.docx) and Excel (.xlsx)"
            " are."
        )
    )


def _clean_name(name: str, extension: str) -> str:
    """The name without folders and control characters, ending as its content says."""
    name = "".join(
        letter
        for letter in PurePath(name.replace("\\", "/")).name
        if unicodedata.category(letter)[0] != "C"
    ).strip()
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return f"{(stem or extension)[: NAME_LENGTH - 6]}.{extension}"
