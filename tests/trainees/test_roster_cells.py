"""What strange cells of a roster say, and what is refused. Source: docs/rules.md R46."""

from datetime import datetime

import pytest

from academy.imports.registry import importer_for
from academy.models import VillageKind
from academy.spreadsheets.cell_text import Rejected, spelled
from academy.spreadsheets.sheet import Displayed, QuotedText
from trainees.rosters.cells import name_in, phone_in
from trainees.rosters.months import filing_month, month_in, months_between
from trainees.rosters.posts import posts_in

from .roster_tables import HEADINGS, POSTS, make_places, only, row, table

KNOWN = {spelled(name): name for name in POSTS}


@pytest.mark.parametrize(
    ("value", "month"),
    [
        *((text, "2024-06") for text in ("2024-06", "2024.6", "2024/06", "2024年6月", "202406")),
        *(
            (text, "2024-06")
            for text in ("2024 年 6 月", "２０２４．０６", "二〇二四年六月", "6/2024")
        ),
        *((text, "2024-06") for text in ("2024-06-24", "20240624", "2024年6月24日", "45444")),
        *((text, "2024-06") for text in ("2024.06.24", "2024-06-24 00:00:00", "24/06/2024")),
        *(
            (text, "2024-06")
            for text in ("2024年6月至今", "自2024年6月起", "2024.6-", "2024年6月份")
        ),
        ("二〇一九年十一月", "2019-11"),
        (datetime(2024, 6, 24), "2024-06"),
        (45444, "2024-06"),
        (Displayed(2024.1, "2024.10"), "2024-10"),
        (2024.1, "2024-01"),
        (2024.06, "2024-06"),
        (202406, "2024-06"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_month_is_read_in_any_usual_way(value, month):
    assert month_in(value, "任职时间") == month


@pytest.mark.parametrize(
    "value",
    [
        *("去年下半年", "2024", "2024-13", "24.6", "2024年上半年", "2024-06-31", "Jun-24"),
        *("05/06/2024", "2024年6-7月", "2024-06至2025-05", "2024年6月、2025年1月", "2024-0612"),
        *("1850-06", "2024年", "六月", "999999", "abc", 2024, Displayed(2024.1, "2024")),
    ],
)
def test_a_month_that_is_not_certain_is_refused(value):
    with pytest.raises(Rejected):
        month_in(value, "任职时间")


@pytest.mark.parametrize(
    ("texts", "month"),
    [
        (["大场镇花名册", "填报日期：2026年11月2日"], "2026-11"),
        (["2026年10月以来新任人员", "填表时间 2026.11.05"], "2026-11"),
        (["骨干信息汇总表（2026年11月）"], "2026-11"),
        (["花名册"], ""),
        (["2026年13月"], ""),
    ],
)
def test_the_month_of_filing_is_taken_from_the_texts_around(texts, month):
    assert filing_month(texts) == month


def test_months_are_counted_over_years():
    assert months_between("2008-11", "2024-10") == 191


@pytest.mark.parametrize(
    ("value", "was_mended"),
    [
        ("19900001000", False),
        (19900001000, False),
        (19900001000.0, False),
        *((text, True) for text in ("199 0000 1000", "199-0000-1000", "199.0000.1000")),
        *((text, True) for text in (" 19900001000\t", "\u202d19900001000\u202c")),
        *((text, True) for text in ("+8619900001000", "86-19900001000", "008619900001000")),
        *(
            (text, True)
            for text in ("(+86) 199 0000 1000", "１９９００００１０００", '="19900001000"')
        ),
        *((text, True) for text in ("19900001000.0", "'19900001000", "199 0000\n1000")),
        (QuotedText("19900001000"), False),
    ],
)
def test_a_phone_is_read_in_any_usual_way(value, was_mended):
    assert phone_in(value) == ("19900001000", was_mended)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((text, "没有填") for text in (None, "", "无", "待定", "同上", "—", " ")),
        *((text, "科学计数法") for text in ("1.99E+10", "1.99e10")),
        (Displayed(19900001000, "1.99E+10"), "科学计数法"),
        *((text, "两个电话") for text in ("19900001000/19900001001", "19900001000 19900001001")),
        ("19900001000\n19900001001", "两个电话"),
        *((text, "字母") for text in ("1990000100O", "一九九00001000", "199****1000")),
        *((text, "字母") for text in ("手机19900001000", "19900001000（本人）")),
        ("199000010", "9 位"),
        ("199000010001", "12 位"),
        ("29900001000", "以 1 开头"),
        ("021-56781234", "以 1 开头"),
    ],
)
def test_a_phone_that_is_none_is_refused_without_repeating_it(value, words):
    with pytest.raises(Rejected, match=words) as refused:
        phone_in(value)
    assert "1000" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        *(
            (text, "苏文敏")
            for text in ("苏文敏", "苏\u3000文敏", "苏 文 敏", "苏文\n敏", "苏文敏\u200b")
        ),
        *(
            (text, "古丽·买买提")
            for text in ("古丽·买买提", "古丽.买买提", "古丽•买买提", "古丽 · 买买提")
        ),
        ("\uf9d1七", "六七"),
        ("𠮷田浩", "𠮷田浩"),
        ("欧阳䶮", "欧阳䶮"),
    ],
)
def test_a_name_has_one_spelling(value, name):
    assert name_in(value) == (name, value != name)


