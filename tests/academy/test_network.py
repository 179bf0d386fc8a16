"""Loading the campus network: repeatable, all or nothing, and every complaint names file, row and
column.
"""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from academy.models import Campus, Department, Town, Venue, Village
from academy.network import load_network
from academy.search import index
from academy.spreadsheets.csv_files import TableError

NETWORK = Path(settings.BASE_DIR) / "demo" / "network"
TODAY = date(2027, 3, 1)


@pytest.fixture
def files(tmp_path):
    """A copy of the network files that a test may change."""
    return Path(shutil.copytree(NETWORK, tmp_path / "network"))


def rewrite(path: Path, change) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_loads_the_whole_network(db):
    report = load_network(NETWORK, today=TODAY)

    counts = [model.objects.count() for model in (Town, Village, Department, Campus, Venue)]
    assert counts == [13, 567, 25, 17, 40]
    assert report.as_dict() == {"new": 662, "changed": 0, "same": 0, "ended": 0}
    assert [
        Campus.objects.filter(kind=kind).count() for kind in ("college", "branch", "salon")
    ] == [1, 4, 12]


def test_a_second_run_changes_nothing(db):
    load_network(NETWORK, today=TODAY)

    assert load_network(NETWORK, today=TODAY).as_dict() == {
        "new": 0,
        "changed": 0,
        "same": 662,
        "ended": 0,
    }


def test_files_without_the_optional_columns_keep_what_is_known(db, files):
    load_network(NETWORK, today=TODAY)
    rewrite(
        files / "towns.csv",
        lambda rows: [
            {name: value for name, value in row.items() if name != "map_order"} for row in rows
        ],
    )
    rewrite(
        files / "campuses.csv",
        lambda rows: [
            {name: value for name, value in row.items() if name != "short_name"} for row in rows
        ],
    )

    assert load_network(files, today=TODAY).changes == 0
    assert Campus.objects.get(code="B01").short_name == "物业"


def test_a_changed_row_updates(db, files):
    load_network(NETWORK, today=TODAY)
    rewrite(files / "villages.csv", lambda rows: [rows[0] | {"name": "新名居委会"}, *rows[1:]])

    report = load_network(files, today=TODAY)

    assert (report.changed, report.new, report.ended) == (1, 0, 0)
    assert Village.objects.filter(name="新名居委会").count() == 1


def test_a_vanished_village_ends_and_a_returned_one_lives_again(db, files):
    load_network(NETWORK, today=TODAY)
    rewrite(files / "villages.csv", lambda rows: rows[1:])

    assert load_network(files, today=TODAY).ended == 1
    gone = Village.objects.get(code="310113003001")
    assert gone.valid_to == TODAY
    assert load_network(files, today=date(2027, 4, 1)).changes == 0

    assert load_network(NETWORK, today=date(2027, 5, 1)).changed == 1
    gone.refresh_from_db()
    assert gone.valid_to is None


def test_a_vanished_village_is_found_no_more_from_that_day_on(db, files, time_machine):
    time_machine.move_to(TODAY)
    load_network(NETWORK, today=TODAY)
    name = Village.objects.get(code="310113003001").name
    assert "310113003001" in [found.code for found in index.search(name, kinds=["village"])]
    rewrite(files / "villages.csv", lambda rows: rows[1:])

    load_network(files, today=TODAY)

    assert "310113003001" not in [found.code for found in index.search(name, kinds=["village"])]


def test_a_new_salon_takes_the_place_of_one_that_is_gone(db, files):
    load_network(NETWORK, today=TODAY)
    rewrite(
        files / "campuses.csv",
        lambda rows: [row | {"code": "S99"} if row["code"] == "S12" else row for row in rows],
    )

    rewrite(
        files / "venues.csv",
        lambda rows: [
            row | {"campus_code": "S99"} if row["campus_code"] == "S12" else row for row in rows
        ],
    )

    report = load_network(files, today=TODAY)

    assert (report.new, report.ended) == (1, 1)


@pytest.mark.parametrize(
    ("file", "change", "row", "column"),
    [
        ("villages.csv", {"town_code": "999999999"}, 2, "town_code"),
        ("villages.csv", {"kind": "城市"}, 2, "kind"),
        ("villages.csv", {"name": ""}, 2, "name"),
        ("villages.csv", {"name": "长" * 61}, 2, "name"),
        ("venues.csv", {"capacity": "很多"}, 2, "capacity"),
        ("venues.csv", {"capacity": "-1"}, 2, "capacity"),
        ("venues.csv", {"immersive": "maybe"}, 2, "immersive"),
        ("venues.csv", {"campus_code": "X"}, 2, "campus_code"),
        ("campuses.csv", {"capacity": "9" * 30}, 2, "capacity"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(db, files, file, change, row, column):
    rewrite(files / file, lambda rows: [rows[0] | change, *rows[1:]])

    with pytest.raises(TableError) as refusal:
        load_network(files, today=TODAY)

    assert all(part in str(refusal.value) for part in (file, str(row), column))
    assert Town.objects.count() == Village.objects.count() == Venue.objects.count() == 0


def test_a_code_that_stands_twice_is_refused(db, files):
    rewrite(files / "towns.csv", lambda rows: [*rows, rows[0]])

    with pytest.raises(TableError):
        load_network(files, today=TODAY)


@pytest.mark.parametrize("kind", ["college", "salon"])
def test_a_second_college_or_salon_of_a_town_is_refused(db, files, kind):
    def double(rows):
        twin = next(row for row in rows if row["kind"] == kind)
        return [*rows, twin | {"code": "X1"}]

    rewrite(files / "campuses.csv", double)

    with pytest.raises(TableError):
        load_network(files, today=TODAY)


def test_the_command_refuses_with_a_sentence_and_exit_code_1(db, tmp_path):
    with pytest.raises(CommandError) as refusal:
        call_command("load_network", str(tmp_path))

    assert refusal.value.returncode == 1
    assert "towns.csv" in str(refusal.value)
