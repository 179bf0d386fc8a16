import pytest

from practicums.evidence_files import FileRefused, examine

from .factories import DOCX, JPG, PDF, PNG, XLSX, office_file, upload


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

    assert (found.extension, found.content_type, found.name, found.size) == (extension, content_type, f"报告.{extension}", len(content))


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


def test_a_damaged_office_file_is_refused():
    with pytest.raises(FileRefused):
        examine(upload(DOCX[:40], "报告.docx"))


def test_an_office_file_of_thousands_of_parts_is_refused():
    with pytest.raises(FileRefused):
        examine(upload(office_file("word/document.xml", *(f"word/media/{n}.png" for n in range(2_100))), "报告.docx"))


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