@pytest.mark.parametrize(
    "value", ["", "无", "?野文静", "陈�", "陈\ue000", "å¼ ä¸‰", "陈■", "陈2", "示" * 41]
)
def test_a_name_that_is_none_or_lost_a_character_is_refused(value):
    with pytest.raises(Rejected):
        name_in(value)


NEIGHBOURHOOD, VILLAGE = VillageKind.NEIGHBOURHOOD, VillageKind.VILLAGE


@pytest.mark.parametrize(
    ("text", "kind", "posts"),
    [
        ("志愿者/社区达人", NEIGHBOURHOOD, ["志愿者/社区达人"]),
        ("书记", NEIGHBOURHOOD, ["居民区书记"]),
        ("党总支书记", VILLAGE, ["村书记"]),
        ("主任", VILLAGE, ["村主任"]),
        ("居委会主任", NEIGHBOURHOOD, ["居委主任"]),
        ("专职社工", NEIGHBOURHOOD, ["社区工作者"]),
        ("楼长", NEIGHBOURHOOD, ["楼组长"]),
        ("委员", VILLAGE, ["条线委员"]),
        *(
            (text, NEIGHBOURHOOD, ["居民区书记", "居委主任"])
            for text in (
                "书记兼主任",
                "书记、主任",
                "书记（兼主任）",
                "书记主任一肩挑",
                "书记/主任",
            )
        ),
        ("村书记、村主任", VILLAGE, ["村书记", "村主任"]),
        ("条线委员兼社工", NEIGHBOURHOOD, ["条线委员", "社区工作者"]),
    ],
)
def test_a_post_is_read_by_common_words(text, kind, posts):
    assert posts_in(text, kind, KNOWN) == posts


@pytest.mark.parametrize("text", ["保洁员", "副书记", "书记兼保洁员", "兼", "调解"])
def test_a_post_that_is_none_is_refused(text):
    with pytest.raises(Rejected, match="不是规范岗位"):
        posts_in(text, NEIGHBOURHOOD, KNOWN)


@pytest.mark.parametrize(
    ("text", "town", "name"),
    [
        ("富丽居委会", "", "罗店镇 富丽居委会"),
        *(
            (text, "", "罗店镇 富丽居委会")
            for text in ("富丽", "富丽居民区", "富丽居委", "富丽党总支")
        ),
        *(
            (text, "", "罗店镇 富丽居委会")
            for text in ("罗店镇富丽居委会", "宝山区罗店镇富丽", "罗店富丽")
        ),
        ("富丽居民区党总支", "", "罗店镇 富丽居委会"),
        ("富 丽居委会", "", "罗店镇 富丽居委会"),
        ("罗店镇一居委会", "", "罗店镇 罗店镇一居委会"),
        ("通河7村2居委会", "", "张庙街道 通河七村二居委会"),
        ("通河七村二", "", "张庙街道 通河七村二居委会"),
        ("美罗第2居委会", "", "罗店镇 美罗第二居委会"),
        ("金星村", "", "罗店镇 金星村村委会"),
        ("金星村委会", "", "罗店镇 金星村村委会"),
        ("金星", "", "罗店镇 金星居委会"),
        ("新桥居委会", "罗店镇", "罗店镇 新桥居委会"),
        ("张庙街道新桥居委会", "", "张庙街道 新桥居委会"),
        ("新桥", "张庙", "张庙街道 新桥居委会"),
    ],
)
def test_a_unit_is_found_by_its_name_or_a_shorter_one(db, text, town, name):
    make_places()

    found = only(table([*row(居村=text), town], headings=[*HEADINGS, "街镇"]))

    assert found.reasons == []
    assert importer_of(found).shown("village", found.values["village"]) == name
    assert bool(found.remarks) == (text.replace(" ", "") != name.partition(" ")[2])


@pytest.mark.parametrize(
    ("text", "town", "words"),
    [
        ("新桥居委会", "", "不止一个：张庙街道、罗店镇"),
        ("通河七村", "", "居村名录里没有"),
        ("张庙街道富丽居委会", "", "居村名录里没有"),
        ("同上", "", "单位没有填"),
        ("富丽居委会", "张庙街道", "属于罗店镇"),
        ("富丽居委会", "不知镇", "没有叫“不知镇”的街镇"),
    ],
)
def test_a_unit_that_is_none_or_several_is_refused(db, text, town, words):
    make_places()

    found = only(table([*row(居村=text), town], headings=[*HEADINGS, "街镇"]))

    assert words in found.reasons[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"任职时间": "2027-04"}, "晚于填报的 2027-03"),
        ({"任职时间": "2024-06", "出生年月": "2008-07"}, "还不满 16 岁"),
        ({"任职时间": "1905-07"}, "年份太早"),
        ({"任职时间": None, "出生年月": "2026-01"}, "还不满 16 岁"),
        ({"出生年月": "不详月"}, "看不出是哪个月"),
        ({"岗位": None}, "岗位没有填"),
        ({"姓名": "=A1"}, "公式"),
    ],
)
def test_a_row_is_refused_as_a_whole(db, changes, words):
    make_places()

    assert words in "".join(only(table(row(**changes))).reasons)


@pytest.mark.parametrize(
    "changes",
    [
        {"任职时间": "2024-06", "出生年月": "2008-06"},
        {"任职时间": "待定", "出生年月": None},
        {"性别": "不知"},
        {"任职时间": "2027-03"},
    ],
)
def test_a_row_at_the_edge_is_taken(db, changes):
    make_places()

    assert only(table(row(**changes))).reasons == []


def importer_of(item):
    return importer_for(item.run, item.run.previewed_at)
