"""What every import command shares: preview by default, `--commit` to write, and the answer of
docs/rules.md R42.
"""

import shlex
from datetime import datetime
from pathlib import Path

from django.core.management import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from ..commanding import PortalCommand
from ..errors import PortalError
from ..models import ImportRow, ImportRun, RowOutcome
from . import runs
from .registry import importer_for


class UnreadableFile(PortalError):
    """The path leads to no file that can be read."""


class ImportCommand(PortalCommand):
    """A command for one kind of import; `kind` names it."""

    kind: str

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="write it; all rows or nothing")
        parser.add_argument(
            "--take-hidden",
            action="store_true",
            help="also read what is hidden in the file",
        )
        parser.add_argument(
            "--take-struck",
            action="store_true",
            help="also read what is struck out in the file",
        )
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="COLUMN=TEXT",
            help="what holds for every row, where the file lacks the column",
        )
        parser.add_argument(
            "--read-as",
            action="append",
            default=[],
            metavar="TEXT=COLUMN",
            help=(
                "what a heading means, where it is only guessed; nothing behind the = for one not"
                " to read"
            ),
        )

    def context(self, options: dict) -> dict:
        """What the importer must know besides the file, from the options of the command."""
        return {}

    def handle(self, *, file: Path, commit: bool, **options) -> None:
        now = timezone.now()
        choices = {
            "take_hidden": options["take_hidden"],
            "take_struck": options["take_struck"],
            "answers": _pairs(options["answer"]),
            "headings": _pairs(options["read_as"]),
        }
        source = {
            "kind": self.kind,
            "content": read_bytes(file),
            "context": self.context(options),
            "choices": choices,
        }
        if not commit:
            run = ImportRun(**source, file_name=file.name)
            self.answer(answer(run, runs.read_file(run, now=now)), json_wanted=options["json"])
            return
        run = runs.preview(**source, name=file.name, by=None, now=now)
        self.answer(answer(run, list(run.rows.all())), json_wanted=options["json"])
        try:
            runs.confirm(run=run, now=now)
        except PortalError as error:
            to_type = what_to_type(run, now)
            run.delete()  # nobody is left to look at it
            if to_type:
                hint = _("If it is right, add: %(options)s") % {"options": to_type}
                raise type(error)(f"{error} {hint}") from error
            raise


def what_to_type(run: ImportRun, now: datetime) -> str:
    """The options that answer what the preview asks: a guessed heading as it is guessed, a missing
    column with … to fill in, a choice with its answers.
    """
    importer = importer_for(run, now)
    asked = [
        question
        for question in run.questions
        if question["required"] and question["ask"] not in ("heading", "column")
    ]
    return " ".join(
        [
            f"--read-as {shlex.quote('='.join((question['text'], question['column'])))}"
            if question["ask"] == "heading"
            else f"--answer {question['column']}=…"
            for question in runs.open_questions(run)
        ]
        + [
            f"--answer {question['ask']}={'|'.join(answers)}"
            for question in asked
            if not importer.answer(question["ask"])
            and (
                answers := [
                    value for value, _label in importer.question_words(question)[1] if value
                ]
            )
        ]
    )


def answer(run: ImportRun, rows: list[ImportRow]) -> dict:
    """Return what `--json` prints of a run: counts, and each rejected row with its reasons."""
    counts = runs.counts_of(rows)
    return {
        "rows": len(rows),
        "new": counts[RowOutcome.NEW],
        "changed": counts[RowOutcome.CHANGED],
        "same": counts[RowOutcome.SAME],
        "rejected": [
            {"sheet": row.sheet, "row": row.row, "reason": "；".join(row.reasons)}
            for row in rows
            if row.outcome == RowOutcome.REJECTED
        ],
        "warnings": (
            run.warnings
            + [
                {"sheet": item["sheet"], "row": item["row"], "reason": item["reason"]}
                for item in run.hidden
            ]
            + [
                {"sheet": row.sheet, "row": row.row, "reason": remark}
                for row in rows
                for remark in row.remarks
            ]
        ),
    }


def _pairs(arguments: list[str]) -> dict[str, str]:
    """Raises CommandError with exit code 2 for an argument without =."""
    for argument in arguments:
        if "=" not in argument:
            raise CommandError(f"{argument!r} is not of the form NAME=VALUE", returncode=2)
    return {
        name.strip(): value.strip()
        for name, _sign, value in (argument.partition("=") for argument in arguments)
    }


def read_bytes(file: Path) -> bytes:
    """Raises UnreadableFile."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            _("%(file)s cannot be read. Is it in this folder?") % {"file": file.name}
        ) from error
