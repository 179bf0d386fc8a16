"""What every booking asks of the database, as plain SQL: Django takes longer to write each of these
than the database to answer, and others wait for the class meanwhile.

`tests/trainees/test_statements.py` holds each against the queryset that it stands for, on both
databases. Source: docs/rules.md R44.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models.query import RawQuerySet

from academy.models import Village
from courses.models import (
    HELD,
    PUBLIC_CLASS_STATUSES,
    ClassStatus,
    Lesson,
    SeatPool,
    TrainingClass,
)

from .models import CAME, LIVE, SEAT_HOLDING, EnrolmentStatus, Trainee


def class_to_book(code: str) -> TrainingClass | None:
    """The class, if everybody sees it; asks nothing of the person."""
    found = TrainingClass.objects.raw(
        f"""
        SELECT * FROM courses_trainingclass
         WHERE code = %s AND (status IN {_places(PUBLIC_CLASS_STATUSES)} OR gauges_interest)
        """,
        [code, *PUBLIC_CLASS_STATUSES],
    )
    return next(iter(found), None)


def person_to_book(user) -> Trainee | None:
    """The profile of whoever is logged in, with the key of their street-town; what posts and places
    are called is read when a sentence needs it.
    """
    found = Trainee.objects.raw(
        """
        SELECT trainee.*, village.town_id
          FROM trainees_trainee trainee
          JOIN academy_village village ON village.id = trainee.village_id
         WHERE trainee.user_id = %s
        """,
        [user.pk],
    )
    for trainee in found:
        trainee.user = user
        trainee.village = Village.from_db(
            connection.alias, ["id", "town_id"], [trainee.village_id, trainee.town_id]
        )
        return trainee
    return None


def taught_in(classes: Collection[int]) -> RawQuerySet:
    """Lessons of the classes with `course_id`, and `prerequisite`: once for each of the course."""
    return Lesson.objects.raw(
        f"""
        SELECT lesson.id, lesson.training_class_id, lesson.course_version_id, version.course_id,
               before.to_course_id AS prerequisite
          FROM courses_lesson lesson
          JOIN courses_courseversion version ON version.id = lesson.course_version_id
          LEFT JOIN courses_course_prerequisites before
                 ON before.from_course_id = version.course_id
         WHERE lesson.training_class_id IN {_places(classes)}
        """,
        [*classes],
    )


def locked_class(key: int) -> TrainingClass:
    """The class, locked until the transaction ends."""
    found = TrainingClass.objects.raw(
        f"SELECT * FROM courses_trainingclass WHERE id = %s {_for_update()}", [key]
    )
    return found[0]


def shared_class(key: int) -> TrainingClass:
    """The class, closed to whoever locks it until the transaction ends; others may share it."""
    found = TrainingClass.objects.raw(
        f"SELECT * FROM courses_trainingclass WHERE id = %s {_for_update('FOR SHARE')}", [key]
    )
    return found[0]


def locked_person(key: int) -> Trainee:
    """The person, locked until the transaction ends."""
    found = Trainee.objects.raw(
        f"SELECT * FROM trainees_trainee WHERE id = %s {_for_update()}", [key]
    )
    return found[0]


def pools_of(training_class: int) -> list[SeatPool]:
    """The pools of a class, that of everybody last."""
    return list(
        SeatPool.objects.raw(
            "SELECT * FROM courses_seatpool WHERE training_class_id = %s"
            " ORDER BY town_id NULLS LAST",
            [training_class],
        )
    )


def take_a_seat(pool: int) -> bool:
    """Count one more seat as taken if there is one: no race can win it twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE courses_seatpool SET seats_taken = seats_taken + 1"
            " WHERE id = %s AND seats_taken < seats",
            [pool],
        )
        return cursor.rowcount == 1


def write_event(enrolment: int, kind: str, at: datetime, by: int | None, reason: str) -> None:
    """Add a line to the history of an enrolment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trainees_enrolmentevent (enrolment_id, kind, at, by_id, reason)"
            " VALUES (%s, %s, %s, %s, %s)",
            [enrolment, kind, connection.ops.adapt_datetimefield_value(at), by, reason],
        )


def lessons_beside(trainee: int, classes: Collection[int]) -> RawQuerySet:
    """Lessons of the classes, and of every other class to come in which the person has a seat.

    Each has `standing`, the status of the person's live enrolment in its class or nothing,
    `class_status`, `class_title` and `choice`, the person's choice of this slot or nothing. The
    keys of the classes are put together first: asked for with "or", the database would read every
    lesson there is.
    """
    return Lesson.objects.raw(
        f"""
        SELECT lesson.id, lesson.training_class_id, lesson.starts_at, lesson.ends_at,
               lesson.slot_group, choice.id AS choice, enrolment.status AS standing,
               class.status AS class_status, class.title AS class_title
          FROM courses_lesson lesson
          JOIN courses_trainingclass class ON class.id = lesson.training_class_id
          LEFT JOIN trainees_enrolment enrolment
                 ON enrolment.training_class_id = lesson.training_class_id
                AND enrolment.trainee_id = %s AND enrolment.status IN {_places(LIVE)}
          LEFT JOIN trainees_slotchoice choice
                 ON choice.enrolment_id = enrolment.id AND choice.lesson_id = lesson.id
                AND choice.left_at IS NULL
         WHERE lesson.training_class_id IN (
                   SELECT training_class_id FROM trainees_enrolment
                    WHERE trainee_id = %s AND status IN {_places(SEAT_HOLDING)}
                    UNION ALL
                   SELECT id FROM courses_trainingclass WHERE id IN {_places(classes)}
               )
           AND (class.status IN {_places(HELD)} OR class.id IN {_places(classes)})
         ORDER BY lesson.starts_at, lesson.id
        """,
        [trainee, *LIVE, trainee, *SEAT_HOLDING, *classes, *HELD, *classes],
    )


def lessons_attended(trainee: int) -> RawQuerySet:
    """Lessons of closed classes that the person came to, the newest first, with `course_id`,
    `version_title`, `class_title`, and `equivalent`: once for each course that counts as the same.
    """
    return Lesson.objects.raw(
        f"""
        SELECT lesson.id, lesson.starts_at, lesson.course_version_id, version.course_id,
               version.title AS version_title, class.title AS class_title,
               same.to_course_id AS equivalent
          FROM trainees_enrolment enrolment
          JOIN trainees_attendance mark ON mark.enrolment_id = enrolment.id
          JOIN courses_lesson lesson ON lesson.id = mark.lesson_id
          JOIN courses_trainingclass class ON class.id = lesson.training_class_id
          JOIN courses_courseversion version ON version.id = lesson.course_version_id
          LEFT JOIN courses_course_equivalents same ON same.from_course_id = version.course_id
         WHERE enrolment.trainee_id = %s AND enrolment.status = %s
           AND mark.status IN {_places(CAME)} AND class.status = %s
         ORDER BY lesson.starts_at DESC, lesson.id DESC
        """,
        [trainee, EnrolmentStatus.COMPLETED, *CAME, ClassStatus.CLOSED],
    )


def _for_update(strength: str = "FOR NO KEY UPDATE") -> str:
    return strength if connection.features.has_select_for_no_key_update else ""


def _places(values: Collection) -> str:
    """(%s, %s): one place for each value; none of them is written into the text."""
    return f"({', '.join(['%s'] * len(values)) or 'NULL'})"
