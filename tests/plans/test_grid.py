"""Items edited in the table of their plan: all rows that are sent, or none."""

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from plans.checklist import checks_of, is_complete
from plans.filing import ItemsIncomplete, PlanNotEditable, submit
from plans.grid.cells import FORM_ORDER, GRID_FIELDS, Unread, columns_for, typed, values_of
from plans.grid.rows import MOST_ROWS, RowsRefused, SentRow, to_put_back, write_rows
from plans.items import TooManyItems
from plans.models import ITEM_FIELDS, PlanItem
from tests.factories import NOW

from .factories import PlanItemFactory, drafted, submitted

pytestmark = pytest.mark.django_db
FEW = 20  # rows


def new(key: str = "a", **texts) -> SentRow:
    return SentRow(key, texts={"name": "示例班", "people": "30"} | texts)


def row_of(item: PlanItem, **texts) -> SentRow:
    return SentRow(f"k{item.pk}", pk=item.pk, was=values_of(item), texts=texts)


def refusal(plan, *rows: SentRow) -> dict[str, dict[str, tuple[str, str]]]:
    with pytest.raises(RowsRefused) as refused:
        write_rows(plan=plan, rows=list(rows))
    return {
        answer.key: {
            name: (about["text"], about["instead"]) for name, about in answer.cells.items()
        }
        for answer in refused.value.answers
    }


def names(plan) -> list[tuple[int, str]]:
    return list(plan.items.values_list("number", "name"))


# --- Cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("people", "1,273", "1273"),
        ("people", "９８", "98"),
        ("people", "98人", "98"),
        ("people", "一百二十", "120"),
        ("runs", "2期", "2"),
        ("budget", "4.5万元", "45000"),
        ("budget", "45,000.50", "45000.50"),
        ("days", "半天", "0.5"),
        ("hours", "4学时", "4"),
        ("people", "", ""),
        ("category", "二类", "second"),
        ("category", "", ""),
        ("other_system_cadres", "是", "on"),
        ("other_system_cadres", "否", ""),
        ("other_system_cadres", "yes", "on"),
        ("name", " 示例班 ", "示例班"),
    ],
)
def test_what_offices_write_into_a_cell_is_read(name, text, read):
    assert typed(name, text) == read


@pytest.mark.parametrize(
    ("name", "text", "instead"),
    [
        ("people", "七十来人", "70"),
        ("people", "约60人", "60"),
        ("people", "每期60人", ""),
        ("people", "60元", ""),
        ("people", "很多", ""),
        ("budget", "自筹", ""),
        ("category", "甲类", ""),
    ],
)
def test_a_doubtful_cell_is_asked_about(name, text, instead):
    with pytest.raises(Unread) as unread:
        typed(name, text)

    assert unread.value.instead == instead
    assert text[:20] in str(unread.value)


def test_every_column_of_the_form_is_in_the_table():
    assert {*GRID_FIELDS, "number"} == set(ITEM_FIELDS) == set(FORM_ORDER)


def test_columns_in_which_nothing_stands_are_folded():
    plan = drafted()
    plan.items.update(place="党校")

    folded = {column.name for column in columns_for(list(plan.items.all())) if column.is_folded}

    assert folded == {
        "formats", "co_organiser", "purpose", "category", "other_system_cadres", "contact_name",
        "contact_phone", "remark",
    }  # fmt: skip
    assert not any(column.is_folded for column in columns_for([]))


def test_the_page_holds_no_telephone_number():
    item = PlanItemFactory(contact_phone="19900000123")

    assert values_of(item)["contact_phone"] == "199****0123"


# --- Writing --------------------------------------------------------------------------------------


