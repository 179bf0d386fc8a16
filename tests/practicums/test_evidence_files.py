import hashlib
from io import BytesIO

import pytest
from PIL import ExifTags, Image, ImageChops, ImageOps
from PIL.PngImagePlugin import PngInfo

from academy.uploads import photos
from academy.uploads.kinds import FileRefused, examine

from .factories import DOCX, JPG, PDF, PNG, XLSX, office_file, picture, upload


@pytest.mark.parametrize(
    ("content", "extension", "content_type"),
    [
        (PNG, "png", "image/png"),
        (JPG, "jpg", "image/jpeg"),
        (PDF, "pdf", "application/pdf"),
        (DOCX, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_the_content_decides_what_a_file_is(content, extension, content_type):
    found = examine(upload(content, "报告.exe", "text/html"))

    assert (found.extension, found.content_type, found.name) == (
        extension,
        content_type,
        f"报告.{extension}",
    )
    assert (found.size, found.sha256) == (
        found.upload.size,
        hashlib.sha256(found.upload.read()).hexdigest(),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"<?xml version='1.0'?><x/>",
        b"MZ\x90\x00",
        b"GIF89a",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # the old Word format
        b"plain text",
        b" %PDF-1.7",
        office_file("evil.html"),
    ],
)
def test_script_bearing_and_other_kinds_are_refused_whatever_their_name(content):
    with pytest.raises(FileRefused):
        examine(upload(content, "照片.png"))


def test_office_files_with_macros_are_refused():
    with pytest.raises(FileRefused) as refused:
        examine(upload(office_file("word/document.xml", "word/vbaProject.bin"), "报告.docx"))

    assert ".docx" in str(refused.value)


@pytest.mark.parametrize("content", [DOCX[:40], JPG[:200], PNG[:60], JPG[:4] + b"\0" * 40])
def test_a_damaged_file_is_refused(content):
    with pytest.raises(FileRefused, match="打不开"):
        examine(upload(content, "报告.docx"))


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(photos, "MAX_PIXELS", 500)

    with pytest.raises(FileRefused, match="像素"):
        examine(upload(PNG))


def camera_notes(orientation: int) -> Image.Exif:
    notes = Image.Exif()
    notes[ExifTags.Base.Orientation] = orientation
    notes[ExifTags.Base.Model] = "planted phone"
    notes.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSDateStamp] = "2027:03:01 planted"
    return notes


def text_chunk() -> PngInfo:
    chunk = PngInfo()
    chunk.add_text("Comment", "planted")
    return chunk


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "MPO"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_loses_what_the_camera_noted_and_stays_upright(file_format, orientation):
    options = {
        "JPEG": {"comment": b"planted", "xmp": b"planted"},
        "PNG": {"pnginfo": text_chunk()},
        "MPO": {},
    }[file_format]
    content = picture(file_format, exif=camera_notes(orientation), **options)
    assert b"planted" in content
    seen_before = ImageOps.exif_transpose(Image.open(BytesIO(content)))

    kept = examine(upload(content, "照片.jpg")).upload.read()

    photo = Image.open(BytesIO(kept))
    assert b"planted" not in kept and not photo.getexif()
    assert photo.size == seen_before.size
    difference = ImageChops.difference(photo.convert("L"), seen_before.convert("L"))
    assert difference.getextrema()[1] < 40


def test_the_same_photo_twice_is_the_same_file():
    assert examine(upload(JPG)).sha256 == examine(upload(JPG)).sha256


def test_an_office_file_of_thousands_of_parts_is_refused():
    with pytest.raises(FileRefused):
        examine(
            upload(
                office_file("word/document.xml", *(f"word/media/{n}.png" for n in range(2_100))),
                "报告.docx",
            )
        )


def test_a_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 30

    with pytest.raises(FileRefused):
        examine(upload(PNG))


def test_an_empty_file_is_refused():
    with pytest.raises(FileRefused):
        examine(upload(b""))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\照片\\合影.JPG", "合影.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("\u202egnp.exe", "gnp.png"),
        ("x" * 200 + ".png", "x" * 114 + ".png"),
        (".png", "png.png"),
    ],
)
def test_names_lose_folders_and_invisible_characters(name, kept):
    file = upload()
    file._name = name  # a browser's header, before Django's own cleaning

    assert examine(file).name == kept
