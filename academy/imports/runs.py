"""One import for everything: previewed first, each row's outcome told with its reason, all rows or
nothing, undone row for row.

An app declares what it can import in `importers.py`: subclasses of `Importer` in a list
`IMPORTERS`. Nothing else is needed for a kind of table to appear on `/manage/imports/`. Source:
docs/rules.md R10.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from importlib import import_module

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..access import is_office
from ..errors import PortalError
from ..models import WRITTEN, ImportRow, ImportRun, ImportStatus, RowOutcome, User
from ..spreadsheets.cell_text import clean_lines, spelled
from ..spreadsheets.data_rows import TableRow, TableRows, read_rows
from ..spreadsheets.headings import HeadingWords
from ..spreadsheets.opening import FileRefused, read_sheets
from ..table_shape import shape_of
from . import heading_words
from .snapshots import digest, restore, snapshot

MOST_WAITING = 5  # previews of one kind that wait for one person; an older one is put away
KEPT_FOR = timedelta(days=14)  # a preview that nobody imported
LONGEST_CELL = 5_000  # characters of a cell that is sent back in the list of rejected rows
ROWS_AT_ONCE = 500
# what the list of rejected rows has in front; sent back mended, they are not read
REJECTED_HEADINGS = ("工作表", "行号", "原因")


class UnknownImport(PortalError):
    """There is no import of that kind."""


class RowsRejected(PortalError):
    """Some rows cannot be taken over, so nothing is."""


class AlreadyDone(PortalError):
    """The run was imported, or undone, already."""


class QuestionsOpen(PortalError):
    """Something in the file is only guessed, and nobody has confirmed it."""


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
    """A column of the table: its heading as the template writes it, and what else offices call it,
    separated by spaces.
    """

    name: str
    heading: str
    synonyms: str = ""
    width: int = 14
    hint: str = ""  # what the template says below the heading
    guesses: str = ""  # what it may be called: taken for it only after asking
    # words with which a heading ends that may mean it: taken for it only after asking
    endings: str = ""
    in_template: bool = True
    is_choice: bool = False  # what a heading may mean, though the template has no such column

    @property
    def is_offered(self) -> bool:
        return self.in_template or self.is_choice


class Importer:
    """What one kind of table is and does.

    One object serves one preview or one import, for one person.
    """

    kind: str
    title: str
    about: str
    columns: tuple[Column, ...]
    needed: tuple[str, ...]  # columns without which a row is no row of headings
    fewest = 2  # headings in that row
    asks_about_strange_tables = False  # whether a table is shown whose headings nobody knows
    other_endings = ""  # words with which headings end that no column holds
    truths: tuple[str, ...] = ()  # columns whose cells may be true or false
    year: int | None = None  # of which the table is; headings of another year are not read
    # name of the address where the file is sent, when the importer needs to know more than the file
    upload_page = ""
    shows_key = True  # whether the preview shows what a row is matched by beside its title
    headline: tuple[str, ...] = ()  # columns that the preview shows at once; the others unfold
    do_not_call_in_templates = True  # pages show the class

    def __init__(
        self,
        by: User | None,
        now: datetime,
        *,
        context: dict | None = None,
        choices: dict | None = None,
    ) -> None:
        """`by` is None when a command imports, which may do what the office may."""
        self.by, self.now = by, now
        self.context, self.choices = context or {}, choices or {}
        self.questions: list[dict] = []  # what the preview asks, put here while the file is read

    @classmethod
    def may_use(cls, user) -> bool:
        raise NotImplementedError

    @classmethod
    def may_use_for(cls, user, context: dict) -> bool:
        """Whether the person may import into what the context names."""
        return cls.may_use(user)

    def consequence(self) -> str:
        """One sentence: what importing means for this person."""
        return ""

    def subject(self) -> str:
        """What the file is imported into, where the context names it."""
        return ""

    def page(self) -> str:
        """Where to look at what was imported, where there is a better page than that of the run."""
        return ""

    def in_the_way(self) -> str:
        """Why nothing can be imported at present, whatever the file says."""
        return ""

    def ask_about_headings(self, found: TableRows, guesses: dict[str, str]) -> None:
        """Ask about guesses and about headings that nobody knows; what was chosen can be chosen
        anew.
        """
        chosen = self.choices.get("headings", {})
        unknown = {
            text: ""
            for texts in found.unknown.values()
            for text in texts
            if spelled(text) not in self.decided_headings
        }
        for text, name in {**unknown, **guesses, **chosen}.items():
            self.questions.append(
                {"ask": "heading", "text": text, "column": name, "required": text in guesses}
            )
        for text, name in guesses.items():
            found.warnings.append(
                {
                    "sheet": "",
                    "row": 0,
                    "reason": (
                        _("The heading “%(text)s” is taken for “%(column)s”.")
                        % {
                            "text": text,
                            "column": self.heading_of(name),
                        }
                    ),
                }
            )

    def begin(self, found: TableRows) -> None:
        """Look at the file as a whole before its rows are read. Raises FileRefused."""

    def read(self, line: TableRow) -> tuple[str, dict, list[str]]:
        """What a row says: key, values that JSON can hold, remarks.

        Raises RowRejected. Asks the database nothing per row.
        """
        raise NotImplementedError

    def conclude(self, rows: list[ImportRow], found: TableRows) -> None:
        """Look at the rows together, once all are read. Raises FileRefused."""

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
        """Every row of a table that `write` may touch for these rows, tables that others point at
        first.
        """
        raise NotImplementedError

    def make_way(self, rows: list[ImportRow]) -> None:
        """Move what an undo is about to write over, where rows may not carry the same value at
        once.
        """

    def imported(self, rows: list[ImportRow], file_name: str) -> None:
        """Leave a trace of the import, inside the transaction; the rows are all of the file."""

    def undone(self, file_name: str, by: User | None) -> None:
        """Leave a trace of the undo, inside the transaction."""

    def settle(self) -> None:
        """Bring up to date what is derived from the rows, after a write and after an undo."""

    def differs(self, name: str, old, new) -> bool:
        """Whether a value of the file is another one than what is stored."""
        return old != new

    def answer(self, question: str) -> str:
        """What the person answered to a question of the preview, "" while it is open."""
        return str(self.choices.get("answers", {}).get(question, "")).strip()

    def question_words(self, question: dict) -> tuple[str, list[tuple[str, str]]]:
        """What the preview asks, and the answers to choose from; none where the answer is
        written.
        """
        raise NotImplementedError

    def title_of(self, row: ImportRow) -> str:
        return str(row.values.get("title") or row.cells.get("title") or row.key)

    def shown(self, name: str, value) -> str:
        """A value as the preview shows it."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return "、".join(value)
        return "" if value is None else str(value)

    def scope(self) -> str:
        """For whom words of headings are remembered that were confirmed on a preview."""
        return ""

    @classmethod
    def scope_name(cls, scope: str) -> str:
        """For whom a word was remembered, as the page of the words shows it."""
        return scope

    @cached_property
    def decided_headings(self) -> dict[str, str]:
        """Spelling → column, "" for what is not read: what was added for everybody and for this
        owner, and chosen on the preview.
        """
        chosen = {
            spelled(text): column for text, column in self.choices.get("headings", {}).items()
        }
        return {**heading_words.added_words(self.kind, self.scope()), **chosen}

    def heading_words(self, guesses: dict[str, str] | None = None) -> HeadingWords:
        decided = {
            **self.decided_headings,
            **{spelled(text): name for text, name in (guesses or {}).items()},
        }
        columns = {
            column.name: [
                word
                for word in (column.heading, *column.synonyms.split())
                if decided.get(spelled(word), column.name) == column.name
            ]
            for column in self.columns
        }
        return HeadingWords(
            {name: " ".join(words) for name, words in columns.items()},
            needed=self.needed,
            fewest=self.fewest,
            silent=(
                *REJECTED_HEADINGS,
                *(text for text, name in self.choices.get("headings", {}).items() if not name),
            ),
            learned=decided,
            truths=self.truths,
            year=self.year,
        )

    def hints(self) -> HeadingWords:
        return HeadingWords(
            {column.name: column.guesses for column in self.columns},
            needed=self.needed,
            fewest=self.fewest,
            year=self.year,
        )

    def guesses(self, found: TableRows) -> dict[str, str]:
        """Text of an unknown heading → the column it may mean."""
        words, hints = self.heading_words(), self.hints()
        endings = dict.fromkeys(map(spelled, self.other_endings.split()), "") | {
            spelled(word): column.name for column in self.columns for word in column.endings.split()
        }
        result: dict[str, str] = {}
        for sheet, texts in found.unknown.items():
            named = {name for name, *_ in found.headings.get(sheet, {}).values()}
            for text in texts:
                free = (
                    {column.name for column in self.columns if column.is_offered}
                    - named
                    - set(result.values())
                )
                if (
                    spelled(text) not in self.decided_headings
                    and text not in result
                    and (name := heading_words.guess(text, words, hints, free, endings))
                ):
                    result[text] = name
        return result

    def read_table(self, content: bytes, name: str) -> tuple[TableRows, dict[str, str]]:
        """The rows of the file, and what its headings are only taken for. Raises FileRefused."""
        take_hidden, guesses = bool(self.choices.get("take_hidden")), {}
        try:
            found = read_rows(content, name, self.heading_words(), take_hidden=take_hidden)
        except FileRefused:
            found, guesses = self._with_guesses_at_what_is_needed(content, name, take_hidden)
        more = self.guesses(found)
        if more:
            guesses |= more
            found = read_rows(content, name, self.heading_words(guesses), take_hidden=take_hidden)
        return found, guesses

    def _with_guesses_at_what_is_needed(
        self, content: bytes, name: str, take_hidden: bool
    ) -> tuple[TableRows, dict[str, str]]:
        """The table, where a column that every row needs, or most columns, are called by words that
        are only hints.

        Raises FileRefused as without.
        """
        needed = [column for column in self.columns if column.name in self.needed]
        hints = {
            spelled(word): column.name
            for column in needed
            for word in column.guesses.split()
            if spelled(word) not in self.decided_headings
        }
        try:
            found = read_rows(content, name, self.heading_words(hints), take_hidden=take_hidden)
        except FileRefused:
            hints = self._guesses_at_the_nearest_row(content, name)
            with suppress(FileRefused):
                found = read_rows(content, name, self.heading_words(hints), take_hidden=take_hidden)
                return found, {
                    text: hints[text]
                    for texts in found.headings.values()
                    for _name, text, _sure in texts.values()
                    if text in hints
                }
            if self.asks_about_strange_tables and (
                strange := self._of_a_strange_table(content, name, take_hidden)
            ):
                return strange
            hints = {}
        if not hints:
            found = read_rows(content, name, self.heading_words(), take_hidden=take_hidden)
        return found, {
            text: column
            for headings in found.headings.values()
            for column, text in ((column, text) for column, text, _sure in headings.values())
            if column in hints.values()
        }

    def _of_a_strange_table(
        self, content: bytes, name: str, take_hidden: bool
    ) -> tuple[TableRows, dict[str, str]] | None:
        """A table of which too few headings are known: it is shown, and each heading is asked
        about.
        """
        words, found, titles = self.heading_words(), TableRows(), {}
        for sheet in read_sheets(content, name):
            if sheet.is_hidden or words.beside_values(sheet) or not (shape := shape_of(sheet)):
                continue
            known = {
                column: (of, text, "")
                for column, text in shape.headings.items()
                if (of := words.named_by(text))
            }
            found.headings[sheet.title] = known
            found.unknown[sheet.title] = [
                text for column, text in shape.headings.items() if column not in known
            ]
            if self.needed[0] not in {of for of, _text, _sure in known.values()}:
                titles[shape.headings[shape.title]] = self.needed[0]
        if not found.headings:
            return None
        guesses = {
            text: of for text, of in self.guesses(found).items() if of not in self.needed
        } | titles
        self.fewest = 1
        with suppress(FileRefused):
            return (
                read_rows(content, name, self.heading_words(guesses), take_hidden=take_hidden),
                guesses,
            )
        return None

    def _guesses_at_the_nearest_row(self, content: bytes, name: str) -> dict[str, str]:
        """Text → the column it may mean, for what stands in the row of each sheet that looks most
        like headings.
        """
        words, found = self.heading_words(), TableRows()
        for sheet in read_sheets(content, name):
            if not sheet.is_hidden and (near := words.nearest(sheet)):
                headings = near[1]
                found.headings[sheet.title] = {
                    column: (name, headings.texts[column], "")
                    for column, name in headings.columns.items()
                }
                found.unknown[sheet.title] = headings.unknown
        return self.guesses(found)

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
    """Return what the person may import."""
    return [importer for importer in importers().values() if importer.may_use(user)]


