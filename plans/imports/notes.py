"""What a note around the table says of whole columns: 人数、经费均按每期填写 · 学时为全年合计 ·
单位：人/期、万元/期.
"""

import re
from collections.abc import Iterable

COUNTED = {
    "people": re.compile("人数|人次|规模"),
    "budget": re.compile("经费|预算|费用|金额"),
    "days": re.compile("天数|日数|时长"),
    "hours": re.compile("学时|课时"),
}
UNITS = {"people": "人次?|名", "budget": "[百千万]?元", "days": "天|日", "hours": "学时|课时"}
WHAT = "(?:人数|人次|规模|经费|预算|费用|金额|天数|学时|课时|数据|数值|数额|数量|数字|数|标准|口径)"
SAYS = "(?<!不)(?:为|是|按|指|系|填写?|填报|以|均)(?:照|的是)?"
END = (
    rf"(?:的|办班|培训|计划|预计|{WHAT})*"
    "(?:填写|填报|填列|计算|统计|编制|测算|核算|计|填)?(?:的)?$"
)
OF_ONE_RUN = re.compile(rf"{SAYS}(?:每一?|单|各|一)[期班次场批]{END}")
OF_ALL_RUNS = re.compile(
    rf"{SAYS}(?:(?:全年|年度|各期|各班|所有期次|全部|每年)(?:的|累计|之和|合计|总和|总计|总|期次|班次)*"
    rf"|累计|合计|总){END}"
)
HOURS_OF_A_DAY = re.compile(
    "(?:每|[1一])个?(?:工作|培训)?[天日][^0-9半]{0,6}([0-9]{1,2})个?(?:学时|课时)(?!以[上内])"
)
SENTENCE, CLAUSE = re.compile("[。；;\n]"), re.compile("[，,:：（）()]")


def rated_in(texts: Iterable[str]) -> set[str]:
    """The columns that a note calls numbers of one run; 经费按每期5000元编制 is no such note."""
    texts = list(texts)
    return _said(texts, OF_ONE_RUN) | {
        name
        for name, unit in UNITS.items()
        for text in texts
        if re.search(rf"单位[:：为].*?(?:{unit})/[期班次场批]", text[:300])
    }


def summed_in(texts: Iterable[str]) -> set[str]:
    """The columns that a note calls numbers of all runs together."""
    return _said(texts, OF_ALL_RUNS)


def hours_of_a_day_in(texts: Iterable[str]) -> int:
    """How many study hours a day has, as in 每天按8学时计算; 0 where nothing or two things are
    said.
    """
    said = {int(hours) for text in texts for hours in HOURS_OF_A_DAY.findall(text[:300])}
    return said.pop() if len(said) == 1 else 0


def _said(texts: Iterable[str], words: re.Pattern) -> set[str]:
    """The columns of which the texts say this: those named in the clause, else in that before."""
    found: set[str] = set()
    for sentence in (part for text in texts for part in SENTENCE.split(text[:300])):
        before: set[str] = set()
        for clause in map(str.strip, CLAUSE.split(re.sub(r"\s", "", sentence))):
            named = {name for name, word in COUNTED.items() if word.search(clause)}
            if words.search(clause):
                found |= named or before
            before = named or before
    return found
