"""What waits for a person at /manage/: courses to review or to mend, topics that somebody asked
for.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.access import departments_of
from academy.waiting import WaitingItem

from .models import Course, CourseDecision, CourseStep, TopicRequest
from .topic_requests import answer_by

COURSES_ONE_BY_ONE = 10
REVIEW_WITHIN_DAYS = 10  # of a course that was handed in; the office's own promise


def waiting_for(user, now: datetime) -> Iterator[WaitingItem]:
    if user.has_perm("courses.publish_course"):
        yield from _to_review()
    yield from _to_mend(user)
    yield from _topic_requests(user)


def _to_review() -> Iterator[WaitingItem]:
    """One by one while they are few; a pile is one line, and the table shows the rest."""
    handed_in = (
        CourseStep.objects.filter(course=OuterRef("pk"), decision=CourseDecision.SUBMITTED)
        .order_by("-pk")
        .values("at")[:1]
    )
    courses = list(
        Course.objects.in_review()
        .with_stage()
        .select_related("department")
        .annotate(handed_in_at=Subquery(handed_in))
        .order_by("handed_in_at", "code")[:100]
    )
    if len(courses) > COURSES_ONE_BY_ONE:
        yield WaitingItem(
            title=ngettext("Review %(count)d course", "Review %(count)d courses", len(courses))
            % {"count": len(courses)},
            detail=_("Waiting longest: “%(topic)s”") % {"topic": courses[0].title},
            url=f"{reverse('courses:manage_courses')}?status=in_review",
            due_on=_review_by(courses[0]),
            action=pgettext("button", "Review"),
        )
        return
    for course in courses:
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
    for course in courses.order_by("code")[:COURSES_ONE_BY_ONE]:
        yield WaitingItem(
            title=_("“%(title)s” came back with a note") % {"title": course.title},
            detail=course.returned_because or "",
            url=reverse("courses:manage_course", args=[course.code]),
            action=pgettext("button", "Mend"),
        )


def _topic_requests(user) -> Iterator[WaitingItem]:
    """One line for all of them: the office answers a handful at a sitting."""
    if not user.has_perm("courses.answer_request"):
        return
    waiting = list(
        TopicRequest.objects.open().order_by("asked_at", "pk").only("topic", "asked_at")[:100]
    )
    if waiting:
        yield WaitingItem(
            title=ngettext(
                "Answer %(count)d request for a topic",
                "Answer %(count)d requests for topics",
                len(waiting),
            )
            % {"count": len(waiting)},
            detail=_("Waiting longest: “%(topic)s”") % {"topic": waiting[0].topic},
            url=reverse("courses:manage_requests"),
            due_on=answer_by(waiting[0]),
            action=_("Answer"),
        )
