"""Reading a planned time as offices write it: 4月、8月 · 三四月 · 2027.04 · 第二、三季度 ·
11月至次年1月 · 每季度一期 · 上半年.
"""

import itertools
import re
import unicodedata

CHINESE = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
DIGITS = {digit: number for number, digit in enumerate(CHINESE, start=1)}
ALL_YEAR = frozenset(range(1, 13))
NUMBER = r"(十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])"
TO = "(?:至|到|-|—|–|~)+"
AND = "[、,./;和及与或]"
YEAR = re.compile(r"((?:19|20)[0-9]{2})年")
CHINESE_YEAR = re.compile("二[〇○零oO][〇○零oO一二三四五六七八九]{2}(?= ?年)")
YEAR_DIGITS = {ord(sign): str(digit) for digit, sign in enumerate("〇一二三四五六七八九")}
NEXT_YEAR = "(?:次年|翌年|来年|明年|下一年)"
MONTH_RANGE = re.compile(rf"{NUMBER}月?(?:份)?(?:[上中下]旬)?{TO}{NUMBER}月")
# A month names itself with 月; in 3、6、9月 only the last of the list does.
MONTH_LIST = re.compile(rf"(?<![0-9]){NUMBER}((?:{AND}{NUMBER})*)月")
# Two months in a row without a sign between them: 三四月, 九十月, 十一二月, 34月.
NEIGHBOURS = [
    ("十一二月", "十一、十二月"),
    *((f"{one}{two}月", f"{one}、{two}月") for one, two in itertools.pairwise(CHINESE)),
    # 12月 is December
    *((f"{month}{month + 1}月", f"{month}、{month + 1}月") for month in range(2, 9)),
]
YEAR_AND_MONTH = re.compile(
    r"((?:19|20)[0-9]{2})[./-](1[0-2]|0?[1-9])(?![0-9])(?:[./-][0-9]{1,2}(?![0-9])日?|月)?"
)
MONTH_AND_DAY = re.compile(
    r"(?<![0-9./-])(1[0-2]|0?[1-9])[./-](?:1[3-9]|2[0-9]|3[01])(?![0-9月])日?"
)
# 5/10-5/20: two days, one of which no month can be
DAY_TO_DAY = re.compile(
    rf"(?<![0-9./-])(1[0-2]|0?[1-9])[./]([0-9]{{1,2}}){TO}(1[0-2]|0?[1-9])[./]([0-9]{{1,2}})"
    r"(?![0-9月])日?"
)
ONLY_NUMBERS = re.compile(rf"{NUMBER}(?:(?:{AND}|{TO}){NUMBER})*")
MONTH_OF_A_DAY = re.compile(r"(?<![0-9一二三四五六七八九十])([0-9]{1,4}|[一二三四五六七八九十]+)月")
QUARTER_RANGE = re.compile(rf"第?([一二三四1-4])季?度?{TO}第?([一二三四1-4])季度?")
QUARTER_LIST = re.compile(r"第?([一二三四1-4](?:[、,/和及]第?[一二三四1-4])*)季")
ROMANS = ("I", "II", "III", "IV")
ROMAN = re.compile("(?:IV|I{1,3})(?=季)")
# 每季度末, 各季度第一个月, 三季度初: the first, second or third month of quarters
PART_OF_QUARTERS = re.compile(
    rf"(?:第?(?P<which>[一二三四1-4](?:{AND}第?[一二三四1-4])*)|[每各逐按]个?)?季度?的?"
    r"(?:内的?)?(?:(?P<first>首个?月|第[一1]个?[月周]|初(?!步))|(?P<second>第[二2]个?月|中间?(?:一个)?月)"
    r"|(?P<third>第[三3]个?月|末个?[月周]|最后一?个?[月周]|[末底](?!个?[月周])))份?"
)
PART_OF_HALVES = re.compile(r"(?P<which>[上下]|[每各]个?)半年的?(?:(?P<first>初)|[末底])")
SPANS = (
    ("暑期", (7, 8)),
    ("暑假", (7, 8)),
    ("寒假", (1, 2)),
    ("双月", range(2, 13, 2)),
    ("单月", range(1, 13, 2)),
    ("上半年", range(1, 7)),
    ("下半年", range(7, 13)),
    ("年初", range(1, 4)),
    ("年底", range(10, 13)),
    ("年末", range(10, 13)),
    ("岁末", range(10, 13)),
    ("春季", range(3, 6)),
    ("夏季", range(6, 9)),
    ("秋季", range(9, 12)),
)
NEW_YEAR, QINGMING, NATIONAL_DAY = "元旦", "清明", "国庆|十一(?=[前后]|假|长假|期间)"
PARTY_DAY = "七一(?=[前后]|期间)|建党节"
# days at the turn of a quarter: 清明前后 may be in either
AT_THE_TURN = (NEW_YEAR, QINGMING, PARTY_DAY, NATIONAL_DAY)
# Month of a day that everybody knows; some move by days, none into another quarter. What is planned
# before such a day (清明前) may be in any month before it, and is not read.
KNOWN_DAYS = (
    (NEW_YEAR, 1),
    ("春节", 2),
    ("元宵", 2),
    ("三八节|妇女节", 3),
    ("植树节", 3),
    (QINGMING, 4),
    ("五一(?=节|[前后]|假|期间|长假)|劳动节", 5),
    ("端午", 6),
    ("六一(?=节|[前后]|期间)|儿童节", 6),
    (PARTY_DAY, 7),
    ("八一(?=[前后]|期间)|建军节", 8),
    ("教师节", 9),
    ("中秋", 9),
    (NATIONAL_DAY, 10),
    ("重阳", 10),
)
IN_BRACKETS = re.compile(r"\(([^()]+)\)")
NOT_THESE = re.compile("除|不|避|外|前|后|起|机动|备选|顺延")
FROM_THEN_ON = re.compile(rf"{NUMBER}月份?(?:开始|起)(?=.{{0,4}}每个?月)")  # 5月起每月一期
WHOLE_YEAR = re.compile("全年|上、?下半年")
# of the whole year where nothing else is named; 下半年每月 is of the half
AGAIN_AND_AGAIN = re.compile("[每各按逐隔](?:[一二两三四六2346])?个?(?:[季月]|半年)")


