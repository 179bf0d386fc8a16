"""Photos without what a camera writes into them: where and when they were taken, and with which
phone.
"""

from io import BytesIO
from typing import IO

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import ExifTags, Image, ImageOps

# MPO: a JPEG with a second picture in it, as some phones write
FORMATS = {"jpg": ("JPEG", "MPO"), "png": ("PNG",)}
MAX_PIXELS = 64_000_000  # each takes 3 or 4 bytes of memory
QUALITY = 92  # of a JPEG that has to be turned; others keep their own
KEPT = ("icc_profile", "transparency", "gamma")  # what a picture needs to look the same
SMALL = (480, 360)  # of a preview: three of them beside each other on a phone
UPRIGHT = 1  # the orientation of EXIF that needs no turning


class PhotoDamaged(Exception):
    """The picture cannot be opened."""


class PhotoTooLarge(Exception):
    """The picture has more than MAX_PIXELS."""


def without_metadata(upload: UploadedFile, extension: str) -> UploadedFile:
    """Return the picture alone and upright, without EXIF, XMP and comments.

    Raises PhotoDamaged, PhotoTooLarge.
    """
    upload.seek(0)
    try:
        photo = Image.open(upload, formats=FORMATS[extension])
        too_large = photo.width * photo.height > MAX_PIXELS
        content = b"" if too_large else _picture_alone(photo)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise PhotoTooLarge from error
    except Exception as error:  # Pillow answers a broken file with many kinds
        raise PhotoDamaged from error
    if too_large:
        raise PhotoTooLarge
    return SimpleUploadedFile(upload.name or "", content, upload.content_type)


def _picture_alone(photo: Image.Image) -> bytes:
    photo.load()
    turned = photo.getexif().get(ExifTags.Base.Orientation, UPRIGHT) != UPRIGHT
    if photo.format == "PNG":
        options = {"format": "PNG"}
    elif photo.format == "JPEG" and not turned:
        options = {"format": "JPEG", "quality": "keep"}
    else:
        options = {"format": "JPEG", "quality": QUALITY}
    if turned:
        photo = ImageOps.exif_transpose(photo)
    photo.info = {key: value for key, value in photo.info.items() if key in KEPT}
    buffer = BytesIO()
    photo.save(buffer, icc_profile=photo.info.get("icc_profile"), **options)
    return buffer.getvalue()


def preview(file: IO[bytes]) -> bytes:
    """Return the photo as a small JPEG, drawn anew. Raises PhotoDamaged."""
    try:
        photo = Image.open(file, formats=("JPEG", "PNG"))  # as they are kept
        photo.draft("RGB", SMALL)
        photo.thumbnail(SMALL)
        buffer = BytesIO()
        _on_white(photo).save(buffer, "JPEG", quality=80)
    except Exception as error:  # Pillow answers a broken file with many kinds
        raise PhotoDamaged from error
    return buffer.getvalue()


def _on_white(photo: Image.Image) -> Image.Image:
    photo = photo.convert("RGBA")
    page = Image.new("RGBA", photo.size, "white")
    page.alpha_composite(photo)
    return page.convert("RGB")
