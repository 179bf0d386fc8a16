"""Ten lists as platforms really write them: each is read right, or refused with a sentence.

docs/rules.md R14 (time online is never counted), R81.
"""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from academy.imports import runs
from academy.models import RowOutcome
from academy.spreadsheets.opening import FileRefused
from notices.models import Notice
from tests.plans.sheets import saved, workbook
from trainees.models import HourClaim
from trainees.record.hours import balance

from ..factories import NOW, TraineeFactory

pytestmark = pytest.mark.django_db
HEADINGS = ["姓名", "手机号", "课程名称", "平台名称", "完成日期", "获得学时"]
NEW, REJECTED = RowOutcome.NEW, RowOutcome.REJECTED


def line(person, *, title="垃圾分类网络课", day="2027-02-10", hours="2", name=""):
    return [name or person.user.name, person.user.phone, title, "示例学习平台", day, hours]


def looked_at(content: bytes, by, name="平台名单.xlsx"):
    return runs.preview(kind="outside-hours", content=content, name=name, by=by, now=NOW)


def outcomes(run) -> list[str]:
    return list(run.rows.order_by("pk").values_list("outcome", flat=True))


def reasons(run) -> str:
    return " ".join(reason for row in run.rows.all() for reason in row.reasons)


def test_1_other_words_for_the_headings(cadre, district_staff):
    headings = ["学员姓名", "联系电话", "专题名称", "学习平台", "结业日期", "认定学时"]
    run = looked_at(workbook([line(cadre)], headings=headings, above=()), district_staff)
    assert outcomes(run) == [NEW]
    assert run.rows.get().values["hours"] == "2.00"


def test_2_merged_titles_above_and_a_signature_below(cadre, colleague, district_staff):
    content = workbook(
        [line(cadre), line(colleague)],
        headings=HEADINGS,
        above=(["示例学习平台2027年2月结业学员名单"], ["导出时间：2027-03-01"]),
        below=([None], ["制表人：示例", None, None, "审核人："]),
        merged=("A1:F1", "A2:F2"),
    )
    assert outcomes(looked_at(content, district_staff)) == [NEW, NEW]


@pytest.mark.parametrize("heading", ["学时（分钟）", "获得学时(min)"])
def test_3_minutes_in_the_column_of_hours_are_refused(cadre, district_staff, heading):
    headings = [*HEADINGS[:-1], heading]
    content = workbook([line(cadre, hours=90)], headings=headings, above=())
    with pytest.raises(FileRefused, match="分钟数"):
        looked_at(content, district_staff)


def test_3b_a_cell_of_minutes_is_refused_alone(cadre, colleague, district_staff):
    content = workbook(
        [line(cadre, hours="90分钟"), line(colleague, hours="2学时")], headings=HEADINGS
    )
    run = looked_at(content, district_staff)
    assert outcomes(run) == [REJECTED, NEW]
    assert "“90分钟”是分钟数" in reasons(run)


@pytest.mark.parametrize(
    "day",
    ["2027年2月10日", "2027.2.10", "2027/2/10 18:03:22", "20270210", datetime(2027, 2, 10, 9)],
)
def test_4_dates_as_text(cadre, district_staff, day):
    run = looked_at(workbook([line(cadre, day=day)], headings=HEADINGS), district_staff)
    assert outcomes(run) == [NEW], reasons(run)
    assert run.rows.get().values["ends_on"] == "2027-02-10"


@pytest.mark.parametrize(
    "name", ["买买提·阿不都", "买买提•阿不都", "买买提．阿不都", "买买提阿不都"]
)
def test_5_names_with_dots(cadre, district_staff, name):
    person = TraineeFactory(user__name="买买提·阿不都")
    run = looked_at(workbook([line(person, name=name)], headings=HEADINGS), district_staff)
    assert outcomes(run) == [NEW], reasons(run)


def test_6_a_person_twice_in_one_training_counts_once(cadre, district_staff):
    rows = [line(cadre), line(cadre, hours="3"), line(cadre, title="物业条例网络课")]
    run = looked_at(workbook(rows, headings=HEADINGS), district_staff)
    assert outcomes(run) == [NEW, REJECTED, NEW]
    assert "与第" in reasons(run) or "已" in reasons(run)


def test_7_a_line_of_totals_is_nobody(cadre, colleague, district_staff):
    content = workbook(
        [line(cadre), line(colleague)],
        headings=HEADINGS,
        below=(["合计", None, None, None, None, 4], ["共2人", None, None, None, None, "4学时"]),
    )
    assert outcomes(looked_at(content, district_staff)) == [NEW, NEW]