def importer_of(kind: str) -> type[Importer]:
    """Raises UnknownImport."""
    try:
        return importers()[kind]
    except KeyError:
        raise UnknownImport(_("There is no import of this kind.")) from None


def runs_visible_to(user) -> models.QuerySet:
    """The sender's own runs; the office sees all.

    Nobody can show a run of a kind that is not read any more.
    """
    runs = ImportRun.objects.filter(kind__in=list(importers()))
    return runs if is_office(user) else runs.filter(user=user)


# --- Preview --------------------------------------------------------------------------------------


def importer_for(run: ImportRun, now: datetime) -> Importer:
    """Return the importer of a run, with its context and the answers given so far."""
    return importer_of(run.kind)(run.user, now, context=run.context, choices=run.choices)


def preview(
    *,
    kind: str,
    content: bytes,
    name: str,
    by: User | None,
    now: datetime,
    context: dict | None = None,
    choices: dict | None = None,
) -> ImportRun:
    """Keep what the file says and what importing it would do; nothing else is written.

    Raises FileRefused, UnknownImport.
    """
    run = ImportRun(
        kind=importer_of(kind).kind,
        user=by,
        file_name=name[-200:],
        content=content,
        context=context or {},
        choices=choices or {},
    )
    rows = read_file(run, now=now)
    with transaction.atomic():
        _put_away(
            ImportRun.objects.filter(status=ImportStatus.PREVIEWED, previewed_at__lt=now - KEPT_FOR)
        )
        if by is not None:
            waiting = by.import_runs.filter(kind=kind, status=ImportStatus.PREVIEWED).order_by(
                "-pk"
            )
            _put_away(
                by.import_runs.filter(
                    pk__in=list(waiting.values_list("pk", flat=True)[MOST_WAITING - 1 :])
                )
            )
        run.save()
        ImportRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return run


