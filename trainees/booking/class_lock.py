"""The one door to the lock of a class, and to those of people."""

from collections.abc import Iterable

from django.db.models import Q

from courses.models import TrainingClass

from ..models import Enrolment, EnrolmentStatus, Trainee
from ..statements import locked_class, locked_person


def lock(training_class: TrainingClass) -> TrainingClass:
    """The class row, locked until the transaction ends: whoever changes seats, queue or marks comes
    through here.
    """
    return locked_class(training_class.pk)


def lock_people(
    training_class: TrainingClass, people: Iterable[int], *, with_the_queue: bool
) -> dict[int, Trainee]:
    """Lock the people who may get a seat now, in the order of their keys.

    Otherwise two classes at once could both see that the person's time is free.
    """
    people = list(people)
    if len(people) == 1 and not with_the_queue:
        return {people[0]: locked_person(people[0])}
    wanted = Q(pk__in=people)
    if with_the_queue:
        wanted |= Q(
            pk__in=Enrolment.objects.filter(
                training_class=training_class, status=EnrolmentStatus.WAITLISTED
            ).values("trainee")
        )
    locked = Trainee.objects.select_for_update(of=("self",), no_key=True).filter(wanted)
    return {trainee.pk: trainee for trainee in locked.select_related("village").order_by("pk")}
