"""Light accounts: residents, owners' committee members, volunteers and others who join by
themselves. Source: docs/rules.md R13.

Such a person is a trainee with a group in place of a post, holds no role grant, books only classes
that are open to the group, and stands on no roster. What is asked for is the least that a class
needs: a name for the roll, a phone to log in with and to be told on, and the village. An account
that nobody uses for a year is closed.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from academy.models import LearnerGroup, Position, RoleGrant, User, Village
from academy.people_keys import keep_findable
from courses.models import HELD
from notices.models import Notice
from notices.outbox import tell

from ..errors import BookingError
from ..models import (
    OPEN,
    CalendarFeed,
    Enrolment,
    Follow,
    Interest,
    LightAccount,
    LightAccountEnd,
    PollVote,
    Posting,
    Trainee,
)
from ..notices.people import LIGHT_ACCOUNT_LAPSES
from .stroke_order import stroke_key

LAPSES_AFTER = timedelta(days=365)  # without a log-in or a booking; docs/rules.md R13
WARNED_BEFORE = timedelta(days=30)


class PhoneKnown(BookingError):
    """Somebody has this number already, so there is nothing to join: they log in."""


class StillBooked(BookingError):
    """An account with a booking ahead is not closed: somebody expects the person."""


# --- Coming ---------------------------------------------------------------------------------------


@transaction.atomic
def join(*, phone: str, name: str, village: Village, group: LearnerGroup, now: datetime) -> Trainee:
    """Make the account of somebody who has shown that the phone is theirs. They log in by code;
    there is no password.

    Raises PhoneKnown.
    """
    user = User(phone=phone, name=name, date_joined=now)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise PhoneKnown(
            _("This mobile number has an account already. Log in with a code.")
        ) from error
    keep_findable([user])
    trainee = Trainee.objects.create(
        user=user, village=village, learner_group=group, stroke_key=stroke_key(name)
    )
    LightAccount.objects.create(trainee=trainee, group=group, joined_at=now)
    return trainee


@transaction.atomic
def become_cadre(
    *, trainee: Trainee, village: Village, position: Position, on: date, now: datetime
) -> Trainee:
    """A roster names the phone: the same phone is the same person, who keeps bookings and hours and
    gets a post.

    What was booked before stays a booking of the group. Changes nothing for whoever is a cadre
    already.
    """
    trainee = Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)
    if not trainee.is_light:
        return trainee
    LightAccount.objects.filter(trainee=trainee, ended_at__isnull=True).update(
        ended_at=now, end=LightAccountEnd.BECAME_CADRE
    )
    trainee.village, trainee.position, trainee.learner_group = village, position, None
    trainee.save(update_fields=["village", "position", "learner_group"])
    Posting.objects.create(trainee=trainee, village=village, position=position, valid_from=on)
    return trainee


# --- Going ----------------------------------------------------------------------------------------


def unused_since(moment: datetime) -> QuerySet[LightAccount]:
    """Accounts that were last used (joined, logged in, or booked) before the moment, with
    `last_used_at`.

    Left out: who has a booking ahead, who holds a role grant, and who has become a cadre: that
    ended the account.
    """
    booked = (
        Enrolment.objects.filter(trainee=OuterRef("trainee"))
        .order_by()
        .values("trainee")
        .annotate(last=Max("queued_at"))
        .values("last")
    )
    joined = "joined_at"
    last_used = Greatest(
        joined, Coalesce("trainee__user__last_login", joined), Coalesce(Subquery(booked), joined)
    )
    return (
        LightAccount.objects.filter(ended_at__isnull=True, trainee__learner_group__isnull=False)
        .annotate(last_used_at=last_used)
        .filter(
            ~Exists(_bookings_ahead(OuterRef("trainee"))),
            ~Exists(RoleGrant.objects.filter(user=OuterRef("trainee__user"))),
            last_used_at__lt=moment,
        )
        .order_by("pk")
    )


def _bookings_ahead(trainee) -> QuerySet[Enrolment]:
    """Seats, offers and places in the queue of classes that are still to be held or closed."""
    return Enrolment.objects.filter(
        trainee=trainee, status__in=OPEN, training_class__status__in=HELD
    )


def warn_unused(*, now: datetime) -> int:
    """Tell the people whose account lapses within 30 days, once for each time it was left alone;
    returns how many were told.
    """
    told = 0
    for account in (
        unused_since(now - LAPSES_AFTER + WARNED_BEFORE)
        .filter(~_warned())
        .select_related("trainee__user")
    ):
        with transaction.atomic():
            tell(
                LIGHT_ACCOUNT_LAPSES,
                account.trainee.user,
                values={"day": max(account.last_used_at + LAPSES_AFTER, now + WARNED_BEFORE)},
                link=reverse("portal:me"),
                subject=account,
                dedupe=account.last_used_at.isoformat(),
                due_at=now,
            )
            told += LightAccount.objects.filter(pk=account.pk, ended_at__isnull=True).update(
                warned_at=now
            )
    return told


def _warned() -> Q:
    """Told since the last use; a warning that somebody heeded counts no more."""
    return Q(warned_at__isnull=False, warned_at__gte=F("last_used_at"))


def close_unused(*, now: datetime) -> int:
    """Close the accounts that nobody used for a year and that were warned 30 days ago; returns how
    many.

    Again it changes nothing.
    """
    closed = 0
    due = unused_since(now - LAPSES_AFTER).filter(_warned(), warned_at__lte=now - WARNED_BEFORE)
    for key, trainee in list(due.values_list("pk", "trainee")):
        with transaction.atomic():
            # a booking that comes now waits for this, or was first
            Trainee.objects.select_for_update(no_key=True).get(pk=trainee)
            account = due.filter(pk=key).select_related("trainee__user").first()
            if account is not None:
                _close(account, LightAccountEnd.LAPSED, now)
                closed += 1
    return closed


@transaction.atomic
def leave(*, trainee: Trainee, now: datetime) -> None:
    """Close the own account at once.

    Raises StillBooked while a booking lies ahead; a second time changes nothing.
    """
    trainee = Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)
    account = (
        LightAccount.objects.filter(trainee=trainee, ended_at__isnull=True)
        .select_related("trainee__user")
        .first()
    )
    if account is None:
        return
    if _bookings_ahead(trainee).exists():
        raise StillBooked(_("You have a booking ahead. Cancel it first, then close the account."))
    _close(account, LightAccountEnd.LEFT, now)


def _close(account: LightAccount, end: str, now: datetime) -> None:
    """Keep the facts, drop who it was.

    Bookings, marks and hours are records of the academy and stay on the row of the trainee, with
    village and group, so that no figure changes. Name and phone were kept to reach the person; that
    purpose has ended, so they go (personal information protection law, article 47). A mark that no
    phone can be takes the number's place: the column is unique, and whoever has the number, or gets
    it from the operator next, can join anew as somebody else. Notices go too: they speak to the
    person.
    """
    account.ended_at, account.end = now, end
    account.save(update_fields=["ended_at", "end"])
    trainee, user = account.trainee, account.trainee.user
    for model in (CalendarFeed, Follow, Interest, PollVote):
        model.objects.filter(trainee=trainee).delete()
    Notice.objects.filter(person=user).delete()
    Trainee.objects.filter(pk=trainee.pk).update(stroke_key="")
    trainee.enrolments.exclude(question="").update(question="")
    with translation.override(settings.LANGUAGE_CODE):
        user.name = _("Closed account")
    user.phone, user.is_active = tombstone(user.pk), False
    user.set_unusable_password()  # every session of the person ends with it
    user.save(update_fields=["name", "phone", "is_active", "password"])
    user.keys.all().delete()
    user.changes.all().delete()  # they name the person


def tombstone(key: int) -> str:
    """Eleven characters that no phone number can be, one for each person: -0000000042."""
    return f"-{key:010d}"
