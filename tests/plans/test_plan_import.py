"""What an import writes, refuses and takes back; the command."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import translation

from academy.imports import runs as importing
from academy.imports.command import answer
from academy.imports.errors import (
    AlreadyDone,
    NothingToUndo,
    PreviewOutdated,
    QuestionsOpen,
    RowsRejected,
)
from academy.models import HeadingWord, ImportRun, ImportStatus
from academy.spreadsheets.opening import FileRefused
from plans.filing import PlanNotEditable, YearOutOfRange
from plans.imports.table_context import context_of
from plans.items import remove_item, save_item
from plans.models import AnnualPlan, Decision, PlanItem
from plans.uploads import last_import
from tests.factories import NOW, DepartmentFactory, TownFactory, UserFactory

from .factories import PlanItemFactory, drafted, filed, submitted
from .sheets import HEADINGS, row, workbook

pytestmark = pytest.mark.django_db
DEMO = settings.BASE_DIR / "demo" / "plans"
EXPECTED = json.loads((DEMO / "expected_overlaps.json").read_text("utf-8"))


def previewed(content: bytes, owner, *, year=2027, by=None, name="plan.xlsx", choices=None):
    return importing.preview(
        kind="plan",
        content=content,
        name=name,
        by=by,
        now=NOW,
        context=context_of(owner, year),
        choices=choices,
    )


def imported(content: bytes, owner, year=2027):
    run = previewed(content, owner, year=year)
    importing.confirm(run=run, now=NOW)
    return AnnualPlan.objects.of_owner(owner).get(year=year), answer(run, list(run.rows.all()))


@pytest.mark.parametrize("name", EXPECTED["files"])
def test_each_real_file_is_imported_and_a_second_time_changes_nothing(name):
    expected = EXPECTED["files"][name]
    factory = DepartmentFactory if expected["org_code"].startswith("D") else TownFactory
    owner = factory(code=expected["org_code"], name=expected["org"].removesuffix("人民政府"))
    content = (DEMO / name).read_bytes()

    plan, first = imported(content, owner)
    keys = set(plan.items.values_list("pk", flat=True))
    again, second = imported(content, owner)

    rows = expected["items"]
    told = first["warnings"]
    assert ["清明前" in warning["reason"] for warning in told] == [True] * plan.items.filter(
        quarter=None
    ).count()
    assert first == {
        "rows": rows,
        "new": rows,
        "changed": 0,
        "same": 0,
        "rejected": [],
        "warnings": told,
    }
    assert second == {
        "rows": rows,
        "new": 0,
        "changed": 0,
        "same": rows,
        "rejected": [],
        "warnings": told,
    }
    totals = plan.items.totals()
    assert (again, totals["items"], totals["people"], totals["budget"]) == (
        plan,
        rows,
        expected["people_total"],
        expected["budget_total_yuan"],
    )
    assert set(plan.items.values_list("pk", flat=True)) == keys  # a row keeps its identity


def test_a_changed_file_changes_what_differs_and_keeps_the_rest(town):
    imported(
        workbook([row(), row(序号=2, 培训班名称="第二班"), row(序号=3, 培训班名称="第三班")]), town
    )

    plan, answer = imported(
        workbook([row(序号=1, 培训班名称="第三班", 人数=99), row(序号=2, 培训班名称="新的班")]),
        town,
    )

    assert (answer["new"], answer["changed"], answer["same"]) == (1, 1, 0)
    assert len(answer["warnings"]) == 1  # the two that stay
    assert list(plan.items.values_list("number", "name", "people")) == [
        (1, "第三班", 99),
        (2, "新的班", 60),
        (3, "楼组长骨干班", 60),
        (4, "第二班", 60),
    ]


def test_two_trainings_of_one_name_are_told_apart_by_their_order(town):
    content = workbook([row(序号=1, 人数=10), row(序号=2, 人数=20)])
    imported(content, town)

    plan, answer = imported(content, town)

    assert (answer["same"], list(plan.items.values_list("people", flat=True))) == (2, [10, 20])


def test_one_bad_row_and_nothing_is_written(town):
    content = workbook([row(), row(序号=2, 培训班名称="坏的班", 人数="很多")])

    with pytest.raises(RowsRejected):
        imported(content, town)

    assert (AnnualPlan.objects.count(), PlanItem.objects.count()) == (0, 0)


def test_a_failure_while_writing_leaves_nothing(town, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("plans.imports.storing.record_step", broken)
    with pytest.raises(RuntimeError):
        imported(workbook([row()]), town)

    assert AnnualPlan.objects.count() == 0


@pytest.mark.parametrize("make", [submitted, filed])
def test_a_plan_in_review_or_filed_takes_no_import(make):
    plan = make()

    with pytest.raises(PlanNotEditable):
        imported(workbook([row()]), plan.town)

    assert plan.items.count() == 2


def test_an_import_for_an_impossible_year_is_refused(town):
    with pytest.raises(YearOutOfRange):
        imported(workbook([row()]), town, year=1)


def test_more_items_than_a_plan_holds_are_refused(town, monkeypatch):
    monkeypatch.setattr("plans.imports.whole_file.MOST_ITEMS", 2)

    with pytest.raises(FileRefused):
        imported(workbook([row(序号=n, 培训班名称=f"班{n}") for n in range(1, 5)]), town)


def test_an_import_leaves_a_step(town):
    plan, _answer = imported(workbook([row()]), town)

    assert list(plan.steps.values_list("decision", flat=True)) == [
        Decision.CREATED,
        Decision.IMPORTED,
    ]


def test_the_step_is_in_the_language_of_the_portal_and_not_of_who_imports(town):
    with translation.override("en"):
        plan, _answer = imported(workbook([row()]), town)

    assert plan.steps.last().opinion == "plan.xlsx：新增 1 项，修改 0 项，0 项没有变化"


# --- uploads --------------------------------------------------------------------------------------


@pytest.fixture
def run_of_town(town):
    return previewed(workbook([row()]), town, by=UserFactory(), name="方案.xlsx")


def the_plan(owner) -> AnnualPlan:
    return AnnualPlan.objects.of_owner(owner).get()


def confirm(run: ImportRun) -> ImportRun:
    return importing.confirm(run=run, now=NOW)


def undo(run: ImportRun) -> ImportRun:
    return importing.undo(run=run, by=run.user, now=NOW)


def test_the_bytes_of_a_file_go_when_it_is_imported(run_of_town, town):
    assert bytes(run_of_town.content)

    run = confirm(run_of_town)

    run.refresh_from_db()
    assert (run.status, bytes(run.content)) == (ImportStatus.IMPORTED, b"")
    assert [item.name for item in the_plan(town).items.all()] == ["楼组长骨干班"]


def test_a_file_is_imported_once(run_of_town):
    confirm(run_of_town)

    with pytest.raises(AlreadyDone):
        confirm(run_of_town)

    assert PlanItem.objects.count() == 1


def test_what_changed_since_the_preview_is_not_written_over(town):
    plan = drafted(town=town, items=1)
    run = previewed(workbook([row(培训班名称="培训班1")]), town)
    plan.items.update(people=999)

    with pytest.raises(PreviewOutdated):
        confirm(run)

    assert plan.items.get().people == 999


def test_undo_puts_the_items_back_as_they_were(town, administrator):
    before = drafted(town=town, items=3)
    kept = list(before.items.values())
    content = workbook(
        [
            row(培训班名称="培训班2", 人数=500),
            row(序号=2, 培训班名称="新的班"),
            row(序号=3, 培训班名称="培训班1"),
        ]
    )
    run = confirm(previewed(content, town, by=administrator))
    assert last_import(before, administrator, NOW) == run
    assert list(before.items.values_list("name", flat=True)) == [
        "培训班2",
        "新的班",
        "培训班1",
        "培训班3",
    ]

    undo(run)

    assert list(before.items.values()) == kept
    assert last_import(before, administrator, NOW) is None
    with pytest.raises(NothingToUndo):
        undo(run)


def test_undo_of_the_first_import_leaves_an_empty_draft(run_of_town, town):
    undo(confirm(run_of_town))

    plan = the_plan(town)
    assert (plan.items.count(), plan.steps.last().decision) == (0, Decision.IMPORT_UNDONE)


@pytest.mark.parametrize("make", [submitted, filed])
def test_a_plan_in_review_or_filed_is_not_undone(make, run_of_town, town):
    run = confirm(run_of_town)
    the_plan(town).items.update(audience="楼组长", content="走访")
    AnnualPlan.objects.all().delete()
    plan = make(town=town)

    with pytest.raises((PlanNotEditable, NothingToUndo)):
        undo(run)

    assert plan.items.count() == 2


@pytest.mark.django_db(transaction=True)
def test_undo_keeps_what_was_saved_just_before_the_import():
    plan = drafted(town=TownFactory(), items=1)
    item = plan.items.get()
    run = previewed(workbook([row()]), plan.town, by=UserFactory())

    def import_it() -> None:
        try:
            confirm(run)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            item.people = 99
            save_item(plan=plan, item=item)
            running = pool.submit(import_it)
            time.sleep(0.5)  # it comes as far as the lock of the plan and waits there for this edit
        running.result(timeout=60)
    undo(run)

    assert list(plan.items.values_list("name", "people")) == [(item.name, 99)]


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: save_item(plan=plan, item=PlanItemFactory.build(plan=None)),
        lambda plan: remove_item(plan=plan, item=plan.items.first()),
    ],
)
def test_what_was_changed_after_the_import_is_not_thrown_away(
    run_of_town, town, administrator, change
):
    run = confirm(run_of_town)
    plan = the_plan(town)
    change(plan)
    items = plan.items.count()

    with pytest.raises(NothingToUndo):
        undo(run)

    assert (last_import(plan, administrator, NOW), plan.items.count()) == (None, items)


# --- what the preview asks ------------------------------------------------------------------------


def test_a_refusal_says_what_stands_against_every_row(town):
    run = previewed(
        workbook([row(), row(序号=2, 培训班名称="第二班")], above=(["2026年度培训方案"],)),
        town,
        by=UserFactory(),
    )

    with pytest.raises(RowsRejected, match="2026 年"):
        confirm(run)


OTHER_WORDS = [{"期数": "办班次数"}.get(heading, heading) for heading in HEADINGS]


def test_a_guess_is_confirmed_once_and_remembered_for_the_owner(town):
    person, content = UserFactory(), workbook([row()], headings=OTHER_WORDS)
    run = previewed(content, town, by=person)
    with pytest.raises(QuestionsOpen):
        confirm(run)

    run = importing.choose(run=run, choices={"headings": {"办班次数": "runs"}}, now=NOW)
    confirm(run)

    assert the_plan(town).items.get().runs == 2
    assert list(HeadingWord.objects.values_list("kind", "owner", "spelling", "column")) == [
        ("plan", f"town-{town.code}", "办班次数", "runs")
    ]
    assert importing.open_questions(previewed(content, town, by=person)) == []
    assert importing.open_questions(previewed(content, TownFactory(), by=person)) != []


@pytest.mark.parametrize(("heading", "said"), [("经费来源", "镇财政"), ("经费预算（元）", "8000")])
def test_a_missing_column_is_answered_before_anything_is_written(town, heading, said):
    content = workbook([row()], headings=[None if name == heading else name for name in HEADINGS])
    run = previewed(content, town, by=UserFactory())
    with pytest.raises(QuestionsOpen):
        confirm(run)
    assert not AnnualPlan.objects.exists()

    (column,) = [item["column"] for item in run.questions if item["ask"] == "column"]
    confirm(importing.choose(run=run, choices={"answers": {column: said}}, now=NOW))

    assert the_plan(town).items.count() == 1


def test_a_guess_that_is_refused_is_not_read_and_not_made_again(town):
    content = workbook([row()], headings=OTHER_WORDS)
    run = importing.choose(
        run=previewed(content, town, by=UserFactory()),
        choices={"headings": {"办班次数": ""}, "answers": {"runs": "3"}},
        now=NOW,
    )

    confirm(run)

    assert the_plan(town).items.get().runs == 3
    again = previewed(content, town, by=UserFactory())
    assert ([question["ask"] for question in again.questions], again.rows.get().outcome) == (
        ["column"],
        "rejected",
    )


def test_previews_wait_side_by_side_and_the_oldest_is_put_away(town, monkeypatch):
    person = UserFactory()
    runs = [
        previewed(workbook([row()]), town, by=person, name=f"{number}.xlsx")
        for number in range(importing.MOST_WAITING + 1)
    ]
    foreign = previewed(workbook([row()]), town, by=UserFactory())

    states = [ImportRun.objects.get(pk=run.pk).status for run in (*runs, foreign)]
    assert states == [
        ImportStatus.DISCARDED,
        *[ImportStatus.PREVIEWED] * (importing.MOST_WAITING + 1),
    ]
    with pytest.raises(AlreadyDone):
        confirm(runs[0])
    assert (runs[0].rows.count(), bytes(ImportRun.objects.get(pk=runs[0].pk).content)) == (0, b"")
    confirm(runs[1])


def test_a_preview_that_nobody_imports_is_put_away_in_time(town):
    old = previewed(workbook([row()]), town, by=UserFactory())
    ImportRun.objects.update(previewed_at=NOW - importing.KEPT_FOR - timedelta(days=1))

    previewed(workbook([row()]), town, by=UserFactory())

    old.refresh_from_db()
    assert (old.status, bytes(old.content)) == (ImportStatus.DISCARDED, b"")


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook([row(), row(序号=2, 培训班名称="第二班")]))
    return path


def run(*arguments, capsys) -> dict:
    call_command("import_plan", *map(str, arguments), "--json")
    return json.loads(capsys.readouterr().out)


def test_command_previews_without_commit_and_writes_with_it(file, town, capsys):
    preview = run(file, "--owner", town.code, "--year", 2027, capsys=capsys)
    assert (preview, AnnualPlan.objects.count()) == (
        {"rows": 2, "new": 2, "changed": 0, "same": 0, "rejected": [], "warnings": []},
        0,
    )

    assert run(file, "--owner", town.code, "--year", 2027, "--commit", capsys=capsys) == preview
    assert AnnualPlan.objects.get().items.count() == 2

    assert run(file, "--owner", town.code, "--year", 2027, capsys=capsys)["same"] == 2


def test_command_tells_each_rejected_row_and_writes_nothing(tmp_path, town, capsys):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(workbook([row(), row(序号=2, 培训班名称="坏的班", 人数="很多")]))

    answer = run(path, "--owner", town.code, "--year", 2027, capsys=capsys)
    assert [(line["row"], bool(line["reason"])) for line in answer["rejected"]] == [(4, True)]

    with pytest.raises(CommandError) as caught:
        run(path, "--owner", town.code, "--year", 2027, "--commit", capsys=capsys)
    assert caught.value.returncode == 1
    assert json.loads(capsys.readouterr().out) == answer
    assert AnnualPlan.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["{file}", "--owner", "nobody", "--year", "2027"], 1),
        (["{file}.gone", "--owner", "{owner}", "--year", "2027"], 1),
        (["{folder}", "--owner", "{owner}", "--year", "2027"], 1),
        (["{file}", "--owner", "{owner}", "--year", "1", "--commit"], 1),
    ],
)
def test_command_refuses_with_a_sentence(arguments, code, file, town):
    filled = [
        argument.format(file=file, folder=file.parent, owner=town.code) for argument in arguments
    ]

    with pytest.raises(CommandError) as caught:
        call_command("import_plan", *filled)

    assert (caught.value.returncode, AnnualPlan.objects.count()) == (code, 0)
    assert str(caught.value)


def test_command_needs_an_owner_and_a_year(file):
    with pytest.raises(CommandError):
        call_command("import_plan", str(file))
