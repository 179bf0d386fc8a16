"""What one kind of table is and does: its columns, and what its rows become."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from ..models import ImportRow, ImportRun, User
from ..spreadsheets.data_rows import read_rows
from ..spreadsheets.opening import FileRefused, read_sheets
from ..spreadsheets.table import TableRow, TableRows, Taken
from ..table_shape import shape_of
from .reading import ReadsTables
from .snapshots import Snapshot


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


class Importer(ReadsTables):
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
    # headings that are not read and not asked about either: most offices have them
    unasked: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # columns whose cells hold numbers
    truths: tuple[str, ...] = ()  # columns whose cells may be true or false
    year: int | None = None  # of which the table is; headings of another year are not read
    # name of the address where the file is sent, when the importer needs to know more than the file
    upload_page = ""
    shows_key = True  # whether the preview shows what a row is matched by beside its title
    headline: tuple[str, ...] = ()  # columns that the preview shows at once; the others unfold
    # whether the good rows of a file are imported without the rejected ones
    leaves_out_rejected = False
    # whether they are where a person ticks so, because no row leans on another one
    offers_leaving_out = False
    offers_hidden = True  # whether what is hidden in the file can be taken in after asking
    # whether an undo puts back each row that still stands as it was written, and leaves the others
    undone_by_row = False
    page_part = ""  # template that the page of a run shows above the rows, with `page_context`
    sample = ""  # file below demo/ whose rows the sample file has
    sample_rows: int | None = None  # so many of them; None means all
    run: ImportRun | None = None  # what it works for
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

    def page_context(self) -> dict:
        """What `page_part` shows of the run."""
        return {}

    def in_the_way(self) -> str:
        """Why nothing can be imported at present, whatever the file says."""
        return ""

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

    def already_in(self, first: ImportRow) -> str:
        """Why a second row with the key of the first is rejected."""
        return _("“%(key)s” stands in row %(row)d already.") % {"key": first.key, "row": first.row}

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

    def parts_of(self, taken: Snapshot, rows: list[ImportRow]) -> dict[str, Snapshot]:
        """Key of a row → what of the snapshot is its own; for an importer that is undone by row."""
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

    def _of_a_strange_table(
        self, content: bytes, name: str, taken: Taken
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
                read_rows(content, name, self.heading_words(guesses), taken=taken),
                guesses,
            )
        return None

    @classmethod
    def place_of(cls, name: str) -> int:
        """Where the column stands in the table."""
        return [column.name for column in cls.columns].index(name)

    @classmethod
    def heading_of(cls, name: str) -> str:
        return next((column.heading for column in cls.columns if column.name == name), name)
