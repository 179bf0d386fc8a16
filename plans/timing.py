"""Reading a planned time as offices write it: 4月、8月 · 第二、三季度 · 10月至11月 · 每季度一期 · 上半年."""

import re
import unicodedata

DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", start=1)} | {"十一": 11, "十二": 12}
ALL_YEAR = frozenset(range(1, 13))
NUMBER = r"(十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])"
MONTH_RANGE = re.compile(rf"{NUMBER}月?(?:份)?(?:[上中下]旬)?(?:至|到|-|—|–|~)+{NUMBER}月")
# A month names itself with 月; in 3、6、9月 only the last of the list does.
MONTH_LIST = re.compile(rf"(?<![0-9]){NUMBER}((?:[、,/和及]{NUMBER})*)月")
QUARTER_RANGE = re.compile(r"(?:第?([一二三四1-4])季?度?(?:至|到|-|—|–|~)+第?([一二三四1-4])季度?)")
QUARTER_LIST = re.compile(r"第?([一二三四1-4](?:[、,/和及]第?[一二三四1-4])*)季")
QUARTER_CODE = re.compile(r"[Qq]([1-4])")
SPANS = (("上半年", range(1, 7)), ("下半年", range(7, 13)), ("年初", range(1, 4)), ("年底", range(10, 13)), ("年末", range(10, 13)))
WHOLE_YEAR_WORDS = ("全年", "每季", "每月", "各季", "每个季", "每个月", "按季", "按月")


def _number(text: str) -> int:
    return DIGITS.get(text) or int(text)


def months_in(text: str) -> frozenset[int]:
    """The months (1 to 12) that the text names; empty when it names none."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    text = re.sub(r"(?:19|20)[0-9]{2}年", "", text)
    if any(word in text for word in WHOLE_YEAR_WORDS):
        return ALL_YEAR
    months: set[int] = set()
    for first, last in MONTH_RANGE.findall(text):
        months |= set(range(_number(first), _number(last) + 1))
    rest = MONTH_RANGE.sub("", text)
    for match in MONTH_LIST.finditer(rest):
        months |= {_number(part) for part in re.split(r"[、,/和及]", match.group(1) + match.group(2))}
    for first, last in QUARTER_RANGE.findall(text):
        months |= set(range(3 * _number(first) - 2, 3 * _number(last) + 1))
    for quarters in QUARTER_LIST.findall(QUARTER_RANGE.sub("", text)):
        for quarter in re.findall(r"[一二三四1-4]", quarters):
            months |= set(range(3 * _number(quarter) - 2, 3 * _number(quarter) + 1))
    for quarter in QUARTER_CODE.findall(text):
        months |= set(range(3 * int(quarter) - 2, 3 * int(quarter) + 1))
    for word, span in SPANS:
        if word in text:
            months |= set(span)
    return frozenset(months)


def first_quarter(text: str) -> int | None:
    """The quarter of the first month named, or None."""
    months = months_in(text)
    return (min(months) + 2) // 3 if months else None
