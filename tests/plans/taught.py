"""Classes that were held, closed and reopened, for the figures of plans."""

from datetime import datetime, timedelta
from unittest.mock import patch

from courses.models import TrainingClass
from plans.models import ClassFiling, PlanItem
from tests.factories import (
    NOW,
    EnrolmentFactory,
    TraineeFactory,
    UserFactory,
    class_with,
)
from trainees.models import Attendance, AttendanceStatus, EnrolmentStatus
from trainees.record.closing import close_class


def attended(*, people: int, starts_at: datetime = NOW - timedelta(days=9), **fields):
    """A class that is over, with so many people who came to each lesson; not closed yet."""
    training_class = class_with(seats=max(people, 1), starts_at=starts_at, **fields)
    pool, lessons = training_class.pools.get(), list(training_class.lessons.all())
    pool.seats_taken = people
    pool.save()
    for _number in range(people):
        enrolment = EnrolmentFactory(
            trainee=TraineeFactory(),
            training_class=training_class,
            pool=pool,
            status=EnrolmentStatus.BOOKED,
        )
        for lesson in lessons:
            Attendance.objects.create(
                enrolment=enrolment,
                lesson=lesson,
                status=AttendanceStatus.PRESENT,
                marked_by=enrolment.trainee.user,
                marked_at=starts_at,
            )
    return training_class


def taught(*, people: int, closed_at: datetime = NOW, **fields) -> TrainingClass:
    """A closed class whose hours are posted; it was closed before a plan was filed, so nothing was
    asked of it.
    """
    training_class = attended(people=people, **fields)
    with patch("plans.closing_parts.classes_asked", return_value=set()):
        close_class(training_class=training_class, by=UserFactory(), now=closed_at)
    return TrainingClass.objects.get(pk=training_class.pk)


def hangs_on(training_class: TrainingClass, item: PlanItem | None, reason: str = "") -> ClassFiling:
    """The row as it stands; no rule is asked."""
    return ClassFiling.objects.create(
        training_class=training_class, item=item, reason=reason, by=UserFactory(), at=NOW
    )