def _number(text: str) -> int:
    return DIGITS.get(text) or int(text)


def months_in(text: str) -> frozenset[int]:
    """The months (1 to 12) that the text names, of the year it is about; empty when it names none.

    A range into the next year ends in December.
    """
    text = _of_its_own_year(_spelled_out(re.sub(r"\s", "", unicodedata.normalize("NFKC", text))))
    if narrowed := _narrowed(text):
        return narrowed
    text = FROM_THEN_ON.sub(r"\1月至12月", text)
    text = PART_OF_QUARTERS.sub(_months_of_quarters, text)
    text = PART_OF_HALVES.sub(_months_of_halves, text)
    if WHOLE_YEAR.search(text):
        return ALL_YEAR
    months: set[int] = set()
    for first, last in MONTH_RANGE.findall(text):
        months |= _span(_number(first), _number(last))
    rest = MONTH_RANGE.sub("", text)
    for match in MONTH_LIST.finditer(rest):
        months |= {_number(part) for part in re.split(AND, match.group(1) + match.group(2))}
    for first, last in QUARTER_RANGE.findall(text):
        months |= _span(3 * _number(first) - 2, 3 * _number(last))
    for quarters in QUARTER_LIST.findall(QUARTER_RANGE.sub("", text)):
        for quarter in re.findall(r"[一二三四1-4]", quarters):
            months |= _span(3 * _number(quarter) - 2, 3 * _number(quarter))
    for word, span in SPANS:
        if word in text:
            months |= set(span)
    for day, month in KNOWN_DAYS if not months else ():
        before = "前" if day in AT_THE_TURN else "前(?!后)"
        if re.search(f"(?:{day})节?(?:放假|假期)?(?!{before}|[节放假])", text):
            months.add(month)
    if not months and AGAIN_AND_AGAIN.search(text):
        return ALL_YEAR
    return frozenset(months)


