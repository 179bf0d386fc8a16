"""One import for everything: previewed first, each row's outcome told with its reason, all rows or
nothing, undone row for row.

An app declares what it can import in `importers.py`: subclasses of `Importer` in a list
`IMPORTERS`. Nothing else is needed for a kind of table to appear on `/manage/imports/`. Source:
docs/rules.md R10.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import WRITTEN, ImportRow, ImportRun, ImportStatus, RowOutcome, User
from ..spreadsheets.cell_text import clean_lines
from . import heading_words, progress, row_undo
from .errors import (
    AlreadyDone,
    NothingToUndo,
    PreviewOutdated,
    QuestionsOpen,
    RowRejected,
    RowsRejected,
)
from .importer import Importer
from .registry import importer_for, importer_of
from .snapshots import digest, restore, snapshot

MOST_WAITING = 5  # previews of one kind that wait for one person; an older one is put away
KEPT_FOR = timedelta(days=14)  # a preview that nobody imported
LONGEST_CELL = 5_000  # characters of a cell that is sent back in the list of rejected rows
ROWS_AT_ONCE = 500


# --- Preview --------------------------------------------------------------------------------------


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
    progress.say(progress.READING)
    found, guesses = importer.read_table(bytes(run.content), run.file_name)
    importer.ask_about_headings(found, guesses)
    importer.begin(found)
    rows = []
    for line in progress.counted(found.rows, progress.READ):
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
    progress.say(progress.CHECKING)
    readable = [row for row in rows if row.values]
    stored = importer.stored(readable)
    keys = {row.key for row in readable}
    first: dict[str, ImportRow] = {}
    for row in progress.counted(readable, progress.CHECKED):
        before = stored.get(row.key)
        row.changes, row.reasons = [], []
        if row.key in first:
            row.reasons = [importer.already_in(first[row.key])]
        else:
            row.reasons = importer.refusals(row, before, keys)
        if not row.reasons:
            first[row.key] = row  # a rejected row reserves nothing
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


def confirm(*, run: ImportRun, now: datetime, leave_out: bool = False) -> ImportRun:
    """Write the rows of the preview: all or nothing, and only what the preview showed.

    `leave_out` says that a person chose to import the good rows without the rejected ones.

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
            importer.lock(sorted({row.key for row in rows if row.key}))
            changed_rows = _judged_otherwise(importer, rows)
            if changed_rows:
                raise PreviewOutdated(
                    _(
                        "Something was changed since the preview, so nothing has been imported."
                        " Look at the new preview below."
                    )
                )
            is_left_out = importer.leaves_out_rejected or (
                leave_out and importer.offers_leaving_out
            )
            if not is_left_out or not any(row.outcome in WRITTEN for row in rows):
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


def _judged_otherwise(importer: Importer, rows: list[ImportRow]) -> list[ImportRow]:
    """Judge the rows again; return those of which the preview said something else."""
    promised = [(row.outcome, row.changes, row.reasons) for row in rows]
    judge(importer, rows)
    return [
        row
        for row, was in zip(rows, promised, strict=True)
        if (row.outcome, row.changes, row.reasons) != was
    ]


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
    progress.say(progress.WRITING)
    run.before = snapshot(importer.footprint(rows))
    if rows:
        importer.write(rows)
        importer.settle()
    after = snapshot(importer.footprint(rows))
    if importer.undone_by_row:
        run.marks = row_undo.marks_of(importer.parts_of(after, rows))
    else:
        run.after = digest(after)
    run.status, run.imported_at, run.content = ImportStatus.IMPORTED, now, b""
    run.save()


def is_undoable(run: ImportRun, now: datetime) -> bool:
    """Whether what was imported still stands as it was written."""
    if run.status != ImportStatus.IMPORTED:
        return False
    importer = importer_for(run, now)
    if importer.undone_by_row:
        return True
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
            if importer.undone_by_row:
                row_undo.restore_untouched(importer, run, rows, present)
            elif digest(present) != run.after:
                raise NothingToUndo(
                    _(
                        "What was imported has been changed since, so it cannot be undone as a"
                        " whole. Change it piece by piece."
                    )
                )
            else:
                importer.make_way(rows)
                restore(before=run.before, present=snapshot(importer.footprint(rows)))
            if rows:
                importer.settle()
            importer.undone(run.file_name, by)
            run.status, run.undone_at, run.undone_by = ImportStatus.UNDONE, now, by
            run.save(update_fields=["status", "undone_at", "undone_by", "warnings"])
    except IntegrityError as error:
        raise NothingToUndo(
            _("What was imported is being used at this moment, so it cannot be undone. Try again.")
        ) from error
    return run
