"""The roster as a workbook: chosen columns, kept choices, text that stays text, rights asked each
time.
"""

import io
from urllib.parse import quote

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from trainees.booking.enrolling import book
from trainees.classes.roster import people_of
from trainees.classes.roster_export import (
    MOST_TEMPLATES,
    TemplateRefused,
    keep,
    known,
    roster_workbook,
)
from trainees.models import AbsenceReason, Attendance, ExportTemplate

from ..factories import NOW, class_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_class(campus, cadre):
    training_class = class_with(seats=5, campus=campus, title="协商班")
    book(trainee=cadre, training_class=training_class, by=cadre.user, now=NOW)
    return training_class


def rows_of(content: bytes) -> list[tuple]:
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_the_chosen_columns_stand_in_the_order_of_the_workbook(own_class, cadre):
    content = roster_workbook(
        training_class=own_class,
        people=list(people_of(own_class)),
        columns=["phone", "nonsense", "name", "name"],
    )

    title, headings, person = rows_of(content)
    assert title[0] == f"协商班（{own_class.code}）"
    assert headings == ("序号", "姓名", "电话")
    assert person == (
        1,
        cadre.user.name,
        cadre.user.masked_phone,
    ), "a full number leaves the portal in no workbook"


def test_marks_stand_lesson_by_lesson(own_class, branch_coordinator):
    enrolment, lesson = own_class.enrolments.get(), own_class.lessons.first()
    Attendance.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        status="present",
        marked_by=branch_coordinator,
        marked_at=NOW,
    )

    _title, headings, person = rows_of(
        roster_workbook(
            training_class=own_class, people=list(people_of(own_class)), columns=["lessons"]
        )
    )

    assert headings == (
        "序号",
        *(
            timezone.localtime(row.starts_at).replace(tzinfo=None)
            for row in own_class.lessons.order_by("starts_at")
        ),
    )
    assert person[1] == "到课"


def test_a_reason_stands_beside_the_mark(own_class, branch_coordinator):
    Attendance.objects.create(
        enrolment=own_class.enrolments.get(),
        lesson=own_class.lessons.order_by("starts_at").first(),
        status="excused",
        reason=AbsenceReason.objects.get(name="病假"),
        marked_by=branch_coordinator,
        marked_at=NOW,
    )
    people = list(people_of(own_class))
    content = roster_workbook(training_class=own_class, people=people, columns=["lessons"])
    assert rows_of(content)[2][1] == "请假（病假）"


def test_the_day_of_booking_is_a_date(own_class):
    content = roster_workbook(
        training_class=own_class, people=list(people_of(own_class)), columns=["booked_at"]
    )

    cell = load_workbook(io.BytesIO(content)).active["B3"]
    assert (cell.is_date, cell.number_format) == (True, "yyyy-mm-dd hh:mm")


def test_what_looks_like_a_formula_stays_text(own_class, cadre):
    cadre.user.name = '=HYPERLINK("http://x","点")'
    cadre.user.save()

    content = roster_workbook(
        training_class=own_class, people=list(people_of(own_class)), columns=["name"]
    )

    cell = load_workbook(io.BytesIO(content)).active.cell(row=3, column=2)
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", cadre.user.name, None)


def test_a_choice_is_kept_under_its_name_and_the_newer_one_wins(branch_coordinator, district_staff):
    keep(owner=branch_coordinator, name=" 签到  表 ", columns=["phone", "name"])
    keep(owner=branch_coordinator, name="签到 表", columns=["name", "gone"])
    keep(owner=district_staff, name="签到 表", columns=["town"])

    assert [
        (item.owner, item.name, item.columns) for item in ExportTemplate.objects.order_by("pk")
    ] == [
        (branch_coordinator, "签到 表", ["name"]),
        (district_staff, "签到 表", ["town"]),
    ]


@pytest.mark.parametrize(
    ("name", "columns"),
    [("", ["name"]), ("长" * 31, ["name"]), ("签到", []), ("签到", ["nonsense"])],
)
def test_a_choice_that_is_none_is_refused(branch_coordinator, name, columns):
    with pytest.raises(TemplateRefused):
        keep(owner=branch_coordinator, name=name, columns=columns)


def test_nobody_collects_templates_without_end(branch_coordinator):
    for number in range(MOST_TEMPLATES):
        keep(owner=branch_coordinator, name=f"模板{number}", columns=["name"])

    with pytest.raises(TemplateRefused, match="请先删除"):
        keep(owner=branch_coordinator, name="再一个", columns=["name"])
    assert keep(owner=branch_coordinator, name="模板0", columns=["town"]).columns == ["town"]


def test_the_page_keeps_loads_and_deletes_a_template(client, branch_coordinator, own_class):
    client.force_login(branch_coordinator)
    here = f"/manage/classes/{own_class.code}/export/"

    kept = client.post(
        here, {"name": "签到", "columns": ["name", "post"]}, follow=True
    ).content.decode()
    assert (
        "已存为“签到”" in kept
        and 'value="post" checked' in kept
        and 'value="phone" checked' not in kept
    )
    download = client.get(f"{here}?columns=name&columns=post&download=1")
    assert quote("学员名单-协商班-") in download["Content-Disposition"]
    assert download["Content-Type"].endswith("sheet") and rows_of(download.content)[1] == (
        "序号",
        "姓名",
        "岗位",
    )
    assert rows_of(client.post(here, {"columns": ["post"], "download": "1"}).content)[1] == (
        "序号",
        "岗位",
    )
    assert "请先勾选" in client.post(here, {"download": "1"}).content.decode()
    client.post(here, {"delete": "签到"})
    assert not ExportTemplate.objects.exists()


def test_a_kept_choice_gives_no_right(client, branch_coordinator):
    keep(owner=branch_coordinator, name="签到", columns=["name"])
    client.force_login(branch_coordinator)

    assert (
        client.get(
            f"/manage/classes/{class_with(seats=1).code}/export/?columns=name&download=1"
        ).status_code
        == 403
    )


def test_only_known_columns_count():
    assert known(["x", "signature", "name"]) == ["name", "signature"]
