"""May this person book this class?

Every rule as a line in plain words, the same on the page, in the command and in a refusal.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.db.models import prefetch_related_objects

from courses.models import TrainingClass

from ..errors import Reason
from ..models import EnrolmentChannel, Trainee
from ..seats.counting import towns_that_wait
from .clashes import commitments_of
from .interest import interested_in
from .past import clash_reason, repeat_reason
from .person import approval_reasons, own_reasons, prerequisite_reasons
from .repeats import Earlier, courses_taken, earlier_trainings, trainings_of
from .requirements import Requirements, requirements_of
from .seat import seat_reason
from .window import first_refusal_reasons, window_reason


def reasons_for(
    trainee: Trainee,
    training_class: TrainingClass,
    now: datetime,
    requirements: Requirements | None = None,
) -> list[Reason]:
    """Every rule as it stands for the trainee now, those that fail first; `requirements` where they
    are at hand.
    """
    return reasons_for_many(
        trainee, [training_class], now, requirements and {training_class.pk: requirements}
    )[training_class.pk]


def reasons_for_many(
    trainee: Trainee,
    classes: Collection[TrainingClass],
    now: datetime,
    requirements: Mapping[int, Requirements] | None = None,
    *,
    leaving: TrainingClass | None = None,
) -> dict[int, list[Reason]]:
    """Class key → every rule as it stands for the trainee now; the number of queries does not grow
    with the classes.

    `leaving` is a class that the person would give up for one of these.
    """
    rules = _rules_besides_the_window(trainee, classes, now, requirements, leaving)
    return {
        item.pk: sorted([window_reason(item, now), *rules[item.pk]], key=lambda reason: reason.ok)
        for item in classes
    }


def first_obstacles(
    trainee: Trainee, classes: Collection[TrainingClass], now: datetime
) -> dict[int, Reason]:
    """Class key → the first rule that fails, for those among classes open for booking where one
    does.

    What comes after it is not asked, and of rules that pass nothing is said.
    """
    rules = _rules_besides_the_window(trainee, classes, now)
    failing = {
        pk: next((reason for reason in reasons if not reason.ok), None)
        for pk, reasons in rules.items()
    }
    return {pk: reason for pk, reason in failing.items() if reason}


def _rules_besides_the_window(
    trainee: Trainee,
    classes: Collection[TrainingClass],
    now: datetime,
    requirements: Mapping[int, Requirements] | None = None,
    leaving: TrainingClass | None = None,
) -> dict[int, Iterator[Reason]]:
    """Class key → the rules in their order, each looked at when it is asked for; all that they
    compare is read at once.
    """
    prefetch_related_objects(list(classes), "pools")
    requirements = requirements or requirements_of(classes)
    trainings = trainings_of(trainee)
    taken = courses_taken(trainings)
    earlier = earlier_trainings(
        trainings, {item.pk: requirements[item.pk] for item in classes if item.guards_repeats}, now
    )
    commitments = commitments_of(trainee, classes)
    commitments = commitments.without(leaving) if leaving else commitments
    waiting = towns_that_wait(classes, now)
    interested = interested_in(trainee, classes, now)

    def rules(training_class: TrainingClass) -> Iterator[Reason]:
        yield from first_refusal_reasons(training_class, interested, now)
        yield from own_reasons(trainee, training_class, requirements[training_class.pk])
        yield from prerequisite_reasons(requirements[training_class.pk], taken)
        yield from approval_reasons(trainee, training_class)
        if training_class.guards_repeats:
            yield repeat_reason(earlier[training_class.pk])
        yield clash_reason(training_class, commitments)
        yield seat_reason(
            trainee.village.town,
            training_class,
            training_class.pools.all(),
            now,
            waiting.get(training_class.pk, ()),
        )

    return {training_class.pk: rules(training_class) for training_class in classes}


def may_be_for(trainee: Trainee, training_class: TrainingClass, requirements: Requirements) -> bool:
    """Whether post or group, stage and street-town fit; asks no database where the person came with
    the profile.
    """
    return all(reason.ok for reason in own_reasons(trainee, training_class, requirements))


def reasons_before_the_lock(
    trainee: Trainee, training_class: TrainingClass, now: datetime
) -> tuple[list[Reason], list[Earlier]]:
    """Against a booking, of what does not change within a moment: post, stage, town, prerequisites.

    And what it would repeat.
    """
    requirements = requirements_of([training_class])[training_class.pk]
    trainings = trainings_of(trainee)
    reasons = [
        *first_refusal_reasons(training_class, interested_in(trainee, [training_class], now), now),
        *own_reasons(trainee, training_class, requirements),
        *prerequisite_reasons(requirements, courses_taken(trainings)),
    ]
    earlier = earlier_trainings(trainings, {training_class.pk: requirements}, now)[
        training_class.pk
    ]
    return [reason for reason in reasons if not reason.ok], earlier


def reasons_against_promotion(
    trainee: Trainee,
    training_class: TrainingClass,
    requirements: Requirements,
    *,
    channel: str = EnrolmentChannel.SELF,
) -> list[Reason]:
    """What is checked again when a seat comes free: what may have changed since, which is the
    person's post and time.
    """
    reasons = [
        *own_reasons(trainee, training_class, requirements),
        own_clash_reason(trainee, training_class, channel=channel),
    ]
    return [reason for reason in reasons if not reason.ok]


def own_clash_reason(
    trainee: Trainee,
    training_class: TrainingClass,
    *,
    channel: str = EnrolmentChannel.SELF,
    leaving: TrainingClass | None = None,
) -> Reason:
    """The clash rule for one person and class. Who is sent by a coordinator has other duties
    settled: only lessons count.

    `leaving` is a class that the person gives up for this one.
    """
    commitments = commitments_of(trainee, [training_class])
    return clash_reason(
        training_class,
        commitments.without(leaving) if leaving else commitments,
        only_lessons=channel != EnrolmentChannel.SELF,
    )
