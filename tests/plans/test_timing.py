import pytest

from plans.timing import first_quarter, months_in


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2月", {2}),
        ("4月、8月", {4, 8}),
        ("3、6、9月", {3, 6, 9}),
        ("4月至7月", {4, 5, 6, 7}),
        ("11月上旬至12月", {11, 12}),
        ("3-5月", {3, 4, 5}),
        ("5月下旬", {5}),
        ("5月12日前", {5}),
        ("十一月", {11}),
        ("１０月", {10}),
        ("2027年3月", {3}),
        ("第二季度", {4, 5, 6}),
        ("第二、三季度", {4, 5, 6, 7, 8, 9}),
        ("第一至三季度", set(range(1, 10))),
        ("Q3", {7, 8, 9}),
        ("每季度一期", set(range(1, 13))),
        ("上半年", set(range(1, 7))),
        ("清明前", set()),
        ("", set()),
    ],
)
def test_months_in_a_planned_time(text, months):
    assert months_in(text) == months


@pytest.mark.parametrize(("text", "quarter"), [("4月、8月", 2), ("第四季度", 4), ("全年", 1), ("清明前", None)])
def test_the_first_quarter_of_a_planned_time(text, quarter):
    assert first_quarter(text) == quarter
