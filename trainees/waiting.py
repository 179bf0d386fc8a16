"""What waits at /manage/: lessons of today, requests, classes below their size or to be closed,
people who cannot come.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.access import is_any_staff, towns_of
from academy.templatetags.portal_tags import short_day
from academy.waiting import WaitingItem
from courses.models import HELD, ClassStatus, Lesson, TrainingClass

from .classes.booking_rules import short_classes
from .models import ApprovalStep, Attendance, Enrolment, Nomination, NominationStatus
from .on_behalf.nominations import REPLACE_WITHIN
from .on_behalf.requests import class_of, kind_of, waiting_requests
from .people.approvers import steps_of

# a seat that is given back late is of use only while somebody can still come
ANSWER_WITHIN_DAYS = 2
CLOSE_WITHIN_DAYS = 7  # after the last lesson, so that nobody waits long for their hours


def waiting_for(user, now: datetime) -> Iterator[WaitingItem]:
    yield from _to_approve(user, now)
    if not is_any_staff(user):
        return
    yield from _to_replace(user, now)
    today = timezone.localdate(now)
    own = TrainingClass.objects.run_by(user).filter(status__in=HELD)
    for lesson in _to_mark(own, today):
        yield WaitingItem(
            title=_("Today: %(title)s") % {"title": lesson.training_class.title},
            detail=_("%(lesson)s, %(room)s; take attendance from one hour before.")
            % {
                "lesson": lesson.title,
                "room": lesson.venue.name,
            },
            url=reverse("trainees:attendance", args=[lesson.pk]),
            due_on=today,
            action=_("Take attendance"),
        )
    for asked in waiting_requests(own, with_appeals=user.has_perm("trainees.decide_appeal")):
        about = class_of(asked)
        yield WaitingItem(
            title=_("Answer a request: %(what)s") % {"what": asked._meta.verbose_name},
            detail=about.title if about else _("About absences without leave."),
            url=f"{reverse('trainees:requests')}#h-{kind_of(asked)}-{asked.pk}",
            due_on=timezone.localdate(asked.asked_at) + timedelta(days=ANSWER_WITHIN_DAYS),
            action=_("Answer"),
        )
    for training_class in short_classes(own, today):
        words = {"booked": training_class.seats_taken, "least": training_class.minimum_size}
        yield WaitingItem(
            title=_("Does it take place? %(title)s") % {"title": training_class.title},
            detail=_("%(booked)d of at least %(least)d people have booked.") % words,
            url=reverse("trainees:class_roster", args=[training_class.code]),
            due_on=training_class.decide_on,
            action=_("Decide"),
        )
    for training_class in own.filter(ends_at__lt=now):
        yield WaitingItem(
            title=_("Close: %(title)s") % {"title": training_class.title},
            detail=_("The last lesson is over; people wait for their study hours."),
            url=reverse("trainees:class_roster", args=[training_class.code]),
            due_on=timezone.localdate(training_class.ends_at) + timedelta(days=CLOSE_WITHIN_DAYS),
            action=_("Close the class"),
        )


def _to_mark(classes: QuerySet[TrainingClass], today: date) -> QuerySet[Lesson]:
    """Lessons of the day on whose roll somebody is still without a mark."""
    mark = Attendance.objects.filter(enrolment=OuterRef("pk"), lesson=OuterRef(OuterRef("pk")))
    roll = Enrolment.objects.taking_part().filter(training_class=OuterRef("training_class"))
    lessons = Lesson.objects.filter(training_class__in=classes, starts_at__date=today)
    return lessons.filter(Exists(roll.exclude(Exists(mark)))).select_related(
        "training_class", "course_version", "venue"
    )


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
            url=reverse("trainees:approvals"),
            due_on=timezone.localdate(min(ends)) if ends else None,
            action=pgettext("a booking", "Decide"),
        )


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
        )
