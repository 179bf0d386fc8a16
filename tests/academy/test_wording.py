"""What Django says of a wrong field, in the portal's Chinese."""

import pytest
from django import forms
from django.utils import translation

from academy.web.fields import PlainDecimalField


class Everything(forms.Form):
    needed = forms.CharField()
    short = forms.CharField(max_length=2)
    whole = forms.IntegerField(min_value=5)
    number = forms.DecimalField(max_value=9, max_digits=3, decimal_places=1)
    day = forms.DateField()
    hour = forms.TimeField()
    one = forms.ChoiceField(choices=[("a", "A")])


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("needed", "", "请填写这一项。"),
        ("short", "一二三", "最多 2 个字，现在有 3 个。"),
        ("short", "\x00", "里面有不能保存的字符，请删掉后再交。"),
        ("whole", "三", "请填整数。"),
        ("whole", "4", "不能小于 5。"),
        ("number", "九", "请填数字。"),
        ("number", "10", "不能大于 9。"),
        ("number", "1.25", "最多 1 位小数。"),
        ("day", "明天", "请填写正确的日期，如 2027-03-01。"),
        ("hour", "下午", "请填写正确的时间，如 13:30。"),
        ("one", "b", "列表里没有“b”，请重新选择。"),
    ],
)
def test_a_wrong_field_is_told_what_to_do(field, typed, said):
    with translation.override("zh-hans"):
        assert Everything({field: typed}).errors[field] == [said]


def test_a_number_from_the_database_is_shown_as_a_person_writes_it():
    class Hours(forms.Form):
        hours = PlainDecimalField(required=False)

    shown = [
        Hours(initial={"hours": PlainDecimalField().to_python(stored)})["hours"].value()
        for stored in ("24.00", "0.50", "100")
    ]
    unchanged = Hours({"hours": "24"}, initial={"hours": PlainDecimalField().to_python("24.00")})
    assert (shown, unchanged.has_changed(), Hours({"hours": "abc"})["hours"].value()) == (
        ["24", "0.5", "100"],
        False,
        "abc",
    )
