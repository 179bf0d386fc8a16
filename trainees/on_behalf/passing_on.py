"""Passing one's seat on to a colleague."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import ClassStatus, TrainingClass

from ..booking.class_lock import lock, lock_people
from ..booking.enrolling import enrol
from ..booking.queue import release_pools
from ..booking.seat_ledger import give_up, take
from ..eligibility.past import repeat_reason as taken_before
from ..eligibility.reasons import own_clash_reason, reasons_before_the_lock
from ..errors import AlreadyEnrolled, AlreadyStarted, NotEligible, NothingToCancel, RepeatTraining
from ..models import Enrolment, EnrolmentChannel, EnrolmentStatus, Trainee
from .colleague_notices import tell_passed_on
from .colleagues import NotAColleague


def colleague_by_phone(enrolment: Enrolment, phone: str) -> Trainee:
    """Somebody of the village that has the seat, whose number one knows.

    Says the same of strangers and of unknown numbers. Raises NotAColleague.
    """
    found = (
        Trainee.objects.cadres()
        .filter(village=enrolment.village_id, user__phone=phone, user__is_active=True)
        .exclude(pk=enrolment.trainee_id)
        .first()
    )
    if found is None:
        raise NotAColleague(
            _(
                "Nobody else of your village is on the roster with this number. Check it, or ask"
                " your coordinator."
            )
        )
    return found


@transaction.atomic
def pass_on(
    *,
    enrolment: Enrolment,
    to: Trainee,
    by,
    now: datetime,
    repeat_reason: str = "",
    channel: str = "",
    within_town: bool = False,
    tell: bool = True,
    leaving: TrainingClass | None = None,
) -> Enrolment:
    """Give a seat to a colleague of the same village (or town) in one step; the quota stays as it
    is, and both are told.

    Whoever waited for the class leaves the queue by it; `leaving` is another class that the
    colleague gives up for it. Possible until the first lesson begins. Raises NothingToCancel,
    AlreadyStarted, NotAColleague, AlreadyEnrolled, NotEligible, RepeatTraining.
    """
    training_class = lock(enrolment.training_class)
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("trainee__user", "village")
        .get(pk=enrolment.pk)
    )
    if enrolment.status != EnrolmentStatus.BOOKED:
        raise NothingToCancel(
            _("There is no seat to pass on: this booking has ended, or has no seat yet.")
        )
    if training_class.status != ClassStatus.OPEN or training_class.has_started(now):
        raise AlreadyStarted(
            _("“%(title)s” has started; seats stay with who has them.")
            % {"title": training_class.title}
        )
    to = lock_people(training_class, [to.pk], with_the_queue=False)[to.pk]
    if to.is_light or enrolment.learner_group_id is not None:
        raise NotAColleague(
            _(
                "Only cadres of one village pass seats on to each other. Cancel the booking, and"
                " the seat goes to whoever waits."
            )
        )
    if within_town and to.village.town_id != enrolment.village.town_id:
        raise NotAColleague(_("A seat of a street-town is passed on within the street-town only."))
    if not within_town and to.village_id != enrolment.village_id:
        raise NotAColleague(
            _("A seat is passed on within the village only, so that the quotas stay fair.")
        )
    live = Enrolment.objects.live().filter(trainee=to, training_class=training_class).first()
    if live is not None and not live.is_waiting:
        raise AlreadyEnrolled(live)
    is_repeat = _refuse_unfit(to, training_class, now, repeat_reason, channel, leaving)
    if live is not None:
        give_up(live, training_class, by=by, now=now, reason=gettext_lazy("Got a colleague's seat"))
    pool = enrolment.pool
    give_up(
        enrolment, training_class, by=by, now=now, reason=gettext_lazy("Passed on to a colleague")
    )
    pool.refresh_from_db()
    take(pool)
    own = by.pk == enrolment.trainee.user_id
    passed = enrol(
        trainee=to,
        training_class=training_class,
        pool=pool,
        by=by,
        now=now,
        channel=channel or (EnrolmentChannel.SELF if own else EnrolmentChannel.COORDINATOR),
        is_repeat=is_repeat,
        repeat_reason=repeat_reason,
        note=gettext_lazy("Got a colleague's seat"),
    )
    release_pools(training_class=training_class, now=now)
    if tell:
        tell_passed_on(enrolment, passed, training_class)
    return passed


def _refuse_unfit(
    to: Trainee,
    training_class: TrainingClass,
    now: datetime,
    repeat_reason: str,
    channel: str,
    leaving: TrainingClass | None,
) -> bool:
    """The rules of the class hold for whoever gets the seat; returns whether they repeat what they
    have taken.
    """
    against, earlier = reasons_before_the_lock(to, training_class, now)
    clash = own_clash_reason(
        to, training_class, channel=EnrolmentChannel.COORDINATOR, leaving=leaving
    )
    against += [] if clash.ok else [clash]
    if against:
        raise NotEligible(against)
    if (
        earlier
        and training_class.guards_repeats
        and channel != EnrolmentChannel.DISPATCH
        and not repeat_reason.strip()
    ):
        raise RepeatTraining([taken_before(earlier)], earlier)
    return bool(earlier)
