"""The files in `tests/cases/` are read and imported as the tables beside them say."""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from academy.imports import runs
from academy.models import ImportRun, RowOutcome
from academy.spreadsheets.data_rows import read_rows
from academy.spreadsheets.headings import HeadingWords
from courses.catalogue.rows import whole_courses
from courses.importers import CourseImporter
from courses.imports.cells import values_of as course_values
from plans.importers import PlanImporter
from plans.imports.table_context import values_of as plan_values
from plans.models import PlanItem
from plans.timing import first_quarter, months_in
from tests.factories import PositionFactory, TeachingFormatFactory, TownFactory, TrackFactory

CASES = Path(__file__).parent.parent / "cases"
EXPECTED = json.loads((CASES / "read.json").read_text("utf-8"))
IMPORTED = json.loads((CASES / "imported.json").read_text("utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_case_is_read_as_it_should_be(name):
    importer = CourseImporter if name.startswith("c") else PlanImporter
    columns = {column.name: f"{column.heading} {column.synonyms}" for column in importer.columns}
    words = HeadingWords(columns, needed=importer.needed, fewest=importer.fewest)

    found = read_rows((CASES / name).read_bytes(), name, words)

    assert (
        summary(found)
        == {"hidden": [], "totals": [], "rejected": {}, "formulas": {}} | EXPECTED[name]
    )


def summary(found) -> dict:
    return {
        "rows": {
            sheet: spans([row.row for row in found.rows if row.sheet == sheet])
            for sheet in found.headings
        },
        "hidden": [item["row"] or item["heading"] for item in found.hidden],
        "totals": [row.row for row in found.totals],
        "rejected": {
            str(row.row): re.findall(r"[A-Z]+[0-9]+(?=）)", "".join(row.reasons))
            for row in found.rows
            if row.reasons
        },
        "formulas": {str(row.row): sorted(row.formulas) for row in found.rows if row.formulas},
    }


def spans(rows: list[int]) -> str:
    """3-5 7 for 3, 4, 5 and 7."""
    found: list[list[int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return " ".join(f"{first}-{last}" if first != last else str(first) for first, last in found)


# --- imported -------------------------------------------------------------------------------------


def ids(case: dict) -> str:
    return case["file"] + (" with the hidden" if "take_hidden" in case else "")


@pytest.fixture(params=IMPORTED["cases"], ids=ids)
def case(request) -> dict:
    """One file, and the whole of what is expected of it."""
    kind = "courses" if request.param["file"].startswith("c") else "plan"
    rows = {
        place: said if isinstance(said, str) else IMPORTED["usual"][kind] | said
        for place, said in request.param["rows"].items()
    }
    return (
        {"take_hidden": False, "answers": {}, "hidden": "", "asks": []}
        | request.param
        | {"kind": kind, "rows": rows}
    )


@pytest.fixture
def town(db):
    for name in ("课堂教学", "现场教学"):
        TeachingFormatFactory(name=name)
    TrackFactory(name="实务实训", prefix="SW")
    PositionFactory(name="居民区书记")
    return TownFactory(code="310113102", name="大场镇")


def test_a_case_is_imported_on_the_page_as_it_should_be(
    case, town, town_staff, district_staff, client
):
    client.force_login(town_staff if case["kind"] == "plan" else district_staff)
    address, whose = "imports:import_list", {"kind": "courses"}
    if case["kind"] == "plan":
        address, whose = "plans:import_upload", {"owner": f"town-{town.code}", "year": 2027}
    file = SimpleUploadedFile(case["file"], (CASES / case["file"]).read_bytes())

    shown = client.post(reverse(address), whose | {"file": file}, follow=True)
    if case["take_hidden"] or case["answers"]:
        questions = ImportRun.objects.get().questions
        said = {
            f"question-{place}": case["answers"].get(asked["column"], "")
            for place, asked in enumerate(questions)
        }
        shown = press(
            client, "import_choose", said | ({"take_hidden": "on"} if case["take_hidden"] else {})
        )
    run = ImportRun.objects.get()
    page = shown.content.decode()
    if runs.open_questions(run):  # nothing is stored before they are answered
        press(client, "import_confirm")
        assert PlanItem.objects.count() == 0
        press(
            client,
            "import_choose",
            {"question-0": "无"} | ({"take_hidden": "on"} if case["take_hidden"] else {}),
        )
    press(client, "import_confirm")

    asked = [question["words"] for question in shown.context["questions"]]
    assert [in_words(words, ask) for words, ask in zip(asked, case["asks"], strict=True)] == case[
        "asks"
    ]
    assert [in_words(reason, case["hidden"]) for reason in shown.context["hidden"]] == [
        case["hidden"]
    ] * bool(case["hidden"])
    lines = list(shown.context["page"])
    sheets = len({line.sheet for line in lines})
    rows = {f"{line.sheet} {line.row}" if sheets > 1 else str(line.row): line for line in lines}
    assert {key: as_expected(said, case["rows"].get(key)) for key, said in rows.items()} == case[
        "rows"
    ]
    told = (
        run.warnings
        + run.hidden
        + [{"row": row.row, "reason": remark} for row in rows.values() for remark in row.remarks]
    )
    assert remarks(told, case) == case["remarks"]
    assert [
        words for words in " ".join(case["remarks"].values()).split() if words not in page
    ] == []
    assert stored(case) == to_be_stored(case)


def press(client, name: str, data: dict | None = None):
    return client.post(
        reverse(f"imports:{name}", args=[ImportRun.objects.get().pk]), data or {}, follow=True
    )


def test_a_case_is_imported_by_the_command_as_it_should_be(case, town, capsys):
    options = ["--owner", town.code, "--year", "2027"] if case["kind"] == "plan" else []
    options += ["--take-hidden"] if case["take_hidden"] else []
    options += [f"--answer={column}={text}" for column, text in case["answers"].items()]

    with suppress(CommandError):
        call_command(f"import_{case['kind']}", CASES / case["file"], "--json", "--commit", *options)

    told = json.loads(capsys.readouterr().out)
    if case["asks"] and not case["answers"]:
        assert PlanItem.objects.count() == 0
        with suppress(CommandError):
            call_command(
                f"import_{case['kind']}",
                CASES / case["file"],
                "--commit",
                "--answer",
                "funding=无",
                *options,
            )
    refused = {str(row["row"]): row["reason"] for row in told["rejected"]}
    expected = {key: words for key, words in case["rows"].items() if isinstance(words, str)}
    assert (told["rows"], told["new"]) == (len(case["rows"]), len(case["rows"]) - len(expected))
    assert {
        key: in_words(reason, expected.get(key, "-")) for key, reason in refused.items()
    } == expected
    assert remarks(told["warnings"], case) == case["remarks"]
    assert stored(case) == to_be_stored(case)


def in_words(text: str, words: str) -> str:
    """The words, when all of them stand in the text; else the text."""
    return words if all(word in text for word in words.split()) else text


def as_expected(row, expected: dict | str | None):
    """What the preview says of a row, in the shape of what is expected of it."""
    if row.outcome == RowOutcome.REJECTED:
        return in_words("；".join(row.reasons), expected if isinstance(expected, str) else "-")
    names = expected if isinstance(expected, dict) else row.values
    values = with_months({"code": row.key} | row.values)
    return {name: values.get(name, "") for name in names}


def with_months(values: dict) -> dict:
    """With the months and the quarter that the planned time of an item is understood as."""
    if "months" not in values:
        return values
    months = " ".join(map(str, sorted(months_in(values["months"]))))
    return {"in": months, "quarter": first_quarter(values["months"])} | values


def remarks(told: list[dict], case: dict) -> dict[str, str]:
    """Row (or `file`) → the expected words when they are said, else what is said."""
    found: dict[str, str] = {}
    for item in told:
        key = str(item["row"]) if item["row"] else "file"
        sheet = f"{item['sheet']}：" if item.get("sheet") and not item["row"] else ""
        found[key] = f"{found.get(key, '')} {sheet}{item['reason']}".strip()
    return {key: in_words(text, case["remarks"].get(key, "-")) for key, text in found.items()}


def to_be_stored(case: dict) -> list[dict]:
    """A table is stored as a whole or not at all."""
    rows = list(case["rows"].values())
    return [] if any(isinstance(row, str) for row in rows) else rows


def stored(case: dict) -> list[dict]:
    if case["kind"] == "courses":
        found = [
            {"code": course.code} | course_values(course)
            for course in whole_courses().order_by("code")
        ]
    else:
        items = PlanItem.objects.order_by("number")
        found = [with_months(plan_values(item) | {"quarter": item.quarter}) for item in items]
    return [
        {name: values[name] for name in expected}
        for values, expected in zip(found, to_be_stored(case), strict=True)
    ]