def _put_away(runs: models.QuerySet) -> None:
    """The page of a preview stays and says what became of it; its rows and its file go."""
    keys = list(runs.values_list("pk", flat=True))
    ImportRow.objects.filter(run__in=keys).delete()
    ImportRun.objects.filter(pk__in=keys).update(
        status=ImportStatus.DISCARDED, content=b"", hidden=[], questions=[], warnings=[]
    )


@transaction.atomic
def discard(*, run: ImportRun) -> None:
    """Put a preview away. Raises AlreadyDone."""
    run = _waiting(run)
    _put_away(ImportRun.objects.filter(pk=run.pk))


def choose(*, run: ImportRun, choices: dict, now: datetime) -> ImportRun:
    """Read the file anew with the answers of the person. Raises AlreadyDone, FileRefused."""
    with transaction.atomic():
        run = _waiting(run)
        run.choices = choices
        rows = read_file(run, now=now)
        run.rows.all().delete()
        run.save()
        ImportRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return run


def open_questions(run: ImportRun) -> list[dict]:
    """Guesses that nobody has confirmed, and columns that are missing and nobody has said what they
    hold.

    A missing column that a row cannot do without rejects the rows as well.
    """
    answers = run.choices.get("answers", {})
    return [
        question
        for question in run.questions
        if question["required"]
        and (
            question["ask"] == "heading"
            or (question["ask"] == "column" and not answers.get(question["column"]))
        )
    ]


