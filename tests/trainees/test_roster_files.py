"""The rosters in `tests/cases/rosters/` are read as `expected.json` beside them says."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from academy.imports import runs
from academy.models import ImportRun, Position, RowOutcome
from academy.network import load_network
from tests.trainees.roster_tables import POSTS
from trainees.models import Gender

from ..factories import NOW

FILES = Path(__file__).parent.parent / "cases" / "rosters"
EXPECTED = json.loads((FILES / "expected.json").read_text("utf-8"))["files"]
GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE}
# code of a reason → words of the sentence that says it
REASONS = {
    "missing_name": "姓名没有填",
    "name_garbled": "有字没有显示出来",
    "missing_phone": "电话没有填",
    "bad_phone": "11 位",
    "duplicate_phone": "相同，请核对是谁的号码",
    "missing_unit": "单位没有填",
    "unknown_unit": "居村名录里没有",
    "ambiguous_unit": "不止一个",
    "unknown_post": "不是规范岗位",
    "bad_date": "看不出是哪个月",
    "date_future": "晚于填报",
}


@pytest.fixture
def places(db):
    load_network(settings.BASE_DIR / "demo" / "network", today=NOW.date())
    for name in POSTS:
        Position.objects.create(name=name)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_roster_is_read_as_it_should_be(places, name):
    run = ImportRun(kind="roster", content=(FILES / name).read_bytes(), file_name=name)

    rows = {row.row: row for row in runs.read_file(run, now=NOW)}

    expected = {line["row"]: line for line in EXPECTED[name]["rows"]}
    assert rows.keys() == expected.keys()
    for number, line in expected.items():
        row = rows[number]
        if line["status"] == "rejected":
            assert row.outcome == RowOutcome.REJECTED
            known = line.get("accept_reasons", line["reasons"])
            assert any(REASONS[reason] in row.reasons[0] for reason in known), number
            if "same_as_row" in line:
                assert f"第 {line['same_as_row']} 行" in row.reasons[0]
            continue
        wanted = line["normalised"]
        assert (row.outcome, row.key) == (RowOutcome.NEW, wanted["phone"]), number
        assert row.values == {
            "name": wanted["name"],
            "village": wanted["village_code"],
            "post": wanted["post"],
            "extra_posts": wanted.get("extra_posts", []),
            "appointed": wanted["appointed"],
            "gender": GENDERS[wanted["gender"]],
            "born": wanted["birth"],
        }
        status = "fixed" if row.remarks else "ok"
        assert status in line.get("accept", [line["status"]]), number
    assert run.questions == []
    hidden = [item["heading"] for item in run.hidden]
    assert hidden == (["身份证后四位"] if "hidden_columns" in EXPECTED[name] else [])


def test_the_command_says_the_same_and_writes_only_when_told(places, capsys, django_user_model):
    def answered(*options) -> dict:
        call_command("import_roster", FILES / "roster-messy.xlsx", "--json", *options)
        return json.loads(capsys.readouterr().out)

    expected = EXPECTED["roster-messy.xlsx"]["rows"]
    rejected = [line["row"] for line in expected if line["status"] == "rejected"]

    said = answered()

    assert [line["row"] for line in said["rejected"]] == rejected
    assert (said["rows"], said["new"], said["changed"], said["same"]) == (80, 64, 0, 0)
    assert {"sheet", "row", "reason"} == said["warnings"][0].keys()
    assert not django_user_model.objects.exists()

    assert answered("--commit") == said
    assert django_user_model.objects.count() == 64
    again = answered()
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 64)
