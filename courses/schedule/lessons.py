"""Writing the lessons of a class: their numbers, course versions and study hours."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from ..models import HELD, Course, CourseStatus, CourseVersion, Lesson, RemovedLesson, TrainingClass
from .class_plans import LessonPlan, Problem, SchedulingRefused
from .double_booking import refuse_double_booking
from .lesson_hours import question_about_hours, split_hours
from .slots import each_once, fill_in_hours, same_for_all_slots
from .teachers import with_teachers, write_teachers

OUT_OF_THE_WAY = 1000  # added to lesson numbers while they are given out anew


@transaction.atomic
def save_lessons(
    *, training_class: TrainingClass, lessons: Sequence[LessonPlan], now: datetime
) -> None:
    """Make the lessons of a class the ones wanted, numbered by time, and repeat on the class what
    they add up to.

    Call with the class locked. A lesson keeps the version of its course that it was planned with.
    Raises SchedulingRefused when a room or an expert is wanted elsewhere at the time, or a lesson
    with attendance would vanish.
    """
    present = {
        lesson.pk: lesson
        for lesson in training_class.lessons.select_related("course_version").prefetch_related(
            with_teachers()
        )
    }
    for place, plan in enumerate(lessons):
        if plan.pk is not None and plan.pk not in present:
            raise SchedulingRefused(
                Problem(
                    _("Somebody has taken this lesson out meanwhile. Load the page again."),
                    "course",
                    place,
                )
            )
    refuse_double_booking(training_class, lessons, present)
    before = times_and_places(present.values())
    _remove(training_class, present, keep={plan.pk for plan in lessons}, now=now)
    rows = _rows(lessons, present)
    split_hours(fill_in_hours(rows))
    same_for_all_slots(rows)
    _ask_about_hours(lessons, rows, present)
    training_class.lessons.update(number=F("number") + OUT_OF_THE_WAY)
    for number, row in enumerate(sorted(rows, key=lambda row: row["starts_at"]), start=1):
        lesson = present.get(row.pop("pk")) or Lesson(training_class=training_class)
        teachers = row.pop("teachers")
        for name, value in (row | {"number": number}).items():
            setattr(lesson, name, value)
        lesson.save()
        write_teachers(lesson, teachers)
    training_class.starts_at = min((row["starts_at"] for row in rows), default=None)
    training_class.ends_at = max((row["ends_at"] for row in rows), default=None)
    attended = each_once(rows, lambda row: row["slot_group"])
    training_class.lesson_count = len(attended)
    training_class.hours = sum((row["hours"] for row in attended), Decimal(0))
    training_class.sequence += before != times_and_places(training_class.lessons.all())
    training_class.save(
        update_fields=["starts_at", "ends_at", "lesson_count", "hours", "sequence", "updated_at"]
    )


def _ask_about_hours(
    lessons: Sequence[LessonPlan], rows: Sequence[dict], present: Mapping[int, Lesson]
) -> None:
    """Raise SchedulingRefused with a question for each lesson whose hours hardly fit its time,
    unless whoever plans has agreed to them or they stand so already.
    """
    asked = []
    for place, (plan, row) in enumerate(zip(lessons, rows, strict=True)):
        stored = present.get(plan.pk)
        facts = ("starts_at", "ends_at", "hours", "break_minutes")
        stands = stored is not None and all(getattr(stored, name) == row[name] for name in facts)
        taught = row["ends_at"] - row["starts_at"] - timedelta(minutes=row["break_minutes"])
        question = question_about_hours(row["hours"], taught)
        if question and not (plan.hours_agreed or stands):
            asked.append(Problem(question, "hours_agreed", place))
    if asked:
        raise SchedulingRefused(*asked)


def times_and_places(lessons: Iterable[Lesson]) -> set[tuple]:
    """What a calendar shows of lessons: when it differs, the class has changed its sequence."""
    return {(lesson.pk, lesson.starts_at, lesson.ends_at, lesson.venue_id) for lesson in lessons}


def _remove(
    training_class: TrainingClass,
    present: Mapping[int, Lesson],
    *,
    keep: set[int | None],
    now: datetime,
) -> None:
    for lesson in present.values():
        if lesson.pk in keep:
            continue
        # also marks that were taken back: their log stays
        if lesson.attendances.exists() or lesson.attendance_changes.exists():
            sentence = _("Lesson %(number)d has attendance and cannot be taken out.") % {
                "number": lesson.number
            }
            raise SchedulingRefused(Problem(sentence, "lessons"))
        if lesson.make_ups.exists():
            sentence = _(
                "Somebody makes up a missed lesson in lesson %(number)d, so it cannot be taken out."
            ) % {"number": lesson.number}
            raise SchedulingRefused(Problem(sentence, "lessons"))
        if training_class.status in HELD:
            RemovedLesson.objects.create(
                training_class=training_class,
                lesson_key=lesson.pk,
                course_version=lesson.course_version,
                venue_id=lesson.venue_id,
                starts_at=lesson.starts_at,
                ends_at=lesson.ends_at,
                slot_group=lesson.slot_group,
                removed_at=now,
            )
        lesson.delete()


def _rows(lessons: Sequence[LessonPlan], present: Mapping[int, Lesson]) -> list[dict]:
    newest = newest_versions({plan.course.pk for plan in lessons})
    retired = retired_now(plan.course.pk for plan in lessons)
    rows = []
    for place, plan in enumerate(lessons):
        lesson = present.get(plan.pk)
        keeps = lesson is not None and lesson.course_version.course_id == plan.course.pk
        if not keeps and plan.course.pk in retired:
            raise SchedulingRefused(
                Problem(
                    _("“%(title)s” is retired and cannot be planned any more.")
                    % {"title": plan.course.title},
                    "course",
                    place,
                )
            )
        version = lesson.course_version if keeps else newest.get(plan.course.pk)
        if version is None:
            raise SchedulingRefused(
                Problem(
                    _("This course has never been published, so it cannot be taught yet."),
                    "course",
                    place,
                )
            )
        rows.append(
            {
                "pk": plan.pk,
                "course_version": version,
                "venue": plan.venue,
                "starts_at": plan.starts_at,
                "ends_at": plan.ends_at,
                "hours": plan.hours,
                "break_minutes": plan.break_minutes,
                "slot_group": plan.slot_group,
                "slot_seats": plan.slot_seats,
                "teachers": plan.teachers,
                "lecturer_type": lesson.lecturer_type if keeps else plan.course.lecturer_type,
            }
        )
    return rows


def retired_now(courses: Iterable[int]) -> set[int]:
    """Those retired by now.

    The rows are locked, so that a course is not retired between this look and the lesson.
    """
    locked = Course.objects.select_for_update(no_key=True).filter(pk__in=courses).order_by("pk")
    return {
        pk for pk, status in locked.values_list("pk", "status") if status == CourseStatus.RETIRED
    }


def newest_versions(courses: Iterable[int]) -> dict[int, CourseVersion]:
    """Course key → its newest version."""
    newest = (
        CourseVersion.objects.filter(course__in=courses)
        .values("course")
        .annotate(highest=Max("number"))
    )
    wanted = {row["course"]: row["highest"] for row in newest}
    return {
        version.course_id: version
        for version in CourseVersion.objects.filter(course__in=wanted)
        if version.number == wanted[version.course_id]
    }
