"""Reading a planned time as offices write it: 4月、8月 · 第二、三季度 · 10月至11月 · 11月至次年1月 · 每季度一期 · 上半年."""

import re
import unicodedata

DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", start=1)} | {"十一": 11, "十二": 12}
ALL_YEAR = frozenset(range(1, 13))
NUMBER = r"(十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])"
TO = "(?:至|到|-|—|–|~)+"
YEAR = re.compile(r"((?:19|20)[0-9]{2})年")
NEXT_YEAR = "(?:次年|翌年|来年|明年|下一年)"
MONTH_RANGE = re.compile(rf"{NUMBER}月?(?:份)?(?:[上中下]旬)?{TO}{NUMBER}月")
# A month names itself with 月; in 3、6、9月 only the last of the list does.
MONTH_LIST = re.compile(rf"(?<![0-9]){NUMBER}((?:[、,/和及]{NUMBER})*)月")
QUARTER_RANGE = re.compile(rf"第?([一二三四1-4])季?度?{TO}第?([一二三四1-4])季度?")
QUARTER_LIST = re.compile(r"第?([一二三四1-4](?:[、,/和及]第?[一二三四1-4])*)季")
SPANS = (("上半年", range(1, 7)), ("下半年", range(7, 13)), ("年初", range(1, 4)), ("年底", range(10, 13)), ("年末", range(10, 13)), ("岁末", range(10, 13)))
WHOLE_YEAR = re.compile("全年|上、?下半年")
AGAIN_AND_AGAIN = re.compile("[每各按]个?[季月]")  # of the whole year where nothing else is named; 下半年每月 is of the half


def _number(text: str) -> int:
    return DIGITS.get(text) or int(text)


def months_in(text: str) -> frozenset[int]:
    """The months (1 to 12) that the text names, of the year it is about; empty when it names none. A range into the next year ends in December."""
    text = _of_its_own_year(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if WHOLE_YEAR.search(text):
        return ALL_YEAR
    months: set[int] = set()
    for first, last in MONTH_RANGE.findall(text):
        months |= _span(_number(first), _number(last))
    rest = MONTH_RANGE.sub("", text)
    for match in MONTH_LIST.finditer(rest):
        months |= {_number(part) for part in re.split(r"[、,/和及]", match.group(1) + match.group(2))}
    for first, last in QUARTER_RANGE.findall(text):
        months |= _span(3 * _number(first) - 2, 3 * _number(last))
    for quarters in QUARTER_LIST.findall(QUARTER_RANGE.sub("", text)):
        for quarter in re.findall(r"[一二三四1-4]", quarters):
            months |= _span(3 * _number(quarter) - 2, 3 * _number(quarter))
    for word, span in SPANS:
        if word in text:
            months |= set(span)
    if not months and AGAIN_AND_AGAIN.search(text):
        return ALL_YEAR
    return frozenset(months)


def _of_its_own_year(text: str) -> str:
    """Without what comes in the year after, and with quarters and the end of a range spelled in one way."""
    years = YEAR.findall(text)
    text = YEAR.sub(lambda year: "" if year[1] == years[0] else "次年", text)
    text = re.sub(r"[Qq]([1-4])", r"\1季度", text)
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