def test_rows_are_added_and_changed_together():
    plan = drafted(items=2)
    first = plan.items.first()

    written = write_rows(
        plan=plan,
        rows=[row_of(first, people="1,273", months="5月、6月"), new(hours="4.25", budget="1万元")],
    )

    first.refresh_from_db()
    assert (first.people, first.months, first.quarter) == (1273, "5月、6月", 2)
    added = plan.items.get(pk=written.items["a"])
    assert (added.number, added.organiser, added.runs) == (3, plan.owner.name, 1)
    assert (added.hours, added.budget) == (Decimal("4.25"), Decimal(10_000))


def test_one_wrong_cell_and_nothing_is_written():
    plan = drafted(items=1)
    item = plan.items.get()

    assert refusal(plan, row_of(item, people="50"), new("b", people="七十来人")) == {
        "b": {"people": ("“人数”里的“七十来人”不是数字。", "70")}
    }

    item.refresh_from_db()
    assert (item.people, plan.items.count()) == (40, 1)


@pytest.mark.parametrize(
    ("texts", "cells"),
    [
        ({"name": ""}, {"name"}),
        ({"people": ""}, {"people"}),
        ({"people": "0"}, {"people"}),
        ({"people": "-3"}, {"people"}),
        ({"people": "2.5"}, {"people"}),
        ({"hours": "4.1"}, {"hours"}),
        ({"months": "13月"}, {"months"}),
        ({"contact_phone": "12"}, {"contact_phone"}),
        ({"content": "字" * 2001}, {"content"}),
        ({"budget": "99999999999"}, {"budget"}),
        ({"people": "很多", "months": "13月", "category": "甲"}, {"people", "months", "category"}),
    ],
)
def test_the_checks_of_the_form_hold_for_a_row(texts, cells):
    assert set(refusal(drafted(items=0), new(**texts))["a"]) == cells


def test_what_the_review_needs_may_still_be_missing():
    plan = drafted(items=0)

    write_rows(plan=plan, rows=[new()])

    checks = checks_of(plan, list(plan.items.all()))
    assert [check.state for check in checks if check.numbers] == ["missing"] * 3
    assert not is_complete(checks)
    with pytest.raises(ItemsIncomplete):
        submit(plan=plan, by=None, now=NOW)


def test_a_cell_that_was_part_of_a_merged_one_is_asked_about():
    row = SentRow(
        "a", texts={"name": "示例班", "people": "30"}, merged={"audience": "楼组长", "place": ""}
    )

    cells = refusal(drafted(items=0), row)["a"]

    assert cells["audience"][1] == "楼组长"
    assert "楼组长" in cells["audience"][0]
    assert cells["place"][1] == ""


def test_as_many_rows_as_a_plan_may_have_are_all_or_nothing(monkeypatch):
    """Of a plan that holds few; test_drafting.py sends the real 500."""
    monkeypatch.setattr("plans.grid.rows.MOST_ITEMS", 2 * FEW)
    plan = drafted(items=0)
    rows = [new(f"r{n}", name=f"班{n}") for n in range(FEW)]

    assert set(refusal(plan, *rows[:-1], new("last", people="若干"))) == {"last"}
    assert plan.items.count() == 0

    write_rows(plan=plan, rows=rows)
    assert names(plan)[0] == (1, "班0")
    assert names(plan)[-1] == (FEW, f"班{FEW - 1}")
    write_rows(plan=plan, rows=rows)
    with pytest.raises(TooManyItems):
        write_rows(plan=plan, rows=[new()])


def test_a_row_is_taken_out_and_put_back_in_its_place_with_its_phone():
    plan = drafted(items=3)
    second = plan.items.get(number=2)
    second.contact_phone = "19900000123"
    second.save()
    before = names(plan)

    written = write_rows(
        plan=plan, rows=[SentRow("x", pk=second.pk, was=values_of(second), is_removed=True)]
    )
    assert names(plan) == [(1, "培训班1"), (2, "培训班3")]

    back = new("y", name="培训班2")
    write_rows(
        plan=plan, rows=[SentRow("y", number=2, texts=back.texts, taken_out=written.taken_out["x"])]
    )
    assert names(plan) == before
    assert plan.items.get(number=2).contact_phone == "19900000123"


