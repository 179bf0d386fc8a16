"""Classes that were held and closed, with the people who completed them."""

from datetime import timedelta

from courses.models import TrainingClass
from trainees.booking.enrolling import book
from trainees.models import Certificate, Trainee
from trainees.record.attendance import mark, mark_rest
from trainees.record.closing import close_class

from ..factories import NOW, class_with


def closed_class(people, by, *, lessons=2, away=(), **fields) -> TrainingClass:
    """All were in every lesson, but for those `away`."""
    training_class = class_with(seats=len(people), lessons=lessons, **fields)
    for person in people:
        then = training_class.booking_opens_at + timedelta(days=1)
        book(
            trainee=person,
            training_class=training_class,
            by=person.user,
            now=then,
            repeat_reason="再学一遍",
        )
    for lesson in training_class.lessons.all():
        for person in away:
            mark(
                lesson=lesson,
                enrolments=[person.enrolments.get(training_class=training_class)],
                status="absent",
                by=by,
                now=lesson.ends_at,
            )
        mark_rest(lesson=lesson, status="present", by=by, now=lesson.ends_at)
    close_class(training_class=training_class, by=by, now=training_class.ends_at)
    training_class.refresh_from_db()
    return training_class


def certificate_of(person: Trainee, training_class: TrainingClass | None = None) -> Certificate:
    """A row as it stands, of the class or of the year; nothing is asked of the ledger."""
    kind = "class" if training_class else "year"
    return Certificate.objects.create(
        kind=kind,
        trainee=person,
        training_class=training_class,
        title=training_class.title if training_class else "",
        starts_on=NOW.date().replace(month=1, day=1),
        ends_on=NOW.date(),
        hours=3,
        issuer="宝山区社区治理学院",
        issued_at=NOW,
        issued_by=person.user,
    )
