"""Loading the catalogue from `catalogue/*.csv`: vocabularies, service items, experts, courses,
classes.

Repeatable.
"""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from academy.imports.loading import LoadReport, match_names, upsert
from academy.models import Department, GrowthStage, Position, TopicWords, Village
from academy.search import index
from academy.spreadsheets.csv_files import Record, read_csv

from ..models import Expert, ServiceItem, TeachingFormat, Track
from .class_rows import CLASS_COLUMNS, load_classes
from .course_rows import COURSE_COLUMNS, load_courses
from .files import MOST_APPRENTICES, MOST_YEARS, CatalogueFiles, load_terms, once

FORMAT_COLUMNS = ("code", "name", "description", "suggested_group_size")
ITEM_COLUMNS = ("code", "department_code", "name", "question", "keywords")
EXPERT_COLUMNS = (
    "expert_code",
    "category",
    "name",
    "gender",
    "village_code",
    "organisation",
    "title",
    "years_in_post",
    "specialities",
    "signature_practice",
    "phone",
    "apprentices",
    "accepts_field_visits",
)


def load_catalogue(directory: Path | str, *, now: datetime) -> LoadReport:
    """Load the catalogue, all or nothing. A second run changes nothing; a changed course becomes a
    new version.

    Classes that have begun are left as they are. Raises TableError with file, row and column.
    """
    files = _read(Path(directory))
    report = LoadReport()
    with transaction.atomic():
        tracks = _tracks(files, report)
        formats = _formats(files.formats, report)
        items = _service_items(files.items, report)
        experts = _experts(files.experts, report)
        positions = load_terms(Position, [*files.courses, *files.classes], "audiences", report)
        stages = load_terms(GrowthStage, files.courses, "level", report)
        courses = load_courses(
            files.courses, tracks, formats, items, positions, stages, report, now
        )
        load_classes(files.classes, courses, experts, positions, report)
        _topic_words(files.topic_words)
        index.rebuild(["course", "class", "service", "expert", "page"])
    return report


def _read(directory: Path) -> CatalogueFiles:
    tracks, topic_words = directory / "tracks.csv", directory / "topic_words.csv"
    return CatalogueFiles(
        topic_words=read_csv(topic_words, ("means", "said")) if topic_words.exists() else [],
        tracks=(
            read_csv(tracks, ("prefix", "name", "css_class", "motto")) if tracks.exists() else []
        ),
        formats=read_csv(directory / "teaching_formats.csv", FORMAT_COLUMNS),
        items=read_csv(directory / "service_items.csv", ITEM_COLUMNS),
        experts=read_csv(directory / "experts.csv", EXPERT_COLUMNS),
        courses=read_csv(directory / "courses.csv", COURSE_COLUMNS),
        classes=read_csv(directory / "classes.csv", CLASS_COLUMNS),
    )


def _tracks(files: CatalogueFiles, report: LoadReport) -> dict[str, Track]:
    once(files.tracks, "name")
    rows = [
        {
            "prefix": record.code("prefix", 4),
            "name": record.required("name", 40),
            "css_class": record.text("css_class", 10),
            "motto": record.text("motto", 60),
            "sort_order": order,
        }
        for order, record in enumerate(files.tracks)
    ]
    known = {row["name"] for row in rows}
    for record in files.courses:
        name = record.required("track", 40)
        if name not in known:
            known.add(name)
            rows.append(
                {"prefix": record.required("course_code", 12).split("-")[0][:4], "name": name}
            )
    match_names(Track, "prefix", rows, report)
    return {track.name: track for track in upsert(Track, "prefix", rows, report).values()}


def _topic_words(file: list[Record]) -> None:
    """Write the first topic words; a row that is there is the office's, and stays as it is."""
    once(file, "means")
    there = set(TopicWords.objects.values_list("means", flat=True))
    TopicWords.objects.bulk_create(
        TopicWords(means=means, said=record.required("said", 1000))
        for record in file
        if (means := record.required("means", 200)) not in there
    )


def _formats(file: list[Record], report: LoadReport) -> dict[str, TeachingFormat]:
    once(file, "code")
    once(file, "name")
    rows = [
        {
            "code": record.code("code", 10),
            "name": record.required("name", 40),
            "description": record.text("description", 200),
            "suggested_group_size": record.text("suggested_group_size", 20),
            "sort_order": order,
        }
        for order, record in enumerate(file)
    ]
    match_names(TeachingFormat, "code", rows, report)
    return {item.name: item for item in upsert(TeachingFormat, "code", rows, report).values()}


def _service_items(file: list[Record], report: LoadReport) -> dict[str, ServiceItem]:
    once(file, "code")
    departments = {item.code: item for item in Department.objects.all()}
    rows = [
        {
            "code": record.code("code", 10),
            "department_id": record.one_of("department_code", departments).pk,
            "name": record.required("name", 80),
            "question": record.text("question", 120),
            "keywords": record.text("keywords", 200),
        }
        for record in file
    ]
    return upsert(ServiceItem, "code", rows, report)


def _experts(file: list[Record], report: LoadReport) -> dict[str, Expert]:
    once(file, "expert_code")
    villages = {item.code: item for item in Village.objects.all()}
    # whether their names are shown is the office's decision by now
    known = set(Expert.objects.values_list("code", flat=True))
    rows = [
        {
            "code": record.code("expert_code", 12),
            "category": record.required("category", 20),
            "name": record.person("name", 40),
            "gender": record.text("gender", 4),
            "village_id": (
                record.one_of("village_code", villages).pk if record["village_code"] else None
            ),
            "organisation": record.text("organisation", 80),
            "title": record.text("title", 60),
            "years_in_post": (
                record.integer("years_in_post", MOST_YEARS) if record["years_in_post"] else None
            ),
            "specialities": record.text("specialities", 200),
            "signature_practice": record.text("signature_practice", 200),
            "phone": record.mobile("phone"),
            "apprentices": (
                record.integer("apprentices", MOST_APPRENTICES) if record["apprentices"] else 0
            ),
            "accepts_field_visits": record.yes("accepts_field_visits"),
            **({} if record["expert_code"] in known else {"published": True}),
        }
        for record in file
    ]
    return upsert(Expert, "code", rows, report)
