"""Who stands on the roster of a class, on its roll and in its queue."""

from courses.models import ClassStatus, TrainingClass

from ..models import SEAT_HOLDING, TAKING_PART, Enrolment, EnrolmentStatus


def people_of(training_class: TrainingClass):
    """Who holds a seat, in the order of lists: by town, then by the strokes of the name.

    Of a cancelled class, who held one until then.
    """
    if training_class.status == ClassStatus.CANCELLED:
        found = Enrolment.objects.ended_with_the_class().filter(stood_as__in=SEAT_HOLDING)
    else:
        found = Enrolment.objects.holding_a_seat()
    return (
        found.filter(training_class=training_class)
        .select_related("trainee__user", "village__town", "position", "learner_group", "approval")
        .order_by("village__town__code", "trainee__stroke_key", "pk")
    )


def on_the_roll_of(training_class: TrainingClass):
    """Those of them who take part, or would have: a seat that is only offered is nobody's yet."""
    if training_class.status == ClassStatus.CANCELLED:
        return people_of(training_class).filter(stood_as__in=TAKING_PART)
    return people_of(training_class).taking_part()


def queue_of(training_class: TrainingClass):
    """Who waits, first come first; of a cancelled class, who waited until then."""
    if training_class.status == ClassStatus.CANCELLED:
        ended = Enrolment.objects.ended_with_the_class().filter(stood_as=EnrolmentStatus.WAITLISTED)
        found = ended.in_queue_order()
    else:
        found = Enrolment.objects.waiting()
    return found.filter(training_class=training_class).select_related(
        "trainee__user", "village__town", "position", "learner_group", "approval"
    )
