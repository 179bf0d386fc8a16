"""Loading classes from a file, with their lessons and quotas."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import F
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.imports.loading import LoadReport
from academy.models import Campus, Position, Town, Venue
from academy.spreadsheets.csv_files import Record

from ..models import ClassStatus, CourseVersion, Lesson, Programme, TrainingClass
from ..schedule.conditions import set_conditions
from ..schedule.lesson_hours import split_hours
from ..schedule.lessons import times_and_places
from ..schedule.quotas import share_out
from ..schedule.teachers import Teacher, keys_of, with_teachers, write_teachers
from .files import MOST_LESSONS, load_terms, once
from .lesson_teachers import TeacherCells, UnknownTeacher

TEACHERS_COLUMN = "授课教师"  # may stand in place of the code: several names with their roles
EDITABLE_BY_FILE = (ClassStatus.DRAFT, ClassStatus.OPEN)
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


def load_classes(file, courses, experts, positions, report: LoadReport) -> None:
    """Write the classes of the file."""
    campuses = {item.code: item for item in Campus.objects.all()}
    venues = {item.code: item for item in Venue.objects.all()}
    towns = {item.code: item for item in Town.objects.all()}
    programmes = load_terms(Programme, file, "programme", report)
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
        for item in locked.prefetch_related(
            "audiences",
            "pools__town",
            "lessons__course_version",
            with_teachers("lessons__teachers"),
        )
    }
    seen: set[str] = set()
    teachers = TeacherCells(experts)
    for code, group in groupby(file, key=lambda record: record["class_code"]):
        records = list(group)
        if code in seen:
            raise records[0].wrong("class_code", _("the rows of a class must stand together"))
        seen.add(code)
        plan = _class_plan(
            records, courses, newest, teachers, campuses, venues, programmes, positions, towns
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
    records, courses, newest, teachers, campuses, venues, programmes, positions, towns
) -> ClassPlan:
    first = records[0]
    capacity = first.integer("capacity")
    if not capacity:
        raise first.wrong("capacity", _("a class needs at least one seat"))
    lessons = [_lesson(record, courses, newest, teachers, venues) for record in records]
    once(records, "lesson_no")
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


def _lesson(record: Record, courses, newest, teachers: TeacherCells, venues) -> dict:
    starts_at, ends_at = record.moment("start"), record.moment("end")
    if ends_at <= starts_at:
        raise record.wrong("end", _("the lesson ends before it starts"))
    return {
        "number": record.integer("lesson_no", MOST_LESSONS),
        "course_version": newest[record.one_of("course_code", courses).pk],
        "venue": record.one_of("venue_code", venues),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "teachers": _teachers(record, teachers),
        "lecturer_type": record.text("lecturer_type", 40),
    }


def _teachers(record: Record, cells: TeacherCells) -> tuple[Teacher, ...]:
    column = TEACHERS_COLUMN if record.values.get(TEACHERS_COLUMN) else "lecturer_code"
    try:
        return cells.read(record[column])
    except UnknownTeacher as error:
        raise record.wrong(column, str(error)) from error


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
        set_conditions(training_class, audiences=plan.audiences)
        for fields in plan.lessons:
            teachers = fields.pop("teachers")
            lesson = Lesson.objects.create(training_class=training_class, **fields)
            write_teachers(lesson, teachers)
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
        set_conditions(present, audiences=plan.audiences)
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
        teachers = fields.pop("teachers")
        lesson = present.pop(fields["number"], None)
        if lesson is None:
            lesson = Lesson.objects.create(training_class=training_class, **fields)
            write_teachers(lesson, teachers)
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
        for name in changed:
            setattr(lesson, name, fields[name])
        if changed:
            lesson.save()
        if write_teachers(lesson, teachers) or changed:
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
    """A room, a teacher, or the people of a class cannot be in two lessons at one time.

    Two queries, whatever the file holds.
    """
    records = {(record["class_code"], record.integer("lesson_no")): record for record in file}
    lessons = list(
        Lesson.objects.filter(training_class__status__in=(*EDITABLE_BY_FILE, ClassStatus.RUNNING))
        .select_related("training_class")
        .prefetch_related("teachers")
        .order_by("starts_at", "pk")
    )
    for keys, column, sentence in (
        (
            lambda lesson: [lesson.venue_id],
            "venue_code",
            _("the room is taken at that time by class %(code)s, lesson %(number)d"),
        ),
        (
            keys_of,
            "lecturer_code",
            _("the lecturer is in class %(code)s, lesson %(number)d at that time"),
        ),
        (
            lambda lesson: [lesson.training_class_id],
            "start",
            _("lesson %(number)d of class %(code)s is at the same time"),
        ),
    ):
        # of each room (or teacher, or class): the lesson so far that ends last
        latest: dict[object, Lesson] = {}
        for lesson in lessons:
            for key in keys(lesson):
                before = latest.get(key)
                if before and lesson.starts_at < before.ends_at:
                    _refuse_one_of(lesson, before, records, column, sentence)
                if not before or lesson.ends_at > before.ends_at:
                    latest[key] = lesson


def _refuse_one_of(
    lesson: Lesson, before: Lesson, records: dict, column: str, sentence: str
) -> None:
    """Raise the sentence at the row of whichever of the two the file names; else let them be."""
    for mine, other in ((lesson, before), (before, lesson)):
        if record := records.get((mine.training_class.code, mine.number)):
            raise record.wrong(
                column, sentence % {"code": other.training_class.code, "number": other.number}
            )
