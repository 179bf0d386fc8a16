"""The numbers of a row, for the year or for one run."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import WIDE_SIGNS, Rejected, clean, number_in

from .quantities import RUN_UNITS, RUNS_OF_A_YEAR, Quantity, quantity_in
from .row_values import label

MOST = {"people": 1_000_000, "runs": 1_000, "days": 999, "hours": 9_999, "budget": 1_000_000_000}
UNITS = {
    "people": ("", "人次", "人", "名", "位"),
    "runs": ("", "期", "次", "班", "场", "批"),
    "days": ("", "天", "日"),
    "hours": ("", "学时", "课时", "小时"),
    "budget": ("", "元", "块"),
}
RUNS_IN_A_NOTE = re.compile("(?:共|分|合计)([0-9]{1,3})个?[期班次场批]")
UNDECIDED = "待定"
HOURS, DAYS = re.compile("[^天日]*(?:学时|课时|小时)"), re.compile("[天日]")


def at_least_one(number: int, name: str) -> int:
    """The number of people or runs. Raises Rejected when it is 0."""
    if number == 0:
        raise Rejected(_("“%(column)s” must be at least 1.") % {"column": label(name)})
    return number


def days_and_hours_of(value, heading: str) -> tuple[str, str]:
    """2天/16学时 apart; without units in the order of the heading. Raises Rejected."""
    text = re.sub("(天|日|学时|课时)(?=[0-9])", r"\1/", clean(value).translate(WIDE_SIGNS))
    parts = [part for part in re.split(r"[/、,;()（） ]+", text) if part]
    if isinstance(value, date) or len(parts) != 2:
        raise Rejected(
            _("“%(value)s” does not tell days and hours apart. Write them such as 2天/16学时.")
            % {"value": text[:20]}
        )
    hours_first = bool(HOURS.search(parts[0]) or DAYS.search(parts[1]))
    if not any(HOURS.search(part) or DAYS.search(part) for part in parts):
        hours_first = bool(HOURS.match(heading))
    days, hours = reversed(parts) if hours_first else parts
    return days, hours


@dataclass
class Numbers:
    """The numbers of one row: people and runs of the year, days and hours of one run, money of the
    year.
    """

    cells: dict
    remarks: list[str]
    factor: int = 1  # what one stands for in the column of the budget
    # columns whose heading says that they are for one run or person
    rates: dict[str, str] = field(default_factory=dict)

    def whole(self, name: str) -> int | None:
        number = self.read(name)
        if number is not None and number != number.to_integral_value():
            raise Rejected(_("“%(column)s” is not a whole number.") % {"column": label(name)})
        return None if number is None else at_least_one(int(number), name)

    def read(self, name: str) -> Decimal | None:
        """The number in the cell, None when there is none. Raises Rejected with what is wrong."""
        value = self.cells.get(name)
        if not isinstance(value, str):
            number = number_in(
                value, label(name), most=MOST[name], factor=self.factor if name == "budget" else 1
            )
            return (
                number
                if number is None or name not in self.rates
                else self._of_the_year(name, Quantity(number, per=self.rates[name]))
            )
        if (
            clean(value).startswith(("-", "－"))
            and len(clean(value)) > 1
            and clean(value)[1].isdigit()
        ):
            raise Rejected(_("“%(column)s” must not be below 0.") % {"column": label(name)})
        if clean(value) == UNDECIDED:
            raise Rejected(
                _("“%(column)s” is not decided yet. Write the planned number.")
                % {"column": label(name)}
            )
        try:
            found = quantity_in(value)
        except ValueError as error:
            raise self._wrong(name) from error
        if found is None:
            return None
        if found.unit not in UNITS[name] and not (
            found.unit in UNITS["people"] + UNITS["runs"] and found.is_total and name == "budget"
        ):
            raise self._wrong(name)
        if name == "budget" and not found.has_scale and not found.unit:
            found = replace(
                found,
                number=found.number * self.factor,
                each=found.each and found.each * self.factor,
            )
        if not found.per and name in self.rates and not (found.is_total or found.is_of_runs):
            found = replace(found, per=self.rates[name])
        if found.unit == "小时":
            self.remarks.append(
                _("“%(value)s” in “%(column)s” is taken as study hours; one has 45 minutes.")
                % {"value": clean(value)[:30], "column": label(name)}
            )
        if found.is_about:
            self.remarks.append(
                _("“%(value)s” in “%(column)s” says only about how many: taken as %(number)s.")
                % {
                    "value": clean(value)[:30],
                    "column": label(name),
                    "number": f"{found.number.normalize():,f}",
                }
            )
        elif (found.note or found.terms) and not found.per:
            self.remarks.append(
                _("“%(value)s” in “%(column)s” is read as %(number)s.")
                % {
                    "value": clean(value)[:30],
                    "column": label(name),
                    "number": f"{found.number.normalize():,f}",
                }
            )
        number = self._of_the_year(name, found)
        quiet = Numbers(self.cells, [], self.factor)
        if found.rate and quiet._of_the_year(name, found.rate) != number:
            raise self._misfit(
                _("“%(value)s” in “%(column)s” does not fit the other numbers of the row."), name
            )
        return number_in(f"{number:f}", label(name), most=MOST[name])

    def _of_the_year(self, name: str, found: Quantity) -> Decimal:
        """The number for what the column counts."""
        if name in ("days", "hours") and (length := self._length_of_a_run(name, found)):
            return length
        if counted := RUNS_IN_A_NOTE.search(found.note):
            if int(counted[1]) != self._needed("runs", name):
                raise self._misfit(
                    _("“%(value)s” in “%(column)s” does not fit the number of runs."), name
                )
            found = replace(found, is_total=True)
        if name in ("days", "hours") and found.is_total and self._needed("runs", name) != 1:
            raise Rejected(
                _("“%(column)s” is for one run; “%(value)s” speaks of all. Write that of one run.")
                % {"column": label(name), "value": clean(self.cells.get(name))[:20]}
            )
        if found.each is not None and found.each * self._needed("runs", name) != found.number:
            raise self._misfit(
                _("“%(value)s” in “%(column)s” does not fit the number of runs."), name
            )
        each_is_a_run = found.is_of_runs or (found.is_total and self.rates.get(name) == "run")
        if found.terms and each_is_a_run and found.terms != self._needed("runs", name):
            raise self._misfit(
                _("“%(value)s” in “%(column)s” does not fit the number of runs."), name
            )
        if found.factors and not self._factors_fit(found.factors, name):
            raise self._misfit(
                _("“%(value)s” in “%(column)s” does not fit the other numbers of the row."), name
            )
        if not found.per:
            return found.number
        if name == "runs" and found.per in RUNS_OF_A_YEAR:
            times = Decimal(RUNS_OF_A_YEAR[found.per])
        elif name in ("people", "budget") and found.per == "run":
            times = self._needed("runs", name)
        elif name == "budget" and found.per == "person":
            times = self._needed("people", name)
        elif name == "budget" and found.per == "person and day":
            times = self._needed("people", name) * self._needed("days", name)
        elif found.per == "other":
            raise Rejected(
                _(
                    "The heading of “%(column)s” tells what each of several parts has. Write the"
                    " number of the year."
                )
                % {"column": label(name)}
            )
        elif name == "hours" and found.per == "day":
            times = self._needed("days", name)
        else:
            raise self._wrong(name)
        number = found.number * times
        self.remarks.append(
            _("“%(value)s” in “%(column)s” is for one of %(times)s: taken as %(number)s.")
            % {
                "value": clean(self.cells.get(name))[:30],
                "column": label(name),
                "times": f"{times.normalize():f}",
                "number": f"{number.normalize():,f}",
            }
        )
        return number

    def _length_of_a_run(self, name: str, found: Quantity) -> Decimal | None:
        """The days or hours of one run, where the cell names them: 1天/期 · 1天/期，共4天."""
        if found.per == "run":
            return found.number
        fits = found.each and found.each * self._needed("runs", name) == found.number
        return found.each if fits else None

    def _factors_fit(self, factors: tuple[Quantity, ...], name: str) -> bool:
        """Whether 200元×60人 and 60人×2期 say of people, runs and days what the row says."""
        said = {
            kind: [factor.number for factor in factors if factor.unit in units and not factor.per]
            for kind, units in (
                ("people", UNITS["people"][1:]),
                ("runs", RUN_UNITS),
                ("days", UNITS["days"][1:]),
            )
        }
        if any(len(numbers) > 1 for numbers in said.values()):
            return False
        if name in ("people", "runs"):
            runs = said["runs"] or [factor.number for factor in factors if not factor.unit]
            return name == "people" and self._needed("runs", name) in runs
        runs = said["runs"][0] if said["runs"] else Decimal(1)
        return (
            (not said["runs"] or runs == self._needed("runs", name))
            and (not said["days"] or said["days"][0] == self._needed("days", name))
            and (not said["people"] or said["people"][0] * runs == self._needed("people", name))
        )

    def _misfit(self, sentence: str, name: str) -> Rejected:
        return Rejected(
            sentence % {"value": clean(self.cells.get(name))[:30], "column": label(name)}
        )

    def _needed(self, other: str, name: str) -> Decimal:
        """Another number of the row that this one is for each of."""
        if other == name:  # 1（分3批）
            raise self._wrong(name)
        quiet = Numbers(self.cells, [], self.factor, self.rates)
        number = quiet.read(other)
        if not number:
            raise Rejected(
                _("“%(column)s” needs “%(other)s” to be understood, and that is missing.")
                % {
                    "column": label(name),
                    "other": label(other),
                }
            )
        return number

    def _wrong(self, name: str) -> Rejected:
        return Rejected(
            _("“%(value)s” in “%(column)s” is not a number.")
            % {
                "value": clean(self.cells.get(name))[:20],
                "column": label(name),
            }
        )
