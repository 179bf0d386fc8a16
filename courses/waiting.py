"""What waits for a person at /manage/: courses to review or to mend, topics that somebody asked
for.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.access import departments_of
from academy.colleagues import colleagues_of
from academy.templatetags.portal_tags import short_day
from academy.waiting import Fold, HeldItem, WaitingItem, WaitingKind

from .models import Course, CourseDecision, CourseStep, TopicRequest
from .topic_requests import answer_by

MOST = 1_000  # of a kind; whoever has more begins with these
REVIEW_WITHIN_DAYS = 10  # of a course that was handed in; the office's own promise


def waiting_for(user, now: datetime) -> Iterator[WaitingItem]:
    if user.has_perm("courses.publish_course"):
        yield from _to_review(user)
    yield from _to_mend(user)
    yield from _topic_requests(user)


def _to_review(user) -> Iterator[WaitingItem]:
    """One by one; the desk folds those that are due together."""
    handed_in = (
        CourseStep.objects.filter(course=OuterRef("pk"), decision=CourseDecision.SUBMITTED)
        .order_by("-pk")
        .values("at")[:1]
    )
    fold = Fold(
        "courses",
        _("Courses to review"),
        f"{reverse('courses:manage_courses')}?status=in_review",
        pgettext("button", "Review"),
    )
    courses = (
        Course.objects.in_review()
        .with_stage()
        .select_related("department")
        .annotate(handed_in_at=Subquery(handed_in))
        .order_by("handed_in_at", "code")
    )
    for course in courses[:MOST]:
        words = (
            _("Review the change of “%(title)s”")
            if course.change_in_hand
            else _("Review the new course “%(title)s”")
        )
        yield WaitingItem(
            title=words % {"title": course.title},
            detail=course.given_by,
            url=reverse("courses:manage_course", args=[course.code]),
            due_on=_review_by(course),
            action=pgettext("button", "Review"),
            kind=WaitingKind.REVIEW,
            place="courses:manage_courses",
            others=colleagues_of(user).in_office(),
            fold=fold,
            short=course.title,
        )


def _review_by(course: Course) -> date | None:
    return (
        timezone.localdate(course.handed_in_at) + timedelta(days=REVIEW_WITHIN_DAYS)
        if course.handed_in_at
        else None
    )


def _to_mend(user) -> Iterator[WaitingItem]:
    """What came back to a department, with the reason."""
    departments = departments_of(user)
    if not departments:
        return
    reason = (
        CourseStep.objects.filter(course=OuterRef("pk"), decision=CourseDecision.RETURNED)
        .order_by("-pk")
        .values("opinion")[:1]
    )
    courses = (
        Course.objects.filter(department__in=departments)
        .with_stage()
        .sent_back()
        .annotate(returned_because=Subquery(reason))
    )
    for course in courses.order_by("code")[:MOST]:
        yield WaitingItem(
            title=_("“%(title)s” came back with a note") % {"title": course.title},
            detail=course.returned_because or "",
            url=reverse("courses:manage_course", args=[course.code]),
            action=pgettext("button", "Mend"),
            kind=WaitingKind.FILING,
            place="courses:manage_courses",
            others=colleagues_of(user).of_department(course.department_id),
        )


def _topic_requests(user) -> Iterator[WaitingItem]:
    """Each with the day by which it is answered. Source: docs/rules.md R31."""
    if not user.has_perm("courses.answer_request"):
        return
    fold = Fold(
        "topics", _("Topics asked for"), reverse("courses:manage_requests"), _("Answer one by one")
    )
    for asked in (
        TopicRequest.objects.open().order_by("asked_at", "pk").only("topic", "asked_at")[:MOST]
    ):
        yield WaitingItem(
            title=_("Asked for: %(topic)s") % {"topic": asked.topic},
            detail=_("received on %(day)s") % {"day": short_day(asked.asked_at)},
            url=reverse("courses:answer_request", args=[asked.pk]),
            due_on=answer_by(asked),
            action=_("Answer"),
            kind=WaitingKind.ANSWER,
            place="courses:manage_requests",
            others=colleagues_of(user).in_office(),
            fold=fold,
            short=asked.topic,
        )


def waits_elsewhere(user, now: datetime) -> Iterator[HeldItem]:
    """Courses of a department that the office reviews."""
    departments = departments_of(user)
    if not departments:
        return
    handed_in = (
        CourseStep.objects.filter(course=OuterRef("pk"), decision=CourseDecision.SUBMITTED)
        .order_by("-pk")
        .values("at")[:1]
    )
    courses = Course.objects.in_review().filter(department__in=departments)
    for course in courses.annotate(handed_in_at=Subquery(handed_in)).order_by("code")[:MOST]:
        yield HeldItem(
            who=pgettext("who has it in hand", "Academy office"),
            title=_("Review “%(title)s”") % {"title": course.title},
            url=reverse("courses:manage_course", args=[course.code]),
            since=timezone.localdate(course.handed_in_at) if course.handed_in_at else None,
        )
