"""The demonstration year's moved class: the last lesson of a class that the cadre booked is held a
week later, and all were told.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from academy.models import User
from courses.models import ClassStatus, TrainingClass
from courses.schedule.bulk_scheduling import moved_plan
from courses.schedule.class_plans import LessonPlan, SchedulingRefused
from courses.schedule.teachers import teachers_of, with_teachers
from trainees.classes.changes import change_plan
from trainees.models import EnrolmentStatus, Trainee

WEEKS_TO_TRY = 4  # a room may be taken a week later


def move_a_class(*, cadre: Trainee, by: User, now: datetime) -> TrainingClass | None:
    """The first class ahead of the cadre whose last lesson finds its room free some week later;
    nothing when there is none.
    """
    booked = cadre.enrolments.filter(status=EnrolmentStatus.BOOKED).values("training_class")
    ahead = TrainingClass.objects.filter(
        pk__in=booked, status=ClassStatus.OPEN, starts_at__gt=now + timedelta(days=2)
    )
    for training_class in ahead.order_by("starts_at", "code"):
        lessons = list(
            training_class.lessons.select_related("course_version__course", "venue")
            .prefetch_related(with_teachers())
            .order_by("starts_at")
        )
        for weeks in range(1, WEEKS_TO_TRY + 1):
            plans = [
                LessonPlan(
                    lesson.course_version.course,
                    lesson.venue,
                    lesson.starts_at,
                    lesson.ends_at,
                    lesson.hours,
                    teachers_of(lesson),
                    lesson.pk,
                    slot_group=lesson.slot_group,
                    slot_seats=lesson.slot_seats,
                )
                for lesson in lessons
            ]
            shift = timedelta(weeks=weeks)
            plans[-1] = replace(
                plans[-1], starts_at=plans[-1].starts_at + shift, ends_at=plans[-1].ends_at + shift
            )
            plan = replace(
                moved_plan(training_class, days=0), code=training_class.code, lessons=plans
            )
            try:
                return change_plan(
                    training_class=training_class, plan=plan, by=by, now=now - timedelta(hours=2)
                ).training_class
            except SchedulingRefused:
                continue
    return None
