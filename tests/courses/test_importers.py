"""The course catalogue as a table: what a row says, how it compares, what importing and undoing
write.
"""

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from academy.imports import runs
from academy.imports.errors import AlreadyDone, NothingToUndo, PreviewOutdated, RowsRejected
from academy.imports.snapshots import StillUsed
from academy.models import ImportRun, ImportStatus, RowOutcome
from academy.network import load_network
from courses.catalogue.rows import whole_courses
from courses.catalogue_file import export_courses
from courses.loading.catalogue import load_catalogue
from courses.models import Course, CourseStatus, CourseVersion, Track

from ..factories import (
    NOW,
    CourseFactory,
    DepartmentFactory,
    LessonFactory,
    PositionFactory,
    ServiceItemFactory,
    TeachingFormatFactory,
    TrackFactory,
)
from .course_tables import HEADINGS, dump, row, table

FILE = Path(settings.BASE_DIR) / "demo" / "catalogue" / "courses.xlsx"
DEMO = FILE.parent.parent


def previewed(content: bytes, by=None, name="课程.xlsx") -> ImportRun:
    return runs.preview(kind="courses", content=content, name=name, by=by, now=NOW)


def imported(content: bytes, by=None) -> ImportRun:
    return runs.confirm(run=previewed(content, by), now=NOW)


def counts(run: ImportRun) -> dict[str, int]:
    return {outcome: count for outcome, count in runs.counts_of(run.rows.all()).items() if count}


def only(content: bytes, by=None):
    (line,) = previewed(content, by).rows.all()
    return line


@pytest.fixture
def vocabulary(db):
    """What `ROW` of course_tables speaks of."""
    TrackFactory(name="实务实训", prefix="SW")
    for name in ("课堂教学", "现场教学"):
        TeachingFormatFactory(name=name)
    PositionFactory(name="居民区书记")


# --- the file of the academy ----------------------------------------------------------------------


def test_the_catalogue_of_the_academy_is_new_on_an_empty_portal_and_the_same_the_second_time(db):
    load_network(DEMO / "network", today=NOW.date())

    assert counts(imported(FILE.read_bytes())) == {"new": 100}
    assert counts(imported(FILE.read_bytes())) == {"same": 100}
    assert (
        Course.objects.filter(status=CourseStatus.PUBLISHED).count()
        == CourseVersion.objects.filter(number=1).count()
        == 100
    )
    assert {track.prefix: track.courses.count() for track in Track.objects.all()} == {
        "ZZ": 24,
        "ZC": 25,
        "SW": 28,
        "WH": 23,
    }


def test_the_workbook_says_the_same_as_the_csv_files_that_load_catalogue_reads(db):
    load_network(DEMO / "network", today=NOW.date())
    load_catalogue(DEMO / "catalogue", now=NOW)

    assert counts(previewed(FILE.read_bytes())) == {"same": 100}


def test_the_export_comes_back_as_the_same_in_every_row(db):
    load_network(DEMO / "network", today=NOW.date())
    load_catalogue(DEMO / "catalogue", now=NOW)
    Course.objects.filter(code="SW-001").update(
        title="=1+1 ＡＩ 与基层",
        summary="+甲\r\n  乙\u3000丙 \n\n",
        origin="@某处",
        lecturer_type="-",
        outline="_x0041_ <b> & \t",
        practice_move=3,
        is_immersive=True,
    )

    run = previewed(export_courses(whole_courses()))

    assert (counts(run), run.warnings) == ({"same": 100}, [])


# --- rows -----------------------------------------------------------------------------------------


def test_a_new_course_is_published_with_everything_the_row_says(vocabulary, district_staff):
    item = ServiceItemFactory(code="FW-03")
    before = CourseFactory(code="SW-009")

    imported(
        table(
            row(
                **{
                    "先修课程": "sw-009",
                    "关联服务事项": "FW-03",
                    "实训赋能12招": "2 电梯加装",
                    "沉浸式": "是",
                    "沉浸式主题": "电梯",
                }
            )
        ),
        district_staff,
    )

    course = Course.objects.get(code="SW-001")
    version = course.versions.get()
    assert (
        course.title,
        course.hours,
        course.practice_move,
        course.is_immersive,
        course.status,
    ) == ("老旧小区加装电梯群众工作", Decimal(4), 2, True, "published")
    assert course.objectives == "• 会算账\n• 会协商"
    assert [
        list(course.prerequisites.all()),
        list(course.service_items.all()),
        course.formats.count(),
    ] == [[before], [item], 2]
    assert (version.number, version.published_by, version.content["formats"]) == (
        1,
        district_staff,
        ["课堂教学", "现场教学"],
    )


