"""What a line below the headings is: a data row, a sum, an example, a signature or a remark."""

import re
from enum import Enum

from ..text.characters import simplified
from .cell_text import clean, spelled
from .headings import Headings
from .sheet import unmarked

LOOKED_AT = 200  # characters of a cell
MOST_WORDS_OF_SUM = 3  # cells with words besides counts such as 6家
HAS_DIGITS = re.compile(r"[0-9]").search
LEAST_NUMBERED = 4  # cells of a line that counts the columns
SUM = r"(?:合计|总计|小计|共计|累计|总和|总数|汇总|sub-?total|grandtotal|total|sum)"
COUNT = r"[0-9一二三四五六七八九十百]+"
WHOLE_SUM = re.compile(
    rf"(?:本表|本页|以上|全年|年度|全部|总)*"
    rf"(?:{SUM}(?:人数|人次|经费|金额|期数|项目|数)?(?:$|[^a-z一-鿿]|{COUNT}[项期个人])"
    rf"|共{COUNT}(?:项|期|个|班|人|场|次)|计$)"
    r"|[(]?[承接转过][上下前次后]页"  # figures that are carried from page to page
)
ENDS_AS_SUM = re.compile(
    rf"(?:{SUM}|总人数|总人次|总经费|总额)[:]?(?:\([^)]*\))?$|^其中|^平均|^人均"
)
NOT_FILLED_IN = re.compile(r"[-—–/\\.·…*_~]+|无|略|待定")
EXAMPLE = re.compile(
    r"[(]?(?:填写)?(?:示例|样例|举例|范例|例)[0-9]*[):]?|[(](?:示例|样例|例)[)].*|(?:示例|例如|例|如):.*"
)
HINT = re.compile("(?:[请须应]|按.{0,6})?填|不超过.{0,6}字|(?:必|选|可不)填|(?:如|例如|格式)[:]")
LEAST_HINTS = 3  # cells of a line that says how to fill in the columns
SECTION = re.compile(
    r"[(]?[一二三四五六七八九十]{1,3}(?:[)、.].*|$)"
    r"|第[一二三四五六七八九十0-9]{1,3}(?:部分|类|批|季度)|附[件表注]|.{0,20}[:]$"
)
BEGINS_A_PART = re.compile(
    rf"{SECTION.pattern}|附?[:]?(?:以下|下列)|由.{{1,30}}(?:报|办|牵头)|[备附]?注[:]|说明[:]"
)
SIGNATURE = re.compile(
    r"(?:审核|审批|填报|填表|制表|报送|复核|经办|负责|主管|分管|主要|联系|单位|公章|盖章|备注|说明|日期|注)"
    r"(?:意见|人|单位|日期|时间|说明|领导|负责人|电话|名称|盖章|公章|意)*[0-9]?(?:\([^)]*\))*[:]"
)

DAY = re.compile(
    "(?:20[0-9]{2}|[二〇○零一三四五六七八九]{4})?年(?:[0-9一二三四五六七八九十]{1,3})?月"
    "(?:[0-9一二三四五六七八九十]{1,3})?日|20[0-9]{2}-[0-9]{2}-[0-9]{2}"
)
WHO_SIGNS = re.compile(
    r"(?:政府|办事处|[局委部办处镇乡院校会]|街道|园区|中心|公司)(?:\([盖公]?章\))?$"
)


class Kind(Enum):
    DATA = "data"
    NOTHING = "nothing"  # empty, or prepared for a row that was never written
    SUM = "sum"
    SECTION = "section"
    EXAMPLE = "example"
    SIGNATURE = "signature"
    REMARK = "remark"


def kind_of(cells: list, headings: Headings) -> Kind:
    """`cells` are those of one line."""
    text_of = {
        column: text
        for column, cell in enumerate(cells)
        if cell is not None and (text := _beginning(cell))
    }
    texts = list(text_of.values())
    if not texts or _counts_the_columns(texts):
        return Kind.NOTHING
    values = {name: text_of.get(column, "") for column, name in headings.columns.items()}
    filled = [name for name, text in values.items() if text]
    words = [text for text in texts if not _is_number(text)]
    if not any(not NOT_FILLED_IN.fullmatch(text) for text in words):
        filled = [name for name in filled if _is_number(values[name])]
        has_numbers = sum(values[name] != "0" for name in filled) > 1
        return Kind.DATA if has_numbers else Kind.NOTHING
    if _is_sum(words, values, headings) or (
        len(words) == 1 and len(texts) > 1 and ENDS_AS_SUM.search(words[0])
    ):
        return Kind.SUM
    if _is_example(words, (texts[0], *_needed(values, headings))):
        return Kind.EXAMPLE
    if len(filled) * 2 > len(values):
        return Kind.DATA
    if SIGNATURE.match(words[0]) or _is_signed_and_dated(texts):
        return Kind.SIGNATURE
    if len(filled) < 2:
        return Kind.REMARK
    if len(words) <= 2 and SECTION.match(words[0]):
        return Kind.SECTION
    return Kind.DATA


def _beginning(cell) -> str:
    """The cell as it is compared; what a line is shows at the beginning of its texts."""
    value = unmarked(cell)
    text = value[:LOOKED_AT] if isinstance(value, str) else value
    return simplified(spelled(clean(text)))


def _is_sum(words: list[str], values: dict[str, str], headings: Headings) -> bool:
    """Whether the first words of the line, or a cell that every row needs, say that it is a sum."""
    others = [text for text in words if not NOT_FILLED_IN.fullmatch(text) and not HAS_DIGITS(text)]
    return len(others) <= MOST_WORDS_OF_SUM and any(
        WHOLE_SUM.match(text) for text in (words[0], *_needed(values, headings))
    )


def _is_example(words: list[str], marks: tuple[str, ...]) -> bool:
    """Whether one of the marks says so, or the line says of several columns how to fill them in."""
    hints = sum(bool(HINT.match(text)) for text in words)
    return hints >= LEAST_HINTS or any(map(EXAMPLE.fullmatch, marks))


def _is_signed_and_dated(texts: list[str]) -> bool:
    """大场镇人民政府 and 2026年12月1日 alone in a line."""
    return len(texts) == 2 and bool(WHO_SIGNS.search(texts[0])) and bool(DAY.fullmatch(texts[1]))


def _needed(values: dict[str, str], headings: Headings) -> list[str]:
    return [values[name] for name in headings.words.needed if values.get(name)]


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?", text))


def _counts_the_columns(texts: list[str]) -> bool:
    """1 2 3 … below the headings, as forms have it; the first columns may be 甲 乙."""
    numbers = [text for text in texts if text not in ("甲", "乙", "丙", "丁")]
    return (
        len(texts) >= LEAST_NUMBERED
        and len(numbers) > 2
        and numbers == [str(number) for number in range(1, len(numbers) + 1)]
    )