def test_8_a_hidden_sheet_is_left_out_and_named(cadre, colleague, district_staff):
    book = Workbook()
    shown, hidden = book.active, book.create_sheet("上月")
    for sheet, person in ((shown, cadre), (hidden, colleague)):
        sheet.append(HEADINGS)
        sheet.append(line(person))
    hidden.sheet_state = "hidden"

    run = looked_at(saved(book), district_staff)

    assert [row.title for row in run.rows.all()] == [cadre.user.name]
    assert "上月" in str(run.hidden)


def test_9_a_csv_in_gbk(cadre, district_staff):
    text = "\r\n".join(",".join(map(str, cells)) for cells in (HEADINGS, line(cadre)))
    run = looked_at(text.encode("gbk"), district_staff, "名单.csv")
    assert outcomes(run) == [NEW]
    assert run.rows.get().values["organiser"] == "示例学习平台"


@pytest.mark.parametrize("kind", ["workbook", "web page", "text"])
def test_10_an_extension_that_is_wrong(cadre, district_staff, kind):
    """Platforms call whatever they write .xls."""
    cells = (HEADINGS, line(cadre))
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    content = {
        "workbook": workbook([line(cadre)], headings=HEADINGS),
        "web page": f"<html><meta charset='utf-8'><table>{table}</table></html>".encode(),
        "text": "\n".join("\t".join(map(str, row)) for row in cells).encode("utf-16"),
    }[kind]
    run = looked_at(content, district_staff, "名单.xls")
    assert outcomes(run) == [NEW]


@pytest.mark.parametrize("heading", ["学习时长", "在线时长（分钟）", "累计观看时长", "播放时长"])
def test_time_online_alone_is_refused_with_the_rule(cadre, district_staff, heading):
    headings = [*HEADINGS[:-1], heading]
    content = workbook([line(cadre, hours=90)], headings=headings)
    with pytest.raises(FileRefused) as refused:
        looked_at(content, district_staff)
    assert heading in str(refused.value) and "不能计作学时" in str(refused.value)


def test_what_is_missing_beside_the_hours_is_named_and_not_the_time(cadre, district_staff):
    headings = ["姓名", "编号甲", *HEADINGS[2:], "学习时长"]
    with pytest.raises(FileRefused, match="手机号"):
        looked_at(workbook([[*line(cadre), 540]], headings=headings), district_staff)


def test_time_online_beside_recognised_hours_is_not_read(cadre, district_staff):
    content = workbook([[*line(cadre), 540]], headings=[*HEADINGS, "学习时长"])
    run = looked_at(content, district_staff)
    assert outcomes(run) == [NEW]
    assert run.rows.get().values["hours"] == "2.00"


def test_people_are_told_once_when_counted_and_once_when_taken_back(
    cadre, colleague, district_staff
):
    rows = [line(cadre), line(cadre, title="物业条例网络课", hours="1.5"), line(colleague)]
    rows.append(line(TraineeFactory(), day="去年"))
    run = looked_at(workbook(rows, headings=HEADINGS), district_staff)
    run = runs.confirm(run=run, now=NOW)

    assert news() == [
        (cadre.user_id, "其他平台学时已认定 3.5 学时", 2),
        (colleague.user_id, "其他平台学时已认定 2 学时", 1),
    ]

    runs.undo(run=run, by=district_staff, now=NOW)
    assert news()[2:] == [
        (cadre.user_id, "其他平台学时已撤销 3.5 学时", 2),
        (colleague.user_id, "其他平台学时已撤销 2 学时", 1),
    ]
    assert (balance(cadre, 2027), HourClaim.objects.count()) == (0, 0)


def news() -> list[tuple]:
    found = Notice.objects.filter(kind__startswith="outside_hours").order_by("kind", "person")
    return [
        (notice.person_id, notice.title, int(notice.body.split(" 项")[0].split()[-1]))
        for notice in found
    ]


def test_the_sample_file_stands_in_the_head_of_the_list(client, district_staff):
    client.force_login(district_staff)
    page = client.get("/manage/hour-claims/")
    assert page.status_code == 200
    assert "/samples/outside-hours" in page.text
    sample = client.get("/manage/imports/samples/outside-hours/")
    assert sample.status_code == 200 and io.BytesIO(sample.getvalue()).read(2) == b"PK"


def test_what_is_counted_is_dated_by_its_last_day(cadre, district_staff):
    run = looked_at(workbook([line(cadre)], headings=HEADINGS), district_staff)
    runs.confirm(run=run, now=NOW)
    claim = HourClaim.objects.get()
    assert (claim.ends_on, claim.hours) == (date(2027, 2, 10), Decimal(2))
