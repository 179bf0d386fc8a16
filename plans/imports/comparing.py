"""Looking from the numbers of a row at the columns beside them that say the same in another way:
总人数 beside 每期人数, 经费标准 beside an empty budget.

What is stored comes from the plainer column; a contradiction is told in the row.
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import Rejected, clean
from academy.spreadsheets.table import TableRow
from academy.text.numbers import plain

from .numbers import Numbers
from .row_values import label
from .surroundings import WHOLE, money_unit_of, rate_of

TOLD_BESIDE = {
    "people": re.compile("人数|人次|规模"),
    "budget": re.compile("经费|预算|费用|金额|资金|标准|单价"),
}
STANDARD = re.compile("标准|单价|人均")
NOT_THE_SAME = re.compile(f"{STANDARD.pattern}|其中|[上去往]年|实际|完成|20[0-9]{{2}}")

MOST_HOURS_OF_A_DAY = 12


def strange_length(values: dict) -> str:
    """The sentence for days and hours of which hardly both are of one run."""
    days, hours = values["days"], values["hours"]
    if not days or not hours or 1 <= hours / days <= MOST_HOURS_OF_A_DAY:
        return ""
    return _("%(hours)s study hours in %(days)s days: are both of one run?") % {
        "hours": plain(hours),
        "days": plain(days),
    }


CALLED_OFF = re.compile(
    "(?:已|拟|建议|现|本班|该班|今年|本年度?)*"
    "(?:取消|撤销|停办|暂缓|缓办|暂不举办|不再举办|不办|作废|不再?[列纳]入)"
    "(?:举办|执行|实施)?(?:20[0-9]{2}年度?|今年|本年度?|年度|全年|培训|的)*(?:计划|方案)?"
)
CLAUSE = re.compile("[，,。；;：:（）()]")
IN_BRACKETS = re.compile(r"[(（【\[〔]([^()（）【】\[\]〔〕]+)[)）】\]〔]")


def called_off(row: TableRow) -> str:
    """The words by which a row says that the training is off: a remark or a column beside of which
    a clause says only that, or brackets in the name.
    """
    said = [(label("remark"), row.cells.get("remark")), *row.beside.items()]
    for heading, value in said:
        text = clean(value)
        if not NOT_THE_SAME.search(heading) and any(map(_is_off, CLAUSE.split(text))):
            return text
    return next(filter(_is_off, IN_BRACKETS.findall(clean(row.cells.get("name")))), "")


def _is_off(text: str) -> bool:
    return bool(CALLED_OFF.fullmatch(re.sub(r"\s", "", text)))


def contradictions(beside: dict, values: dict, factor: int) -> list[str]:
    """What a column beside says of people or money, of one run or of all, that does not fit what is
    stored.
    """
    found = []
    for heading, value in beside.items():
        for name, words in TOLD_BESIDE.items():
            rate = rate_of(heading)
            if (
                not words.search(heading)
                or NOT_THE_SAME.search(heading)
                or not (
                    rate == "run" or (not rate and (WHOLE.search(heading) or "合计" in heading))
                )
            ):
                continue
            cells = {name: value, "runs": values["runs"]}
            numbers = Numbers(
                cells, [], money_unit_of(heading) or factor, {name: rate} if rate else {}
            )
            try:
                said = numbers.read(name)
            except Rejected:
                continue
            if said and said != values[name]:
                found.append(
                    _(
                        "“%(heading)s” says %(value)s, “%(column)s” is read as %(number)s: they"
                        " differ."
                    )
                    % {
                        "heading": heading[:20],
                        "value": clean(value)[:20],
                        "column": label(name),
                        "number": f"{Decimal(values[name]).normalize():,f}",
                    }
                )
    return found


def standard_beside(beside: dict) -> str:
    """What a rate of money beside says, such as 经费标准 200; "" when there is none."""
    return next(
        (
            f"{heading[:20]} {clean(value)[:20]}"
            for heading, value in beside.items()
            if STANDARD.search(heading) and TOLD_BESIDE["budget"].search(heading)
        ),
        "",
    )
