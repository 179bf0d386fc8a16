"""Secondments as a table: previewed, imported, taken back row for row."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from openpyxl import load_workbook

from academy.imports import runs
from academy.imports.by_code import workbook_of
from academy.imports.snapshots import StillUsed
from academy.models import PersonKey, User
from practicums.models import Secondment, SevenItem
from practicums.secondment_imports import SecondmentImporter
from trainees.models import LightAccount

from ..factories import NOW, DepartmentFactory, TraineeFactory, UserFactory
from ..plans.sheets import workbook
from .factories import SecondmentBatchFactory, SecondmentFactory

HEADINGS = [
    "挂职编号",
    "批次",
    "姓名",
    "手机号",
    "接收单位",
    "开始日期",
    "结束日期",
    "带教老师",
    "带教老师手机",
]
PHONE, MENTOR = "19900000777", "19900000888"


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def away(village):
    """Somebody of the roster who is about to go."""
    return TraineeFactory(user=UserFactory(name="示例甲", phone=PHONE), village=village)


@pytest.fixture
def batch(db):
    return SecondmentBatchFactory(name="2027年第一批")


def row(**other) -> list:
    cells = {
        "挂职编号": "FY-901",
        "批次": "2027年第一批",
        "姓名": "示例甲",
        "手机号": PHONE,
        "接收单位": "某某街道外单位",
        "开始日期": "2027-03-01",
        "结束日期": "2027-08-31",
        "带教老师": "示例乙",
        "带教老师手机": MENTOR,
    } | other
    return [cells[name] for name in HEADINGS]


def previewed(*rows, by=None):
    content = workbook(list(rows), headings=HEADINGS)
    return runs.preview(kind="secondments", content=content, name="挂职.xlsx", by=by, now=NOW)


def reasons(*rows) -> list[str]:
    return [reason for item in previewed(*rows).rows.all() for reason in item.reasons]


def test_a_new_row_is_a_secondment_with_its_seven_items_and_a_mentor(away, batch):
    run = previewed(row())
    assert [item.outcome for item in run.rows.all()] == ["new"]
    assert "带教老师" in run.rows.get().remarks[0]
    assert not Secondment.objects.exists()

    runs.confirm(run=run, now=NOW)

    made = Secondment.objects.get()
    assert (made.trainee, made.village, made.town, made.position) == (
        away,
        away.village,
        away.village.town,
        away.position,
    )
    assert (made.batch, made.host_department, made.host_name) == (batch, None, "某某街道外单位")
    assert (made.mentor.name, made.mentor.has_usable_password()) == ("示例乙", False)
    assert made.items.count() == 7
    assert PersonKey.objects.filter(person=made.mentor).exists()


def test_an_undo_leaves_nothing_behind(away, batch):
    before = set(User.objects.values_list("pk", flat=True))
    run = runs.confirm(run=previewed(row()), now=NOW)
    runs.undo(run=run, by=None, now=NOW)
    assert (Secondment.objects.count(), SevenItem.objects.count()) == (0, 0)
    assert set(User.objects.values_list("pk", flat=True)) == before
    assert not PersonKey.objects.exclude(person__in=before).exists()


def test_what_has_been_worked_on_is_not_taken_back(away, batch):
    run = runs.confirm(run=previewed(row()), now=NOW)
    SevenItem.objects.filter(kind="task_list").update(status="in_progress")
    with pytest.raises((runs.NothingToUndo, StillUsed)):
        runs.undo(run=run, by=None, now=NOW)
    assert Secondment.objects.exists()


def test_a_changed_row_moves_days_and_host_and_comes_back(away, batch):
    department = DepartmentFactory(name="某某局")
    runs.confirm(run=previewed(row()), now=NOW)
    items = dict(SevenItem.objects.values_list("kind", "due_on"))
    run = previewed(row(接收单位="某某局", 结束日期="2027年9月30日"))
    (line,) = run.rows.all()
    assert (line.outcome, [change["name"] for change in line.changes]) == (
        "changed",
        ["host_department", "host_name", "ends_on"],
    )

    runs.confirm(run=run, now=NOW)

    made = Secondment.objects.get()
    assert (made.host_department, str(made.ends_on)) == (department, "2027-09-30")
    moved = dict(SevenItem.objects.values_list("kind", "due_on"))
    assert moved["appraisal"] > items["appraisal"]
    runs.undo(run=run, by=None, now=NOW)
    assert dict(SevenItem.objects.values_list("kind", "due_on")) == items
    assert str(Secondment.objects.get().ends_on) == "2027-08-31"


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"批次": "没有的批次"}, "批次"),
        ({"手机号": "19900000999"}, "花名册"),
        ({"姓名": "示例丙"}, "另一个姓名"),
        ({"手机号": "199****0777"}, "手机号"),
        ({"手机号": "123"}, "11"),
        ({"姓名": ""}, "姓名"),
        ({"接收单位": ""}, "接收单位"),
        ({"开始日期": "2027-09-01"}, "截止日期早于"),
        ({"开始日期": "春天"}, "开始日期"),
        ({"带教老师": ""}, "带教老师"),
        ({"带教老师手机": ""}, "带教老师手机"),
        ({"带教老师手机": PHONE}, "另一个姓名"),
        ({"挂职编号": "丰羽1"}, "编号"),
    ],
)
def test_a_wrong_row_says_what_is_wrong_and_nothing_is_written(away, batch, other, sentence):
    found = reasons(row(**other))
    assert any(sentence in reason for reason in found), found
    assert not Secondment.objects.exists()


def test_nobody_goes_twice_at_a_time(away, batch):
    SecondmentFactory(trainee=away)
    assert reasons(row()) == ["这位学员已经在挂职了。"]


def test_a_light_account_is_not_sent(away, batch):
    type(away).objects.filter(pk=away.pk).update(village=away.village)
    LightAccount.objects.all().delete()
    away.user.trainee.delete()
    assert reasons(row()) == ["花名册里没有这个号码，请先导入花名册。"]


def test_a_secondment_stays_with_its_person_and_one_that_has_ended_as_it_is(away, batch):
    runs.confirm(run=previewed(row()), now=NOW)
    other = TraineeFactory(user=UserFactory(name="示例丁", phone="19900000666"))
    assert any(
        "不能换人" in reason
        for reason in reasons(row(姓名=other.user.name, 手机号=other.user.phone))
    )
    Secondment.objects.update(status="closed", ended_at=NOW)
    assert reasons(row(结束日期="2027-10-01")) == ["这次挂职已经结束，不再改动。"]
    assert reasons(row()) == []


def test_the_workbook_hides_numbers_and_comes_back_as_before(away, batch):
    runs.confirm(run=previewed(row()), now=NOW)
    content = workbook_of(SecondmentImporter(None, NOW))
    cells = [
        str(cell) for line in load_workbook(io.BytesIO(content)).active.values for cell in line
    ]
    assert "199****0777" in cells and PHONE not in cells and MENTOR not in cells
    run = runs.preview(kind="secondments", content=content, name="回.xlsx", by=None, now=NOW)
    assert [item.outcome for item in run.rows.all()] == ["same"]


def test_two_programmes_may_have_a_batch_of_one_name(away, batch):
    other = SecondmentBatchFactory(programme="别的项目", name=batch.name)
    assert any("好几" in reason or "多个" in reason for reason in reasons(row()))
    runs.confirm(run=previewed(row(批次=f"别的项目 {batch.name}")), now=NOW)
    assert Secondment.objects.get().batch == other


def test_many_rows_cost_as_many_queries_as_one(village, batch, django_assert_max_num_queries):
    people = [
        TraineeFactory(user=UserFactory(name="示例甲", phone=f"199000006{n:02}"), village=village)
        for n in range(20)
    ]
    rows = [row(挂职编号=f"FY-8{n:02}", 手机号=item.user.phone) for n, item in enumerate(people)]
    with django_assert_max_num_queries(20):
        run = previewed(*rows)
    assert {item.outcome for item in run.rows.all()} == {"new"}


def test_the_office_sends_it_from_the_board(client, away, batch, district_staff):
    client.force_login(district_staff)
    assert "kind=secondments" in client.get("/manage/secondments/").text
    file = SimpleUploadedFile("挂职.xlsx", workbook([row()], headings=HEADINGS))
    response = client.post("/manage/imports/", {"kind": "secondments", "file": file}, follow=True)
    assert "示例甲" in response.text and PHONE not in response.text
    assert timezone.now() and not Secondment.objects.exists()