def _waiting(run: ImportRun) -> ImportRun:
    """The run, locked, while it waits to be imported. Raises AlreadyDone."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.status == ImportStatus.DISCARDED:
        raise AlreadyDone(_("This preview was put away. Send the file again."))
    if run.status != ImportStatus.PREVIEWED:
        raise AlreadyDone(_("This file has been imported already."))
    return run


def read_file(run: ImportRun, *, now: datetime) -> list[ImportRow]:
    """The rows of the run's file, not saved; what was found besides is put into the run.

    Raises FileRefused.
    """
    importer = importer_for(run, now)
    found, guesses = importer.read_table(bytes(run.content), run.file_name)
    importer.ask_about_headings(found, guesses)
    importer.begin(found)
    rows = []
    for line in found.rows:
        cells = {column: clean_lines(value)[:LONGEST_CELL] for column, value in line.cells.items()}
        row = ImportRow(
            run=run,
            sheet=line.sheet,
            row=line.row,
            cells=cells,
            remarks=list(line.remarks),
            reasons=list(line.reasons),
        )
        if not row.reasons:  # else a cell that cannot be read would be called missing as well
            try:
                row.key, row.values, remarks = importer.read(line)
                row.remarks += remarks
            except RowRejected as rejected:
                row.reasons = rejected.reasons
        rows.append(row)
    importer.conclude(rows, found)
    judge(importer, rows)
    run.previewed_at, run.warnings, run.questions, run.hidden = (
        now,
        found.warnings,
        importer.questions,
        found.hidden,
    )
    return rows


def judge(importer: Importer, rows: list[ImportRow]) -> None:
    """Give every row its outcome against what is stored now."""
    readable = [row for row in rows if row.values]
    stored = importer.stored(readable)
    keys = {row.key for row in readable}
    first: dict[str, ImportRow] = {}
    for row in readable:
        before = stored.get(row.key)
        row.changes, row.reasons = [], []
        if row.key in first:
            row.reasons = [
                _("“%(key)s” stands in row %(row)d already.")
                % {
                    "key": row.key,
                    "row": first[row.key].row,
                }
            ]
        else:
            first[row.key] = row
            row.reasons = importer.refusals(row, before, keys)
        if before is not None and not row.reasons:
            row.changes = [
                {"name": name, "old": before[name], "new": row.values[name]}
                # a JSON column of PostgreSQL keeps no order
                for name in sorted(row.values, key=importer.place_of)
                if importer.differs(name, before[name], row.values[name])
            ]
    for row in rows:
        if row.reasons:
            row.outcome = RowOutcome.REJECTED
        elif row.key in stored:
            row.outcome = RowOutcome.CHANGED if row.changes else RowOutcome.SAME
        else:
            row.outcome = RowOutcome.NEW
        row.title = importer.title_of(row)[:120]


def counts_of(rows: Iterable[ImportRow]) -> dict[str, int]:
    """Return how many rows ended how; every outcome has a number."""
    counts = dict.fromkeys(RowOutcome.values, 0)
    for row in rows:
        counts[row.outcome] += 1
    return counts


# --- Import and undo ------------------------------------------------------------------------------


def confirm(*, run: ImportRun, now: datetime) -> ImportRun:
    """Write the rows of the preview: all or nothing, and only what the preview showed.

    Raises RowsRejected, AlreadyDone, and PreviewOutdated when what is stored has changed since; the
    run then holds a new preview.
    """
    changed_rows: list[ImportRow] = []
    try:
        with transaction.atomic():
            run = _waiting(run)
            if open_questions(run):
                raise QuestionsOpen(
                    _("Answer first what the preview asks about headings and missing columns.")
                )
            importer = importer_for(run, now)
            rows = list(run.rows.all())
            promised = [(row.outcome, row.changes, row.reasons) for row in rows]
            importer.lock(sorted({row.key for row in rows if row.key}))
            judge(importer, rows)
            changed_rows = [
                row
                for row, was in zip(rows, promised, strict=True)
                if (row.outcome, row.changes, row.reasons) != was
            ]
            if changed_rows:
                raise PreviewOutdated(
                    _(
                        "Something was changed since the preview, so nothing has been imported."
                        " Look at the new preview below."
                    )
                )
            refuse_rejected(rows)
            _write(importer, run, [row for row in rows if row.outcome in WRITTEN], now)
            importer.imported(rows, run.file_name)
            if run.user_id:
                heading_words.remember(
                    kind=run.kind,
                    owner=importer.scope(),
                    words=run.choices.get("headings", {}),
                    by=run.user,
                    now=now,
                )
    except PreviewOutdated:
        ImportRow.objects.bulk_update(
            changed_rows, ["outcome", "changes", "reasons"], batch_size=ROWS_AT_ONCE
        )
        raise
    except IntegrityError as error:  # somebody else wrote the same thing at the same moment
        raise PreviewOutdated(
            _(
                "Somebody else was writing at the same moment, so nothing has been imported. Try"
                " again."
            )
        ) from error
    return run


def refuse_rejected(rows: list[ImportRow]) -> None:
    """Raise RowsRejected when a row cannot be taken over."""
    rejected = [row for row in rows if row.outcome == RowOutcome.REJECTED]
    if rejected:
        raise RowsRejected(
            " ".join(
                (
                    ngettext(
                        "%(count)d row cannot be taken over, so nothing was. Mend it in the file"
                        " and send it again.",
                        "%(count)d rows cannot be taken over, so nothing was. Mend them in the file"
                        " and send it again.",
                        len(rejected),
                    )
                    % {"count": len(rejected)},
                    *_shared_reasons(rejected),
                )
            )
        )


def _shared_reasons(rows: list[ImportRow]) -> list[str]:
    """What stands against every one of the rows, such as that the file is of another year."""
    return [reason for reason in rows[0].reasons if all(reason in row.reasons for row in rows)]


def _write(importer: Importer, run: ImportRun, rows: list[ImportRow], now: datetime) -> None:
    run.before = snapshot(importer.footprint(rows))
    if rows:
        importer.write(rows)
        importer.settle()
    run.after = digest(snapshot(importer.footprint(rows)))
    run.status, run.imported_at, run.content = ImportStatus.IMPORTED, now, b""
    run.save()


def is_undoable(run: ImportRun, now: datetime) -> bool:
    """Whether what was imported still stands as it was written."""
    if run.status != ImportStatus.IMPORTED:
        return False
    importer = importer_for(run, now)
    return (
        digest(snapshot(importer.footprint(list(run.rows.filter(outcome__in=WRITTEN)))))
        == run.after
    )


def undo(*, run: ImportRun, by: User | None, now: datetime) -> ImportRun:
    """Put every touched table back as it was, row for row.

    Raises NothingToUndo or StillUsed when that is no longer possible.
    """
    try:
        with transaction.atomic():
            run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
            if run.status != ImportStatus.IMPORTED:
                raise NothingToUndo(_("There is no import to undo."))
            importer = importer_for(run, now)
            rows = list(run.rows.filter(outcome__in=WRITTEN))
            importer.lock(sorted(row.key for row in rows))
            present = snapshot(importer.footprint(rows))
            if digest(present) != run.after:
                raise NothingToUndo(
                    _(
                        "What was imported has been changed since, so it cannot be undone as a"
                        " whole. Change it piece by piece."
                    )
                )
            importer.make_way(rows)
            restore(before=run.before, present=snapshot(importer.footprint(rows)))
            if rows:
                importer.settle()
            importer.undone(run.file_name, by)
            run.status, run.undone_at, run.undone_by = ImportStatus.UNDONE, now, by
            run.save(update_fields=["status", "undone_at", "undone_by"])
    except IntegrityError as error:
        raise NothingToUndo(
            _("What was imported is being used at this moment, so it cannot be undone. Try again.")
        ) from error
    return run
