"""Which date suits: a poll while a class is announced without one; whoever taps a date is
interested, and so books first. Source: docs/rules.md R89.

Every step locks the class row first: a poll that has just been ended takes no tap any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.models import TrainingClass
from notices.outbox import tell

from ..errors import PollRefused
from ..models import DatePoll, Interest, PollDate, PollVote, Trainee
from ..notices.classes import DATE_POLL
from ..statements import locked_class
from .interest import end_polls, show_interest
from .person import own_reasons
from .requirements import requirements_of

FEWEST_DATES, MOST_DATES = 2, 8


@dataclass(frozen=True, order=True)
class Span:
    """A day and time to ask about."""

    starts_at: datetime
    ends_at: datetime


# --- The office -----------------------------------------------------------------------------------


@transaction.atomic
def open_poll(
    *, training_class: TrainingClass, dates: Sequence[Span], closes_at: datetime, by, now: datetime
) -> DatePoll:
    """Ask which of the dates suit; whoever is interested by now is invited, once.

    Raises PollRefused: the class has its date, a poll is open, or the dates are not such as can be
    asked about.
    """
    training_class = locked_class(training_class.pk)
    _refuse_dated(training_class)
    if training_class.date_polls.filter(ended_at__isnull=True).exists():
        raise PollRefused(_("This class has a poll already. End it before you ask anew."))
    _refuse_wrong_dates(dates, closes_at, now)
    poll = DatePoll.objects.create(
        training_class=training_class, opened_at=now, closes_at=closes_at, by=by
    )
    PollDate.objects.bulk_create(
        PollDate(poll=poll, starts_at=date.starts_at, ends_at=date.ends_at)
        for date in sorted(dates)
    )
    _invite(poll)
    return poll


@transaction.atomic
def end_poll(*, poll: DatePoll, now: datetime) -> None:
    """Take no more taps; a second time changes nothing."""
    end_polls(locked_class(poll.training_class_id), now)


@transaction.atomic
def choose_date(*, date: PollDate, now: datetime) -> PollDate:
    """Take the date for the class: its poll ends. The class is scheduled on the page of the class.

    Raises PollRefused when the class has its date by now.
    """
    training_class = locked_class(date.poll.training_class_id)
    _refuse_dated(training_class)
    end_polls(training_class, now)
    PollDate.objects.filter(poll=date.poll_id, is_chosen=True).exclude(pk=date.pk).update(
        is_chosen=False
    )
    date.is_chosen = True
    date.save(update_fields=["is_chosen"])
    return date


def latest_poll(training_class: TrainingClass) -> DatePoll | None:
    """The newest poll of the class with its dates in the order of time; how many each suits is in
    `votes_count`. Two queries.
    """
    dates = PollDate.objects.annotate(votes_count=Count("votes")).order_by("starts_at", "ends_at")
    return (
        training_class.date_polls.prefetch_related(Prefetch("dates", dates)).order_by("-pk").first()
    )


def open_poll_of(training_class: TrainingClass, now: datetime) -> DatePoll | None:
    """The poll in which dates can be tapped now."""
    return training_class.date_polls.filter(ended_at__isnull=True, closes_at__gt=now).first()


def voters_of(poll: DatePoll) -> int:
    """How many people have tapped a date."""
    return PollVote.objects.filter(date__poll=poll).values("trainee").distinct().count()


def _refuse_dated(training_class: TrainingClass) -> None:
    if not training_class.gauges_interest:
        raise PollRefused(
            _("Dates are asked about only while the class is a draft and announced without a date.")
        )


def _refuse_wrong_dates(dates: Sequence[Span], closes_at: datetime, now: datetime) -> None:
    if not FEWEST_DATES <= len(dates) <= MOST_DATES:
        raise PollRefused(
            _("Name %(fewest)d dates at least and %(most)d at most.")
            % {"fewest": FEWEST_DATES, "most": MOST_DATES}
        )
    if len(set(dates)) != len(dates):
        raise PollRefused(_("A date stands there twice."))
    if any(date.ends_at <= date.starts_at for date in dates):
        raise PollRefused(_("A date must end after it begins."))
    if closes_at <= now:
        raise PollRefused(_("The poll would be over already. Choose a later moment."))
    if closes_at >= min(dates).starts_at:
        raise PollRefused(_("The poll must close before the first of its dates."))


def _invite(poll: DatePoll) -> None:
    interested = Interest.objects.filter(training_class=poll.training_class)
    for interest in interested.select_related("trainee__user"):
        tell(
            DATE_POLL,
            interest.trainee.user,
            values={"title": poll.training_class.title, "until": poll.closes_at},
            link=reverse("trainees:date_poll", args=[poll.training_class.code]),
            subject=poll,
            dedupe="date_poll",
        )


# --- Whoever would come ---------------------------------------------------------------------------


@transaction.atomic
def vote(*, trainee: Trainee, date: PollDate, suits: bool, now: datetime) -> None:
    """Keep that the date suits the person, or no longer; the first that does makes them interested.
    The same tap again changes nothing.

    Raises PollRefused with why: the date is set, the poll is over, the class is for others.
    """
    training_class = locked_class(date.poll.training_class_id)
    poll = DatePoll.objects.get(pk=date.poll_id)
    if not training_class.gauges_interest:
        raise PollRefused(_("The date of this class is set by now. Look whether you can book it."))
    if not poll.is_open(now):
        raise PollRefused(_("This poll is over. You are told when the date is set."))
    if refusal := not_for(trainee, training_class):
        raise PollRefused(refusal)
    if not suits:
        PollVote.objects.filter(date=date, trainee=trainee).delete()
        return
    show_interest(trainee=trainee, training_class=training_class, now=now)
    PollVote.objects.get_or_create(date=date, trainee=trainee, defaults={"at": now})


def not_for(trainee: Trainee, training_class: TrainingClass) -> str:
    """Why the class is not for the person, in a sentence; empty where it is."""
    requirements = requirements_of([training_class])[training_class.pk]
    for reason in own_reasons(trainee, training_class, requirements):
        if not reason.ok:
            return pgettext("why a class is not for somebody", "%(title)s: %(fact)s.") % {
                "title": reason.title,
                "fact": reason.fact,
            }
    return ""


def dates_that_suit(trainee: Trainee, poll: DatePoll) -> set[int]:
    """Keys of the dates that the person has tapped."""
    return set(
        PollVote.objects.filter(date__poll=poll, trainee=trainee).values_list("date", flat=True)
    )


def polls_to_answer(trainee: Trainee, now: datetime) -> list[DatePoll]:
    """Open polls of classes in which the person is interested, the one that closes first at the
    head; one query. `votes_count` is how many of its dates they have tapped.
    """
    return list(
        DatePoll.objects.filter(
            training_class__gauges_interest=True,
            training_class__interests__trainee=trainee,
            ended_at__isnull=True,
            closes_at__gt=now,
        )
        .select_related("training_class")
        .annotate(votes_count=_own_votes(trainee))
        .order_by("closes_at", "pk")
    )


def _own_votes(trainee: Trainee) -> Count:
    return Count("dates__votes", filter=Q(dates__votes__trainee=trainee), distinct=True)
