"""Classes that have ended, with people who were there, for the tests of evaluations."""

from datetime import datetime, timedelta

from courses.models import TrainingClass
from trainees.evaluation.box import answer
from trainees.evaluation.windows import open_due
from trainees.models import Aspect, Attendance, EnrolmentStatus, Trainee

from ..factories import NOW, EnrolmentFactory, TraineeFactory, UserFactory, class_with

AFTER = timedelta(hours=2)  # after the end of the last lesson


def held(*, people: int, ends: datetime = NOW, came: bool = True, **fields) -> TrainingClass:
    """A class of one lesson that ended at `ends`, whose people were marked."""
    training_class = class_with(
        seats=60, starts_at=ends - timedelta(minutes=145), status="running", **fields
    )
    for _number in range(people):
        attended_by(TraineeFactory(), training_class, came=came)
    return training_class


def attended_by(trainee: Trainee, training_class: TrainingClass, *, came: bool = True) -> Trainee:
    """The person has a seat and was there, or was absent."""
    pool = training_class.pools.first()
    enrolment = EnrolmentFactory(
        trainee=trainee, training_class=training_class, status=EnrolmentStatus.BOOKED, pool=pool
    )
    Attendance.objects.create(
        enrolment=enrolment,
        lesson=training_class.lessons.first(),
        status="present" if came else "absent",
        marked_by=UserFactory(),
        marked_at=training_class.starts_at,
    )
    return trainee


def people_of(training_class: TrainingClass) -> list[Trainee]:
    """The people of the class in the order of their bookings."""
    return [
        enrolment.trainee
        for enrolment in training_class.enrolments.select_related("trainee__user").order_by("pk")
    ]


def say(training_class: TrainingClass, trainee: Trainee, grade: int = 5, **more) -> None:
    """The person answers, with one grade for all."""
    answer(
        training_class=training_class,
        trainee=trainee,
        grades=more.pop("grades", dict.fromkeys(Aspect.values, grade)),
        now=more.pop("now", training_class.ends_at + AFTER),
        **more,
    )


def evaluated(*, answers: int, people: int | None = None, **fields) -> TrainingClass:
    """A class that so many have answered for."""
    training_class = held(people=people or answers, **fields)
    open_due(training_class.ends_at)
    for trainee in people_of(training_class)[:answers]:
        say(training_class, trainee, useful="演练最管用", improve="再长一点")
    return training_class
