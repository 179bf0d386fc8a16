"""Keeping a handed-in file on the disk, and giving it out."""

import logging
import uuid

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _

from ..errors import PortalError
from ..office_settings import office_setting
from .kinds import CheckedFile
from .photos import PhotoDamaged, preview

logger = logging.getLogger(__name__)


class FileNotKept(PortalError):
    """The disk is full or does not answer; nothing of the file is left on it."""


def store(file: CheckedFile, folder: str) -> str:
    """Keep the file under a generated name below MEDIA_ROOT and return that name.

    Raises FileNotKept.
    """
    try:
        return default_storage.save(f"{folder}/{uuid.uuid4().hex}.{file.extension}", file.upload)
    except OSError as error:
        logger.error("A file of %d bytes cannot be kept: %s", file.size, error.strerror)
        raise FileNotKept(
            _(
                "The file could not be stored: the server's disk is full. Choose it again later, or"
                " call the academy office on %(phone)s."
            )
            % {"phone": office_setting("office_phone")}
        ) from error


def attachment(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """The file to be saved under its name: no browser shows it inside the portal.

    Raises Http404 when it is gone from the disk.
    """
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def small_picture(file: FieldFile) -> HttpResponse:
    """A preview of a photo, drawn anew by the portal. Raises Http404 where none can be drawn."""
    try:
        with file.open("rb") as content:
            picture = preview(content)
    except (FileNotFoundError, PhotoDamaged) as error:
        raise Http404 from error
    response = HttpResponse(picture, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response
