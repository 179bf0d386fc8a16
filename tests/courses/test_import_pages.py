"""The import pages: choose, preview, import, look back, undo; and the catalogue as a file."""

import io
import re
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from academy.imports import runs
from academy.models import HeadingWord, ImportRun, ImportStatus
from courses.models import Course

from ..factories import NOW, CourseFactory, PositionFactory, TeachingFormatFactory, TrackFactory
from .course_tables import HEADINGS, row, table


@pytest.fixture(autouse=True)
def _vocabulary(db):
    TrackFactory(name="实务实训", prefix="SW")
    for name in ("课堂教学", "现场教学"):
        TeachingFormatFactory(name=name)
    PositionFactory(name="居民区书记")
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


def send(client, content: bytes, name="课程.xlsx", kind="courses"):
    return client.post(
        reverse("imports:import_list"), {"kind": kind, "file": SimpleUploadedFile(name, content)}
    )


def press(client, name: str, run: ImportRun):
    return client.post(reverse(f"imports:{name}", args=[run.pk]), follow=True)


def page(client, run: ImportRun, query: str = "") -> str:
    response = client.get(run.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def cells(response) -> list[list]:
    assert response["Content-Type"].endswith("sheet")
    book = load_workbook(io.BytesIO(response.content))
    return [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()]


def test_a_good_file_has_to_be_chosen_again_where_the_rest_is_refused(office):
    refused = send(office, table(row()), kind="nonsense").context["form"].errors

    assert refused["file"] == ["请重新选一次文件：浏览器没有把它留住。"]


def test_a_file_is_previewed_imported_and_undone(office):
    response = send(office, table(row()))
    run = ImportRun.objects.get()
    assert (response.status_code, response["Location"]) == (302, run.get_absolute_url())
    preview = page(office, run)
    assert "老旧小区加装电梯群众工作" in preview
    assert reverse("imports:import_confirm", args=[run.pk]) in preview
    assert Course.objects.count() == 0

    press(office, "import_confirm", run)
    assert Course.objects.count() == 1
    after = page(office, run)
    assert reverse("imports:import_undo", args=[run.pk]) in after
    assert reverse("imports:import_confirm", args=[run.pk]) not in after

    press(office, "import_undo", run)
    assert Course.objects.count() == 0
    run.refresh_from_db()
    assert run.status == ImportStatus.UNDONE
    assert reverse("imports:import_undo", args=[run.pk]) not in page(office, run)


def test_a_run_of_a_kind_that_is_read_no_more_does_not_close_the_list(office):
    for code in ("SW-001", "SW-002"):
        send(office, table(row(**{"课程编号": code})))
        ImportRun.objects.update(status=ImportStatus.UNDONE)
    strange = ImportRun.objects.latest("pk")
    ImportRun.objects.filter(pk=strange.pk).update(kind="<u>/")

    listed = office.get(reverse("imports:import_list")).context["page"]

    assert strange.pk not in [run.pk for run in listed] and len(listed) == 1
    assert office.get(strange.get_absolute_url()).status_code == 404


def test_the_preview_shows_old_and_new_and_filters_by_outcome(office, district_staff):
    runs.confirm(
        run=runs.preview(kind="courses", content=table(row()), name="a.xlsx", by=None, now=NOW),
        now=NOW,
    )
    send(office, table(row(**{"学时": 6}), row(**{"课程编号": "SW-002", "课程名称": "第二门"})))
    run = ImportRun.objects.get(status=ImportStatus.PREVIEWED)

    whole, changed, wrong = (
        page(office, run),
        page(office, run, "?outcome=changed"),
        page(office, run, "?outcome=nothing&page=9999"),
    )

    assert ("<del>" in whole, "4.00" in whole, "6.00" in whole, "第二门" in whole) == (
        True,
        True,
        True,
        True,
    )
    assert ("6.00" in changed, "第二门" in changed) == (True, False)
    assert ("6.00" in wrong, "第二门" in wrong) == (False, False)
    badges = re.findall(r'<span class="status status-\w+">.*?</svg>(.*?)</span>', whole, re.S)
    assert [words.strip() for words in badges][-2:] == ["修改", "新增"]


def test_rejected_rows_hold_the_import_back_and_come_back_as_a_workbook_that_is_read_again(office):
    send(office, table(row(), row(**{"课程编号": "SW-002", "学时": "三", "课程名称": "+1+1"})))
    run = ImportRun.objects.get()
    assert reverse("imports:import_confirm", args=[run.pk]) not in page(office, run)
    press(office, "import_confirm", run)
    assert Course.objects.count() == 0

    response = office.get(reverse("imports:import_rejected", args=[run.pk]))
    assert quote(f"不能导入的行-{run.pk}.xlsx") in response["Content-Disposition"]

    heading, line = cells(response)
    assert heading == ["工作表", "行号", "原因", *HEADINGS]
    assert line[:2] + line[3:5] == ["Sheet1", 4, "SW-002", "+1+1"]
    assert load_workbook(io.BytesIO(response.content)).active["E2"].data_type == "s"
    send(office, response.content)
    assert [warning["reason"] for warning in ImportRun.objects.first().warnings] == []


def test_the_template_has_the_headings_and_says_what_each_takes(office):
    response = office.get(reverse("imports:import_template", args=["courses"]))
    assert quote("导入模板.xlsx") in response["Content-Disposition"]

    assert cells(response) == [HEADINGS]
    book = load_workbook(io.BytesIO(response.content))
    assert [line[0].value for line in book["填写说明"].iter_rows(min_row=2)] == HEADINGS
    assert all(line[1].value for line in book["填写说明"].iter_rows(min_row=2))
    assert office.get(reverse("imports:import_template", args=["nothing"])).status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"),
        ("课程".encode(), "a.xlsx"),
        (b"PK\x03\x04", "a.xlsx"),
        (table(headings=["你好"]), "a.xlsx"),
        (b"\0", "a.csv"),
    ],
    ids=["empty", "old or with a password", "text called xlsx", "broken", "no table", "binary csv"],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(office, content, name):
    response = send(office, content, name)

    assert response.status_code == 200
    assert 'id="error_1_id_file"' in response.content.decode()
    assert ImportRun.objects.count() == 0


