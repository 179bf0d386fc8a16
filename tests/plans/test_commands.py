"""What the command that imports a plan takes besides the file."""

import json

import pytest
from django.core.management import CommandError, call_command

from academy.models import ImportRun
from plans.models import PlanItem

from .sheets import HEADINGS, row, workbook

pytestmark = pytest.mark.django_db


def import_plan(path, town, *arguments, capsys) -> dict:
    call_command(
        "import_plan", str(path), "--owner", town.code, "--year", "2027", "--json", *arguments
    )
    return json.loads(capsys.readouterr().out)


def test_answers_and_hidden_rows_are_told_to_the_command(tmp_path, town, capsys):
    def prepare(book):
        book.active.row_dimensions[4].hidden = True

    place = HEADINGS.index("期数")
    lines = [
        [cell for index, cell in enumerate(line) if index != place]
        for line in (row(), row(序号=2, 培训班名称="隐藏的班"))
    ]
    path = tmp_path / "plan.xlsx"
    path.write_bytes(
        workbook(
            lines, headings=[heading for heading in HEADINGS if heading != "期数"], prepare=prepare
        )
    )

    plain = import_plan(path, town, capsys=capsys)
    told = import_plan(path, town, "--answer", "runs=3", "--take-hidden", "--commit", capsys=capsys)

    assert (
        plain["new"],
        [line["row"] for line in plain["rejected"]],
        [line["row"] for line in plain["warnings"]],
    ) == (0, [3], [4])
    assert (told["new"], list(PlanItem.objects.values_list("name", "runs"))) == (
        2,
        [("楼组长骨干班", 3), ("隐藏的班", 3)],
    )


def test_a_guessed_heading_and_a_missing_column_are_refused_with_what_to_type(
    tmp_path, town, capsys
):
    path = tmp_path / "plan.xlsx"
    lines = [[cell for heading, cell in zip(HEADINGS, row(), strict=True) if heading != "经费来源"]]
    path.write_bytes(
        workbook(
            lines,
            headings=[
                {"期数": "办班次数"}.get(heading, heading)
                for heading in HEADINGS
                if heading != "经费来源"
            ],
        )
    )

    with pytest.raises(
        CommandError,
        match=(
            "--read-as 办班次数=runs --answer funding=…|--read-as '办班次数=runs' --answer"
            " funding=…"
        ),
    ):
        import_plan(path, town, "--commit", capsys=capsys)
    assert (PlanItem.objects.count(), ImportRun.objects.count()) == (0, 0)
    capsys.readouterr()

    import_plan(
        path,
        town,
        "--commit",
        "--read-as",
        "办班次数=runs",
        "--answer",
        "funding=无",
        capsys=capsys,
    )

    assert list(PlanItem.objects.values_list("runs", "funding")) == [(2, "")]


def test_a_heading_is_taken_as_told_and_an_argument_without_a_meaning_is_wrong_usage(
    tmp_path, town, capsys
):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(
        workbook(
            [row()], headings=[{"期数": "轮次数目"}.get(heading, heading) for heading in HEADINGS]
        )
    )

    assert import_plan(path, town, "--read-as", "轮次数目=runs", capsys=capsys)["new"] == 1
    with pytest.raises(CommandError) as caught:
        import_plan(path, town, "--read-as", "轮次数目", capsys=capsys)
    assert (caught.value.returncode, ImportRun.objects.count()) == (2, 0)
