"""The demonstration year's dispatch: a street-town has sent people to a class, and their answers
stand at every point.
"""

from datetime import datetime, timedelta

from academy.models import Town, User
from courses.models import ClassStatus, TrainingClass
from trainees.classes.changes import change_seats
from trainees.eligibility.reasons import reasons_for
from trainees.models import Nomination, Trainee
from trainees.on_behalf.nominations import answer, nominate

QUOTA = 4  # seats of the town in the class
COLLEAGUES = 12  # people asked in turn until the quota is used


def send_people(*, town: Town, cadre: Trainee, by: User, now: datetime) -> None:
    """The town sends the cadre, who has not answered, and others: one comes, one cannot."""
    training_class = _class_for(cadre, now)
    if training_class is None:
        return
    quotas = {
        pool.town: pool.seats
        for pool in training_class.pools.filter(town__isnull=False).select_related("town")
    }
    change_seats(
        training_class=training_class,
        capacity=training_class.capacity,
        town_seats=quotas | {town: quotas.get(town, 0) + QUOTA},
        by=by,
        now=now,
    )
    at = now - timedelta(hours=20)
    others = (
        Trainee.objects.filter(village__town=town, position=cadre.position)
        .exclude(pk=cadre.pk)
        .select_related("user", "village__town")
    )
    nominate(
        trainees=[cadre, *others.order_by("pk")[:COLLEAGUES]],
        training_class=training_class,
        town=town,
        by=by,
        now=at,
    )
    answers = ((True, ""), (False, "当天居民区换届选举，走不开"))
    for (comes, reason), nomination in zip(
        answers, Nomination.objects.exclude(trainee=cadre).order_by("pk"), strict=False
    ):
        answer(nomination=nomination, comes=comes, reason=reason, now=now - timedelta(hours=2))


def _class_for(cadre: Trainee, now: datetime) -> TrainingClass | None:
    """An open class with free seats that the cadre can book."""
    for training_class in TrainingClass.objects.filter(
        status=ClassStatus.OPEN, waiting_count=0, starts_at__gt=now + timedelta(days=7)
    ).order_by("starts_at"):
        open_seats = sum(pool.seats_left for pool in training_class.pools.filter(town__isnull=True))
        taken = cadre.enrolments.live().filter(training_class=training_class).exists()
        if (
            open_seats >= QUOTA
            and not taken
            and training_class.booking_is_open(now - timedelta(hours=20))
            and all(reason.ok for reason in reasons_for(cadre, training_class, now))
        ):
            return training_class
    return None
