import errno
import stat

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class OnAFullDisk(ContentFile):
    """The disk is full after the first half."""

    def chunks(self, chunk_size=None):
        yield b"the first half"
        raise OSError(errno.ENOSPC, "No space left on device")


def files(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_full_disk_leaves_nothing_and_the_next_upload_works(settings):
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("evidence/a.pdf", OnAFullDisk(b""))
    assert files(settings.MEDIA_ROOT) == []

    assert default_storage.save("evidence/a.pdf", ContentFile(b"whole")) == "evidence/a.pdf"
    assert files(settings.MEDIA_ROOT) == ["a.pdf"]


def test_a_name_that_is_taken_stays_as_it_was():
    default_storage.save("evidence/a.pdf", ContentFile(b"first"))
    second = default_storage.save("evidence/a.pdf", ContentFile(b"second"))

    assert second != "evidence/a.pdf"
    contents = []
    for name in ("evidence/a.pdf", second):
        with default_storage.open(name) as file:
            contents.append(file.read())
    assert contents == [b"first", b"second"]


def test_other_users_of_the_machine_can_read_no_upload(settings):
    name = default_storage.save("evidence/a.pdf", ContentFile(b"private"))

    modes = [
        stat.S_IMODE(path.stat().st_mode)
        for path in (
            settings.MEDIA_ROOT,
            settings.MEDIA_ROOT / "evidence",
            settings.MEDIA_ROOT / name,
        )
    ]
    assert modes == [0o750, 0o750, 0o640]