def test_what_puts_a_row_back_holds_for_its_plan_alone():
    plan, other = drafted(items=1), drafted(items=0)
    item = plan.items.get()
    item.contact_phone = "19900000123"

    write_rows(
        plan=other, rows=[SentRow("y", texts=new().texts, taken_out=to_put_back(plan, item))]
    )

    assert other.items.get().contact_phone == ""


def test_a_copy_stands_below_and_keeps_the_phone():
    plan = drafted(items=2)
    plan.items.update(contact_phone="19900000123")
    first = plan.items.first()

    write_rows(plan=plan, rows=[SentRow("c", number=2, texts=new().texts, like=first.pk)])

    assert names(plan) == [(1, "培训班1"), (2, "示例班"), (3, "培训班2")]
    assert plan.items.get(number=2).contact_phone == "19900000123"


def test_rows_that_were_sent_without_an_answer_are_not_added_twice():
    plan = drafted(items=1)
    rows = [new("a", name="甲班"), new("b", name="乙班")]

    first = write_rows(plan=plan, rows=rows)
    second = write_rows(plan=plan, rows=rows, again=True)

    assert second.items == first.items
    assert plan.items.count() == 3


def test_a_plan_in_review_is_not_written():
    with pytest.raises(PlanNotEditable):
        write_rows(plan=submitted(), rows=[new()])


# --- Two people -----------------------------------------------------------------------------------


def test_a_stale_row_says_what_changed_and_nothing_is_written():
    plan = drafted(items=2)
    first, second = plan.items.all()
    mine, other = row_of(first, people="98", place="党校"), row_of(second, people="50")
    plan.items.filter(pk=first.pk).update(people=120, months="9月")

    cells = refusal(plan, mine, other)[mine.key]

    assert set(cells) == {"people", "months"}
    assert cells["people"] == ("别人把“40”改成了“120”，您填的是“98”。", "120")
    assert cells["months"] == ("别人把“4月”改成了“9月”。", "")
    second.refresh_from_db()
    assert second.people == 40


def test_a_row_that_the_other_changed_to_the_same_is_written():
    plan = drafted(items=1)
    item = plan.items.get()
    mine = row_of(item, people="98")
    plan.items.update(people=98)

    write_rows(plan=plan, rows=[mine])

    assert plan.items.get().people == 98


def test_a_row_that_somebody_changed_is_not_taken_out_unseen():
    plan = drafted(items=1)
    item = plan.items.get()
    plan.items.update(people=98)

    with pytest.raises(RowsRefused) as refused:
        write_rows(plan=plan, rows=[SentRow("x", pk=item.pk, was=values_of(item), is_removed=True)])

    assert refused.value.answers[0].now["people"] == "98"
    assert plan.items.count() == 1


def test_a_row_that_is_gone_says_so():
    plan = drafted(items=2)
    item = plan.items.first()
    mine = row_of(item, people="98")
    item.delete()

    with pytest.raises(RowsRefused) as refused:
        write_rows(plan=plan, rows=[mine])

    assert [answer.is_gone for answer in refused.value.answers] == [True]


def test_an_item_of_another_plan_is_none_of_this_one():
    plan, other = drafted(items=1), drafted(items=1)

    with pytest.raises(RowsRefused):
        write_rows(plan=plan, rows=[row_of(other.items.get(), people="98")])

    assert other.items.get().people == 40


# --- The check list -------------------------------------------------------------------------------


def test_the_list_names_what_is_odd():
    plan = drafted(items=2)
    plan.items.filter(number=1).update(budget=Decimal("4.5"), days=1, hours=40, funding="")
    plan.items.filter(number=2).update(
        name="培训班1", months="待定", people=1, runs=2, audience="会计"
    )

    odd = [check for check in checks_of(plan, list(plan.items.all())) if check.state == "odd"]

    assert [check.numbers for check in odd] == [(1,), (1,), (2,), (2,), (1,), (1, 2)]


