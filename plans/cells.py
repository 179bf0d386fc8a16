"""Reading the cells of a plan: which heading means which column, and what a cell says as text, number, month or telephone."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .models import PlanItem, TrainingCategory, office_phone
from .sheets import Formula

HEADINGS = {
    "number": "序号 编号 项目序号 项目编号 no no.",
    "name": "培训班名称 培训名称 培训班次名称 班次名称 培训班次 培训项目名称 培训项目 项目名称 培训班 班名 名称",
    "organiser": "主办单位 主办部门 主办 举办单位",
    "co_organiser": "承办单位 承办单位/协办 承办/协办单位 承办、协办单位 承办单位/协办单位 承办/协办 承办部门 承办 协办单位",
    "purpose": "培训目的 培训目标 目的",
    "audience": "培训对象 参训对象 参训人员 培训人员 对象",
    "people": "人数 参训人数 培训人数 全年人数 总人数 计划人数 预计人数 年度人数 培训规模",
    "runs": "期数 全年期数 办班期数 培训期数 班次数 期次",
    "months": "拟办时间 培训时间 计划时间 举办时间 办班时间 拟办月份 时间 月份 季度",
    "days": "天数 培训天数 每期天数",
    "hours": "学时 学时数 每期学时 培训学时 课时 课时数",
    "place": "地点 培训地点 办班地点 举办地点 地点/校区 校区",
    "content": "培训内容 主要内容 培训课程 主要课程 课程 内容",
    "formats": "培训方式 培训形式 教学形式 教学方式 方式 形式",
    "budget": "经费预算 预算经费 培训经费 所需经费 经费概算 预算金额 预算 经费 金额",
    "funding": "经费来源 列支渠道 经费列支渠道 资金来源 经费来源/列支渠道 经费渠道",
    "category": "培训类别 类别 培训班类别",
    "other_system_cadres": "是否涉及本系统以外干部 涉及本系统以外干部 是否涉及系统外干部 涉及系统外干部",
    "contact_name": "联系人 责任人 负责人 责任人/联系人 经办人",
    "contact_phone": "联系电话 电话 联系方式 手机 手机号 联系人电话 电话号码",
    "contact": "责任人/联系人、电话 联系人及电话 联系人及联系电话 责任人及电话 联系人、电话 联系人/电话",
    "remark": "备注 说明",
}
KNOWN_HEADINGS = {spelling: name for name, spellings in HEADINGS.items() for spelling in spellings.split()}
FEWEST_HEADINGS = 4
TEN_THOUSAND = 10_000
HIGHEST_NUMBER = 9_999
EMPTY_WORDS = ("", "-", "--", "—", "——", "/", "\\", "无", "待定")
FULL_WIDTH = {code: code - 0xFEE0 for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ")) for code in range(ord(first), ord(last) + 1)}
WIDE_SIGNS = str.maketrans("，．－￥", ",.-¥")  # not NFKC, which would make 2 of ²
PLAIN_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
UNITS = {
    "people": ("人次", "人", "名"),
    "runs": ("期", "次", "班"),
    "days": ("天", "日"),
    "hours": ("学时", "课时", "小时"),
    "budget": ("元",),
}  # fmt: skip
CATEGORIES = {"一": TrainingCategory.FIRST, "二": TrainingCategory.SECOND, "三": TrainingCategory.THIRD, "1": TrainingCategory.FIRST, "2": TrainingCategory.SECOND, "3": TrainingCategory.THIRD}
YES_WORDS = ("是", "有", "涉及", "√", "✓", "y", "Y")


class Rejected(ValueError):
    """A row that cannot become an item; the text says why."""


# --- Text -------------------------------------------------------------------------------------------------------------


def clean(value) -> str:
    """A cell as one line of text: no control or invisible characters, digits and letters of ordinary width."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = "".join(" " if character in "\r\n\t" else character for character in str(value) if character in "\r\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs"))
    return re.sub(r"\s+", " ", text).strip().translate(FULL_WIDTH)


