"""The fields that templates may name, in the office's words, and what the papers put into them.

Every value is text. Numbers have thousands apart, money two decimals where it has any.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils import timezone

from academy.text.numbers import plain

from ..models import AnnualPlan, Owner, PaperKind, PlanItem, Standing
from ..workbook import CATEGORY_WORDS, change_of

# the office reads these, so they are not translated: templates are Chinese
ITEM_FIELDS = {
    "number": "序号",
    "name": "培训班名称",
    "organiser": "主办单位",
    "purpose": "培训目的",
    "audience": "培训对象",
    "content": "培训内容",
    "formats": "培训方式",
    "months": "拟办时间",
    "days": "天数",
    "hours": "学时",
    "place": "地点",
    "people": "人数",
    "runs": "期数",
    "budget": "经费预算（元）",
    "funding": "经费来源",
    "category": "培训类别",
    "others": "是否涉及本系统以外干部",
    "contact": "联系人",
    "phone": "联系电话",
    "remark": "备注",
    "change": "变更情况",
}
TOTALS = {
    "year": "年度",
    "today": "填报日期",
    "item_count": "项目数",
    "people": "人数合计",
    "budget": "经费预算合计（元）",
}
FILING_FIELDS = TOTALS | {
    "owner": "填报单位",
    "filing_number": "系统备案编号",
    "run_count": "期数合计",
    "others_count": "涉及本系统以外干部的项目数",
    "contact": "联系人",
    "phone": "联系电话",
}
YEAR_FIELDS = TOTALS | {"unit_count": "报送单位数", "filed_count": "已备案单位数"}
UNIT_FIELDS = {
    "number": "序号",
    "owner": "单位",
    "status": "状态",
    "filing_number": "备案编号",
    "item_count": "项目数",
    "people": "人数",
    "budget": "经费预算（元）",
}
REPORT_FIELDS = {
    "year": "年度",
    "owner": "填报单位",
    "today": "填报日期",
    "planned_count": "计划项目数",
    "held_count": "已办项目数",
    "people": "参训人数合计",
    "spent": "经费支出合计（元）",
    "results": "总体成效",
    "problems": "问题和建议",
}
REPORT_LINE_FIELDS = {
    "number": "序号",
    "name": "培训名称",
    "audience": "培训对象",
    "content": "培训内容",
    "time": "时间",
    "place": "地点",
    "people": "参训人数",
    "staff": "工作人员数",
    "spent": "经费支出（元）",
    "funding": "列支渠道",
    "results": "成效",
    "problems": "问题和建议",
}
# fields of the paper, the name of its rows, fields of a row
FIELDS = {
    PaperKind.FILING: (FILING_FIELDS, "items", ITEM_FIELDS),
    PaperKind.REPORT: (REPORT_FIELDS, "lines", REPORT_LINE_FIELDS),
    PaperKind.YEAR: (YEAR_FIELDS, "units", UNIT_FIELDS),
}


def filing_values(plan: AnnualPlan, today: date) -> dict:
    """Return what the letter and the form say of a plan; cancelled items are listed, not added."""
    items = list(plan.items.all())
    counted = [item for item in items if item.standing != Standing.CANCELLED]
    with_contact = next((item for item in counted if item.contact_name), None)
    return {
        "year": str(plan.year),
        "owner": plan.owner.name,
        "today": day_in_words(today),
        "filing_number": plan.filing_number,
        "item_count": whole(len(counted)),
        "run_count": whole(sum(item.runs for item in counted)),
        "people": whole(sum(item.people for item in counted)),
        "budget": money(sum((item.budget for item in counted), Decimal(0))),
        "others_count": whole(sum(item.other_system_cadres for item in counted)),
        "contact": with_contact.contact_name if with_contact else "",
        "phone": with_contact.contact_phone if with_contact else "",
        "items": [_item_values(item) for item in items],
    }


def _item_values(item: PlanItem) -> dict:
    return {
        "number": str(item.number),
        "name": item.name,
        "organiser": item.organiser,
        "purpose": item.purpose,
        "audience": item.audience,
        "content": item.content,
        "formats": item.formats,
        "months": item.months,
        "days": plain(item.days),
        "hours": plain(item.hours),
        "place": item.place,
        "people": whole(item.people),
        "runs": whole(item.runs),
        "budget": money(item.budget),
        "funding": item.funding,
        "category": CATEGORY_WORDS[item.category],
        "others": "是" if item.other_system_cadres else "否",
        "contact": item.contact_name,
        "phone": item.contact_phone,
        "remark": item.remark,
        "change": change_of(item),
    }


def year_values(
    year: int, units: Iterable[tuple[Owner, AnnualPlan | None]], today: date | None = None
) -> dict:
    """Return what the overview says of a year; the plans come with their totals."""
    units = list(units)
    plans = [plan for _owner, plan in units if plan]
    return {
        "year": str(year),
        "today": day_in_words(today or timezone.localdate()),
        "unit_count": whole(len(plans)),
        "filed_count": whole(sum(bool(plan.filing_number) for plan in plans)),
        "item_count": whole(sum(plan.item_total for plan in plans)),
        "people": whole(sum(plan.people_total for plan in plans)),
        "budget": money(sum((plan.budget_total for plan in plans), Decimal(0))),
        "units": [
            {
                "number": str(number),
                "owner": owner.name,
                "status": plan.status_words if plan else "未报送",
                "filing_number": plan.filing_number if plan else "",
                "item_count": whole(plan.item_total) if plan else "",
                "people": whole(plan.people_total) if plan else "",
                "budget": money(plan.budget_total) if plan else "",
            }
            for number, (owner, plan) in enumerate(units, start=1)
        ],
    }


def whole(number: int) -> str:
    """1,234."""
    return f"{number:,}"


def money(yuan: Decimal) -> str:
    """1,234 or 1,234.50."""
    return f"{yuan:,.2f}".removesuffix(".00")


def day_in_words(day: date) -> str:
    """2027年3月1日: Arabic numerals without leading zeros. Source: GB/T 9704-2012, 7.3.5."""
    return f"{day.year}年{day.month}月{day.day}日"