def test_a_changed_row_names_its_fields_and_becomes_a_new_version(vocabulary, district_staff):
    imported(table(row()), district_staff)
    changed = table(row(**{"学时": 6.5, "教学形式": "现场教学"}))

    line = only(changed, district_staff)
    imported(changed, district_staff)

    assert (line.outcome, line.changes) == (
        RowOutcome.CHANGED,
        [
            {"name": "formats", "old": ["课堂教学", "现场教学"], "new": ["现场教学"]},
            {"name": "hours", "old": "4.00", "new": "6.50"},
        ],
    )
    assert [
        (version.number, version.hours) for version in CourseVersion.objects.order_by("number")
    ] == [(1, 4), (2, Decimal("6.5"))]


def test_a_column_that_the_file_lacks_stays_as_it_is(vocabulary):
    imported(table(row()))

    imported(table(["SW-001", "新名称", 4], headings=["课程编号", "课程名称", "学时"]))

    course = Course.objects.get()
    assert (course.title, course.objectives, course.formats.count()) == (
        "新名称",
        "• 会算账\n• 会协商",
        2,
    )


def test_the_order_of_words_in_a_list_and_spaces_are_no_change(vocabulary):
    imported(table(row()))

    assert (
        only(
            table(
                row(
                    **{
                        "教学形式": "现场教学， 课堂教学",
                        "课程名称": " 老旧小区加装电梯群众工作 ",
                        "学时": "４学时",
                        "课程编号": "ｓｗ-００1",
                    }
                )
            )
        ).outcome
        == RowOutcome.SAME
    )


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"课程编号": None}, "编号"),
        ({"课程编号": "=A1"}, "公式"),
        ({"课程编号": "电梯"}, "“电梯”"),
        ({"课程编号": "SW-0000000000001"}, "“SW-0000000000001”"),
        ({"课程编号": "SW-1/2"}, "“SW-1/2”"),
        ({"课程编号": "ZZ-001"}, "SW-"),
        ({"课程名称": None}, "名称"),
        ({"课程名称": "=1+1"}, "公式"),
        ({"课程名称": " =1+1"}, "以“=”开头"),
        ({"课程大纲": " =1+1"}, "以“=”开头"),
        ({"教学形式": " =1+1"}, "以“=”开头"),
        ({"课程名称": "课" * 81}, "80"),
        ({"板块": None}, "板块"),
        ({"板块": "实务"}, "实务实训"),
        ({"学时": None}, "学时"),
        ({"学时": 0}, "学时"),
        ({"学时": 0.3}, "学时"),
        ({"学时": "三"}, "三"),
        ({"学时": "=2+2"}, "公式"),
        ({"学时": "9" * 5000}, "学时"),
        ({"学时": 1e300}, "学时"),
        ({"教学形式": "课堂"}, "课堂教学"),
        ({"适用岗位": "村书计"}, "村书计"),
        ({"先修课程": "SW-999"}, "SW-999"),
        ({"先修课程": "SW-001"}, "自己"),
        ({"牵头部门代码": "D99"}, "D99"),
        ({"沉浸式": "也许"}, "也许"),
        ({"沉浸式": "是"}, "实训"),
        ({"实训赋能12招": "电梯"}, "电梯"),
        ({"实训赋能12招": "0"}, "0"),
        ({"主讲类型": "讲" * 41}, "40"),
        ({"课程简介": None}, "课程简介"),
        ({"教学形式": "=A1"}, "公式"),
        ({"课程简介": "长" * 20_001}, "20000"),
    ],
)
def test_a_row_that_cannot_be_taken_over_says_why(vocabulary, changes, word):
    ServiceItemFactory(code="FW-01")

    line = only(table(row(**changes)))

    assert line.outcome == RowOutcome.REJECTED
    assert word in "".join(line.reasons)


def test_a_word_of_addresses_becomes_no_prefix_of_a_new_track(db):
    line = only(table(row(**{"课程编号": "NEW-001", "板块": "新板块"})))

    assert line.outcome == RowOutcome.REJECTED
    assert "“NEW-001”" in "".join(line.reasons)


def test_every_reason_of_a_row_is_told_at_once(vocabulary):
    assert len(only(table(row(**{"课程名称": None, "学时": "三", "板块": None}))).reasons) == 3


def test_a_cell_that_holds_an_error_is_not_called_missing_as_well(vocabulary):
    (reason,) = only(table(row(**{"课程名称": "#N/A"}))).reasons

    assert "#N/A" in reason