def spelled(text: str) -> str:
    """Text for comparing: compatibility forms and spaces do not count."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def heading_of(value) -> str | None:
    """The column a heading names, whatever stands behind it in brackets."""
    text = spelled(clean(value))
    if not text or len(text) > 40:
        return None
    return KNOWN_HEADINGS.get(text) or KNOWN_HEADINGS.get(re.sub(r"\([^)]*\)?", "", text))


@dataclass
class Headings:
    """Which column of a sheet holds what. `columns` maps the index of a column to the field of the item."""

    columns: dict[int, str]
    in_ten_thousands: bool = False  # the budget column says 万元
    unknown: list[str] = field(default_factory=list)

    @classmethod
    def in_row(cls, row: list) -> "Headings | None":
        """The headings, when enough cells of the row are some and one of them is the training's name."""
        found = cls(columns={})
        found._take(row)
        return found if "name" in found.columns.values() and len(found.columns) >= FEWEST_HEADINGS else None

    def complete_from(self, row: list) -> bool:
        """Take the second line of headings that stand in two rows; False when the row is no such line."""
        filled = [cell for cell in row if clean(cell)]
        if not filled or not all(heading_of(cell) for cell in filled) or heading_of(filled[0]) == "number":
            return False
        self.columns = {column: name for column, name in self.columns.items() if column >= len(row) or not clean(row[column])}
        self._take(row)
        return True

    def _take(self, row: list) -> None:
        for column, cell in enumerate(row):
            name = heading_of(cell)
            if name and name not in self.columns.values():
                self.columns[column] = name
                if name == "budget" and "万元" in spelled(clean(cell)):
                    self.in_ten_thousands = True
            elif clean(cell):
                self.unknown.append(clean(cell)[:20])


# --- What stands above the table --------------------------------------------------------------------------------------


def contact_in(text: str) -> tuple[str, str] | None:
    """(name, telephone) in 联系人：贾洁 联系电话：19900000123."""
    found = re.search(r"(?:联系人|责任人)[:：] ?([^\s:：]{2,20})[^0-9]{0,20}(?:电话|手机)[:：]? ?([0-9][0-9 -]{5,18})", text[:300])
    return (found.group(1), _telephone(found.group(2)) or "") if found else None


def unit_in(text: str) -> str:
    """大场镇人民政府 in 填报单位（盖章）：大场镇人民政府."""
    found = re.search(r"(?:填报|申报|报送|填表)单位(?:[（(][^）)]{0,10}[）)])? ?[:：] ?([^\s:：]{2,40})", text[:300])
    return found.group(1) if found else ""


def years_in(text: str) -> set[int]:
    """The years a title speaks of; a date such as 2026年11月20日 is none."""
    return {int(year) for year in re.findall(r"(?<![0-9])(20[0-9]{2}) ?年(?! ?[0-9]{1,2} ?月)", text[:300])}


# --- One row ----------------------------------------------------------------------------------------------------------


def item_values(values: dict, headings: Headings, *, in_merged: set[str], owner_name: str, contact: tuple[str, str]) -> tuple[dict, list[str]]:
    """The fields of an item, and remarks about what was assumed. Raises Rejected."""
    remarks: list[str] = []
    result = {"number": _number_of_row(values.get("number"), in_merged)}
    result["name"] = _text("name", values, remarks)
    if result["name"] in EMPTY_WORDS:
        raise Rejected(_("The name of the training is missing."))
    if isinstance(values.get("name"), Formula):
        raise Rejected(_("The name of the training is a formula. Formulas are not calculated: write the text itself."))
    for name in ("organiser", "co_organiser", "purpose", "audience", "place", "content", "formats", "funding", "remark"):
        result[name] = _text(name, values, remarks)
    result["organiser"] = result["organiser"] or owner_name
    result["months"] = _months(values, remarks)
    result["people"] = _whole("people", values, in_merged, most=1_000_000)
    if result["people"] is None:
        raise Rejected(_("The number of people is missing."))
    result["runs"] = _whole("runs", values, in_merged, most=1_000)
    if result["runs"] is None:
        result["runs"] = 1
        if "runs" in values:
            remarks.append(_("No number of runs: taken as 1."))
    for name, most in (("days", 999), ("hours", 9_999)):
        result[name] = _decimal(name, values, in_merged, most=most) or Decimal(0)
    factor = TEN_THOUSAND if headings.in_ten_thousands else 1
    budget = _decimal("budget", values, in_merged, most=1_000_000_000, factor=factor)
    if budget is None and clean(values.get("budget")) == "":
        remarks.append(_("No budget: taken as 0 yuan."))
    result["budget"] = budget or Decimal(0)
    result["category"] = _category(values, remarks)
    result["other_system_cadres"] = clean(values.get("other_system_cadres")).startswith(YES_WORDS)
    result["contact_name"], result["contact_phone"] = _contact(values, contact, remarks)
    for name, label in (("audience", pgettext("what an item lacks", "for whom")), ("months", pgettext("what an item lacks", "when")), ("content", pgettext("what an item lacks", "what"))):
        if not result[name]:
            remarks.append(_("It does not say %(what)s; that is needed before the plan is handed in.") % {"what": label})
    return result, remarks


def _text(name: str, values: dict, remarks: list[str]) -> str:
    text = clean(values.get(name))
    longest = PlanItem._meta.get_field(name).max_length
    if len(text) > longest:
        raise Rejected(_("“%(column)s” is longer than %(length)d characters.") % {"column": _label(name), "length": longest})
    return text


