"""Finding the columns of an importer in a file, and asking about headings that are only guessed."""

from contextlib import suppress
from functools import cached_property

from django.utils.translation import gettext as _

from ..spreadsheets.cell_text import spelled
from ..spreadsheets.data_rows import read_rows
from ..spreadsheets.headings import HeadingWords
from ..spreadsheets.opening import FileRefused, read_sheets
from ..spreadsheets.table import TableRows, Taken
from . import heading_words

# what the list of rejected rows has in front; sent back mended, they are not read
REJECTED_HEADINGS = ("工作表", "行号", "原因")


class ReadsTables:
    """How an importer finds its columns: by known words, by what offices added, by guesses that are
    asked about on the preview.
    """

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
            and not spelled(text).endswith(self.unasked)
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

    def is_part_of_a_group(self, text: str, texts: list[str]) -> bool:
        """Whether the heading is one of several parts of what its group names, which none of them
        is alone.
        """
        return False

    def guesses(self, found: TableRows) -> dict[str, str]:
        """Text of an unknown heading → the column it may mean."""
        words, hints = self.heading_words(), self.hints()
        endings = dict.fromkeys(map(spelled, self.other_endings.split()), "") | {
            spelled(word): column.name for column in self.columns for word in column.endings.split()
        }
        result: dict[str, str] = {}
        for sheet, texts in found.unknown.items():
            tables = [headings for (of, _n), (headings, _t) in found.tables.items() if of == sheet]
            kinds = dict(found.unknown_columns.get(sheet, {}).values())
            named = set.intersection(
                *({name for name, *_ in headings.values()} for headings in tables)
            )
            for text in texts:
                free = (
                    {column.name for column in self.columns if column.is_offered}
                    - named
                    - set(result.values())
                )
                if kinds.get(text) == "words":
                    free -= set(self.numbers)
                if (
                    spelled(text) not in self.decided_headings
                    and text not in result
                    and not self.is_part_of_a_group(text, texts)
                    and (name := heading_words.guess(text, words, hints, free, endings))
                ):
                    result[text] = name
        return result

    def read_table(self, content: bytes, name: str) -> tuple[TableRows, dict[str, str]]:
        """The rows of the file, and what its headings are only taken for. Raises FileRefused."""
        taken = Taken(
            hidden=self.offers_hidden and bool(self.choices.get("take_hidden")),
            struck=self.offers_hidden and bool(self.choices.get("take_struck")),
        )
        guesses: dict[str, str] = {}
        try:
            found = read_rows(content, name, self.heading_words(), taken=taken)
        except FileRefused:
            found, guesses = self._with_guesses_at_what_is_needed(content, name, taken)
        more = self.guesses(found)
        if more:
            guesses |= more
            found = read_rows(content, name, self.heading_words(guesses), taken=taken)
        return found, guesses

    def _with_guesses_at_what_is_needed(
        self, content: bytes, name: str, taken: Taken
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
            found = read_rows(content, name, self.heading_words(hints), taken=taken)
        except FileRefused:
            hints = self._guesses_at_the_nearest_row(content, name)
            with suppress(FileRefused):
                found = read_rows(content, name, self.heading_words(hints), taken=taken)
                return found, {
                    text: hints[text]
                    for texts in found.headings.values()
                    for _name, text, _sure in texts.values()
                    if text in hints
                }
            if self.asks_about_strange_tables and (
                strange := self._of_a_strange_table(content, name, taken)
            ):
                return strange
            hints = {}
        if not hints:
            found = read_rows(content, name, self.heading_words(), taken=taken)
        return found, {
            text: column
            for headings in found.headings.values()
            for column, text in ((column, text) for column, text, _sure in headings.values())
            if column in hints.values()
        }

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
