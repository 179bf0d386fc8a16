"""Issuing certificates in one step, and revoking one. Source: docs/rules.md R84."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import Town, User
from courses.models import ClassStatus, TrainingClass
from notices.outbox import tell

from ..booking.class_lock import lock
from ..models import (
    Certificate,
    CertificateKind,
    CertificateState,
    EnrolmentStatus,
    HourEntry,
    Trainee,
)
from ..notices.certificates import ISSUED, REVOKED
from ..people.person_notices import in_the_language_of_the_portal

FIRST_YEAR = 2020  # of the ledger
MOST_AT_ONCE = 500  # certificates of one step


class CertificateRefused(PortalError):
    """A certificate that cannot be issued or revoked."""


@dataclass(frozen=True)
class ToIssue:
    """Somebody who would get a certificate now; `old` is the one that it would replace."""

    trainee: Trainee
    hours: Decimal
    old: Certificate | None


# --- For a class ----------------------------------------------------------------------------------


def to_issue_for_class(training_class: TrainingClass) -> list[ToIssue]:
    """Who has completed the class with hours and holds no valid certificate of it.

    Whose certificate was revoked is left out: that is undone by itself, with `issue_anew`.
    """
    hours = _hours_of_class(training_class)
    found = Certificate.objects.filter(training_class=training_class)
    revoked = set(found.filter(revoked_at__isnull=False).values_list("trainee", flat=True))
    standing = {row.trainee_id: row for row in found.standing().with_hours_now()}
    revoked -= set(standing)
    return _people_without(
        {key: total for key, total in hours.items() if key not in revoked}, standing
    )


def still_revoked(training_class: TrainingClass) -> list[Trainee]:
    """Who has hours of the class and whose certificate of it was revoked, with none issued anew."""
    found = Certificate.objects.filter(training_class=training_class)
    revoked = set(found.filter(revoked_at__isnull=False).values_list("trainee", flat=True))
    revoked -= set(found.standing().values_list("trainee", flat=True))
    revoked &= {key for key, hours in _hours_of_class(training_class).items() if hours > 0}
    return list(
        Trainee.objects.filter(pk__in=revoked)
        .select_related("user")
        .order_by("village__town__code", "stroke_key", "pk")
    )


def _people_without(hours: dict[int, Decimal], standing: dict[int, Certificate]) -> list[ToIssue]:
    wanted = {
        key: standing.get(key)
        for key, total in hours.items()
        if total > 0 and (key not in standing or standing[key].state == CertificateState.OUTDATED)
    }
    people = Trainee.objects.filter(pk__in=wanted).select_related("user", "village__town")
    return [
        ToIssue(person, hours[person.pk], wanted[person.pk])
        for person in people.order_by("village__town__code", "stroke_key", "pk")
    ]


def _hours_of_class(training_class: TrainingClass) -> dict[int, Decimal]:
    """Trainee → hours of the class as the ledger has them, of those who completed it."""
    return dict(
        HourEntry.objects.filter(
            enrolment__training_class=training_class,
            enrolment__status=EnrolmentStatus.COMPLETED,
        )
        .order_by()
        .values_list("trainee")
        .annotate(total=Sum("hours"))
    )


@transaction.atomic
def issue_for_class(*, training_class: TrainingClass, by: User, now: datetime) -> list[Certificate]:
    """Give everybody who completed the closed class a certificate; a second time issues nothing.

    One whose hours have changed since is replaced. Raises CertificateRefused.
    """
    training_class = lock(training_class)
    if training_class.status != ClassStatus.CLOSED:
        raise CertificateRefused(
            _("The class is not closed, so its hours are not final. Close it, then issue them.")
        )
    return _issue(
        [
            _of_class(training_class, found.trainee, found.hours, found.old, by, now)
            for found in to_issue_for_class(training_class)
        ],
        now,
    )


def _of_class(
    training_class: TrainingClass,
    trainee: Trainee,
    hours: Decimal,
    old: Certificate | None,
    by: User,
    now: datetime,
) -> Certificate:
    return Certificate(
        kind=CertificateKind.CLASS,
        trainee=trainee,
        training_class=training_class,
        title=training_class.title,
        starts_on=timezone.localdate(training_class.starts_at),
        ends_on=timezone.localdate(training_class.ends_at),
        hours=hours,
        issuer=_issuer(training_class),
        replaces=old,
        issued_at=now,
        issued_by=by,
    )


def _issuer(training_class: TrainingClass | None = None) -> str:
    """The academy, with the department or the campus that ran the class."""
    with in_the_language_of_the_portal():
        academy = _("Community Governance Academy, Baoshan")
        if training_class is None:
            return academy
        runner = training_class.department or training_class.campus
        name = runner.name
        return (
            name
            if academy in name
            else _("%(academy)s (%(runner)s)")
            % {
                "academy": academy,
                "runner": name,
            }
        )


# --- For a year -----------------------------------------------------------------------------------


def days_of(year: int, today: date) -> tuple[date, date]:
    """First and last day that a certificate of the year counts: to today, while it runs.

    Raises CertificateRefused for a year to come.
    """
    if not FIRST_YEAR <= year <= today.year:
        raise CertificateRefused(
            _("Choose a year from %(first)d to %(last)d.")
            % {"first": FIRST_YEAR, "last": today.year}
        )
    return date(year, 1, 1), min(date(year, 12, 31), today)


def to_issue_for_year(*, year: int, town: Town, today: date) -> list[ToIssue]:
    """Cadres of the street-town with hours in the year who hold no certificate that says so.

    While the year runs an older certificate of it is replaced when hours have come since.
    """
    first, last = days_of(year, today)
    hours = dict(
        HourEntry.objects.filter(earned_on__range=(first, last), trainee__in=_cadres(town))
        .order_by()
        .values_list("trainee")
        .annotate(total=Sum("hours"))
    )
    found = Certificate.objects.filter(
        kind=CertificateKind.YEAR, starts_on=first, trainee__in=_cadres(town)
    )
    standing = {row.trainee_id: row for row in found.standing().with_hours_now()}
    for row in standing.values():  # counted to today, not to the day of its issue
        row.hours_now = hours.get(row.trainee_id, Decimal(0))
    revoked = set(found.filter(revoked_at__isnull=False).values_list("trainee", flat=True))
    revoked -= set(standing)
    return _people_without(
        {key: total for key, total in hours.items() if key not in revoked}, standing
    )


def _cadres(town: Town) -> QuerySet[Trainee]:
    return Trainee.objects.cadres().filter(village__town=town)


@transaction.atomic
def issue_for_year(*, year: int, town: Town, by: User, now: datetime) -> list[Certificate]:
    """Give the cadres of a street-town the certificate of their hours of the year.

    At most 500 in one step. Raises CertificateRefused.
    """
    Town.objects.select_for_update(no_key=True).get(pk=town.pk)
    first, last = days_of(year, timezone.localdate(now))
    found = to_issue_for_year(year=year, town=town, today=timezone.localdate(now))
    return _issue(
        [_of_year(row, first, last, by, now) for row in found[:MOST_AT_ONCE]],
        now,
    )


def _of_year(found: ToIssue, first: date, last: date, by: User, now: datetime) -> Certificate:
    return Certificate(
        kind=CertificateKind.YEAR,
        trainee=found.trainee,
        starts_on=first,
        ends_on=last,
        hours=found.hours,
        issuer=_issuer(),
        replaces=found.old,
        issued_at=now,
        issued_by=by,
    )


# --- Both -----------------------------------------------------------------------------------------


def _issue(certificates: list[Certificate], now: datetime) -> list[Certificate]:
    old = [row.replaces_id for row in certificates if row.replaces_id]
    Certificate.objects.filter(pk__in=old).update(replaced_at=now)
    Certificate.objects.bulk_create(certificates)
    _tell(ISSUED, certificates)
    return certificates


def _tell(kind, certificates: Iterable[Certificate], **values: object) -> None:
    for row in certificates:
        tell(
            kind,
            row.trainee.user,
            values={"number": row.number, **values},
            link=reverse("trainees:my_certificates"),
            subject=row,
            dedupe=kind.key,
        )


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str, by: User, now: datetime) -> None:
    """Withdraw a certificate for good; its page of checking says so from now on.

    Raises CertificateRefused without a reason, and when it stands no more.
    """
    reason = reason.strip()
    if not reason:
        raise CertificateRefused(_("Say why it is revoked: it stays in the records."))
    rows = Certificate.objects.standing().filter(pk=certificate.pk)
    if not rows.update(revoked_at=now, revoked_by=by, revoked_reason=reason[:200]):
        raise CertificateRefused(_("This certificate is revoked or replaced already."))
    _tell(REVOKED, [certificate], reason=reason[:200])


@transaction.atomic
def issue_anew(*, certificate: Certificate, by: User, now: datetime) -> Certificate:
    """A new certificate for somebody whose certificate of the class was revoked.

    Raises CertificateRefused.
    """
    if certificate.training_class is None or not certificate.revoked_at:
        raise CertificateRefused(_("Only a revoked certificate of a class is issued anew."))
    training_class = lock(certificate.training_class)
    if training_class.status != ClassStatus.CLOSED:
        raise CertificateRefused(
            _("The class is not closed, so its hours are not final. Close it, then issue them.")
        )
    trainee = certificate.trainee
    hours = _hours_of_class(training_class).get(trainee.pk, Decimal(0))
    if hours <= 0:
        raise CertificateRefused(_("This person has no hours of the class."))
    own = Certificate.objects.standing().filter(trainee=trainee, training_class=training_class)
    if own.exists():
        raise CertificateRefused(_("This person holds a newer certificate of the class already."))
    return _issue([_of_class(training_class, trainee, hours, None, by, now)], now)[0]
