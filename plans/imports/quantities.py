"""Reading a number that stands among words: 每期60名 · 3.5 万元整 · 两天半 · 60人×2期.

Only what can mean one thing is read. Whatever names two numbers or holds a word that is not known
here is refused: a wrong number is worse than a refusal. 约60人 is 60, and `is_about` says so.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal

from academy.spreadsheets.cell_text import EMPTY_WORDS, WIDE_SIGNS, clean_lines
from academy.text.characters import simplified

NOTHING = (*EMPTY_WORDS, "免费", "无经费", "无需经费", "不需经费", "不涉及", "无费用", "不发生费用")
NO_MONEY = re.compile(
    "(?:[不无未免零][^0-9]{0,8}(?:经费|费用|预算|资金|支出|开支|收费|单列|列支|花钱|要钱)(?:安排)?"
    "|(?:经费|费用|资金)?(?:由?[^0-9,;、]{0,8})?(?:自筹|自理)|(?:经费|费用|资金)?由[^0-9,;、]{1,8}(?:承担|负担|解决|支付|买单)|公益(?:授课|培训|讲座)?)"
)
ABOUT = re.compile(
    "≤|大约|大概|约(?!定)|左右|上下|不[超高多]于|不超过|不[少低]于|至少|至多|最多|控制在|以[上下内]|之内"
    "|[余多](?=个?(?:人|名|位|元|万|期|天|学时|课时))"
)
DIGITS = {
    character: value
    for value, characters in enumerate(
        ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
TENS = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1_000,
    "仟": 1_000,
    "万": 10_000,
    "萬": 10_000,
}
CHINESE = "".join((*DIGITS, *TENS))
RUN_UNITS = ("期", "次", "班", "场", "批")
SCALES = {"": 1, "百": 100, "千": 1_000, "万": 10_000}
OF_WHAT = re.compile("(?<=[期次班场批])(?:预算|经费|费用|人数|规模)(?=约?[0-9])")  # 每期预算6000元
MIXED = re.compile("(?<![0-9.])([0-9]+)万([0-9])千(?:([0-9])百)?")  # 4万8千元
TEN_THOUSAND = re.compile("(?<=[0-9])[wW](?![a-zA-Z])")  # 1.2w is 1.2万
RUN_WITH_TIMES = re.compile("(?<=[期班场批])次")  # 3个班次
UNIT_IN_BRACKETS = re.compile(r"\((人次|人|名|期|次|班|场|天|日|学时|课时|小时|[百千万]?元)\)")
OF_WHICH = re.compile("[,;、](?=其中|含|包括)")
BRACKETS = re.compile(r"\(([^()]*)\)")
QUANTITY = re.compile(
    r"(?P<lead>(?:全年|年度|预计|计划|拟|共计|合计|总计|人民币|[Rr][Mm][Bb]|[Cc][Nn][Yy]|共|计|分为?|¥)*)"
    r"(?P<before>[每各][期班次场批]|各|每人每天|每人|人均|每天|每日|每季度|每季|每月|每?半年|每年)?(?:约定)?¥?"
    rf"(?P<number>[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?|[{CHINESE}]+|)"
    r"(?P<scale>[百千万]?)(?P<count>个?)(?P<half>半?)"
    r"(?P<unit>人次|人|名|位|期|次|班|场|批|天|日|学时|课时|小时|元|块|)"
    r"(?P<rest>半?)[整正]?"
    r"(?:[/每](?P<after>期|班|次|场|批|人每?[天日]|人|天|日|季度|季|月|半年|年))?"
)
NAMED_PART = re.compile(
    r"(?P<name>(?:第?[0-9一二三四五六七八九十]{1,2}[期批班场]|[0-9]{1,2}月份?|[^0-9,;、+()×xX*:]{1,12}?)):?"
    r"(?P<number>约?[0-9][0-9,]*(?:\.[0-9]+)?[百千万]?(?:人次|人|名|位|天|日|学时|课时|小时|元)?)"
)
NEXT_PART = re.compile("[+,;、](?=[^0-9]|[0-9]{1,2}[期月])")
OF_OTHERS = re.compile("[总共合计每各含均]|其[中余]|包括|不|元|人$|年[内度]|至|到|[-—~]")
WHOLE_OF_IT = re.compile("合计|共计?|总计|计")
RUN_NAME = re.compile("第?[0-9一二三四五六七八九十]{1,2}[期批班场]|首[期批班场]")
PER = {
    "期": "run",
    "班": "run",
    "次": "run",
    "场": "run",
    "批": "run",
    "各": "run",
    "人": "person",
    "均": "person",
    "天": "day",
    "日": "day",
    "人天": "person and day",
    "人日": "person and day",
    "人每日": "person and day",
    "人每天": "person and day",
    "季": "quarter",
    "季度": "quarter",
    "月": "month",
    "半年": "half year",
    "年": "",
}
RUNS_OF_A_YEAR = {"quarter": 4, "month": 12, "half year": 2}
OF_A_PERSON = ("person", "person and day")
TOTAL = ("全年", "年度", "共", "合计", "总计")


@dataclass(frozen=True)
class Quantity:
    """What a cell says: `per` names what one such number is for, "" the whole; `unit` is as it was
    written.
    """

    number: Decimal
    per: str = ""
    unit: str = ""
    is_total: bool = False
    has_scale: bool = False  # 万 or another was written with the number
    note: str = ""  # what stood in brackets
    each: Decimal | None = None  # beside a total, what it says of one run: 120人（每期60人）
    # beside a total, what it says of one person: 12000元（人均300元）
    rate: "Quantity | None" = None
    is_about: bool = False  # 约60人
    factors: tuple["Quantity", ...] = ()  # of a product
    terms: int = 0  # how many numbers were added up
    is_of_runs: bool = False  # each of them is of one run: 第一期50人、第二期40人


def quantity_in(value) -> Quantity | None:
    """What the text of a cell says, None when it says nothing.

    Raises ValueError when it could mean two things.
    """
    lines = re.sub("(?<![,;、，；])\n", "、", simplified(clean_lines(value)))
    text = lines.translate(WIDE_SIGNS).replace("（", "(").replace("）", ")")
    text = re.sub(r"\s", "", text)
    text = TEN_THOUSAND.sub("万", text)
    text = MIXED.sub(r"\1.\2\3万", text)
    text = UNIT_IN_BRACKETS.sub(r"\1", text)  # 2.4(万元)
    text = RUN_WITH_TIMES.sub("", text)
    text = re.sub("人[·./*](?=[天日])", "人", re.sub("[天日][·./*]人", "人天", text))
    text, *parts_of_it = OF_WHICH.split(text)
    notes = [*BRACKETS.findall(text), *parts_of_it]
    text = BRACKETS.sub("", text).rstrip("。;")
    if not notes and (text in NOTHING or NO_MONEY.fullmatch(text)):
        return None
    factors = re.split("[×xX*✕]", text.partition("=")[0])
    if len(factors) > 1:
        return _product([_single(factor) for factor in factors], text.partition("=")[2])
    if added := sum_in(text):
        return replace(added, note="、".join(notes))
    parts = [_single(part) for part in re.split("[,;、](?=[^0-9]|[0-9]{1,2}[期班次场])", text)]
    if len(parts) > 1:
        return _runs_and_each(parts)
    found, each, rate = parts[0], _each_run(parts[0], notes), _of_a_person(notes)
    if any(re.fullmatch("(?:每|/)(?:期|班|次|场|批)", note) for note in notes):
        found = replace(found, per="run")
    return replace(found, note="、".join(notes), each=each, rate=rate)


def _single(text: str) -> Quantity:
    exact = ABOUT.sub("", OF_WHAT.sub("", text))
    match = QUANTITY.fullmatch(exact)
    if not match:
        raise ValueError(text)
    number, half, unit = match["number"], bool(match["half"]), match["unit"]
    if (
        (not number and not half)
        or (number and half and not match["count"])
        or (half and unit not in ("天", "日"))
    ):
        raise ValueError(text)
    amount = (
        Decimal(number.replace(",", ""))
        if number[:1].isdecimal()
        else _chinese(number)
        if number
        else Decimal(1)
    )
    amount *= SCALES[match["scale"]]
    if half:
        amount *= Decimal("0.5")  # 3个半天
    if match["rest"]:
        if not unit or half:
            raise ValueError(text)
        amount += Decimal("0.5")  # 两天半
    if match["before"] and match["after"]:
        raise ValueError(text)
    word = (match["before"] or match["after"] or "").removeprefix("每").replace("人均", "人")
    word = word if word == "各" else word.removeprefix("各")
    is_total = any(total in match["lead"] for total in TOTAL)
    return Quantity(
        amount,
        PER[word] if word else "",
        unit,
        is_total,
        bool(match["scale"]) or "万" in number or "萬" in number,
        is_about=bool(ABOUT.search(text)),
    )


def _product(factors: list[Quantity], written: str) -> Quantity:
    """60人×2期 is 120人; where the product is written, it has to be right."""
    number = Decimal(1)
    for factor in factors:
        number *= factor.number
    if written and _single(written).number != number:
        raise ValueError(written)
    units = [factor.unit for factor in factors if factor.unit]
    counted = [unit for unit in units if unit not in RUN_UNITS]
    return Quantity(
        number,
        unit="元" if "元" in units else next(iter(counted or units), ""),
        is_total=True,
        has_scale=any(factor.has_scale for factor in factors),
        is_about=any(factor.is_about for factor in factors),
        factors=tuple(factors),
    )


def _runs_and_each(parts: list[Quantity]) -> Quantity:
    """2期，每期60人 is 120人; 每期1万元，共2万元 is 2万元, of which each run has 1万元."""
    runs = [part for part in parts if part.unit in RUN_UNITS and not part.per]
    rate = [part for part in parts if part.per in OF_A_PERSON]
    if len(parts) == 2 and len(rate) == 1 and (whole := [part for part in parts if not part.per]):
        return replace(whole[0], rate=rate[0], is_total=True)
    each = [part for part in parts if part.per == "run" and part.unit not in RUN_UNITS]
    whole = [part for part in parts if not part.per and part.unit not in RUN_UNITS]
    if len(parts) != 2 or len(each) != 1 or len(runs) + len(whole) != 1:
        raise ValueError(parts)
    if whole:
        if (whole[0].unit, whole[0].has_scale) != (each[0].unit, each[0].has_scale):
            raise ValueError(parts)
        return replace(whole[0], each=each[0].number, is_total=True)
    return replace(
        each[0],
        number=runs[0].number * each[0].number,
        per="",
        is_total=True,
        each=each[0].number,
        is_about=any(part.is_about for part in parts),
    )


def sum_in(text: str) -> Quantity | None:
    """40+40 · 男20人、女18人 · 讲课费6000，资料费3500 as their sum, None for what is no sum.

    What is named is added where each part has a name of its own. Raises ValueError for different
    units, and for a part that is about another part or about all.
    """
    if "+" in text and not NAMED_PART.search(text):
        names, parts = [], [_single(part) for part in text.split("+")]
    else:
        named = [NAMED_PART.fullmatch(part) for part in NEXT_PART.split(text)]
        if len(named) < 2 or not all(named):
            return None
        names, parts = (
            [match["name"] for match in named],
            [_single(match["number"]) for match in named],
        )
        whole = parts.pop() if WHOLE_OF_IT.fullmatch(names[-1]) else None
        names = names[: len(parts)]
        if len(set(names)) < len(names) or any(OF_OTHERS.search(name) for name in names):
            return None
        if whole and whole.number != sum(part.number for part in parts):
            raise ValueError(text)
    units = {(part.unit, part.has_scale and part.unit != "元") for part in parts if part.unit}
    if len(units) > 1 or any(part.per or part.is_total for part in parts):
        raise ValueError(text)
    if any(part.unit == "元" or part.has_scale for part in parts) and not all(
        part.unit == "元" or part.has_scale for part in parts
    ):
        raise ValueError(text)
    return replace(
        parts[-1],
        number=sum((part.number for part in parts), Decimal(0)),
        unit=next((part.unit for part in parts if part.unit), ""),
        has_scale=any(part.has_scale for part in parts),
        is_about=any(part.is_about for part in parts),
        is_total=not names,
        terms=len(parts),
        is_of_runs=bool(names) and all(RUN_NAME.fullmatch(name) for name in names),
    )


def _each_run(whole: Quantity, notes: list[str]) -> Decimal | None:
    """What a note says of one run, such as 每期60人.

    Raises ValueError when it is another rate than that of a run, but for 4（每季1期）.
    """
    for note in notes:
        try:
            found = _single(note)
        except ValueError:
            continue
        if found.per == "run":
            return found.number
        times = RUNS_OF_A_YEAR.get(found.per, 0) if found.unit in RUN_UNITS else 0
        if found.per in OF_A_PERSON:
            continue
        if found.per and found.number * times != whole.number:
            raise ValueError(note)
    return None


def _of_a_person(notes: list[str]) -> Quantity | None:
    for note in notes:
        with suppress(ValueError):
            found = _single(note)
            if found.per in OF_A_PERSON:
                return found
    return None


def _chinese(text: str) -> Decimal:
    """两 → 2, 二十五 → 25, 叁万伍仟 → 35000.

    Raises ValueError for what is no number or may be two: 二五, 百, 二百五.
    """
    if len(text) > 1 and TENS.get(text[-2], 0) > 10 and DIGITS.get(text[-1]):
        raise ValueError(text)  # 二百五 is said for 250 and written for 205
    total = section = Decimal(0)
    digit: Decimal | None = None
    above = 10_000  # the last sign of ten, hundred or thousand; they go down
    for character in text:
        if character in DIGITS:
            if digit:
                raise ValueError(text)
            digit = Decimal(DIGITS[character])
        elif TENS[character] < 10_000:
            if TENS[character] >= above or (not digit and TENS[character] > 10):
                raise ValueError(text)
            section += (digit or Decimal(1)) * TENS[character]
            digit, above = None, TENS[character]
        else:
            if not section and not digit:
                raise ValueError(text)
            total += (section + (digit or 0)) * TENS[character]
            section, digit, above = Decimal(0), None, 10_000
    return total + section + (digit or 0)
