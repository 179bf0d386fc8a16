"""What an import writes, refuses and takes back; the command."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import translation

from academy.sheets import FileRefused
from plans import plan_import
from plans.filing import PlanNotEditable, YearOutOfRange
from plans.items import remove_item, save_item
from plans.models import AnnualPlan, Decision, PlanItem, PlanUpload, UploadStatus
from tests.factories import NOW, DepartmentFactory, TownFactory, UserFactory

from .factories import PlanItemFactory, drafted, filed, submitted
from .sheets import row, workbook

pytestmark = pytest.mark.django_db
DEMO = settings.BASE_DIR / "demo" / "plans"
EXPECTED = json.loads((DEMO / "expected_overlaps.json").read_text("utf-8"))


def imported(content: bytes, owner, year=2027):
    plan, reading = plan_import.import_plan(content=content, name="plan.xlsx", owner=owner, year=year, by=None, now=NOW)
    return plan, reading.as_dict()


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
    assert first == {"rows": rows, "new": rows, "changed": 0, "same": 0, "rejected": [], "warnings": []}
    assert second == {"rows": rows, "new": 0, "changed": 0, "same": rows, "rejected": [], "warnings": []}
    totals = plan.items.totals()
    assert (again, totals["items"], totals["people"], totals["budget"]) == (plan, rows, expected["people_total"], expected["budget_total_yuan"])
    assert set(plan.items.values_list("pk", flat=True)) == keys  # a row keeps its identity


def test_a_changed_file_changes_what_differs_and_keeps_the_rest(town):
    imported(workbook([row(), row(序号=2, 培训班名称="第二班"), row(序号=3, 培训班名称="第三班")]), town)

    plan, answer = imported(workbook([row(序号=1, 培训班名称="第三班", 人数=99), row(序号=2, 培训班名称="新的班")]), town)

    assert (answer["new"], answer["changed"], answer["same"]) == (1, 1, 0)
    assert len(answer["warnings"]) == 1  # the two that stay
    assert list(plan.items.values_list("number", "name", "people")) == [(1, "第三班", 99), (2, "新的班", 60), (3, "楼组长骨干班", 60), (4, "第二班", 60)]


def test_two_trainings_of_one_name_are_told_apart_by_their_order(town):
    content = workbook([row(序号=1, 人数=10), row(序号=2, 人数=20)])
    imported(content, town)

    plan, answer = imported(content, town)

    assert (answer["same"], list(plan.items.values_list("people", flat=True))) == (2, [10, 20])


def test_one_bad_row_and_nothing_is_written(town):
    content = workbook([row(), row(序号=2, 培训班名称="坏的班", 人数="很多")])

    with pytest.raises(plan_import.RowsRejected):
        imported(content, town)

    assert (AnnualPlan.objects.count(), PlanItem.objects.count()) == (0, 0)


def test_a_failure_while_writing_leaves_nothing(town, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(plan_import, "record_step", broken)
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
    monkeypatch.setattr("plans.plan_file.MOST_ITEMS", 2)

    with pytest.raises(FileRefused):
        imported(workbook([row(序号=n, 培训班名称=f"班{n}") for n in range(1, 5)]), town)


def test_an_import_leaves_a_step(town):
    plan, _answer = imported(workbook([row()]), town)

    assert list(plan.steps.values_list("decision", flat=True)) == [Decision.CREATED, Decision.IMPORTED]


def test_the_step_is_in_the_language_of_the_portal_and_not_of_who_imports(town):
    with translation.override("en"):
        plan, _answer = imported(workbook([row()]), town)

    assert plan.steps.last().opinion == "plan.xlsx：新增 1 项，修改 0 项，0 项没有变化"


# --- uploads ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def upload(town):
    return PlanUpload.objects.create(town=town, year=2027, user=UserFactory(), file_name="方案.xlsx", content=workbook([row()]))


def test_confirming_reads_the_stored_file_and_lets_its_bytes_go(upload):
    plan = plan_import.confirm(upload=upload, by=upload.user, now=NOW)

    upload.refresh_from_db()
    assert (upload.status, upload.plan, bytes(upload.content)) == (UploadStatus.IMPORTED, plan, b"")
    assert [item.name for item in plan.items.all()] == ["楼组长骨干班"]


def test_an_upload_is_confirmed_once(upload):
    stale = PlanUpload.objects.get(pk=upload.pk)
    plan_import.confirm(upload=upload, by=upload.user, now=NOW)

    with pytest.raises(plan_import.UploadGone):
        plan_import.confirm(upload=stale, by=upload.user, now=NOW)

    assert PlanItem.objects.count() == 1


def test_undo_puts_the_items_back_as_they_were(town):
    before = drafted(town=town, items=3)
    kept = list(before.items.values_list("number", "name", "people", "hours", "budget"))
    content = workbook([row(培训班名称="培训班2", 人数=500), row(序号=2, 培训班名称="新的班")])
    upload = PlanUpload.objects.create(town=town, year=2027, user=UserFactory(), file_name="方案.xlsx", content=content)
    plan = plan_import.confirm(upload=upload, by=upload.user, now=NOW)
    assert plan_import.undoable(plan) == upload

    plan = plan_import.undo(upload=upload, by=upload.user, now=NOW)

    assert list(plan.items.values_list("number", "name", "people", "hours", "budget")) == kept
    assert plan_import.undoable(plan) is None
    with pytest.raises(plan_import.NothingToUndo):
        plan_import.undo(upload=upload, by=upload.user, now=NOW)


def test_undo_of_the_first_import_leaves_an_empty_draft(upload):
    plan = plan_import.confirm(upload=upload, by=upload.user, now=NOW)

    assert plan_import.undo(upload=upload, by=upload.user, now=NOW).items.count() == 0
    assert plan.steps.last().decision == Decision.IMPORT_UNDONE


@pytest.mark.django_db(transaction=True)
def test_undo_keeps_what_was_saved_just_before_the_import():
    plan = drafted(town=TownFactory(), items=1)
    item = plan.items.get()
    upload = PlanUpload.objects.create(town=plan.town, year=2027, user=UserFactory(), file_name="方案.xlsx", content=workbook([row()]))

    def confirm() -> None:
        try:
            plan_import.confirm(upload=upload, by=upload.user, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            item.people = 99
            save_item(plan=plan, item=item)
            importing = pool.submit(confirm)
            time.sleep(0.5)  # it comes as far as the lock of the plan and waits there for this edit
        importing.result(timeout=60)
    upload.refresh_from_db()
    plan_import.undo(upload=upload, by=upload.user, now=NOW)

    assert list(plan.items.values_list("name", "people")) == [(item.name, 99)]


@pytest.mark.parametrize("change", [lambda plan: save_item(plan=plan, item=PlanItemFactory.build(plan=None)), lambda plan: remove_item(plan=plan, item=plan.items.first())])
def test_what_was_changed_after_the_import_is_not_thrown_away(upload, change):
    plan = plan_import.confirm(upload=upload, by=upload.user, now=NOW)
    change(plan)
    items = plan.items.count()

    with pytest.raises(plan_import.NothingToUndo):
        plan_import.undo(upload=upload, by=upload.user, now=NOW)

    assert (plan_import.undoable(plan), plan.items.count()) == (None, items)


# --- the command ------------------------------------------------------------------------------------------------------


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
    assert (preview, AnnualPlan.objects.count()) == ({"rows": 2, "new": 2, "changed": 0, "same": 0, "rejected": [], "warnings": []}, 0)

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
    filled = [argument.format(file=file, folder=file.parent, owner=town.code) for argument in arguments]

    with pytest.raises(CommandError) as caught:
        call_command("import_plan", *filled)

    assert (caught.value.returncode, AnnualPlan.objects.count()) == (code, 0)
    assert str(caught.value)


def test_command_needs_an_owner_and_a_year(file):
    with pytest.raises(CommandError):
        call_command("import_plan", str(file))
