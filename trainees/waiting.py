"""What waits at /manage/: lessons of today and lessons missed, requests, classes below their size
or to be closed, seats to fill, people who cannot come; and what waits for the answers of others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.access import is_any_staff, towns_of
from academy.colleagues import colleagues_of
from academy.models import CampusKind
from academy.templatetags.portal_tags import short_day, span
from academy.waiting import Fold, HeldItem, WaitingItem, WaitingKind
from courses.models import HELD, ApprovalLevel, ClassStatus, Lesson, SeatPool, TrainingClass

from .classes.booking_rules import short_classes
from .models import (
    ApprovalStep,
    Attendance,
    HourClaim,
    LeaveRequest,
    Nomination,
    NominationStatus,
    TraineeRequest,
    expected_in_each,
)
from .on_behalf.nominations import REPLACE_WITHIN
from .people.approvers import steps_of
from .petitions.requests import class_of, kind_of, waiting_requests
from .record.closing_parts import CLOSE_WITHIN, ROSTER, in_words, missing_parts_of_all
from .record.lesson_rolls import with_roll

# a seat that is given back late is of use only while somebody can still come
ANSWER_WITHIN_DAYS = 2
CLAIM_WITHIN_DAYS = 10
QUOTA_IN_SIGHT = timedelta(days=14)  # before a town's seats go to everybody


def waiting_for(user, now: datetime) -> Iterator[WaitingItem]:
    yield from _to_approve(user, now)
    if not is_any_staff(user):
        return
    yield from _claims(user)
    yield from _to_replace(user, now)
    yield from _to_send(user, now)
    own = TrainingClass.objects.run_by(user).filter(status__in=HELD)
    lessons = list(_to_mark(own, now))
    yield from _lessons(user, lessons, now)
    yield from _requests(user, own)
    for training_class in short_classes(own, timezone.localdate(now)):
        words = {"booked": training_class.seats_taken, "least": training_class.minimum_size}
        yield WaitingItem(
            title=_("Does it take place? %(title)s") % {"title": training_class.title},
            detail=_("%(booked)d of at least %(least)d people have booked.") % words,
            url=reverse("trainees:class_overview", args=[training_class.code]),
            due_on=training_class.decide_on,
            action=_("Decide"),
            others=_running(user, training_class),
        )
    unmarked = Counter(lesson.training_class_id for lesson in lessons)
    yield from _to_close(user, own, unmarked, now)


def waits_elsewhere(user, now: datetime) -> Iterator[HeldItem]:
    """People who were sent and have not answered, for their town; bookings that others approve."""
    if not is_any_staff(user):
        return
    asked = Nomination.objects.filter(
        status=NominationStatus.ASKED,
        town__in=towns_of(user),
        training_class__status=ClassStatus.OPEN,
        training_class__starts_at__gt=now,
    )
    for code, title, count, since in (
        asked.order_by()
        .values_list("training_class__code", "training_class__title")
        .annotate(count=Count("pk"), since=Min("nominated_at"))
    ):
        yield HeldItem(
            who=ngettext("%(count)d person sent", "%(count)d people sent", count)
            % {"count": count},
            title=_("Answer: %(title)s") % {"title": title},
            url=reverse("trainees:nominations", args=[code]),
            since=timezone.localdate(since),
        )
    own = TrainingClass.objects.run_by(user).filter(status=ClassStatus.OPEN)
    steps = ApprovalStep.objects.waiting(now).filter(approval__enrolment__training_class__in=own)
    if user.has_perm("trainees.see_approvals"):
        steps = steps.exclude(pk__in=steps_of(user, timezone.localdate(now)).values("pk"))
    path = "approval__enrolment__training_class__"
    for code, title, level, count, since in (
        steps.order_by()
        .values_list(f"{path}code", f"{path}title", "level")
        .annotate(count=Count("pk"), since=Min("asked_at"))
    ):
        yield HeldItem(
            who=str(ApprovalLevel(level).label),
            title=ngettext(
                "%(count)d booking to approve: %(title)s",
                "%(count)d bookings to approve: %(title)s",
                count,
            )
            % {"count": count, "title": title},
            url=reverse("trainees:class_overview", args=[code]),
            since=timezone.localdate(since),
        )


def _running(user, training_class: TrainingClass) -> tuple[str, ...]:
    """Who else could see to the class; its campus has been read with it."""
    campus = training_class.campus
    return colleagues_of(user).running(
        campus=campus.pk,
        salon_of=campus.town_id if campus.kind == CampusKind.SALON else None,
        department=training_class.department_id,
    )


# --- Lessons --------------------------------------------------------------------------------------


def _to_mark(classes: QuerySet[TrainingClass], now: datetime) -> QuerySet[Lesson]:
    """Lessons of the day and of the past on whose roll somebody is still without a mark."""
    mark = Attendance.objects.filter(enrolment=OuterRef("pk"), lesson=OuterRef(OuterRef("pk")))
    roll = expected_in_each()
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    lessons = Lesson.objects.filter(
        training_class__in=classes, starts_at__lt=tomorrow + timedelta(days=1)
    )
    return (
        with_roll(lessons.filter(Exists(roll.exclude(Exists(mark)))))
        .select_related("training_class__campus", "course_version", "venue")
        .order_by("starts_at", "pk")
    )


def _lessons(user, lessons: list[Lesson], now: datetime) -> Iterator[WaitingItem]:
    """Those of today one by one, those missed folded by class."""
    today = timezone.localdate(now)
    for lesson in lessons:
        training_class, on = lesson.training_class, timezone.localdate(lesson.starts_at)
        facts = {
            "lesson": lesson.title,
            "room": lesson.venue.name,
            "day": short_day(lesson.starts_at),
            "time": span(lesson),
            "people": lesson.on_the_roll,
            "marked": lesson.marked,
            "missing": lesson.on_the_roll - lesson.marked,
            "title": training_class.title,
        }
        is_today = on == today
        if not is_today:
            detail = _("%(day)s %(time)s, %(room)s; %(missing)d of %(people)d without a mark")
        elif lesson.marked:
            detail = _("%(time)s, %(room)s; %(marked)d marked, %(missing)d not yet")
        else:
            detail = _("%(lesson)s, %(room)s; take attendance from one hour before.")
        yield WaitingItem(
            title=(_("Today: %(title)s") if is_today else _("Attendance missing: %(title)s"))
            % facts,
            detail=detail % facts,
            url=reverse("trainees:attendance", args=[lesson.pk]),
            due_on=on,
            due_at=lesson.ends_at,
            action=_("Take attendance") if is_today else _("Take it now"),
            kind=WaitingKind.MARK,
            place="trainees:lessons",
            others=_running(user, training_class),
            fold=None
            if is_today
            else Fold(
                f"mark:{training_class.pk}",
                _("Attendance missing: %(title)s") % facts,
                reverse("trainees:class_overview", args=[training_class.code]),
                _("Take it now"),
            ),
            short=_("%(day)s %(lesson)s") % facts,
        )


def _to_close(
    user, own: QuerySet[TrainingClass], unmarked: Counter, now: datetime
) -> Iterator[WaitingItem]:
    over = own.filter(ends_at__lt=now).with_seats().select_related("campus")
    classes = list(over.order_by("ends_at", "code"))
    lacking = missing_parts_of_all(classes, now)
    for training_class in classes:
        facts = {
            "day": short_day(training_class.ends_at),
            "people": training_class.seats_taken_total,
            "lessons": unmarked[training_class.pk],
        }
        detail = (
            ngettext(
                "Last lesson %(day)s, %(people)d people wait for their hours; %(lessons)d lesson"
                " lacks attendance",
                "Last lesson %(day)s, %(people)d people wait for their hours; %(lessons)d lessons"
                " lack attendance",
                facts["lessons"],
            )
            if facts["lessons"]
            else _("Last lesson %(day)s, %(people)d people wait for their hours")
        )
        missing = [part for part in lacking[training_class.pk] if part.key != ROSTER]
        if missing:
            facts["parts"] = in_words(missing)
            detail = f"{detail}{pgettext('between sentences', '; ')}{_('missing: %(parts)s')}"
        yield WaitingItem(
            title=_("Close: %(title)s") % {"title": training_class.title},
            detail=detail % facts,
            url=reverse("trainees:class_overview", args=[training_class.code]),
            due_on=timezone.localdate(training_class.ends_at + CLOSE_WITHIN),
            action=_("Close the class"),
            kind=WaitingKind.CLOSE,
            place="courses:manage_classes",
            others=_running(user, training_class),
        )


# --- Answers --------------------------------------------------------------------------------------


def _requests(user, own: QuerySet[TrainingClass]) -> Iterator[WaitingItem]:
    fold = Fold(
        "requests",
        _("Requests of trainees to answer"),
        reverse("trainees:requests"),
        _("Answer one by one"),
    )
    for asked in waiting_requests(own, with_appeals=user.has_perm("trainees.decide_appeal")):
        about = class_of(asked)
        yield WaitingItem(
            title=_("Answer a request: %(what)s") % {"what": asked._meta.verbose_name},
            detail=about.title if about else _("About absences without leave."),
            url=f"{reverse('trainees:requests')}#h-{kind_of(asked)}-{asked.pk}",
            due_on=min(
                timezone.localdate(asked.asked_at) + timedelta(days=ANSWER_WITHIN_DAYS),
                *_lesson_days(asked),
            ),
            action=_("Answer"),
            kind=WaitingKind.ANSWER,
            place="trainees:requests",
            fold=fold,
            short=str(asked._meta.verbose_name),
        )


def _claims(user) -> Iterator[WaitingItem]:
    """Hours from elsewhere that wait for the office."""
    if not user.has_perm("trainees.decide_claims"):
        return
    fold = Fold(
        "claims",
        _("Claims of study hours"),
        reverse("trainees:hour_claims"),
        _("Answer one by one"),
    )
    waiting = HourClaim.objects.waiting().exclude(trainee__user=user)  # nobody decides their own
    for claim in waiting.select_related("trainee__user"):
        yield WaitingItem(
            title=_("Claim of study hours: %(name)s") % {"name": claim.trainee.name},
            detail=claim.title,
            url=claim.get_absolute_url(),
            due_on=timezone.localdate(claim.asked_at) + timedelta(days=CLAIM_WITHIN_DAYS),
            action=pgettext("a booking", "Decide"),
            kind=WaitingKind.APPROVE,
            place="trainees:hour_claims",
            others=colleagues_of(user).in_office(),
            fold=fold,
            short=claim.title,
        )


def _lesson_days(asked: TraineeRequest) -> list[date]:
    """The days of the lessons that leave is asked from: an answer after them is of little use."""
    lessons = asked.lessons.all() if isinstance(asked, LeaveRequest) else ()
    return [timezone.localdate(lesson.starts_at) for lesson in lessons] or [date.max]


def _to_approve(user, now: datetime) -> Iterator[WaitingItem]:
    """Bookings that the person, or somebody they stand in for, approves: one line for each
    class.
    """
    today = timezone.localdate(now)
    if not user.has_perm("trainees.see_approvals"):
        return
    waiting: dict[int, list[ApprovalStep]] = defaultdict(list)
    for step in (
        steps_of(user, today)
        .waiting(now)
        .select_related("approval__enrolment__training_class")
        .order_by("asked_at", "pk")
    ):
        waiting[step.approval.enrolment.training_class_id].append(step)
    address = reverse("trainees:approvals")
    fold = Fold("approve", _("Bookings to approve"), address, pgettext("a booking", "Decide"))
    for steps in waiting.values():
        training_class = steps[0].approval.enrolment.training_class
        ends = [
            moment
            for moment in (training_class.starts_at, *(step.passes_on_at for step in steps))
            if moment
        ]
        yield WaitingItem(
            title=_("Approve bookings: %(title)s") % {"title": training_class.title},
            detail=ngettext(
                "%(count)d person waits, since %(day)s.",
                "%(count)d people wait, the first since %(day)s.",
                len(steps),
            )
            % {"count": len(steps), "day": short_day(steps[0].asked_at)},
            url=address,
            due_on=timezone.localdate(min(ends)) if ends else None,
            due_at=min(ends) if ends else None,
            action=pgettext("a booking", "Decide"),
            kind=WaitingKind.APPROVE,
            place="trainees:approvals",
            others=(
                colleagues_of(user).in_office()
                if {step.level for step in steps} == {ApprovalLevel.DISTRICT}
                else ()
            ),
            fold=fold,
            short=training_class.title,
        )


# --- Dispatch -------------------------------------------------------------------------------------


def _to_replace(user, now: datetime) -> Iterator[WaitingItem]:
    """People who were sent and cannot come, for the town that sent them."""
    open_still = TrainingClass.objects.filter(status=ClassStatus.OPEN, starts_at__gt=now)
    refused = Nomination.objects.filter(
        status=NominationStatus.CANNOT, town__in=towns_of(user), training_class__in=open_still
    )
    for nomination in refused.select_related("trainee__user", "training_class"):
        yield WaitingItem(
            title=_("%(name)s cannot come: %(title)s")
            % {
                "name": nomination.trainee.name,
                "title": nomination.training_class.title,
            },
            detail=nomination.reason,
            url=reverse("trainees:nomination_replace", args=[nomination.pk]),
            due_on=timezone.localdate(nomination.answered_at + REPLACE_WITHIN),
            action=_("Send somebody else"),
            kind=WaitingKind.DISPATCH,
            place="trainees:dispatch",
            others=colleagues_of(user).of_town(nomination.town_id),
        )


def _to_send(user, now: datetime) -> Iterator[WaitingItem]:
    """Seats kept for the person's town that soon go to everybody."""
    pools = SeatPool.objects.filter(
        town__in=towns_of(user),
        seats__gt=F("seats_taken"),
        released_at__isnull=True,
        release_at__gt=now,
        release_at__lt=now + QUOTA_IN_SIGHT,
        training_class__status=ClassStatus.OPEN,
        training_class__booking_opens_at__lte=now,
        training_class__booking_closes_at__gt=now,
    )
    for pool in pools.select_related("training_class").order_by("release_at", "pk"):
        training_class = pool.training_class
        yield WaitingItem(
            title=_("Seats to fill: %(title)s") % {"title": training_class.title},
            detail=_("%(left)d of %(seats)d seats kept for the street-town; it begins on %(day)s")
            % {
                "left": pool.seats_left,
                "seats": pool.seats,
                "day": short_day(training_class.starts_at),
            },
            url=reverse("trainees:nominations", args=[training_class.code]),
            due_on=timezone.localdate(pool.release_at),
            due_at=pool.release_at,
            action=_("Send people"),
            kind=WaitingKind.DISPATCH,
            place="trainees:dispatch",
            others=colleagues_of(user).of_town(pool.town_id),
        )