def _label(name: str) -> str:
    return str(PlanItem._meta.get_field(name).verbose_name)


def _number_of_row(value, in_merged: set[str]) -> int | None:
    text = spelled(clean(value))
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) and int(text) and "number" not in in_merged else None


def _decimal(name: str, values: dict, in_merged: set[str], *, most: int, factor: int = 1) -> Decimal | None:
    """The number in the cell, None when there is none. Raises Rejected with what is wrong."""
    value = values.get(name)
    wrong = Rejected(_("“%(value)s” in “%(column)s” is not a number.") % {"value": clean(value)[:20], "column": _label(name)})
    if isinstance(value, Formula):
        raise Rejected(_("“%(column)s” is a formula. Formulas are not calculated: paste it as a value.") % {"column": _label(name)})
    if isinstance(value, (bool, date)):
        raise wrong
    text = clean(repr(value) if isinstance(value, float) else value).translate(WIDE_SIGNS).replace(" ", "")
    if text in EMPTY_WORDS:
        if name in in_merged:
            raise Rejected(_("“%(column)s” is one merged cell for several rows. Write the number of each row.") % {"column": _label(name)})
        return None
    if name == "budget":
        text = text.lstrip("¥").removesuffix("元").removesuffix("整")
        if text.endswith("万"):
            text, factor = text.removesuffix("万"), TEN_THOUSAND
    elif name == "days" and text == "半天":
        text = "0.5"
    for unit in UNITS[name]:
        text = text.removesuffix(unit)
    if text.startswith("-"):
        raise Rejected(_("“%(column)s” must not be below 0.") % {"column": _label(name)})
    if not isinstance(value, float) and not PLAIN_NUMBER.fullmatch(text):
        raise wrong
    try:
        number = Decimal(text.replace(",", "")) * factor
    except InvalidOperation as error:
        raise wrong from error
    if not number.is_finite():
        raise wrong
    if number > most:
        raise Rejected(_("“%(column)s” is larger than %(most)s.") % {"column": _label(name), "most": f"{most:,}"})
    rounded = number.quantize(Decimal("0.01"))
    if abs(rounded - number) > Decimal("0.000001"):
        raise Rejected(_("“%(column)s” has more than two digits behind the point.") % {"column": _label(name)})
    return rounded


def _whole(name: str, values: dict, in_merged: set[str], *, most: int) -> int | None:
    number = _decimal(name, values, in_merged, most=most)
    if number is not None and number != number.to_integral_value():
        raise Rejected(_("“%(column)s” is not a whole number.") % {"column": _label(name)})
    return None if number is None else int(number)


def _months(values: dict, remarks: list[str]) -> str:
    value = values.get("months")
    if isinstance(value, date):  # Excel turns 2月 and 3-5 into dates of its own accord
        remarks.append(_("The planned time is stored as a date; it is read as %(month)d月.") % {"month": value.month})
        return f"{value.month}月"
    text = _text("months", values, remarks)
    return f"{int(text)}月" if re.fullmatch(r"0?[1-9]|1[0-2]", text) else text


def _category(values: dict, remarks: list[str]) -> str:
    text = spelled(clean(values.get("category"))).removeprefix("第").removesuffix("培训").removesuffix("类")
    if text in EMPTY_WORDS:
        return ""
    if text not in CATEGORIES:
        remarks.append(_("“%(value)s” is no training category; it was left empty.") % {"value": text[:20]})
    return CATEGORIES.get(text, "")


def _contact(values: dict, default: tuple[str, str], remarks: list[str]) -> tuple[str, str]:
    name, phone = clean(values.get("contact_name")), clean(values.get("contact_phone"))
    together = clean(values.get("contact"))
    if together and not name:
        digits = re.search(r"[0-9+][0-9 ()-]{5,18}[0-9]", together)
        phone = digits.group() if digits else ""
        name = (together[: digits.start()] if digits else together).strip(" ：:,，、/")
    if not name and not phone:
        return default
    if len(name) > PlanItem._meta.get_field("contact_name").max_length:
        raise Rejected(_("“%(column)s” is longer than %(length)d characters.") % {"column": _label("contact_name"), "length": 40})
    number = _telephone(phone)
    if phone and not number:
        remarks.append(_("The telephone number cannot be read; it was left empty."))
    return name, number or ""


def _telephone(text: str) -> str | None:
    text = spelled(text).replace(" ", "")
    for prefix in ("+86", "0086"):
        text = text.removeprefix(prefix)
    text = text.strip("-")
    if re.fullmatch(r"1[0-9]{2}-?[0-9]{4}-?[0-9]{4}", text):
        text = text.replace("-", "")
    try:
        office_phone(text)
    except ValidationError:
        return None
    return text