def test_the_second_row_of_one_code_is_rejected_and_names_the_first(vocabulary):
    first, second = previewed(table(row(), row(**{"课程名称": "另一门"}))).rows.all()

    assert (first.outcome, second.outcome, "3" in second.reasons[0]) == (
        RowOutcome.NEW,
        RowOutcome.REJECTED,
        True,
    )


def test_a_prerequisite_may_stand_in_the_same_file(vocabulary):
    imported(table(row(**{"先修课程": "SW-002"}), row(**{"课程编号": "SW-002"})))

    assert [course.code for course in Course.objects.get(code="SW-001").prerequisites.all()] == [
        "SW-002"
    ]


def test_a_department_is_found_by_code_or_by_name(vocabulary):
    department = DepartmentFactory(
        code="D08", name="宝山区住房保障和房屋管理局", short_name="区房管局"
    )
    by_name = ["SW-002", "乙", "实务实训", "区房管局", 4, "简介"]

    imported(table(row(**{"牵头部门代码": "d０8", "牵头部门": "随便"})))
    imported(
        table(by_name, headings=["课程编号", "课程名称", "板块", "牵头部门", "学时", "课程简介"])
    )

    assert [course.department for course in Course.objects.order_by("code")] == [
        department,
        department,
    ]


def test_a_word_that_no_vocabulary_has_is_only_taken_while_the_vocabulary_is_empty(db):
    imported(table(row()))

    assert [term.name for term in Track.objects.all()] == ["实务实训"]
    assert (
        only(table(row(**{"课程编号": "SW-002", "成长阶段": "新任"}))).outcome
        == RowOutcome.REJECTED
    )


def test_a_retired_course_is_not_changed_by_a_file(vocabulary):
    imported(table(row()))
    Course.objects.update(status=CourseStatus.RETIRED)

    assert [only(table(row(**changes))).outcome for changes in ({}, {"学时": 2})] == [
        RowOutcome.SAME,
        RowOutcome.REJECTED,
    ]


# --- departments ----------------------------------------------------------------------------------


def test_a_department_imports_its_own_courses_as_drafts(vocabulary, department_staff, department):
    imported(table(row(**{"牵头部门代码": department.code})), department_staff)

    course = Course.objects.get()
    assert (course.department, course.status, course.versions.count()) == (
        department,
        CourseStatus.DRAFT,
        0,
    )


def test_a_department_that_leaves_its_name_or_the_column_out_imports_for_itself(
    vocabulary, department_staff, department
):
    short = table(
        ["SW-002", "乙", "实务实训", 4, "简介"],
        headings=["课程编号", "课程名称", "板块", "学时", "课程简介"],
    )

    for content in (table(row()), short, short):
        imported(content, department_staff)

    assert [course.department for course in Course.objects.order_by("code")] == [
        department,
        department,
    ]


def test_a_department_cannot_import_for_another_or_over_a_course_of_another(
    vocabulary, department_staff, department
):
    other = DepartmentFactory()
    CourseFactory(code="SW-002", department=other, status=CourseStatus.DRAFT, title="他人的草稿")
    lines = previewed(
        table(
            row(**{"牵头部门代码": other.code}),
            row(**{"课程编号": "SW-002", "牵头部门代码": department.code}),
        ),
        department_staff,
    ).rows.all()

    assert [(line.outcome, line.changes) for line in lines] == [
        (RowOutcome.REJECTED, []),
        (RowOutcome.REJECTED, []),
    ]


@pytest.mark.parametrize(
    "status", [CourseStatus.IN_REVIEW, CourseStatus.PUBLISHED, CourseStatus.RETIRED]
)
def test_a_department_changes_only_drafts_by_a_file(
    vocabulary, department_staff, department, status
):
    imported(table(row(**{"牵头部门代码": department.code})), department_staff)
    Course.objects.update(status=status)

    assert [
        only(table(row(**changes)), department_staff).outcome
        for changes in ({"牵头部门代码": department.code}, {"学时": 2})
    ] == [RowOutcome.SAME, RowOutcome.REJECTED]


def test_the_office_does_not_change_what_is_in_review(vocabulary, district_staff):
    imported(table(row()), district_staff)
    Course.objects.update(status=CourseStatus.IN_REVIEW)

    assert only(table(row(**{"学时": 2})), district_staff).outcome == RowOutcome.REJECTED


# --- all or nothing, and back again ---------------------------------------------------------------


def test_one_rejected_row_keeps_the_whole_file_out(vocabulary):
    run = previewed(table(row(), row(**{"课程编号": "SW-002", "学时": 0})))

    with pytest.raises(RowsRejected):
        runs.confirm(run=run, now=NOW)

    assert Course.objects.count() == 0


