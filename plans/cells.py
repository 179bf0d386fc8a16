"""Reading the cells of a plan: which heading means which column, and what a cell says as text, number, month or telephone."""

import re
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.cells import EMPTY_WORDS, WIDE_SIGNS, Rejected, clean, number_in, spelled
from academy.headings import Headings, HeadingWords
from academy.names import names_in
from academy.phones import LONGEST_TELEPHONE, telephone_in
from academy.sheets import Formula

from .models import PlanItem, TrainingCategory

HEADINGS = HeadingWords(needed=("name",), fewest=4, columns={
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
})  # fmt: skip
TEN_THOUSAND = 10_000
HIGHEST_NUMBER = 9_999
UNITS = {
    "people": ("人次", "人", "名"),
    "runs": ("期", "次", "班"),
    "days": ("天", "日"),
    "hours": ("学时", "课时", "小时"),
    "budget": ("元",),
}  # fmt: skip
CATEGORIES = {"一": TrainingCategory.FIRST, "二": TrainingCategory.SECOND, "三": TrainingCategory.THIRD, "1": TrainingCategory.FIRST, "2": TrainingCategory.SECOND, "3": TrainingCategory.THIRD}
YES_WORDS = ("是", "有", "涉及", "√", "✓", "y", "Y")


def in_ten_thousands(headings: Headings) -> bool:
    """Whether the column of the budget says 万元."""
    return "万元" in headings.written.get("budget", "")


# --- What stands above the table --------------------------------------------------------------------------------------


def contact_in(text: str) -> tuple[str, str] | None:
    """(name, telephone) in 联系人：贾洁 联系电话：19900000123."""
    found = re.search(r"(?:联系人|责任人)[:：] ?([^\s:：]{2,20})[^0-9]{0,20}(?:电话|手机)[:：]? ?([0-9+(（][0-9 ()（）+-]{5,40})", text[:300])
    return (found.group(1), _contact_phone(found.group(2), [])) if found else None


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
    factor = TEN_THOUSAND if in_ten_thousands(headings) else 1
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
    if isinstance(value, str):
        value = clean(value).translate(WIDE_SIGNS).replace(" ", "")
        if name == "budget":
            value = value.lstrip("¥").removesuffix("元").removesuffix("整")
            if value.endswith("万"):
                value, factor = value.removesuffix("万"), TEN_THOUSAND
        elif name == "days" and value == "半天":
            value = "0.5"
    number = number_in(value, _label(name), most=most, units=UNITS[name], factor=factor)
    if number is None and name in in_merged:
        raise Rejected(_("“%(column)s” is one merged cell for several rows. Write the number of each row.") % {"column": _label(name)})
    return number


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
    """Who to call. What stands in the other's column is put right, and said."""
    name, phone = clean(values.get("contact_name")), clean(values.get("contact_phone"))
    together = clean(values.get("contact"))
    if together and not name:
        name, phone = _apart(together)
    elif telephone_in(name) and not telephone_in(phone):
        if left := _apart(name)[0] or phone:
            remarks.append(_("Contact person and telephone did not stand in their own columns; they were put right."))
        name, phone = left, name
    if not name and not phone:
        return default
    if len(name) > PlanItem._meta.get_field("contact_name").max_length:
        raise Rejected(_("“%(column)s” is longer than %(length)d characters.") % {"column": _label("contact_name"), "length": 40})
    return _contact_name(name, remarks), _contact_phone(phone, remarks)


def _apart(together: str) -> tuple[str, str]:
    """(苏晓岚, 19900000123) from 苏晓岚 19900000123."""
    digits = re.search(r"[0-9+(][0-9 ()+-]{5,}.*", together)
    return (together[: digits.start()] if digits else together).strip(" ：:,，、/(（"), digits.group() if digits else ""


def _contact_name(name: str, remarks: list[str]) -> str:
    """Who is named, several of them apart by 、. What is no name is left out, and said."""
    if name in EMPTY_WORDS:
        return ""
    try:
        return names_in(name)
    except ValidationError as error:
        remarks.append(_("The contact person was left empty: %(reason)s") % {"reason": " ".join(error.messages)})
        return ""


def _contact_phone(phone: str, remarks: list[str]) -> str:
    if not phone or phone in EMPTY_WORDS:
        return ""
    found = telephone_in(phone)
    if found is None or len(found.text) > LONGEST_TELEPHONE:
        remarks.append(_("The telephone number cannot be read; it was left empty."))
        return ""
    if not found.is_mobile:
        remarks.append(_("The telephone number is no mobile number of 11 digits; it was kept as it is written."))
    return found.text
