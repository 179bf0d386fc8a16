"""Loading the catalogue from `catalogue/*.csv`: vocabularies, service items, experts, courses,
classes.

Repeatable.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.imports.loading import LoadReport, match_names, upsert
from academy.models import Campus, Department, GrowthStage, Position, Town, Venue, Village
from academy.search import index
from academy.spreadsheets.csv_files import Record, read_csv

from ..models import (
    ClassStatus,
    Course,
    CourseStatus,
    CourseVersion,
    Expert,
    Lesson,
    Programme,
    ServiceItem,
    TeachingFormat,
    Track,
    TrainingClass,
)
from ..schedule.class_plans import QUARTER_HOUR
from ..schedule.lessons import split_hours, times_and_places
from ..schedule.quotas import share_out
from .rows import publish_versions, set_links, whole_courses

EDITABLE_BY_FILE = (ClassStatus.DRAFT, ClassStatus.OPEN)
TERM_LENGTH = 40  # characters of a word of a vocabulary
MOST_LESSONS, MOST_YEARS, MOST_APPRENTICES, MOST_HOURS = 99, 99, 999, 1000

FORMAT_COLUMNS = ("code", "name", "description", "suggested_group_size")
COURSE_COLUMNS = (
    "course_code",
    "title",
    "track",
    "department_code",
    "teaching_formats",
    "hours",
    "audiences",
    "level",
    "summary",
    "objectives",
    "prerequisites",
    "service_items",
    "lecturer_type",
    "is_immersive",
    "immersive_topic",
    "source",
    "practice_move",
)
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
CLASS_COLUMNS = (
    "class_code",
    "class_name",
    "programme",
    "season",
    "audiences",
    "organiser_campus",
    "capacity",
    "waitlist",
    "booking_opens",
    "booking_closes",
    "town_quotas",
    "lesson_no",
    "course_code",
    "venue_code",
    "start",
    "end",
    "lecturer_code",
    "lecturer_type",
)


@dataclass(frozen=True)
class CatalogueFiles:
    """The rows of the five files, and of tracks.csv where the folder has one."""

    tracks: list[Record]
    formats: list[Record]
    items: list[Record]
    experts: list[Record]
    courses: list[Record]
    classes: list[Record]


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
        positions = _terms(Position, [*files.courses, *files.classes], "audiences", report)
        stages = _terms(GrowthStage, files.courses, "level", report)
        courses = _courses(files.courses, tracks, formats, items, positions, stages, report, now)
        _classes(files.classes, courses, experts, positions, report)
        index.rebuild(["course", "class", "service", "expert", "page"])
    return report


def _read(directory: Path) -> CatalogueFiles:
    tracks = directory / "tracks.csv"
    return CatalogueFiles(
        tracks=(
            read_csv(tracks, ("prefix", "name", "css_class", "motto")) if tracks.exists() else []
        ),
        formats=read_csv(directory / "teaching_formats.csv", FORMAT_COLUMNS),
        items=read_csv(directory / "service_items.csv", ITEM_COLUMNS),
        experts=read_csv(directory / "experts.csv", EXPERT_COLUMNS),
        courses=read_csv(directory / "courses.csv", COURSE_COLUMNS),
        classes=read_csv(directory / "classes.csv", CLASS_COLUMNS),
    )


def _once(file: list[Record], column: str) -> None:
    """Refuse a code that stands twice."""
    seen: dict[str, int] = {}
    for record in file:
        code = record[column]
        if code in seen:
            raise record.wrong(
                column,
                _("“%(value)s” stands in row %(row)d already")
                % {
                    "value": code[:40],
                    "row": seen[code],
                },
            )
        seen[code] = record.row


# --- Vocabularies, items, experts -----------------------------------------------------------------


def _tracks(files: CatalogueFiles, report: LoadReport) -> dict[str, Track]:
    _once(files.tracks, "name")
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


def _formats(file: list[Record], report: LoadReport) -> dict[str, TeachingFormat]:
    _once(file, "code")
    _once(file, "name")
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


def _terms(model, file: list[Record], column: str, report: LoadReport) -> dict:
    """Words of a vocabulary: new ones are added at its end, known ones are staff's to edit and stay
    as they are.
    """
    known = {term.name: term for term in model.objects.all()}
    words: dict[str, Record] = {}
    for record in file:
        for name in record.parts(column):
            words.setdefault(name, record)
    for name, record in words.items():
        if len(name) > TERM_LENGTH:
            raise record.wrong(
                column,
                _("“%(value)s…” is longer than %(length)d characters")
                % {
                    "value": name[:10],
                    "length": TERM_LENGTH,
                },
            )
        if name in known:
            report.same += 1
        else:
            known[name] = model.objects.create(name=name, sort_order=len(known))
            report.new += 1
    return known


def _service_items(file: list[Record], report: LoadReport) -> dict[str, ServiceItem]:
    _once(file, "code")
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
    _once(file, "expert_code")
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


# --- Courses --------------------------------------------------------------------------------------


def _courses(
    file, tracks, formats, items, positions, stages, report: LoadReport, now: datetime
) -> dict[str, Course]:
    """Courses, their links and their versions.

    A row of the file with its links counts once in the report.
    """
    _once(file, "course_code")
    departments = {item.code: item for item in Department.objects.all()}
    rows = [_course(record, tracks, departments) for record in file]
    known = {
        course.code: course
        for course in Course.objects.filter(code__in=[row["code"] for row in rows])
    }
    changed = {
        row["code"]
        for row in rows
        if row["code"] in known
        and any(getattr(known[row["code"]], name) != value for name, value in row.items())
    }
    for row in rows:
        if row["code"] not in known:
            # afterwards it is the office that takes back and retires
            row["status"] = CourseStatus.PUBLISHED
    courses = upsert(Course, "code", rows, LoadReport())
    changed |= _course_links(file, courses, formats, items, positions, stages) & known.keys()
    Course.objects.filter(code__in=changed).update(updated_at=now)
    report.add(
        LoadReport(new=len(rows) - len(known), changed=len(changed), same=len(known) - len(changed))
    )
    _versions(courses, changed, now)
    return courses


def _versions(courses: dict[str, Course], changed: set[str], now: datetime) -> None:
    """A first version for courses that have none, a new one for published courses that changed."""
    has_one = Exists(CourseVersion.objects.filter(course=OuterRef("pk")))
    due = whole_courses().filter(
        Q(code__in=courses) & ~has_one | Q(code__in=changed, status=CourseStatus.PUBLISHED)
    )
    publish_versions(
        due.select_for_update(of=("self",)), by=None, now=now, note=_("Changed by a catalogue file")
    )


def _course(record: Record, tracks: dict[str, Track], departments: dict[str, Department]) -> dict:
    hours = record.decimal("hours")
    if not 0 < hours < MOST_HOURS or hours % QUARTER_HOUR:
        raise record.wrong("hours", _("study hours are more than 0 and go in steps of 0.25"))
    return {
        "code": record.code("course_code", 12),
        "title": record.required("title", 80),
        "track_id": record.one_of("track", tracks).pk,
        "department_id": (
            record.one_of("department_code", departments).pk if record["department_code"] else None
        ),
        "origin": record.text("source", 60),
        "hours": hours,
        "summary": record["summary"],
        "objectives": record["objectives"],
        "lecturer_type": record.text("lecturer_type", 40),
        "is_immersive": record.yes("is_immersive"),
        "immersive_topic": record.text("immersive_topic", 60),
        "practice_move": _practice_move(record),
    }


def _practice_move(record: Record) -> int | None:
    """`2 电梯加装` → 2: the number of the practice move, followed by its name."""
    number = record["practice_move"].partition(" ")[0]
    if not number:
        return None
    if not (number.isascii() and number.isdecimal() and len(number) < 5):
        raise record.wrong(
            "practice_move",
            _("“%(value)s” is not a whole number") % {"value": record["practice_move"][:40]},
        )
    return int(number)


def _course_links(file, courses, formats, items, positions, stages) -> set[str]:
    """Set the many-to-many columns; returns the codes of the courses whose links changed."""
    columns = {
        "formats": ("teaching_formats", formats),
        "audiences": ("audiences", positions),
        "stages": ("level", stages),
        "service_items": ("service_items", items),
        "prerequisites": ("prerequisites", courses),
    }
    touched = set_links(
        {
            field: {
                courses[record["course_code"]].pk: {
                    item.pk for item in record.many_of(column, known)
                }
                for record in file
            }
            for field, (column, known) in columns.items()
        }
    )
    return {code for code, course in courses.items() if course.pk in touched}


# --- Classes --------------------------------------------------------------------------------------


def _classes(file, courses, experts, positions, report: LoadReport) -> None:
    campuses = {item.code: item for item in Campus.objects.all()}
    venues = {item.code: item for item in Venue.objects.all()}
    towns = {item.code: item for item in Town.objects.all()}
    programmes = _terms(Programme, file, "programme", report)
    newest = {}
    for version in CourseVersion.objects.filter(course__in=courses.values()).order_by("number"):
        newest[version.course_id] = version
    locked = (
        TrainingClass.objects.select_for_update(no_key=True)
        .filter(code__in={record["class_code"] for record in file})
        .order_by("pk")
    )
    present = {
        item.code: item
        for item in locked.prefetch_related("audiences", "pools__town", "lessons__course_version")
    }
    seen: set[str] = set()
    for code, group in groupby(file, key=lambda record: record["class_code"]):
        records = list(group)
        if code in seen:
            raise records[0].wrong("class_code", _("the rows of a class must stand together"))
        seen.add(code)
        plan = _class_plan(
            records, courses, newest, experts, campuses, venues, programmes, positions, towns
        )
        _write_class(records[0], plan, present.get(code), report)
    _refuse_double_booking(file)


@dataclass
class ClassPlan:
    """One class as the file wants it."""

    fields: dict
    audiences: list[Position]
    town_seats: dict[Town, int]
    lessons: list[dict]


def _class_plan(
    records, courses, newest, experts, campuses, venues, programmes, positions, towns
) -> ClassPlan:
    first = records[0]
    capacity = first.integer("capacity")
    if not capacity:
        raise first.wrong("capacity", _("a class needs at least one seat"))
    lessons = [_lesson(record, courses, newest, experts, venues) for record in records]
    _once(records, "lesson_no")
    split_hours(lessons)
    smallest = min(records, key=lambda record: venues[record["venue_code"]].capacity)
    if capacity > venues[smallest["venue_code"]].capacity:
        raise first.wrong(
            "capacity",
            _("room %(venue)s has only %(seats)d seats")
            % {
                "venue": venues[smallest["venue_code"]].name,
                "seats": venues[smallest["venue_code"]].capacity,
            },
        )
    if first.moment("booking_opens") >= first.moment("booking_closes"):
        raise first.wrong("booking_closes", _("booking closes before it opens"))
    if first.moment("booking_closes") > min(lesson["starts_at"] for lesson in lessons):
        raise first.wrong("booking_closes", _("booking closes after the first lesson has begun"))
    return ClassPlan(
        fields={
            "code": first.code("class_code", 20),
            "title": first.required("class_name", 80),
            "programme": first.one_of("programme", programmes) if first["programme"] else None,
            "campus": first.one_of("organiser_campus", campuses),
            "season": first.text("season", 6),
            "capacity": capacity,
            "has_waiting_list": first.yes("waitlist"),
            "booking_opens_at": first.moment("booking_opens"),
            "booking_closes_at": first.moment("booking_closes"),
            "starts_at": min(lesson["starts_at"] for lesson in lessons),
            "ends_at": max(lesson["ends_at"] for lesson in lessons),
            "lesson_count": len(lessons),
            "hours": sum(lesson["hours"] for lesson in lessons),
        },
        audiences=first.many_of("audiences", positions),
        town_seats=_quotas(first, towns, capacity),
        lessons=lessons,
    )


def _lesson(record: Record, courses, newest, experts, venues) -> dict:
    starts_at, ends_at = record.moment("start"), record.moment("end")
    if ends_at <= starts_at:
        raise record.wrong("end", _("the lesson ends before it starts"))
    return {
        "number": record.integer("lesson_no", MOST_LESSONS),
        "course_version": newest[record.one_of("course_code", courses).pk],
        "venue": record.one_of("venue_code", venues),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "expert": record.one_of("lecturer_code", experts) if record["lecturer_code"] else None,
        "lecturer_type": record.text("lecturer_type", 40),
    }


def _quotas(record: Record, towns: dict[str, Town], capacity: int) -> dict[Town, int]:
    """`310113003:3;310113007:2` → seats by town."""
    found: dict[Town, int] = {}
    for part in filter(None, record["town_quotas"].split(";")):
        code, _colon, seats = part.partition(":")
        if (
            code not in towns
            or not (seats.isascii() and seats.isdecimal())
            or len(seats) > 5
            or towns[code] in found
        ):
            raise record.wrong(
                "town_quotas", _("“%(value)s” is not a town and its seats") % {"value": part[:40]}
            )
        found[towns[code]] = int(seats)
    if sum(found.values()) > capacity:
        raise record.wrong("town_quotas", _("the quotas exceed the seats"))
    return found


def _write_class(
    record: Record, plan: ClassPlan, present: TrainingClass | None, report: LoadReport
) -> None:
    if present is None:
        training_class = TrainingClass.objects.create(**plan.fields, status=ClassStatus.OPEN)
        training_class.audiences.set(plan.audiences)
        Lesson.objects.bulk_create(
            Lesson(training_class=training_class, **lesson) for lesson in plan.lessons
        )
        share_out(training_class, capacity=plan.fields["capacity"], town_seats=plan.town_seats)
        report.new += 1 + len(plan.lessons)
        return
    if present.status not in EDITABLE_BY_FILE:
        report.same += 1 + len(plan.lessons)
        return
    changed = [
        name
        for name, value in plan.fields.items()
        if name != "capacity" and getattr(present, name) != value
    ]
    for name in changed:
        setattr(present, name, plan.fields[name])
    if changed:
        present.save()
    audiences_changed = {item.pk for item in present.audiences.all()} != {
        item.pk for item in plan.audiences
    }
    if audiences_changed:
        present.audiences.set(plan.audiences)
    try:
        seats_changed = share_out(
            present, capacity=plan.fields["capacity"], town_seats=plan.town_seats
        )
    except PortalError as error:
        raise record.wrong("capacity", str(error)) from error
    if changed or audiences_changed or seats_changed:
        report.changed += 1
    else:
        report.same += 1
    _write_lessons(record, present, plan.lessons, report)


def _write_lessons(
    record: Record, training_class: TrainingClass, wanted: list[dict], report: LoadReport
) -> None:
    present = {lesson.number: lesson for lesson in training_class.lessons.all()}
    before = times_and_places(present.values())
    for fields in wanted:
        lesson = present.pop(fields["number"], None)
        if lesson is None:
            Lesson.objects.create(training_class=training_class, **fields)
            report.new += 1
            continue
        changed = [
            name
            for name, value in fields.items()
            if name != "course_version" and getattr(lesson, name) != value
        ]
        if lesson.course_version.course_id != fields["course_version"].course_id:
            # a lesson keeps the version it was planned with, unless it teaches another course
            changed.append("course_version")
        if changed:
            for name in changed:
                setattr(lesson, name, fields[name])
            lesson.save()
            report.changed += 1
        else:
            report.same += 1
    for lesson in present.values():
        if lesson.attendances.exists():
            raise record.wrong(
                "lesson_no",
                _("lesson %(number)d has attendance and cannot be left out")
                % {"number": lesson.number},
            )
        lesson.delete()
        report.ended += 1
    if before != times_and_places(training_class.lessons.all()):
        TrainingClass.objects.filter(pk=training_class.pk).update(sequence=F("sequence") + 1)


def _refuse_double_booking(file: list[Record]) -> None:
    """A room, an expert, or the people of a class cannot be in two lessons at one time.

    One query, whatever the file holds.
    """
    records = {(record["class_code"], record.integer("lesson_no")): record for record in file}
    lessons = (
        Lesson.objects.filter(training_class__status__in=(*EDITABLE_BY_FILE, ClassStatus.RUNNING))
        .order_by("starts_at", "pk")
        .values_list(
            "venue_id",
            "expert_id",
            "training_class_id",
            "starts_at",
            "ends_at",
            "training_class__code",
            "number",
        )
    )
    for place, column, sentence in (
        (0, "venue_code", _("the room is taken at that time by class %(code)s, lesson %(number)d")),
        (
            1,
            "lecturer_code",
            _("the lecturer is in class %(code)s, lesson %(number)d at that time"),
        ),
        (2, "start", _("lesson %(number)d of class %(code)s is at the same time")),
    ):
        # of each room (or expert, or class): the lesson so far that ends last
        latest: dict[int, tuple] = {}
        for lesson in lessons:
            key, (starts_at, ends_at, code, number) = lesson[place], lesson[3:]
            before = latest.get(key)
            if (
                key is not None
                and before
                and starts_at < before[0]
                and ((code, number) in records or before[1:] in records)
            ):
                mine, (other_code, other_number) = (
                    ((code, number), before[1:])
                    if (code, number) in records
                    else (before[1:], (code, number))
                )
                raise records[mine].wrong(
                    column, sentence % {"code": other_code, "number": other_number}
                )
            if not before or ends_at > before[0]:
                latest[key] = (ends_at, code, number)
