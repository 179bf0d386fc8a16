"""A past for the people of the tests: courses taken, days missed."""

from datetime import timedelta

from courses.models import ClassStatus
from trainees.models import Attendance, AttendanceStatus, EnrolmentStatus

from ..factories import NOW, CourseVersionFactory, EnrolmentFactory, LessonFactory, class_with


def has_taken(trainee, course, *, at=None, status=AttendanceStatus.PRESENT, content=None):
    """A closed class with one lesson of the course, which the trainee attended; returns the
    class.
    """
    at = at or NOW - timedelta(days=100)
    training_class = class_with(
        seats=1,
        lessons=0,
        starts_at=at,
        booking_opens_at=at - timedelta(days=9),
        booking_closes_at=at - timedelta(days=1),
    )
    version = CourseVersionFactory(course=course, content=content or {})
    lesson = LessonFactory(
        training_class=training_class,
        number=1,
        course_version=version,
        starts_at=at,
        venue__campus=training_class.campus,
    )
    came = status != AttendanceStatus.ABSENT
    pool = training_class.pools.get()
    enrolment = EnrolmentFactory(
        trainee=trainee,
        training_class=training_class,
        pool=pool,
        status=EnrolmentStatus.COMPLETED if came else EnrolmentStatus.BOOKED,
    )
    pool.seats_taken = 1
    pool.save()
    Attendance.objects.create(
        enrolment=enrolment, lesson=lesson, status=status, marked_by=trainee.user, marked_at=at
    )
    training_class.status, training_class.lesson_count = ClassStatus.CLOSED, 1
    training_class.save()
    return training_class


def was_absent(trainee, course, *, days_ago):
    return has_taken(
        trainee, course, at=NOW - timedelta(days=days_ago), status=AttendanceStatus.ABSENT
    )
