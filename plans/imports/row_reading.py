"""Reading a row of a plan."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.imports.errors import RowRejected
from academy.spreadsheets.cell_text import EMPTY_WORDS, Rejected, clean
from academy.spreadsheets.table import TableRow
from academy.text.numbers import plain

from ..timing import months_in
from .comparing import TOLD_BESIDE, contradictions, standard_beside, strange_length
from .composites import apart
from .contacts import contact_of
from .numbers import Numbers
from .row_notes import fit_to_each_run, runs_told
from .row_values import (
    TEXTS,
    category_of,
    in_quarters,
    is_yes,
    label,
    months_of,
    name_of,
    number_of_row,
    planned_time,
    text_of,
)
from .surroundings import rate_of
from .table_context import (
    DECIMALS,
    LEAST_FOR_ONE,
    LEAST_MONEY,
    MOST_FOR_ONE,
    NEEDED,
    NUMBERS,
    TableContext,
)

# 二、第二季度（3个班）: the heading of a part of the table that says when
SECTION_OF_THE_YEAR = re.compile(
    r"(?:[(（]?[一二三四五六七八九十]{1,2}[)）]?[、.．]?)? ?(?:20[0-9]{2}年)?"
    r"(?P<time>第?[一二三四1-4]季度|[上下]半年|(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?)"
    r"(?:的?(?:培训|办班|举办)?(?:班次?|计划|安排|项目|部分)?)(?:[(（][^)）]*[)）])?[:：]?"
)


class ReadsItems:
    """What each cell of an item says; raises RowRejected with every reason."""

    def read(self, line: TableRow) -> tuple[str, dict, list[str]]:
        if self.doubts and not self.answer("right_file"):
            raise RowRejected(list(dict.fromkeys(self.doubts)))
        remarks: list[str] = []
        values: dict = {
            "number": None if "number" in line.merged else number_of_row(line.cells.get("number"))
        }
        reasons: list[str] = []
        for step in (self._read_texts, self._read_numbers):
            try:
                step(line, values, remarks)
            except RowRejected as rejected:
                reasons += rejected.reasons
        if reasons:
            raise RowRejected(list(dict.fromkeys(reasons)))
        if unit := self.units.another(values["organiser"]):
            remarks.append(
                _("The organiser is written as %(unit)s, the plan is for %(owner)s.")
                % {"unit": unit, "owner": self.owner.name}
            )
        if "name" in line.merged:
            remarks.append(
                _(
                    "The name is one merged cell for several rows; each row with its own number of"
                    " people is an item."
                )
            )
        for name, words in (
            ("audience", pgettext("what an item lacks", "for whom")),
            ("months", pgettext("what an item lacks", "when")),
            ("content", pgettext("what an item lacks", "what")),
        ):
            if not values[name]:
                remarks.append(
                    _("It does not say %(what)s; that is needed before the plan is handed in.")
                    % {"what": words}
                )
        return values["name"], values, remarks

    def _read_texts(self, line: TableRow, values: dict, remarks: list[str]) -> None:
        cells, around = dict(line.cells), self.tables[line.sheet, line.table]
        self._each({"months": lambda: planned_time(cells, remarks, self.year)}, cells)
        cells["months"] = in_quarters(cells.get("months"), around.written.get("months", ""))
        if not clean(cells.get("months")) and (beside := self._time_beside(line)):
            heading, cells["months"] = beside
            remarks.append(
                _("No planned time: taken from “%(heading)s”, %(text)s.")
                % {"heading": heading[:20], "text": clean(cells["months"])[:20]}
            )
        if not clean(cells.get("months")) and months_in(line.sheet):
            cells["months"] = line.sheet
            remarks.append(
                _("No planned time: taken from the name of the sheet, %(sheet)s.")
                % {"sheet": line.sheet}
            )
        if not clean(cells.get("months")) and SECTION_OF_THE_YEAR.fullmatch(line.section):
            cells["months"] = clean(SECTION_OF_THE_YEAR.fullmatch(line.section)["time"])
            remarks.append(
                _("No planned time: taken from the heading of the section, %(section)s.")
                % {"section": line.section}
            )
        readers = {
            "name": lambda: name_of(cells.get("name")),
            **{name: lambda name=name: text_of(name, cells.get(name)) for name in TEXTS},
            "months": lambda: months_of(cells.get("months"), remarks, self.year),
            "funding": lambda: self._funding(cells, around),
            "category": lambda: str(category_of(cells.get("category"), remarks)),
            "other_system_cadres": lambda: is_yes(cells.get("other_system_cadres")),
            "contact": lambda: contact_of(cells, around.contact, remarks),
        }
        self._each(readers, values)
        values["organiser"] = values["organiser"] or self.owner.name
        values["contact_name"], values["contact_phone"] = values.pop("contact")

    def _time_beside(self, line: TableRow) -> tuple[str, str] | None:
        """What a second column of the time says, such as 季度 beside an empty 月份, with its
        heading.
        """
        words = self.heading_words()
        for heading, value in line.beside.items():
            text = in_quarters(value, heading)
            if words.named_by(heading) == "months" and months_in(clean(text)):
                return heading, text
        return None

    def _funding(self, cells: dict, around: "TableContext") -> str:
        if "funding" in around.written:
            return text_of("funding", cells.get("funding"))
        if around.funding:
            return text_of("funding", around.funding)
        return (
            ""
            if self.answer("funding") in EMPTY_WORDS
            else text_of("funding", self.answer("funding"))
        )

    def _each(self, readers: dict, values: dict) -> None:
        """Call every reader, so that all reasons are told together."""
        reasons = []
        for name, read in readers.items():
            try:
                values[name] = read()
            except Rejected as rejected:
                reasons.append(str(rejected))
        if reasons:
            raise RowRejected(reasons)

    def _read_numbers(self, line: TableRow, values: dict, remarks: list[str]) -> None:
        around = self.tables[line.sheet, line.table]
        try:
            cells = apart(line.cells, around.written, around.names)
        except Rejected as rejected:
            raise RowRejected([str(rejected)]) from rejected
        if around.has_hours_in_the_year:
            cells["hours"] = cells["hours_in_the_year"]
        if not clean(cells.get("runs")) and (told := runs_told(cells)):
            cells["runs"], words = told
            remarks.append(
                _("“%(column)s” is read from “%(words)s”: %(number)d.")
                % {"column": label("runs"), "words": words[:30], "number": cells["runs"]}
            )
        for name in (*NEEDED, "budget"):
            if name not in around.names and not clean(cells.get(name)):
                cells[name] = self.answer(name)
        numbers = Numbers(cells, remarks, around.factor, around.rates)
        self._each(
            {name: lambda name=name: self._number(name, numbers, line, around) for name in NUMBERS},
            values,
        )
        if values["people"] < values["runs"]:
            raise RowRejected(
                [
                    _("%(people)d people in %(runs)d runs: do the two stand in their columns?")
                    % {"people": values["people"], "runs": values["runs"]}
                ]
            )
        for name, heading in around.of_all_runs.items():
            if values["runs"] > 1 and values[name] and not rate_of(clean(cells.get(name))):
                values[name] = self._of_one_run(values[name], values["runs"], heading, remarks)
        if strange := strange_length(values):
            remarks.append(strange)
        fit_to_each_run(cells, values, around.written, remarks)
        self._refuse_doubtful_money(values, cells, around, remarks)
        remarks += contradictions(line.beside, values, around.factor)
        self._refuse_other_people(line, values)
        self._keep_why_it_costs_nothing(values, clean(cells.get("budget")), remarks)
        for name in DECIMALS:
            values[name] = plain(values[name])

    def _refuse_other_people(self, line: TableRow, values: dict) -> None:
        """A column beside that tells another number of people: which of them holds is not known."""
        beside = {
            heading: value
            for heading, value in line.beside.items()
            if TOLD_BESIDE["people"].search(heading)
        }
        if others := contradictions(beside, values, 1):
            raise RowRejected(others)

    def _of_one_run(self, number: Decimal, runs: int, heading: str, remarks: list[str]) -> Decimal:
        if not self.answer("hours_for"):
            raise RowRejected(
                [
                    _("“%(heading)s” may be of one run or of all %(runs)d. Say above which it is.")
                    % {"heading": heading[:20], "runs": runs}
                ]
            )
        if self.answer("hours_for") == "run":
            return number
        each, shown = (
            number / runs,
            {"heading": heading[:20], "number": f"{number.normalize():f}", "runs": runs},
        )
        if each != each.quantize(Decimal("0.01")):
            raise RowRejected(
                [_("“%(heading)s”: %(number)s cannot be divided by %(runs)d runs.") % shown]
            )
        remarks.append(
            _("“%(heading)s”: %(number)s in %(runs)d runs, taken as %(each)s of one run.")
            % {
                **shown,
                "each": f"{each.normalize():f}",
            }
        )
        return each

    def _number(self, name: str, numbers: Numbers, line: TableRow, around: "TableContext"):
        if name in NEEDED and name not in around.names and not clean(numbers.cells.get(name)):
            raise Rejected(around.why_missing(name))
        if name in ("people", "runs"):
            number = numbers.whole(name)
            if number is None and name == "people":
                raise Rejected(
                    around.why_missing(name)
                    if name not in around.names
                    else _("The number of people is missing.")
                )
            if number is None:
                numbers.remarks.append(_("No number of runs: taken as 1."))
            return 1 if number is None else number
        number = numbers.read(name)
        if number is None and name == "budget":
            if clean(numbers.cells.get(name)) == "":
                numbers.remarks.append(around.no_budget(standard_beside(line.beside)))
        elif number is None and name == "hours" and around.hours_of_a_day:
            number = (numbers.read("days") or Decimal(0)) * around.hours_of_a_day
            numbers.remarks.append(
                _("Study hours from the note: %(each)d a day, %(number)s for one run.")
                % {"each": around.hours_of_a_day, "number": plain(number)}
            )
        elif number is None:
            numbers.remarks.append(
                _("“%(column)s” is empty: taken as 0.") % {"column": label(name)}
            )
        return number or Decimal(0)

    def _keep_why_it_costs_nothing(self, values: dict, said: str, remarks: list[str]) -> None:
        """自筹 is no money of the plan; the word goes to the remark of the item."""
        if values["budget"] or said in EMPTY_WORDS or re.search("[0-9]", said):
            return
        remarks.append(
            _("“%(value)s” in “%(column)s” is taken as 0 yuan and kept in the remark.")
            % {"value": said[:30], "column": label("budget")}
        )
        if said not in values["remark"]:
            values["remark"] = text_of(
                "remark", "；".join(filter(None, (values["remark"], f"经费：{said}")))
            )

    def _refuse_doubtful_money(
        self, values: dict, cells: dict, around: "TableContext", remarks: list[str]
    ) -> None:
        """A sum that can hardly be meant is asked about: it may be wrong by ten thousand."""
        budget, people = values["budget"], values["people"]
        if not budget:
            return
        shown = {"budget": f"{budget.normalize():,f}", "people": people}
        doubtful = budget < LEAST_MONEY or not LEAST_FOR_ONE <= budget / people <= MOST_FOR_ONE
        if self.answer("budget_unit"):
            if doubtful:
                remarks.append(_("%(budget)s yuan for %(people)s people.") % shown)
        elif around.units_differ and not isinstance(cells.get("budget"), str):
            self._ask_for_the_unit()
            raise RowRejected(
                [
                    _(
                        "The heading and the line above the table name different units of money."
                        " Say which one holds."
                    )
                ]
            )
        elif doubtful:
            self._ask_for_the_unit()
            raise RowRejected(
                [
                    _(
                        "The budget of %(budget)s yuan for %(people)s people can hardly be right."
                        " Say whether the file is in yuan or in 万元, or mend the row."
                    )
                    % shown
                ]
            )

    def _ask_for_the_unit(self) -> None:
        if not any(question["ask"] == "budget_unit" for question in self.questions):
            self.questions.append({"ask": "budget_unit", "required": True})