def impossible_month(text: str) -> str:
    """The month that the text names and no year has, such as 十三月; "" when it names none."""
    text = _spelled_out(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    for written in MONTH_OF_A_DAY.findall(text):
        if written not in DIGITS and not (written.isdecimal() and 1 <= int(written) <= 12):
            return f"{written}月"
    return ""


def years_named(text: str) -> set[int]:
    """The years that stand in the text."""
    return {
        int(year)
        for year in YEAR.findall(
            _spelled_out(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
        )
    }


def year_in_digits(text: str) -> str:
    """二〇二七年 as 2027年."""
    return CHINESE_YEAR.sub(
        lambda year: re.sub("[○零oO]", "〇", year[0]).translate(YEAR_DIGITS), text
    )


def _spelled_out(text: str) -> str:
    """Dates written with points or strokes, and months that follow on each other, as months with
    their 月.
    """
    text = year_in_digits(text)
    text = re.sub("(?<![0-9])(20[0-9]{2})(0[1-9]|1[0-2])(?![0-9])", r"\1年\2月", text)
    text = YEAR_AND_MONTH.sub(r"\1年\2月", text)
    text = DAY_TO_DAY.sub(_months_of_days, text)
    text = MONTH_AND_DAY.sub(r"\1月", text)
    if (day := re.fullmatch("([0-9]+)[./-]([0-9]+)", text)) and int(day[2]) <= int(day[1]) <= 12:
        text = day[1]  # 4.1 is a day; 4.5 may be two months, which begin with the same
    if ONLY_NUMBERS.fullmatch(YEAR.sub("", text, count=1)):
        text += "月"  # 2027年4-5
    for together, apart in NEIGHBOURS:
        text = (
            re.sub(f"(?<![十0-9]){together}", apart, text)
            if not together.startswith("十")
            else text.replace(together, apart)
        )
    return text


def _months_of_days(found: re.Match) -> str:
    first, begin, last, end = found.groups()
    is_days = 12 < max(int(begin), int(end)) <= 31
    return f"{first}月至{last}月" if is_days else found.group()


def _narrowed(text: str) -> frozenset[int]:
    """The months in brackets that say which of those before them are meant: 暑期（7月）."""
    within = "、".join(IN_BRACKETS.findall(text))
    if not within or NOT_THESE.search(within):
        return frozenset()
    inner = months_in(within)
    return inner if inner < months_in(IN_BRACKETS.sub("", text)) else frozenset()


def _months_of_quarters(found: re.Match) -> str:
    """3月、6月、9月、12月 for 每季度末."""
    which = re.findall("[一二三四1-4]", found["which"] or "一二三四")
    place = 2 if found["first"] else 1 if found["second"] else 0
    return "、".join(f"{3 * _number(quarter) - place}月" for quarter in which)


def _months_of_halves(found: re.Match) -> str:
    """6月、12月 for 每半年末, 7月 for 下半年初."""
    last = {"上": (6,), "下": (12,)}.get(found["which"], (6, 12))
    return "、".join(f"{month - 5 if found['first'] else month}月" for month in last)


def _of_its_own_year(text: str) -> str:
    """Without what comes in the year after, and with quarters and the end of a range spelled in one
    way.
    """
    years = YEAR.findall(text)
    text = YEAR.sub(lambda year: "" if year[1] == years[0] else "次年", text)
    text = re.sub(r"[Qq]([1-4])", r"\1季度", text)
    text = ROMAN.sub(lambda number: str(ROMANS.index(number[0]) + 1), text)  # Ⅱ季度
    text = re.sub("(?<=[底末])年初", "", text)  # 岁末年初 begins in the old year
    text = re.sub(f"{TO}{NEXT_YEAR}.*", "至年底", text)
    text = re.split(f"(?<=.){NEXT_YEAR}", text)[0]  # 明年3月 alone is March all the same
    text = re.sub(f"(?<=季度){TO}年[底末]", "至四季度", text)
    return re.sub(f"{TO}年[底末]", "至12月", text)


def _span(first: int, last: int) -> set[int]:
    """Months from first to last; one that ends before it begins goes over the turn of the year."""
    return set(range(first, (last if last >= first else 12) + 1))


def first_quarter(text: str) -> int | None:
    """The quarter of the first month named, or None."""
    months = months_in(text)
    return (min(months) + 2) // 3 if months else None
