"""Hours from elsewhere: asked for with evidence, checked for doubles, decided once, then posted.

Source: docs/rules.md R81.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.templatetags.portal_tags import full_day
from academy.uploads.keeping import store
from academy.uploads.kinds import CheckedFile
from courses.models import ClassStatus, Lesson
from notices.outbox import tell

from ..models import LIVE, ClaimStatus, HourClaim, HourKind, Trainee
from ..notices.attendance import CLAIM_APPROVED, CLAIM_RETURNED
from .hours import STEP, post

FOLDER = "claims"  # below MEDIA_ROOT
RULE = "claim-2026: hours as asked for with evidence, approved by the academy office"
BATCH_RULE = "list-2026: hours of another platform, recognised by batch by the academy office"
FEWEST_ALIKE = 4  # characters that one title needs to be found within another


class ClaimRefused(PortalError):
    """A claim that cannot be made or decided like this: the sentence says why."""


def ask_for_hours(
    *,
    trainee: Trainee,
    kind: str = HourKind.CLAIM,
    title: str,
    organiser: str,
    starts_on: date,
    ends_on: date,
    hours: Decimal,
    file: CheckedFile,
    by,
    now: datetime,
) -> HourClaim:
    """Hand a claim in; the office is shown it. Raises ClaimRefused, FileNotKept.

    The same training a second time, as a class of the academy or as another claim, is refused.
    """
    title, organiser = title.strip(), organiser.strip()
    if hours <= 0 or hours % STEP:
        raise ClaimRefused(_("Study hours go in steps of 0.25, from 0.25 on."))
    stored = store(file, FOLDER)
    try:
        with transaction.atomic():
            Trainee.objects.select_for_update(of=("self",), no_key=True).get(pk=trainee.pk)
            if doubles := list(doubles_of(trainee, title, starts_on, ends_on)):
                raise ClaimRefused(" ".join(doubles))
            return HourClaim.objects.create(
                trainee=trainee,
                kind=kind,
                title=title,
                organiser=organiser,
                starts_on=starts_on,
                ends_on=ends_on,
                hours=hours,
                file=stored,
                original_name=file.name,
                content_type=file.content_type,
                asked_at=now,
                asked_by=by,
            )
    except BaseException:
        default_storage.delete(stored)
        raise


# --- Doubles --------------------------------------------------------------------------------------


def doubles_of(
    trainee: Trainee, title: str, starts_on: date, ends_on: date, besides: int | None = None
) -> Iterator[str]:
    """Why these hours are counted already, in sentences: on one of these days the person has a
    class or another claim that is called alike. `besides` is the claim itself.
    """
    return doubles_among(
        title,
        starts_on,
        ends_on,
        _claims_on(trainee, starts_on, ends_on, besides),
        _lessons_on(trainee, starts_on, ends_on),
    )


def doubles_among(
    title: str,
    starts_on: date,
    ends_on: date,
    claims: Iterable[HourClaim],
    lessons: Iterable[Lesson],
) -> Iterator[str]:
    """The same among claims and lessons of the person that are at hand; those of other days do not
    count.
    """
    for claim in claims:
        is_then = claim.starts_on <= ends_on and claim.ends_on >= starts_on
        if is_then and alike(claim.title, title):
            yield (
                _("“%(title)s” of %(day)s has been handed in already.")
                % {"title": claim.title, "day": full_day(claim.starts_on)}
            )
    for lesson in lessons:
        if not starts_on <= timezone.localdate(lesson.starts_at) <= ends_on:
            continue
        if alike(lesson.training_class.title, title) or alike(lesson.title, title):
            yield (
                _(
                    "“%(title)s” of %(day)s is a class of the academy: its hours come by themselves"
                    " when it is closed."
                )
                % {"title": lesson.training_class.title, "day": full_day(lesson.starts_at)}
            )
            return


def same_days(claim: HourClaim) -> list[str]:
    """What else the person has on these days, for whoever decides; it refuses nothing."""
    days = claim.trainee, claim.starts_on, claim.ends_on
    return [
        *(
            f"{full_day(lesson.starts_at)} {lesson.training_class.title}"
            for lesson in _lessons_on(*days)
        ),
        *(f"{full_day(other.starts_on)} {other.title}" for other in _claims_on(*days, claim.pk)),
    ]


def alike(one: str, other: str) -> bool:
    """Whether two titles mean one training: the same without signs, or one within the other."""
    one, other = (
        "".join(char for char in text.casefold() if char.isalnum()) for text in (one, other)
    )
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= FEWEST_ALIKE and short in long)


def _claims_on(trainee: Trainee, starts_on: date, ends_on: date, besides: int | None = None):
    claims = HourClaim.objects.standing().filter(
        trainee=trainee, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    return claims.exclude(pk=besides) if besides else claims


def _lessons_on(trainee: Trainee, starts_on: date, ends_on: date):
    own = Q(
        training_class__enrolments__trainee=trainee, training_class__enrolments__status__in=LIVE
    )
    return (
        Lesson.objects.filter(own, starts_at__date__range=(starts_on, ends_on))
        .exclude(training_class__status=ClassStatus.CANCELLED)
        .select_related("training_class", "course_version")
        .order_by("starts_at", "pk")
        .distinct()
    )


def lessons_of_people(people: list[int], first: date, last: date) -> dict[int, list[Lesson]]:
    """Person → lessons on these days of classes that they have or had a seat in."""
    found: dict[int, list[Lesson]] = {}
    rows = (
        Lesson.objects.filter(
            training_class__enrolments__trainee__in=people,
            training_class__enrolments__status__in=LIVE,
            starts_at__date__range=(first, last),
        )
        .exclude(training_class__status=ClassStatus.CANCELLED)
        .annotate(person=F("training_class__enrolments__trainee"))
        .select_related("training_class", "course_version")
        .order_by("starts_at", "pk")
    )
    for lesson in rows:
        found.setdefault(lesson.person, []).append(lesson)
    return found


# --- Deciding -------------------------------------------------------------------------------------


@transaction.atomic
def approve(*, claim: HourClaim, by, now: datetime) -> HourClaim:
    """Count the hours: a line of the ledger on the last day of the training.

    Refused where it has been decided, where it is a double by now, and to the person themselves.
    Raises ClaimRefused.
    """
    claim = _to_decide(claim, by)
    doubles = doubles_of(claim.trainee, claim.title, claim.starts_on, claim.ends_on, claim.pk)
    if found := list(doubles):
        raise ClaimRefused(" ".join(found))
    claim.entry = post(
        trainee=claim.trainee,
        kind=claim.kind,
        hours=claim.hours,
        earned_on=claim.ends_on,
        rule=RULE,
        by=by,
        now=now,
        reason=claim.title,
    )
    return _decided(claim, ClaimStatus.APPROVED, "", by, now)


@transaction.atomic
def send_back(*, claim: HourClaim, answer: str, by, now: datetime) -> HourClaim:
    """Send the claim back with a sentence; it may be handed in anew. Raises ClaimRefused."""
    if not answer.strip():
        raise ClaimRefused(_("Say in a sentence what is missing or why it does not count."))
    return _decided(_to_decide(claim, by), ClaimStatus.RETURNED, answer.strip()[:200], by, now)


def _to_decide(claim: HourClaim, by) -> HourClaim:
    Trainee.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.trainee_id)
    claim = (
        HourClaim.objects.select_for_update(of=("self",), no_key=True)
        .select_related("trainee__user")
        .get(pk=claim.pk)
    )
    if claim.status != ClaimStatus.ASKED:
        raise ClaimRefused(_("This claim has been decided already."))
    if claim.trainee.user_id == by.pk:
        raise ClaimRefused(_("Nobody decides their own claim. Ask somebody else of the office."))
    return claim


def _decided(claim: HourClaim, status: str, answer: str, by, now: datetime) -> HourClaim:
    claim.status, claim.answer = status, answer
    claim.decided_by, claim.decided_at = by, now
    claim.save(update_fields=["status", "answer", "decided_by", "decided_at", "entry"])
    is_approved = status == ClaimStatus.APPROVED
    tell(
        CLAIM_APPROVED if is_approved else CLAIM_RETURNED,
        claim.trainee.user,
        values={"training": claim.title}
        | ({"hours": claim.hours} if is_approved else {"answer": answer}),
        link="/me/hours/claims/",
        subject=claim,
        dedupe="decided",
    )
    return claim
