"""Classes ahead in which several people teach: an expert comments in the last lesson, and the
coordinator of the site is the class teacher.
"""

from datetime import datetime

from academy.access import campuses_of
from academy.models import User
from courses.models import ClassStatus, Expert, Lesson, TeachingRole, TrainingClass
from courses.schedule.free_times import busy_lessons
from courses.schedule.teachers import Teacher, teachers_of, with_teachers, write_teachers

CLASSES = 8
COMMENTED = 2  # closed classes in which the expert who can log in commented


def let_several_teach(*, coordinator: User, expert: Expert, now: datetime) -> None:
    """The expert commented in two closed classes.

    In the first classes ahead of the coordinator's site and of the others; who is in another
    lesson at the time is passed over.
    """
    closed = (
        TrainingClass.objects.filter(status=ClassStatus.CLOSED)
        .order_by("-starts_at", "code")
        .prefetch_related(with_teachers("lessons__teachers"))
    )
    comment = Teacher(expert, TeachingRole.COMMENTATOR)
    for item in closed[:COMMENTED]:
        for lesson in item.lessons.all():
            if _is_free(comment, lesson):
                write_teachers(lesson, [*teachers_of(lesson), comment])
    ahead = (
        TrainingClass.objects.filter(status=ClassStatus.OPEN, starts_at__gt=now)
        .order_by("starts_at", "code")
        .prefetch_related(with_teachers("lessons__teachers"))
    )
    own = campuses_of(coordinator)
    looked_after = Teacher(None, TeachingRole.CLASS_TEACHER, coordinator)
    for item in ahead.filter(campus__in=own)[:CLASSES]:
        for lesson in item.lessons.all():
            if _is_free(looked_after, lesson):
                write_teachers(lesson, [*teachers_of(lesson), looked_after])
    comments = [
        Teacher(expert, TeachingRole.COMMENTATOR)
        for expert in Expert.objects.filter(published=True).order_by("-code")
    ]
    for item in ahead.all()[:CLASSES]:
        lesson = list(item.lessons.all())[-1]
        for teacher in comments:
            if _is_free(teacher, lesson):
                write_teachers(lesson, [*teachers_of(lesson), teacher])
                break


def _is_free(teacher: Teacher, lesson: Lesson) -> bool:
    return not busy_lessons(lesson.starts_at, lesson.ends_at, teachers=[teacher.key])