def test_nothing_chosen_and_unknown_kinds_are_said_on_the_page(office):
    for sent in ({}, {"kind": "courses"}, {"kind": "x"}, {"kind": "courses", "file": "text"}):
        assert office.post(reverse("imports:import_list"), sent).status_code == 200
    assert ImportRun.objects.count() == 0


def test_a_second_file_leaves_the_first_preview_as_it_is(office):
    send(office, table(row()), "一.xlsx")
    send(office, table(row()), "二.xlsx")

    first = ImportRun.objects.last()
    assert "老旧小区加装电梯群众工作" in page(office, first)
    press(office, "import_confirm", first)
    assert Course.objects.count() == 1


def test_what_changed_meanwhile_is_said_and_shown(office):
    runs.confirm(
        run=runs.preview(kind="courses", content=table(row()), name="a.xlsx", by=None, now=NOW),
        now=NOW,
    )
    send(office, table(row(**{"学时": 6})))
    run = ImportRun.objects.get(status=ImportStatus.PREVIEWED)
    Course.objects.update(title="同时改名")

    response = press(office, "import_confirm", run)

    assert "同时改名" in response.content.decode()
    assert Course.objects.get().title == "同时改名"


def test_a_department_sees_its_own_runs_the_office_all(client, office, department_staff):
    send(office, table(row()), "办公室.xlsx")
    foreign = ImportRun.objects.get()
    client.force_login(department_staff)
    send(client, table(row()), "部门.xlsx")

    assert "办公室.xlsx" not in client.get(reverse("imports:import_list")).content.decode()
    assert client.get(foreign.get_absolute_url()).status_code == 404
    assert client.post(reverse("imports:import_confirm", args=[foreign.pk])).status_code == 404


def test_the_office_notes_what_a_heading_means_for_everybody_and_takes_it_out(office):
    words = reverse("imports:heading_words")
    headings = [{"学时": "用时（学时）"}.get(heading, heading) for heading in HEADINGS]
    office.post(words, {"word": "用时", "meaning": "courses hours"})
    office.post(words, {"word": "教学目标", "meaning": "courses "})  # known, and not to be read

    send(office, table(row(), headings=headings))

    values = ImportRun.objects.get().rows.get().values
    assert (values["hours"], "objectives" in values) == ("4.00", False)
    assert ("用时" in (text := office.get(words).content.decode()), "不读这一栏" in text) == (
        True,
        True,
    )
    office.post(
        reverse("imports:heading_word_remove", args=[HeadingWord.objects.get(spelling="用时").pk])
    )
    assert list(HeadingWord.objects.values_list("word", flat=True)) == ["教学目标"]


def test_no_column_is_chosen_before_the_office_chooses_one(office):
    text = office.get(reverse("imports:heading_words")).content.decode()

    assert '<option value="" selected>' in text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"word": "场数", "meaning": ""},
        {"word": " ", "meaning": "plan runs"},
        {"word": "x", "meaning": "nothing"},
        {"word": "长" * 41, "meaning": "plan runs"},
    ],
)
def test_a_word_that_means_nothing_is_said_on_the_page(office, sent):
    assert office.post(reverse("imports:heading_words"), sent).status_code == 200
    assert HeadingWord.objects.count() == 0


def test_the_list_costs_the_same_with_one_run_and_with_three(
    office, django_assert_num_queries, django_assert_max_num_queries
):
    def run() -> None:
        runs.confirm(
            run=runs.preview(kind="courses", content=table(row()), name="a.xlsx", by=None, now=NOW),
            now=NOW,
        )

    run()
    office.get(reverse("imports:import_list"))  # what a process asks once
    with django_assert_max_num_queries(10) as first:
        office.get(reverse("imports:import_list"))
        count = len(first)
    run()
    run()
    with django_assert_num_queries(count):
        office.get(reverse("imports:import_list"))


def test_a_run_costs_the_same_with_one_row_and_with_many(
    office, django_assert_num_queries, django_assert_max_num_queries
):
    send(office, table(row()))
    page(office, ImportRun.objects.get())  # what a process asks once
    with django_assert_max_num_queries(12) as first:
        page(office, ImportRun.objects.get())
        count = len(first)
    send(office, table(*(row(**{"课程编号": f"SW-{number:03}"}) for number in range(1, 40))))
    with django_assert_num_queries(count):
        page(office, ImportRun.objects.first())


def test_the_catalogue_as_a_file_holds_what_the_person_works_on_and_no_formula(
    office, client, department_staff, department
):
    CourseFactory(code="SW-001", title="=1+1", summary="@某人", department=department)
    CourseFactory(code="SW-002", title="+86")

    everything = office.get(reverse("courses:export_courses"))
    client.force_login(department_staff)
    own = client.get(reverse("courses:export_courses"))

    assert quote("课程目录-") in everything["Content-Disposition"]
    titles = [
        [
            line[1].value
            for sheet in load_workbook(io.BytesIO(response.content))
            for line in sheet.iter_rows(min_row=3)
        ]
        for response in (everything, own)
    ]
    assert titles == [["=1+1", "+86"], ["=1+1"]]
    assert {
        cell.data_type
        for sheet in load_workbook(io.BytesIO(everything.content))
        for line in sheet.iter_rows()
        for cell in line
    } <= {"s", "n"}