def test_undo_restores_every_table_row_for_row(vocabulary, district_staff):
    imported(table(row(), row(**{"课程编号": "SW-002", "先修课程": "SW-001"})), district_staff)
    before = dump()

    run = imported(
        table(
            row(**{"学时": 6, "教学形式": "现场教学"}),
            row(**{"课程编号": "SW-003", "先修课程": "SW-002"}),
            row(**{"课程编号": "SW-002"}),
        ),
        district_staff,
    )
    assert dump() != before
    runs.undo(run=run, by=district_staff, now=NOW)

    assert dump() == before
    run.refresh_from_db()
    assert (run.status, run.undone_by) == (ImportStatus.UNDONE, district_staff)


def test_undo_of_the_first_import_leaves_an_empty_catalogue(db):
    before = dump()

    runs.undo(run=imported(table(row())), by=None, now=NOW)

    assert dump() == before


@pytest.mark.parametrize(
    "change", ["a field", "a version in a lesson", "a prerequisite of another course", "gone"]
)
def test_undo_is_refused_when_something_was_changed_or_used_since(vocabulary, change):
    run = imported(table(row()))
    course = Course.objects.get()
    if change == "a field":
        Course.objects.update(summary="改过")
    elif change == "a version in a lesson":
        LessonFactory(course_version=course.versions.get())
    elif change == "a prerequisite of another course":
        CourseFactory(code="SW-002").prerequisites.add(course)
    else:
        CourseVersion.objects.all().delete()
    before = dump()

    with pytest.raises((NothingToUndo, StillUsed)) as refused:
        runs.undo(run=run, by=None, now=NOW)

    assert str(refused.value)
    assert dump() == before


def test_a_run_is_imported_and_undone_once(vocabulary):
    run = imported(table(row()))

    with pytest.raises(AlreadyDone):
        runs.confirm(run=run, now=NOW)
    runs.undo(run=run, by=None, now=NOW)
    with pytest.raises(NothingToUndo):
        runs.undo(run=run, by=None, now=NOW)
    with pytest.raises(AlreadyDone):
        runs.confirm(run=run, now=NOW)


def test_what_changed_since_the_preview_is_shown_again_before_anything_is_written(vocabulary):
    imported(table(row()))
    run = previewed(table(row(**{"学时": 6})))
    Course.objects.update(title="同时改名")
    before = dump()

    with pytest.raises(PreviewOutdated):
        runs.confirm(run=run, now=NOW)

    assert dump() == before
    assert [change["name"] for change in run.rows.get().changes] == ["title", "hours"]
    runs.confirm(run=run, now=NOW)
    assert Course.objects.get().title == "老旧小区加装电梯群众工作"


def test_a_vocabulary_that_shrank_since_the_preview_is_noticed(vocabulary):
    run = previewed(table(row()))
    Track.objects.all().delete()
    TrackFactory(name="别的", prefix="BD")

    with pytest.raises(PreviewOutdated):
        runs.confirm(run=run, now=NOW)

    assert run.rows.get().outcome == RowOutcome.REJECTED


# --- the command ----------------------------------------------------------------------------------


def test_the_command_previews_and_only_writes_when_told(db, capsys, tmp_path):
    file = tmp_path / "课程.xlsx"
    file.write_bytes(table(row()))

    call_command("import_courses", file, "--json")
    assert (Course.objects.count(), ImportRun.objects.count()) == (0, 0)
    call_command("import_courses", file, "--commit", "--json")
    call_command("import_courses", file, "--commit", "--json")

    answers = [
        '{"rows": 1, "new": 1, "changed": 0, "same": 0, "rejected": [], "warnings": []}',
        '{"rows": 1, "new": 1, "changed": 0, "same": 0, "rejected": [], "warnings": []}',
        '{"rows": 1, "new": 0, "changed": 0, "same": 1, "rejected": [], "warnings": []}',
    ]
    assert capsys.readouterr().out.splitlines() == answers
    assert Course.objects.count() == 1


def test_the_command_refuses_with_exit_code_1(db, capsys, tmp_path):
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"PK broken")
    rejected = tmp_path / "b.xlsx"
    rejected.write_bytes(table(row(**{"学时": 0})))

    for arguments in ([broken], [tmp_path / "none.xlsx"], [rejected, "--commit"]):
        with pytest.raises(CommandError) as refused:
            call_command("import_courses", *arguments, "--json")
        assert refused.value.returncode == 1
    assert '"rejected": [{"sheet": "Sheet1", "row": 3' in capsys.readouterr().out
    assert Course.objects.count() == 0


def test_the_headings_of_the_template_are_those_of_the_table():
    assert HEADINGS[:3] == ["课程编号", "课程名称", "板块"]
