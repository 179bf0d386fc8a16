"""Which of many classes a person can book now, and for each of the others the first reason why not.

Source: docs/rules.md R23.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from academy.nearness import Nearness, nearness_from
from courses.models import ClassStatus, TrainingClass
from courses.schedule.places import load_places

from ..errors import Reason
from ..models import Enrolment, EnrolmentStatus, Trainee
from .reasons import first_obstacles, reasons_for_many
from .window import why_not_now


@dataclass
class Choice:
    """Codes of the classes that can be booked, in the order they came in; class code → what stands
    against the others.
    """

    bookable: list[str] = field(default_factory=list)
    hidden: dict[str, Reason] = field(default_factory=dict)


def sort_out(trainee: Trainee, classes: Iterable[TrainingClass], now: datetime) -> Choice:
    """Sort classes into those that the person can book now, a place in the queue included, and the
    rest.

    The number of queries does not grow with the classes: what holds for everybody needs none.
    """
    choice = Choice()
    classes = list(classes)
    enrolled = dict(
        Enrolment.objects.live().filter(trainee=trainee).values_list("training_class", "status")
    )
    closed = {item.pk: refusal for item in classes if (refusal := why_not_now(item, now))}
    obstacles = first_obstacles(
        trainee,
        [item for item in classes if item.pk not in closed and item.pk not in enrolled],
        now,
    )
    for item in classes:
        if item.pk in enrolled:
            choice.hidden[item.code] = _enrolled(enrolled[item.pk])
        elif item.pk in closed:
            choice.hidden[item.code] = Reason(False, str(closed[item.pk]), rule="window")
        elif item.pk in obstacles:
            choice.hidden[item.code] = obstacles[item.pk]
        else:
            choice.bookable.append(item.code)
    return choice


def seats_for(
    trainee: Trainee,
    classes: Iterable[TrainingClass],
    now: datetime,
    *,
    leaving: TrainingClass | None = None,
    nearness: Nearness | None = None,
) -> list[TrainingClass]:
    """Of the classes those in which the person can have a seat now and attend every lesson, the
    nearest first.

    `leaving` is a class that is given up for one of them, `nearness` that of the trainee where it
    is at hand. The number of queries does not grow with the classes.
    """
    enrolled = set(
        Enrolment.objects.live().filter(trainee=trainee).values_list("training_class", flat=True)
    )
    classes = [
        item for item in classes if item.pk not in enrolled and why_not_now(item, now) is None
    ]
    if not classes:
        return []
    reasons = reasons_for_many(trainee, classes, now, leaving=leaving)
    return nearest_first(
        [item for item in classes if all(map(_is_no_obstacle, reasons[item.pk]))],
        nearness or nearness_of(trainee),
    )


def _is_no_obstacle(reason: Reason) -> bool:
    """A place in the queue is no seat, a clash that is only warned of keeps from attending; an
    approval is asked of all.
    """
    return reason.ok and (not reason.hint or reason.rule == "approval")


def nearest_first(classes: Iterable[TrainingClass], nearness: Nearness) -> list[TrainingClass]:
    """Those with a lesson in the own street-town, then those with one in a street-town bordering
    it, then all others; within each by time. One query.
    """
    classes = list(classes)
    load_places(classes)
    return sorted(
        classes, key=lambda item: (nearness.of(towns_of(item)), item.starts_at, item.code)
    )


def nearness_of(trainee: Trainee) -> Nearness:
    """How near street-towns are to the person's own; one query."""
    return nearness_from(trainee.village.town_id)


def towns_of(training_class: TrainingClass) -> list[int]:
    """Keys of the street-towns in which lessons of the class are held."""
    return [campus.town_id for campus in training_class.places]


def codes_open_now(classes: QuerySet[TrainingClass], now: datetime) -> set[str]:
    """Codes of those that take bookings, be it into the queue; what it asks of people is not
    looked at. One query.
    """
    open_now = classes.filter(
        status=ClassStatus.OPEN, booking_opens_at__lte=now, booking_closes_at__gt=now
    )
    return set(open_now.order_by().values_list("code", flat=True))


def open_first(classes: QuerySet[TrainingClass], trainee: Trainee) -> QuerySet[TrainingClass]:
    """The classes in their order, but those open to the group of a light account before all
    others.
    """
    links = TrainingClass.open_to_groups.through.objects.filter(
        trainingclass=OuterRef("pk"), learnergroup=trainee.learner_group_id
    )
    return classes.order_by(Exists(links).desc(), *classes.query.order_by)


def _enrolled(status: str) -> Reason:
    if status == EnrolmentStatus.WAITLISTED:
        return Reason(
            False,
            _("You are on the waiting list already"),
            way_out=_("Your place stands in “My classes”."),
            rule="enrolled",
        )
    return Reason(
        False,
        _("You have a seat already"),
        way_out=_("The lessons stand in “My classes”."),
        rule="enrolled",
    )
