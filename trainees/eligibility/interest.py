"""A class without a date gauges interest; when it has one, the interested book before everybody
else.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import TrainingClass
from courses.schedule.scheduling import open_class
from notices.outbox import tell

from ..errors import NotGauging
from ..models import DatePoll, Interest, PollVote, Trainee
from ..notices.classes import CLASS_DATED, NOT_HELD_AFTER_ALL
from ..statements import locked_class

FIRST_REFUSAL = timedelta(hours=48)  # from when booking opens; docs/rules.md R22
LONGEST_SHARE = 2  # a short booking window is not used up: the interested get half of it at most


@transaction.atomic
def show_interest(*, trainee: Trainee, training_class: TrainingClass, now: datetime) -> Interest:
    """Keep that the trainee would come, once.

    Raises NotGauging when the class has a date or is not announced.
    """
    found = TrainingClass.objects.select_for_update(no_key=True).get(pk=training_class.pk)
    if not found.gauges_interest:
        raise NotGauging(_("The date of this class is set by now. Look whether you can book it."))
    return Interest.objects.get_or_create(
        trainee=trainee, training_class=found, defaults={"at": now}
    )[0]


@transaction.atomic
def take_back_interest(*, trainee: Trainee, training_class: TrainingClass) -> None:
    """Forget it again, with the dates that were tapped; without interest nothing happens."""
    locked_class(training_class.pk)
    PollVote.objects.filter(trainee=trainee, date__poll__training_class=training_class).delete()
    Interest.objects.filter(trainee=trainee, training_class=training_class).delete()


def end_polls(training_class: TrainingClass, now: datetime) -> None:
    """Ask about no date any more; call with the class locked."""
    DatePoll.objects.filter(training_class=training_class, ended_at__isnull=True).update(
        ended_at=now
    )


def is_interested(trainee: Trainee, training_class: TrainingClass) -> bool:
    """Return whether the trainee asked for the class before it had a date."""
    return Interest.objects.filter(trainee=trainee, training_class=training_class).exists()


@transaction.atomic
def open_to_the_interested(
    *, training_class: TrainingClass, by, now: datetime, index: bool = True
) -> TrainingClass:
    """Open a draft; who was interested is told at once and books first. Call with the class locked.

    Raises SchedulingRefused as `open_class` does. Without any interest the class opens to
    everybody.
    """
    training_class = open_class(training_class=training_class, by=by, now=now, index=index)
    end_polls(training_class, now)
    interested = list(
        Interest.objects.filter(training_class=training_class).select_related("trainee__user")
    )
    if not interested:
        return training_class
    opens_at = max(now, training_class.booking_opens_at)
    training_class.first_refusal_until = opens_at + min(
        FIRST_REFUSAL, (training_class.booking_closes_at - opens_at) / LONGEST_SHARE
    )
    training_class.save(update_fields=["first_refusal_until", "updated_at"])
    for interest in interested:
        _tell(interest, training_class, opens_at)
    return training_class


def tell_the_interested(*, training_class: TrainingClass, reason: str) -> None:
    """A class without a date that is cancelled: whoever would have come need not wait for the date.

    Call with the class locked.
    """
    for interest in Interest.objects.filter(training_class=training_class).select_related(
        "trainee__user"
    ):
        tell(
            NOT_HELD_AFTER_ALL,
            interest.trainee.user,
            values={"title": training_class.title, "reason": reason},
            link=training_class.get_absolute_url(),
            subject=interest,
            dedupe="class_cancelled",
        )


def _tell(interest: Interest, training_class: TrainingClass, opens_at: datetime) -> None:
    tell(
        CLASS_DATED,
        interest.trainee.user,
        values={
            "title": training_class.title,
            "begins": training_class.starts_at,
            "opens": opens_at,
            "until": training_class.first_refusal_until,
        },
        link=training_class.get_absolute_url(),
        subject=interest,
        dedupe="class_dated",
    )


def has_first_refusal(training_class: TrainingClass, now: datetime) -> bool:
    """Whether only the interested may book at this moment."""
    return (
        training_class.first_refusal_until is not None and now < training_class.first_refusal_until
    )


def interested_in(trainee: Trainee, classes: Collection[TrainingClass], now: datetime) -> set[int]:
    """Keys of the classes among these, kept for the interested now, in which the trainee was; asks
    only when there are such.
    """
    kept = [
        training_class.pk for training_class in classes if has_first_refusal(training_class, now)
    ]
    if not kept:
        return set()
    return set(
        Interest.objects.filter(trainee=trainee, training_class__in=kept).values_list(
            "training_class", flat=True
        )
    )