def test_a_good_plan_is_complete():
    plan = drafted(items=1)
    checks = checks_of(plan, list(plan.items.all()))

    assert {check.state for check in checks} == {"fine"}
    assert is_complete(checks)
    assert not is_complete(checks_of(drafted(items=0), []))


# --- The address ----------------------------------------------------------------------------------


def send(client, plan, body) -> tuple[int, dict]:
    response = client.post(
        reverse("plans:plan_rows", args=[plan.pk]),
        body if isinstance(body, (str, bytes)) else json.dumps(body),
        content_type="application/json",
    )
    return response.status_code, response.json()


@pytest.fixture
def town_client(client, town_staff):
    client.force_login(town_staff)
    return client


def test_the_page_gets_rows_and_checks_back(town_client, town):
    plan = drafted(town=town, items=0)

    status, answer = send(
        town_client,
        plan,
        {"rows": [{"key": "a", "texts": {"name": "示例班", "people": "1,200", "nonsense": "x"}}]},
    )

    assert status == 200
    assert answer["rows"]["a"]["pk"] == plan.items.get().pk
    assert answer["rows"]["a"]["cells"]["people"] == ["1200", "1,200"]
    assert "没有填培训对象" in answer["checks"]


def test_the_page_gets_sentences_back(town_client, town):
    status, answer = send(
        town_client,
        drafted(town=town),
        {"rows": [{"key": "a", "texts": {"name": "示例班", "people": "七十来人"}}]},
    )

    assert status == 422
    assert answer["said"] == "一项也没有保存：1 格要改。"
    assert answer["rows"][0]["cells"] == {
        "people": {"text": "“人数”里的“七十来人”不是数字。", "instead": "70"}
    }


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{", "null", '{"rows": 3}', '{"rows": [3]}', '{"rows": [{}]}',
        '{"rows": [{"key": "a", "pk": "1"}]}', '{"rows": [{"key": "a", "pk": true}]}',
        '{"rows": [{"key": "a", "pk": 99999999999}]}', '{"rows": [{"key": "a", "texts": [1]}]}',
        b"\xff\xfe", '{"rows": [' + "[" * 2000 + "]" * 2000 + "]}",
    ],
)  # fmt: skip
def test_nonsense_is_answered_with_a_sentence(town_client, town, body):
    status, answer = send(town_client, drafted(town=town), body)

    assert (status, bool(answer["said"])) == (400, True)


def test_more_rows_than_fit_are_refused_before_anything(town_client, town):
    plan = drafted(town=town, items=0)
    rows = [{"key": str(n), "texts": {"name": "班", "people": "3"}} for n in range(MOST_ROWS + 1)]

    assert send(town_client, plan, {"rows": rows})[0] == 400
    assert plan.items.count() == 0


def test_a_plan_in_review_answers_with_a_sentence(town_client, town):
    status, answer = send(town_client, submitted(town=town), {"rows": []})

    assert (status, "审核" in answer["said"]) == (409, True)


def test_the_page_of_a_thousand_items_asks_as_often_as_that_of_ten(
    town_client, town, django_assert_max_num_queries
):
    plan = drafted(town=town, items=0)
    PlanItem.objects.bulk_create(
        PlanItemFactory.build(plan=plan, number=number) for number in range(1, 1001)
    )

    with django_assert_max_num_queries(25):  # 2 of them the catalogue, once a process
        page = town_client.get(plan.get_absolute_url())

    assert page.status_code == 200


def test_an_emptied_number_holds_the_usual_value():
    plan = drafted(items=1)
    item = plan.items.get()

    write_rows(plan=plan, rows=[row_of(item, runs="", days="", hours="", budget="")])

    item.refresh_from_db()
    assert (item.runs, item.days, item.hours, item.budget) == (1, 0, 0, 0)
