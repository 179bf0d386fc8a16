"""Putting classes on the calendar: a class with its lessons, seats and quotas is written whole or
not at all.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.search import index as search
from academy.text.codes import next_in_series

from ..models import ClassStatus, TrainingClass
from .class_plans import ClassPlan, Problem, SchedulingRefused, wrong_in
from .conditions import LINKS, set_conditions
from .lessons import save_lessons
from .quotas import QuotasExceedCapacity, SeatsTaken, follow_the_window, share_out

EDITABLE = (ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING)
# at a free class code: each attempt that fails means that one other person got a class
ATTEMPTS = 40


def season_of(moment: datetime) -> str:
    """2027Q1: the quarter of a day in Shanghai."""
    day = timezone.localtime(moment)
    return f"{day.year}Q{(day.month + 2) // 3}"


def suggested_code(moment: datetime) -> str:
    """The next free PX-<season>-<nn>."""
    begin = f"PX-{season_of(moment)}-"
    codes = TrainingClass.objects.filter(code__startswith=begin).values_list("code", flat=True)
    return next_in_series(begin, codes, digits=2)


@transaction.atomic
def create_class(*, plan: ClassPlan, by, now: datetime) -> TrainingClass:
    """A new draft with its lessons and seats.

    Raises SchedulingRefused with everything that is wrong.
    """
    _refuse_wrong(plan)
    first = min((lesson.starts_at for lesson in plan.lessons), default=plan.booking_closes_at)
    training_class = _with_free_code(plan, first)
    _write(training_class, plan, now)
    if plan.like:
        _take_over_rules(training_class, plan.like)
    return training_class


RULES = (
    "groups_only",
    "approval",
    "approval_village",
    "approval_town",
    "approval_district",
    "approval_days",
    "clash_rule",
    "guards_repeats",
    "first_timers_first",
    "offer_within_hours",
    "offer_hours",
    "queue_ends_hours",
    "minimum_size",
)


def _take_over_rules(training_class: TrainingClass, like: TrainingClass) -> None:
    """For whom the class is and how its seats move; the day of decision lies as many days ahead as
    it did.
    """
    for name in RULES:
        setattr(training_class, name, getattr(like, name))
    if like.decide_on and like.booking_opens_at:
        training_class.decide_on = like.decide_on + (
            training_class.booking_opens_at - like.booking_opens_at
        )
    training_class.save()
    of_whom = {name: getattr(like, name).all() for name in LINKS if name != "audiences"}
    set_conditions(training_class, **of_whom)


def _with_free_code(plan: ClassPlan, first: datetime) -> TrainingClass:
    # what its kind asks for; the page of the rules changes it
    policy = plan.programme.approval_policy if plan.programme else {}
    for _attempt in range(1 if plan.code else ATTEMPTS):
        try:
            with transaction.atomic():
                return TrainingClass.objects.create(
                    code=plan.code or suggested_code(first),
                    capacity=plan.capacity,
                    **plan.fields,
                    **policy,
                )
        except IntegrityError:
            continue  # the code was free a moment ago
    raise SchedulingRefused(
        Problem(_("Another class has this code. Choose another or leave it empty."), "code")
    )


@transaction.atomic
def change_class(
    *, training_class: TrainingClass, plan: ClassPlan, by, now: datetime
) -> TrainingClass:
    """Change a class that is not over. Call with the class locked;
    `trainees.booking.queue.promote` then fills new seats.

    Raises SchedulingRefused.
    """
    refuse_over(training_class)
    _refuse_wrong(plan)
    if training_class.status != ClassStatus.DRAFT and not plan.lessons:
        raise SchedulingRefused(Problem(_("An open class needs at least one lesson."), "lessons"))
    for name, value in plan.fields.items():
        setattr(training_class, name, value)
    training_class.save()
    _write(training_class, plan, now)
    if training_class.status != ClassStatus.DRAFT:
        search.rebuild(["class"])
    return training_class


@transaction.atomic
def open_class(
    *, training_class: TrainingClass, by, now: datetime, index: bool = True
) -> TrainingClass:
    """Show a draft to everybody; from now on it can be booked as its booking window says. Raises
    SchedulingRefused.

    Who opens many leaves the search index alone (`index`) and rebuilds it once.
    """
    training_class = TrainingClass.objects.select_for_update(no_key=True).get(pk=training_class.pk)
    if problem := against_opening(training_class, now):
        raise SchedulingRefused(problem)
    training_class.status = ClassStatus.OPEN
    training_class.gauges_interest = False
    training_class.season = season_of(training_class.starts_at)
    training_class.opened_at = now
    training_class.save(
        update_fields=["status", "gauges_interest", "season", "opened_at", "updated_at"]
    )
    if index:
        search.rebuild(["class"])
    return training_class


def against_opening(training_class: TrainingClass, now: datetime) -> Problem | None:
    """Why a class cannot be shown to everybody, or nothing."""
    if training_class.status != ClassStatus.DRAFT:
        return Problem(_("This class is open already, or over."))
    if training_class.starts_at is None:
        return Problem(
            _("Add a lesson before opening the class: people book days they know."), "lessons"
        )
    if training_class.booking_closes_at <= now:
        return Problem(
            _("Booking would be closed already. Choose a later moment."), "booking_closes_at"
        )
    return None


def refuse_over(training_class: TrainingClass) -> None:
    """Raise SchedulingRefused for a class that is closed or cancelled."""
    if training_class.status not in EDITABLE:
        raise SchedulingRefused(
            Problem(_("This class is closed or cancelled, so it stays as it is."))
        )


def _write(training_class: TrainingClass, plan: ClassPlan, now: datetime) -> None:
    set_conditions(training_class, audiences=plan.audiences)
    save_lessons(training_class=training_class, lessons=plan.lessons, now=now)
    try:
        share_out(training_class, capacity=plan.capacity, town_seats=plan.town_seats)
    except QuotasExceedCapacity as error:
        raise SchedulingRefused(Problem(str(error), "quotas")) from error
    except SeatsTaken as error:
        raise SchedulingRefused(Problem(str(error), "capacity")) from error
    follow_the_window(training_class)


def _refuse_wrong(plan: ClassPlan) -> None:
    if problems := wrong_in(plan):
        raise SchedulingRefused(*problems)
