"""Looking at the file of a plan as a whole, before its rows are read."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.imports.errors import not_offered
from academy.spreadsheets.cell_text import clean, clean_lines, spelled
from academy.spreadsheets.opening import FileRefused
from academy.spreadsheets.table import TableRow, TableRows

from ..items import MOST_ITEMS
from .groups import add_up_groups
from .intakes import INTAKE, fill_in_what_is_as_above, tell_intakes_apart
from .others import LeavesOutOthers, years_above
from .row_values import label
from .surroundings import years_in, years_of_sheet
from .table_context import ASKED, NEEDED, NUMBERS, TableContext, names_in, shared_by_several_rows

AMENDED = re.compile(r"(?:调整|变更|修改|修订|更新|压减|核定)后(?:的)?|现(?:计划|定)?|最新")


class ReadsWholeFile(LeavesOutOthers):
    """Whose rows they are, of which year, what is missing, which lines are one item."""

    def begin(self, found: TableRows) -> None:
        self.remarks: list[tuple[str, str]] = []  # sheet and sentence
        self.doubts: list[str] = []  # why this may be the wrong file
        self._refuse_answers_not_offered()
        self._leave_out_other_years(found)
        self._leave_out_tables_of_others(found)
        self._leave_out_other_units(found)
        self._leave_out_sections_of_others(found)
        self._join_lines_of_one_item(found)
        self._leave_out_called_off(found)
        fill_in_what_is_as_above(found.rows)
        tell_intakes_apart(found.rows)
        self._join_columns_of_content(found)
        add_up_groups(found, self.heading_words().named_by, self.decided_headings)
        self._refuse_shared_numbers(found)
        self._refuse_amended_numbers(found)
        # a heading that nobody knows may be that of the people: the preview asks what it is
        may_be_unknown = self._is_hidden(found, "people") or any(found.unknown.values())
        read = {(row.sheet, row.table) for row in found.rows}
        self.tables = {
            table: TableContext(self, found, table) for table in found.tables if table in read
        }
        found.totals = [total for total in found.totals if (total.sheet, total.table) in read]
        if not may_be_unknown and not any(
            "people" in around.names for around in self.tables.values()
        ):
            raise FileRefused(_("The table has no column 人数."))
        if len(found.rows) > MOST_ITEMS:
            raise FileRefused(_("A plan holds at most %(most)d items.") % {"most": MOST_ITEMS})
        for name in ASKED:
            if name == "budget" and self._is_hidden(found, name):
                continue  # it is left out, and each row says so
            if any(name not in around.names for around in self.tables.values()):
                self.questions.append(
                    {
                        "ask": "column",
                        "column": name,
                        "required": True,
                        "hidden": self._is_hidden(found, name),
                    }
                )
                if name not in NEEDED and not self.answer(name):
                    self.remarks.append(
                        (
                            "",
                            _("The file has no column “%(column)s”. Say what stands in every item.")
                            % {"column": label(name)},
                        )
                    )
        if of_all_runs := {
            text: text for around in self.tables.values() for text in around.of_all_runs.values()
        }:
            self.questions.append(
                {"ask": "hours_for", "required": True, "headings": "、".join(of_all_runs)}
            )
        for (sheet, _table), around in self.tables.items():
            if {"months", "start", "end"} & around.names in ({"start"}, {"end"}):
                self.remarks.append(
                    (
                        sheet,
                        _(
                            "Of begin and end only one has a column that is read; that one is taken"
                            " for the planned time."
                        ),
                    )
                )
        if self.answer("budget_unit"):
            self._ask_for_the_unit()
        self._look_around(found)

    def _refuse_answers_not_offered(self) -> None:
        for ask in ("budget_unit", "right_file", "hours_for"):
            words, offered = self.question_words({"ask": ask})
            if self.answer(ask) not in dict(offered):
                raise FileRefused(not_offered(self.answer(ask), words))

    def _names(self, found: TableRows, sheet: str) -> set[str]:
        """The columns of the first table of the sheet."""
        return names_in({name for name, _text, _sure in found.headings[sheet].values()})

    def _is_hidden(self, found: TableRows, name: str) -> bool:
        """Whether the column is there and only hidden."""
        return any(hidden["name"] == name for hidden in found.hidden)

    def _join_lines_of_one_item(self, found: TableRows) -> None:
        """A name merged over several rows is one item; the lines of its other columns belong
        together.
        """
        rows: list[TableRow] = []
        for line in found.rows:
            own_numbers = [
                name
                for name in ("people", "budget")
                if name not in line.merged and clean(line.cells.get(name))
            ]
            if "name" not in line.merged or own_numbers or not rows or rows[-1].sheet != line.sheet:
                rows.append(line)
                continue
            first = rows[-1]
            for name, value in line.cells.items():
                text = clean(value)
                if name in line.merged or not text or name == "number":
                    continue
                before = clean(first.cells.get(name))
                is_intake = name == "runs" and INTAKE.fullmatch(text)
                if name in NUMBERS and not is_intake and before and before != text:
                    first.reasons.append(
                        _(
                            "“%(column)s” says different things in the rows of one item (row"
                            " %(row)d)."
                        )
                        % {"column": label(name), "row": line.row}
                    )
                elif name in NUMBERS and before and not is_intake:
                    first.reasons.append(
                        _(
                            "“%(column)s” stands in several rows of one item (row %(row)d). Write"
                            " it once, for the whole item."
                        )
                        % {"column": label(name), "row": line.row}
                    )
                elif text not in before.split("\n"):
                    first.cells[name] = f"{first.cells[name]}\n{value}" if before else value
            first.remarks += line.remarks
            first.reasons += line.reasons
        found.rows = rows

    def _join_columns_of_content(self, found: TableRows) -> None:
        """培训内容 over two columns, such as 理论课程 and 实操课程, is one text; a heading that
        somebody chose not to read is left out.
        """
        words, joined = self.heading_words(), []
        for line in found.rows:
            more = {
                heading: clean_lines(value)
                for heading, value in line.beside.items()
                if spelled(heading) not in self.decided_headings
                and words.named_by(heading.partition(" ")[0]) == "content"
            }
            if more and "content" not in line.merged:
                texts = [clean_lines(line.cells.get("content")), *more.values()]
                line.cells["content"] = "；".join(filter(None, texts))
                joined += [heading for heading in more if heading not in joined]
        if joined:
            self.remarks.append(
                (
                    "",
                    _("These columns were read as more of the content: %(columns)s.")
                    % {"columns": "、".join(joined)[:200]},
                )
            )

    def _refuse_amended_numbers(self, found: TableRows) -> None:
        """人数 beside 调整后人数: which of them holds is for the office to say."""
        words = self.heading_words()
        for line in found.rows:
            for heading, value in line.beside.items():
                name = AMENDED.match(heading) and words.named_by(AMENDED.sub("", heading))
                if name in NUMBERS and value not in (None, "", line.cells.get(name)):
                    line.reasons.append(
                        _("The table also has “%(heading)s”. Leave only the column that holds.")
                        % {"heading": heading[:20]}
                    )

    def _refuse_shared_numbers(self, found: TableRows) -> None:
        """A number merged over several items belongs to no single one of them."""
        above: dict[str, TableRow] = {}
        for line in found.rows:
            for name in ("people", "runs", "budget"):
                if name not in line.merged or (name in above and above[name].sheet != line.sheet):
                    above[name] = line
                elif name in above:
                    reason = shared_by_several_rows(name)
                    above[name].reasons += [reason] if reason not in above[name].reasons else []
                    line.reasons.append(reason)

    def _look_around(self, found: TableRows) -> None:
        """Signs that the file is another unit's or another year's, and in what the money is
        written.
        """
        for sheet in found.headings:
            texts = found.preamble.get(sheet, [])
            rows = [row for row in found.rows if row.sheet == sheet]
            above = dict.fromkeys(tuple(row.titles) for row in rows)
            units = (self.other_unit_above(sheet, titles) for titles in above)
            if unit := next(filter(None, units), ""):
                self.doubts.append(
                    _("The file names %(unit)s, the plan is for %(owner)s.")
                    % {
                        "unit": unit[:40],
                        "owner": self.owner.name,
                    }
                )
                self.remarks.append(
                    (
                        sheet,
                        _(
                            "The file names %(unit)s as its unit, the plan is for %(owner)s. Is it"
                            " the right file?"
                        )
                        % {"unit": unit[:40], "owner": self.owner.name},
                    )
                )
            years = (
                {year for row in rows for year in years_above(row)}
                or {number for text in texts for number in years_in(text)}
                or years_of_sheet(sheet)
            )
            if years and self.year not in years:
                self.doubts.append(
                    _("The file is of %(found)s, the plan is for %(year)s.")
                    % {
                        "found": "、".join(map(str, sorted(years))),
                        "year": self.year,
                    }
                )
                self.remarks.append(
                    (
                        sheet,
                        _(
                            "The title or the name of the sheet speaks of %(found)s, the plan is"
                            " for %(year)s. Is it the right file?"
                        )
                        % {"found": "、".join(map(str, sorted(years))), "year": self.year},
                    )
                )
        if self.doubts:
            self.questions.append({"ask": "right_file", "required": True})
        factors = {around.factor for around in self.tables.values()}
        if 10_000 in factors:
            self.remarks.append(("", _("The budget is written in 万元; it is taken over in yuan.")))
        if 1_000 in factors or 100 in factors:
            self.remarks.append(
                ("", _("The budget is written in 千元 or 百元; it is taken over in yuan."))
            )

    def question_words(self, question: dict) -> tuple[str, list[tuple[str, str]]]:
        if question["ask"] == "budget_unit":
            return _("In what is the money of this file written?"), [
                ("", _("not said")),
                ("1", pgettext("unit of money", "yuan")),
                ("10000", pgettext("unit of money", "万元")),
            ]
        if question["ask"] == "right_file":
            return _(
                "The file seems to be of another unit or year. Import it for %(subject)s all the"
                " same?"
            ) % {"subject": self.subject()}, [("", _("no")), ("yes", _("yes"))]
        if question["ask"] == "hours_for":
            return _("Of what are the numbers below “%(headings)s”?") % {
                "headings": question.get("headings", "")
            }, [
                ("", _("not said")),
                ("year", _("of all runs together: divide them by the runs")),
                ("run", _("of one run: take them as they are")),
            ]
        column = self.heading_of(question["column"])
        if question["hidden"]:
            return (
                _(
                    "“%(column)s” is hidden in the file. Take the hidden ones in, or say what holds"
                    " for every item:"
                )
                % {"column": column},
                [],
            )
        if question["column"] in NUMBERS:
            return (
                _("The file has no column “%(column)s”. What holds for every item?")
                % {"column": column},
                [],
            )
        return (
            _(
                "The file has no column “%(column)s”. What should stand in every item? Write 无 for"
                " nothing."
            )
            % {"column": column},
            [],
        )
