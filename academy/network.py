"""Loading the 1+4+12+N network from `network/*.csv`: repeatable, and what vanished from a file gets
an end date.
"""

from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from .imports.loading import LoadReport, end_vanished, upsert
from .models import (
    Campus,
    CampusKind,
    Department,
    Motif,
    Town,
    TownBorder,
    TownKind,
    Venue,
    Village,
    VillageKind,
)
from .search import index
from .spreadsheets.csv_files import Record, read_csv


def load_network(directory: Path | str, *, today: date) -> LoadReport:
    """Load towns, villages, departments, campuses and venues; all or nothing.

    A second run changes nothing, a changed row updates, a vanished one ends today, a returned one
    lives again. Raises TableError with file, row and column.
    """
    directory = Path(directory)
    towns_file = read_csv(directory / "towns.csv", ("code", "name", "kind"))
    villages_file = read_csv(directory / "villages.csv", ("code", "town_code", "name", "kind"))
    departments_file = read_csv(directory / "departments.csv", ("code", "name", "short_name"))
    campuses_file = read_csv(
        directory / "campuses.csv",
        (
            "code",
            "kind",
            "name",
            "theme",
            "town_code",
            "host_org",
            "address",
            "phone",
            "opening_hours",
            "capacity",
        ),
    )
    venues_file = read_csv(
        directory / "venues.csv",
        (
            "code",
            "campus_code",
            "name",
            "kind",
            "floor",
            "capacity",
            "immersive",
            "immersive_topic",
            "equipment",
            "step_free",
        ),
    )
    for file in (towns_file, villages_file, departments_file, campuses_file, venues_file):
        _refuse_doubles(file)
    _refuse_second_of_a_kind(campuses_file)

    report = LoadReport()
    with transaction.atomic():
        for model, field, file in (
            (Town, "ended_on", towns_file),
            (Village, "valid_to", villages_file),
            (Department, "ended_on", departments_file),
            (Campus, "ended_on", campuses_file),
            (Venue, "ended_on", venues_file),
        ):
            # First, so that a new salon may take the place of one that is gone.
            end_vanished(
                model.objects.exclude(code__in=[record["code"] for record in file]),
                field,
                today,
                report,
            )
        towns = upsert(Town, "code", [_town(record) for record in towns_file], report)
        upsert(Village, "code", [_village(record, towns) for record in villages_file], report)
        upsert(Department, "code", [_department(record) for record in departments_file], report)
        campuses = upsert(
            Campus, "code", [_campus(record, towns) for record in campuses_file], report
        )
        upsert(Venue, "code", [_venue(record, campuses) for record in venues_file], report)
        index.rebuild(["village", "campus", "room", "department", "page"])
    return report


def load_town_borders(path: Path | str) -> int:
    """Load into an empty table which street-towns border each other; how many rows. Raises
    TableError.
    """
    file = read_csv(path, ("town", "neighbour", "source"))
    towns = {town.name: town for town in Town.objects.all()}
    borders = [
        TownBorder(
            town=record.one_of("town", towns),
            neighbour=record.one_of("neighbour", towns),
            source=record.required("source", 120),
        )
        for record in file
    ]
    return len(TownBorder.objects.bulk_create(borders))


def _refuse_doubles(file: list[Record]) -> None:
    seen: dict[str, int] = {}
    for record in file:
        if record["code"] in seen:
            raise record.wrong(
                "code",
                _("“%(value)s” stands in row %(row)d already")
                % {
                    "value": record["code"][:40],
                    "row": seen[record["code"]],
                },
            )
        seen[record["code"]] = record.row


def _refuse_second_of_a_kind(campuses: list[Record]) -> None:
    """One college; a town has one salon at most.

    The database holds the same, the sentence comes from here.
    """
    college, salons = None, {}
    for record in campuses:
        if record["kind"] == CampusKind.COLLEGE:
            if college:
                raise record.wrong(
                    "kind", _("row %(row)d is the main college already") % {"row": college}
                )
            college = record.row
        if record["kind"] == CampusKind.SALON:
            if record["town_code"] in salons:
                raise record.wrong(
                    "town_code",
                    _("the town has a salon in row %(row)d already")
                    % {"row": salons[record["town_code"]]},
                )
            salons[record["town_code"]] = record.row


def _town(record: Record) -> dict:
    optional = {"map_order": record.integer("map_order")} if "map_order" in record.values else {}
    return optional | {
        "code": record.code("code", 9),
        "name": record.required("name", 40),
        "kind": record.one_of("kind", {kind: kind for kind in TownKind.values}),
        "ended_on": None,
    }


def _village(record: Record, towns: dict[str, Town]) -> dict:
    return {
        "code": record.code("code", 12),
        "town_id": record.one_of("town_code", towns).pk,
        "name": record.required("name", 60),
        "kind": record.one_of("kind", {kind: kind for kind in VillageKind.values}),
        "valid_to": None,
    }


def _department(record: Record) -> dict:
    return {
        "code": record.code("code", 10),
        "name": record.required("name", 60),
        "short_name": record.required("short_name", 20),
        "ended_on": None,
    }


def _campus(record: Record, towns: dict[str, Town]) -> dict:
    optional = {"short_name": record.text("short_name", 6)} if "short_name" in record.values else {}
    if "motif" in record.values:
        optional["motif"] = record.one_of("motif", {motif: motif for motif in ("", *Motif.values)})
    return optional | {
        "code": record.code("code", 10),
        "kind": record.one_of("kind", {kind: kind for kind in CampusKind.values}),
        "name": record.required("name", 60),
        "theme": record.text("theme", 80),
        "town_id": record.one_of("town_code", towns).pk,
        "host_organisation": record.text("host_org", 80),
        "address": record.text("address", 120),
        "phone": record.telephone("phone", 20),
        "opening_hours": record.text("opening_hours", 80),
        "capacity": record.integer("capacity"),
        "ended_on": None,
    }


def _venue(record: Record, campuses: dict[str, Campus]) -> dict:
    return {
        "code": record.code("code", 10),
        "campus_id": record.one_of("campus_code", campuses).pk,
        "name": record.required("name", 60),
        "kind": record.text("kind", 20),
        "floor": record.text("floor", 20),
        "capacity": record.integer("capacity"),
        "immersive": record.yes("immersive"),
        "immersive_topic": record.text("immersive_topic", 60),
        "equipment": record.text("equipment", 200),
        "step_free": record.yes("step_free"),
        "ended_on": None,
    }
