"""One import for everything: previewed first, each row's fate told with its reason, all rows or nothing, undone row for row.

An app declares what it can import in `importers.py`: subclasses of `Importer` in a list `IMPORTERS`. Nothing else is needed for
a kind of table to appear on `/manage/imports/`. Source: DESIGN.md 5.10; RELIABILITY.md promise 8.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .access import is_office
from .cells import clean_lines
from .errors import PortalError
from .headings import HeadingWords
from .models import WRITTEN, Fate, ImportRow, ImportRun, ImportStatus, User
from .snapshots import digest, restore, snapshot
from .table_rows import read_rows

LONGEST_CELL = 5_000  # characters of a cell that is sent back in the list of rejected rows
ROWS_AT_ONCE = 500
REJECTED_HEADINGS = ("工作表", "行号", "原因")  # what the list of rejected rows has in front; sent back mended, they are not read


class UnknownImport(PortalError):
    """There is no import of that kind."""


class RowsRejected(PortalError):
    """Some rows cannot be taken over, so nothing is."""


class AlreadyDone(PortalError):
    """The run was imported, or undone, already."""


class PreviewOutdated(PortalError):
    """The stored data has changed since the preview; the run shows the new one."""


class NothingToUndo(PortalError):
    """The import cannot be taken back any more."""


class RowRejected(ValueError):
    """A row that cannot be taken over, with every reason."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


@dataclass(frozen=True)
class Column:
    """A column of the table: its heading as the template writes it, and what else offices call it, separated by spaces."""

    name: str
    heading: str
    synonyms: str = ""
    width: int = 14
    hint: str = ""  # what the template says below the heading


class Importer:
    """What one kind of table is and does. One object serves one preview or one import, for one person."""

    kind: str
    title: str
    about: str
    columns: tuple[Column, ...]
    needed: tuple[str, ...]  # columns without which a row is no row of headings
    fewest = 2  # headings in that row
    do_not_call_in_templates = True  # pages show the class

    def __init__(self, by: User | None, now: datetime) -> None:
        """`by` is None when a command imports, which may do what the office may."""
        self.by, self.now = by, now

    @classmethod
    def may_use(cls, user) -> bool:
        raise NotImplementedError

    def consequence(self) -> str:
        """One sentence: what importing means for this person."""
        return ""

    def read(self, cells: dict) -> tuple[str, dict, list[str]]:
        """What a row says: key, values that JSON can hold, remarks. Raises RowRejected. Asks the database nothing per row."""
        raise NotImplementedError

    def lock(self, keys: list[str]) -> None:
        """Lock what is stored under the keys, in key order."""
        raise NotImplementedError

    def stored(self, rows: list[ImportRow]) -> dict[str, dict]:
        """Key → values as they are stored, in the shape of `read`; at least those of the rows."""
        raise NotImplementedError

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        """Why this row may not be written over what is stored; `keys` are all keys of the file."""
        return []

    def write(self, rows: list[ImportRow]) -> None:
        """Write new and changed rows, inside the transaction."""
        raise NotImplementedError

    def footprint(self, rows: list[ImportRow]) -> list[models.QuerySet]:
        """Every row of a table that `write` may touch for these rows, tables that others point at first."""
        raise NotImplementedError

    def settle(self) -> None:
        """Bring up to date what is derived from the rows, after a write and after an undo."""

    def differs(self, name: str, old, new) -> bool:
        """Whether a value of the file is another one than what is stored."""
        return old != new

    def shown(self, name: str, value) -> str:
        """A value as the preview shows it."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return "、".join(value)
        return "" if value is None else str(value)

    @classmethod
    def heading_words(cls) -> HeadingWords:
        return HeadingWords({column.name: f"{column.heading} {column.synonyms}" for column in cls.columns}, needed=cls.needed, fewest=cls.fewest, silent=REJECTED_HEADINGS)

    @classmethod
    def place_of(cls, name: str) -> int:
        """Where the column stands in the table."""
        return [column.name for column in cls.columns].index(name)

    @classmethod
    def heading_of(cls, name: str) -> str:
        return next((column.heading for column in cls.columns if column.name == name), name)


@cache
def importers() -> dict[str, type[Importer]]:
    """kind → importer, from every app's `importers.py`."""
    found = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "importers"):
            for importer in import_module(f"{config.name}.importers").IMPORTERS:
                found[importer.kind] = importer
    return found


def importers_for(user) -> list[type[Importer]]:
    return [importer for importer in importers().values() if importer.may_use(user)]


def importer_of(kind: str) -> type[Importer]:
    """Raises UnknownImport."""
    try:
        return importers()[kind]
    except KeyError:
        raise UnknownImport(_("There is no import of this kind.")) from None


def runs_visible_to(user) -> models.QuerySet:
    """The sender's own runs; the office sees all. Nobody can show a run of a kind that is not read any more."""
    runs = ImportRun.objects.filter(kind__in=list(importers()))
    return runs if is_office(user) else runs.filter(user=user)


# --- Preview ----------------------------------------------------------------------------------------------------------


def preview(*, kind: str, content: bytes, name: str, by: User | None, now: datetime) -> ImportRun:
    """Keep what the file says and what importing it would do; nothing else is written. Raises FileRefused, UnknownImport."""
    importer = importer_of(kind)(by, now)
    run, rows = read_file(importer, content=content, name=name, by=by, now=now)
    with transaction.atomic():
        if by is not None:
            by.import_runs.filter(kind=kind, status=ImportStatus.PREVIEWED).delete()  # only the newest waits
        run.save()
        ImportRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return run


