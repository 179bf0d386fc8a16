"""The pages of lecture fees."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from academy.models import Role
from plans.models import LectureFeeList
from tests.factories import NOW, DepartmentFactory, ExpertFactory, RoleGrantFactory
from tests.page_forms import filled_form

from .fees import approved, begun, made_out, taught_class

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def department():
    return DepartmentFactory(name="示例局")


@pytest.fixture
def staff(department):
    return [
        RoleGrantFactory(role=Role.DEPARTMENT_STAFF, department=department).user for _n in range(2)
    ]


@pytest.fixture
def office():
    return RoleGrantFactory(role=Role.DISTRICT_STAFF).user


def send(client, name, fee_list, **data):
    return client.post(reverse(f"plans:{name}", args=[fee_list.pk]), data)


def test_a_list_from_its_beginning_to_the_signature(client, department, staff, office):
    """As the department types it, a colleague checks it, the office approves it."""
    taught_class(ExpertFactory(name="示例讲师", title="讲师"), department=department)
    client.force_login(staff[0])
    begin = reverse("plans:fee_list_begin")
    assert begin in client.get(reverse("plans:fee_lists")).content.decode()
    sent = {"owner": f"department-{department.code}", "season": "2027Q1"}
    page = client.post(begin, sent, follow=True)
    fee_list = LectureFeeList.objects.get()
    assert page.redirect_chain[-1][0] == fee_list.get_absolute_url()
    assert client.post(begin, sent).url == fee_list.get_absolute_url()  # the one that is there
    fee = f"yuan-{fee_list.rows.get().pk}"
    form = filled_form(page.content.decode(), holding=fee)
    for name in ("hand_on", "csrfmiddlewaretoken"):
        form.pop(name, None)

    refused = client.post(fee_list.get_absolute_url(), form | {fee: "九百"})
    lacking = client.post(fee_list.get_absolute_url(), form | {"hand_on": "1"}, follow=True)
    client.post(fee_list.get_absolute_url(), form | {fee: "1800", "hand_on": "1"})

    assert "有的金额不是数字" in refused.content.decode()
    assert "没有填写金额" in lacking.content.decode()
    client.force_login(staff[1])
    page = client.get(fee_list.get_absolute_url()).content.decode()
    assert "超标准 300 元" in page and "标准：500 元×3 学时＝1,500 元" in page
    send(client, "fee_list_check", fee_list, opinion="属实")
    client.force_login(office)
    send(client, "fee_list_approve", fee_list)
    row = fee_list.rows.get()
    send(client, "fee_list_received", fee_list, row=row.pk, day="2027-03-01")
    page = client.get(fee_list.get_absolute_url()).content.decode()
    assert "3月1日签收" in page and "属实" in page
    assert "撤回签收登记" in page
    send(client, "fee_list_unsigned", fee_list, row=row.pk, reason="登记错行")
    page = client.get(fee_list.get_absolute_url()).content.decode()
    assert "未签收" in page and "登记错行" in page
    fee_list.refresh_from_db()
    assert fee_list.status == "approved"


def test_whoever_may_not_go_on_is_told_why(client, department, staff):
    taught_class(department=department)
    fee_list = made_out(department, by=staff[0])
    client.force_login(staff[0])

    page = client.get(fee_list.get_absolute_url()).content.decode()
    answer = client.post(
        reverse("plans:fee_list_check", args=[fee_list.pk]), {"opinion": ""}, follow=True
    )

    assert "这张表由您制作" in page and "审核无误" not in page
    assert "这张表由您制作" in answer.content.decode()
    fee_list.refresh_from_db()
    assert fee_list.status == "made_out"


def test_paper_and_workbook_say_the_same(client, department, staff, office):
    taught_class(ExpertFactory(name="示例讲师", title="讲师"), department=department, lessons=2)
    fee_list = approved(department, by=staff[0], checker=staff[1], approver=office)
    client.force_login(staff[0])

    paper = client.get(reverse("plans:fee_list_paper", args=[fee_list.pk])).content.decode()
    file = client.get(reverse("plans:fee_list_export", args=[fee_list.pk]))
    sheet = load_workbook(BytesIO(file.content)).active
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] == "示例讲师"]

    assert sheet["A1"].value == "示例局2027年第一季度讲课费发放表"
    assert [(row[6], row[9], row[10]) for row in rows] == [(3, 500, 900)] * 2
    assert "示例局2027年第一季度讲课费发放表" in paper
    assert paper.count("示例讲师") == 2 and "1,800" in paper and "签名" in paper
    assert f"制表：{staff[0].name}" in paper


def test_a_correction_from_the_page(client, department, staff, office):
    taught_class(department=department)
    first = approved(department, by=staff[0], checker=staff[1], approver=office)
    client.force_login(staff[0])

    none = send(client, "fee_list_supplement", first, reason="")
    there = send(client, "fee_list_supplement", first, reason="多发")
    second = LectureFeeList.objects.get(number=2)
    page = client.get(second.get_absolute_url()).content.decode()
    send(client, "fee_list_correct", second, row=first.rows.get().pk)
    wrong = send(client, "fee_list_correct", second, row="九")

    assert none.url == first.get_absolute_url() and there.url == second.get_absolute_url()
    assert wrong.url == second.get_absolute_url()
    assert first.get_absolute_url() in page and "多发" in page
    assert second.rows.get().corrects == first.rows.get()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"owner": "x", "season": "2027Q1"},
        {"owner": "department-nobody", "season": "2027Q9"},
        {"owner": "九" * 300, "season": "第一季"},
    ],
)
def test_bad_input_begins_no_list(client, office, sent):
    client.force_login(office)

    assert client.post(reverse("plans:fee_list_begin"), sent).status_code == 422
    assert not LectureFeeList.objects.exists()


def test_odd_values_of_a_list_are_refused(client, department, staff, office):
    taught_class(department=department)
    fee_list = begun(department, by=staff[0])
    row = fee_list.rows.get()
    client.force_login(staff[0])
    address = fee_list.get_absolute_url()

    for fee in ("-1", "1e9", "NaN", "0.001", "99999999999"):
        sent = {f"yuan-{row.pk}": fee, f"rank-{row.expert_id}": row.rank}
        assert client.post(address, sent).status_code == 200, fee
    assert client.post(address, {f"rank-{row.expert_id}": "king"}).status_code == 200
    row.refresh_from_db()
    assert row.yuan is None
    got = client.get(reverse("plans:fee_lists"), {"season": "2027Q9", "owner": "x"})
    assert got.status_code == 200


def test_the_list_of_lists_costs_the_same_with_one_and_with_three(
    client, department, office, django_assert_max_num_queries
):
    client.force_login(office)
    for count in (1, 3):
        while LectureFeeList.objects.count() < count:
            unit = DepartmentFactory()
            taught_class(department=unit)
            begun(unit)
        with django_assert_max_num_queries(14):
            assert client.get(reverse("plans:fee_lists")).status_code == 200


def test_a_page_of_many_rows_asks_no_more(client, department, staff, django_assert_max_num_queries):
    client.force_login(staff[0])
    taught_class(department=department, lessons=4)
    fee_list = begun(department, by=staff[0])

    with django_assert_max_num_queries(20):
        assert client.get(fee_list.get_absolute_url()).status_code == 200
