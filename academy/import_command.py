"""What every import command shares: preview by default, `--commit` to write, and the answer of DESIGN.md §7."""

from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from . import importing
from .commanding import PortalCommand
from .errors import PortalError
from .models import Fate, ImportRow, ImportRun


class UnreadableFile(PortalError):
    """The path leads to no file that can be read."""


class ImportCommand(PortalCommand):
    """A command for one kind of import; `kind` names it."""

    kind: str

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="write it; all rows or nothing")

    def handle(self, *, file: Path, commit: bool, **options) -> None:
        now = timezone.now()
        source = {"content": read_bytes(file), "name": file.name, "by": None, "now": now}
        if commit:
            run = importing.preview(kind=self.kind, **source)
            rows = list(run.rows.all())
        else:
            run, rows = importing.read_file(importing.importer_of(self.kind)(None, now), **source)
        self.answer(answer(run, rows), json_wanted=options["json"])
        if commit:
            importing.confirm(run=run, now=now)


def answer(run: ImportRun, rows: list[ImportRow]) -> dict:
    counts = importing.counts_of(rows)
    return {
        "rows": len(rows), "new": counts[Fate.NEW], "changed": counts[Fate.CHANGED], "same": counts[Fate.SAME],
        "rejected": [{"sheet": row.sheet, "row": row.row, "reason": "；".join(row.reasons)} for row in rows if row.fate == Fate.REJECTED],
        "warnings": run.warnings + [{"sheet": row.sheet, "row": row.row, "reason": remark} for row in rows for remark in row.remarks],
    }  # fmt: skip


def read_bytes(file: Path) -> bytes:
    """Raises UnreadableFile."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnreadableFile(_("%(file)s cannot be read. Is it in this folder?") % {"file": file.name}) from error