def read_file(importer: Importer, *, content: bytes, name: str, by: User | None, now: datetime) -> tuple[ImportRun, list[ImportRow]]:
    """The run and its rows, not saved. Raises FileRefused."""
    found = read_rows(content, name, importer.heading_words())
    run = ImportRun(kind=importer.kind, user=by, file_name=name[-200:], warnings=found.warnings, previewed_at=now)
    rows = []
    for line in found.rows:
        cells = {column: clean_lines(value)[:LONGEST_CELL] for column, value in line.cells.items()}
        row = ImportRow(run=run, sheet=line.sheet, row=line.row, cells=cells, remarks=list(line.remarks), reasons=list(line.reasons))
        try:
            row.key, row.values, remarks = importer.read(line.cells)
            row.remarks += remarks
        except RowRejected as rejected:
            row.reasons += rejected.reasons
        if row.reasons:
            row.key, row.values = "", {}
        rows.append(row)
    judge(importer, rows)
    return run, rows


def judge(importer: Importer, rows: list[ImportRow]) -> None:
    """Give every row its fate against what is stored now."""
    readable = [row for row in rows if row.values]
    stored = importer.stored(readable)
    keys = {row.key for row in readable}
    first: dict[str, ImportRow] = {}
    for row in readable:
        before = stored.get(row.key)
        row.changes, row.reasons = [], []
        if row.key in first:
            row.reasons = [_("“%(key)s” stands in row %(row)d already.") % {"key": row.key, "row": first[row.key].row}]
        else:
            first[row.key] = row
            row.reasons = importer.refusals(row, before, keys)
        if before is not None and not row.reasons:
            row.changes = [
                {"name": name, "old": before[name], "new": row.values[name]}
                for name in sorted(row.values, key=importer.place_of)  # a JSON column of PostgreSQL keeps no order
                if importer.differs(name, before[name], row.values[name])
            ]  # fmt: skip
    for row in rows:
        if row.reasons:
            row.fate = Fate.REJECTED
        elif row.key in stored:
            row.fate = Fate.CHANGED if row.changes else Fate.SAME
        else:
            row.fate = Fate.NEW
        row.title = str(row.values.get("title") or row.cells.get("title") or row.key)[:120]


def counts_of(rows: Iterable[ImportRow]) -> dict[str, int]:
    counts = dict.fromkeys(Fate.values, 0)
    for row in rows:
        counts[row.fate] += 1
    return counts


# --- Import and undo --------------------------------------------------------------------------------------------------


def confirm(*, run: ImportRun, now: datetime) -> ImportRun:
    """Write the rows of the preview: all or nothing, and only what the preview showed.

    Raises RowsRejected, AlreadyDone, and PreviewOutdated when what is stored has changed since; the run then holds a new preview.
    """
    changed_rows: list[ImportRow] = []
    try:
        with transaction.atomic():
            run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
            if run.status != ImportStatus.PREVIEWED:
                raise AlreadyDone(_("This file has been imported already."))
            importer = importer_of(run.kind)(run.user, now)
            rows = list(run.rows.all())
            promised = [(row.fate, row.changes, row.reasons) for row in rows]
            importer.lock(sorted({row.key for row in rows if row.key}))
            judge(importer, rows)
            changed_rows = [row for row, was in zip(rows, promised, strict=True) if (row.fate, row.changes, row.reasons) != was]
            if changed_rows:
                raise PreviewOutdated(_("Something was changed since the preview, so nothing has been imported. Look at the new preview below."))
            refuse_rejected(rows)
            _write(importer, run, [row for row in rows if row.fate in WRITTEN], now)
    except PreviewOutdated:
        ImportRow.objects.bulk_update(changed_rows, ["fate", "changes", "reasons"], batch_size=ROWS_AT_ONCE)
        raise
    except IntegrityError as error:  # somebody else wrote the same thing at the same moment
        raise PreviewOutdated(_("Somebody else was writing at the same moment, so nothing has been imported. Try again.")) from error
    return run


def refuse_rejected(rows: list[ImportRow]) -> None:
    rejected = sum(row.fate == Fate.REJECTED for row in rows)
    if rejected:
        raise RowsRejected(ngettext(
            "%(count)d row cannot be taken over, so nothing was. Mend it in the file and send it again.",
            "%(count)d rows cannot be taken over, so nothing was. Mend them in the file and send it again.", rejected,
        ) % {"count": rejected})  # fmt: skip


def _write(importer: Importer, run: ImportRun, rows: list[ImportRow], now: datetime) -> None:
    run.before = snapshot(importer.footprint(rows))
    if rows:
        importer.write(rows)
        importer.settle()
    run.after = digest(snapshot(importer.footprint(rows)))
    run.status, run.imported_at = ImportStatus.IMPORTED, now
    run.save()


def undo(*, run: ImportRun, by: User | None, now: datetime) -> ImportRun:
    """Put every touched table back as it was, row for row. Raises NothingToUndo or StillUsed when that is no longer possible."""
    try:
        with transaction.atomic():
            run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
            if run.status != ImportStatus.IMPORTED:
                raise NothingToUndo(_("There is no import to undo."))
            importer = importer_of(run.kind)(run.user, now)
            rows = list(run.rows.filter(fate__in=WRITTEN))
            importer.lock(sorted(row.key for row in rows))
            present = snapshot(importer.footprint(rows))
            if digest(present) != run.after:
                raise NothingToUndo(_("What was imported has been changed since, so it cannot be undone as a whole. Change it piece by piece."))
            restore(before=run.before, present=present)
            if rows:
                importer.settle()
            run.status, run.undone_at, run.undone_by = ImportStatus.UNDONE, now, by
            run.save(update_fields=["status", "undone_at", "undone_by"])
    except IntegrityError as error:
        raise NothingToUndo(_("What was imported is being used at this moment, so it cannot be undone. Try again.")) from error
    return run
