"""A number in one cell with the text it belongs to: 3.2万元/镇财政 · 楼组长，共60人 ·
4月，每期2天.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import WIDE_SIGNS, Rejected, clean
from academy.spreadsheets.table import TableRow

from .quantities import CHINESE
from .row_values import label

SIGNS = " /、,;:()（）；：+-"
SOURCES = "(?:财政|预算|经费|资金|自筹|公益金|专项|党费|拨款|补助)"
NUMBER = r"[0-9][0-9,]*(?:\.[0-9]+)?"
AND = "[^/、及和与(（+]*[/、,和及与(（+].*"


@dataclass(frozen=True)
class Beside:
    """Which column the text of a cell is for, which one its number, and how both are told."""

    text: str
    number: str
    heading: re.Pattern  # of a column for both
    quantity: re.Pattern  # the number in a cell
    told_by: re.Pattern  # that the cell says both, below a heading that names one

    @property
    def names(self) -> set[str]:
        return {self.text, self.number}


BESIDE = {
    "budget_and_funding": Beside(
        "funding",
        "budget",
        re.compile(
            f"(?:经费|费用|预算|金额|资金|概算|测算)(?!来源|渠道|列支){AND}(?:来源|渠道|出处|列支)"
            "|钱.*[哪谁].*多少|多少钱.*[哪谁]"
        ),
        re.compile(rf"(?:约|人民币|¥)*{NUMBER}[万千百]?元?整?"),
        re.compile(rf"[/(（,，、;；].*{SOURCES}|{SOURCES}[/(（,，、;；]"),
    ),
    "audience_and_people": Beside(
        "audience",
        "people",
        re.compile(f"(?:对象|范围|人员|学员|人群|参[训加]单位){AND}(?:人数|规模|人次)"),
        re.compile(
            rf"(?:每[期班场]|合?共计?|总计|合计|约|大约|各)*{NUMBER}余?(?:人次?|名)(?:左右)?(?:/[期班场])?"
        ),
        re.compile(rf"[^0-9]{{2,}}{NUMBER}余?(?:人次?|名)(?:左右)?(?:/[期班场])?[)）。]?$"),
    ),
    "months_and_days": Beside(
        "months",
        "days",
        re.compile(f"(?:时间|月份|日期|时段){AND}(?:天数|时长|学制)"),
        re.compile(
            rf"(?:每[期班场]|为期|共计?|时长|各)*(?:{NUMBER}|[{CHINESE}]+|半)个?半?天半?(?:/[期班场])?"
        ),
        re.compile(r"[月季年旬].*[天]"),
    ),
}


def pair_beside(heading: str) -> str:
    """The column for a text and a number that the heading names, "" for other headings."""
    return next((name for name, beside in BESIDE.items() if beside.heading.search(heading)), "")


def take_texts_apart(written: dict[str, str], lines: list[TableRow]) -> None:
    """Give text and number a column each, in `written` (headings by column) and in every line.

    A heading that names only one of the two is that of both where every cell says both.
    """
    for pair, beside in BESIDE.items():
        here = {pair} & written.keys() or beside.names & written.keys()
        if len(here) != 1 or not lines:
            continue
        column = here.pop()
        if column == pair or all(_tells(line.cells.get(column), beside) for line in lines):
            heading = written.pop(column)
            written |= dict.fromkeys(beside.names, heading)
            for line in lines:
                try:
                    line.cells |= apart_from_text(line.cells.pop(column), pair)
                except Rejected as rejected:
                    line.reasons.append(str(rejected))


def _tells(value, beside: Beside) -> bool:
    return (
        isinstance(value, str)
        and bool(beside.told_by.search(clean(value)))
        and len(_numbers_in(clean(value), beside)) == 1
    )


def _numbers_in(text: str, beside: Beside) -> list[str]:
    numbers = beside.quantity.findall(text)
    return [number for number in numbers if number.endswith(("元", "整", "万"))] or numbers


def apart_from_text(value, pair: str) -> dict[str, str]:
    """{"budget": "3.2万元", "funding": "镇财政"}. Raises Rejected for more than one number."""
    beside, text = BESIDE[pair], clean(value).translate(WIDE_SIGNS)
    numbers, of_money = _numbers_in(text, beside), beside.number == "budget"
    if not numbers:  # 自筹 is said of the money
        return {beside.number: text if of_money else "", beside.text: "" if of_money else text}
    rest = text.replace(numbers[0], "", 1).strip(SIGNS)
    if len(numbers) > 1 or (of_money and re.search(r"[/、,;()（）；：+]", rest)):
        raise Rejected(
            _("“%(value)s” does not tell %(columns)s apart. Write each in its own column.")
            % {"value": text[:30], "columns": f"{label(beside.text)}、{label(beside.number)}"}
        )
    return {beside.number: numbers[0], beside.text: rest}
