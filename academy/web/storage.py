"""Where uploads are kept: a file appears under its name only when all of it is on the disk."""

import os
import uuid
from contextlib import suppress
from pathlib import PurePosixPath

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Write to a temporary name beside the file and move it when it is whole, so that a full disk
    leaves nothing.
    """

    PARTIAL = ".partial"  # how the names of unfinished files end

    def _save(self, name: str, content: File) -> str:
        partial = str(PurePosixPath(name).with_name(f"{uuid.uuid4().hex}{self.PARTIAL}"))
        try:
            super()._save(partial, content)
            os.replace(self.path(partial), self.path(name))
        except BaseException:
            with suppress(OSError):
                os.remove(self.path(partial))
            raise
        return name
