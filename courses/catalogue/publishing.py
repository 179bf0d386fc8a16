"""The life of a course: drafted, reviewed, published as a version, changed by a working copy,
retired, brought back.

Every step locks the course, checks where it stands, writes, and leaves a CourseStep. What is in
review stays as it was handed in: it is sent back, taken back or published, never edited. Source:
docs/rules.md R11, R30.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import Role, RoleGrant
from academy.search import index
from academy.web.concurrent_edits import ChangedMeanwhile
from notices.kinds import NoticeKind
from notices.outbox import tell

from ..models import Course, CourseChange, CourseDecision, CourseStatus, CourseStep, CourseVersion
from ..notices import COURSE_BROUGHT_BACK, COURSE_PUBLISHED, COURSE_RETIRED, COURSE_RETURNED
from .drafts import as_objects, lock_course, newest_version, record_step, stamp, write_content
from .errors import (
    CourseIncomplete,
    CourseNotInReview,
    CourseNotPublished,
    CourseNotRetired,
    NothingToHandIn,
    NothingToPublish,
    ReasonMissing,
    WrongSuccessor,
)
from .versions import publish

REASON_LENGTH = 500  # of an opinion


@transaction.atomic
def submit(*, course: Course, by, now: datetime) -> Course:
    """Hand in a draft, or the change of a published course.

    Raises NothingToHandIn, CourseIncomplete.
    """
    course = lock_course(course)
    change = course.change_in_hand
    if course.is_in_review:
        raise NothingToHandIn(_("“%(title)s” is in review already.") % {"title": course.title})
    if course.status != CourseStatus.DRAFT and change is None:
        raise NothingToHandIn(
            _("“%(title)s” has nothing to hand in: no change has been begun.")
            % {"title": course.title}
        )
    _refuse_incomplete(course.title, change.fields["summary"] if change else course.summary)
    if change:
        change.handed_in_at = now
        change.save(update_fields=["handed_in_at"])
    else:
        _move(course, CourseStatus.IN_REVIEW)
    record_step(course, CourseDecision.SUBMITTED, by, now, change.note if change else "")
    return course


@transaction.atomic
def take_back(*, course: Course, by, now: datetime) -> Course:
    """Take it out of review to go on writing. Raises CourseNotInReview."""
    course = _lock_in_review(course)
    _back_to_draft(course)
    record_step(course, CourseDecision.TAKEN_BACK, by, now)
    return course


@transaction.atomic
def return_for_changes(*, course: Course, reason: str, by, now: datetime, seen: str = "") -> Course:
    """Send it back with a reason, and tell the department.

    Raises ReasonMissing, CourseNotInReview, ChangedMeanwhile.
    """
    reason = _reason(
        reason, _("Write what has to change, so that the department knows what to do.")
    )
    course = _lock_in_review(course)
    _refuse_unseen(course, seen)
    _back_to_draft(course)
    step = record_step(course, CourseDecision.RETURNED, by, now, reason)
    _tell_department(course, step, COURSE_RETURNED, reason)
    return course


@transaction.atomic
def approve(
    *, course: Course, by, now: datetime, note: str = "", opinion: str = "", seen: str = ""
) -> CourseVersion:
    """Publish a draft, or the change of a published course, as a numbered version that never
    changes.

    Content that says the same as before keeps its version. Raises NothingToPublish,
    ChangedMeanwhile, CourseIncomplete.
    """
    course = lock_course(course)
    change = course.change_in_hand
    if course.status == CourseStatus.RETIRED:
        raise NothingToPublish(
            _("“%(title)s” is retired. Bring it back first.") % {"title": course.title}
        )
    if course.status == CourseStatus.PUBLISHED and change is None:
        raise NothingToPublish(
            _("“%(title)s” is published as it stands. Somebody may have decided just now.")
            % {"title": course.title}
        )
    _refuse_unseen(course, seen)
    if change:
        _refuse_overtaken(course, change)
        values = as_objects(change.fields, course)
        if values["track"] is None:
            raise CourseIncomplete(
                _("The track of this change is gone. Send it back, so that another is chosen.")
            )
        write_content(course, values)
        note = note or change.note
        change.delete()
    _refuse_incomplete(course.title, course.summary)
    version = publish(
        course=course, by=by, now=now, note=note, opinion=opinion.strip()[:REASON_LENGTH]
    )
    if change and version.pk == change.based_on_id:
        # it came down to what stands already
        record_step(course, CourseDecision.CHANGE_DROPPED, by, now)
        return version
    index.rebuild(["course", "service"])
    _tell_department(course, course.steps.last(), COURSE_PUBLISHED, opinion, number=version.number)
    return version


@transaction.atomic
def retire(
    *, course: Course, reason: str, by, now: datetime, successor: Course | None = None
) -> Course:
    """Take a published course out of the catalogue and of new plans. Classes already planned are
    held, records keep it.

    Raises ReasonMissing, CourseNotPublished, WrongSuccessor.
    """
    reason = _reason(reason, _("Write why the course is retired: its page tells visitors."))
    course = lock_course(course)
    if course.status != CourseStatus.PUBLISHED:
        raise CourseNotPublished(
            _("“%(title)s” is not published at present, so it cannot be retired.")
            % {"title": course.title}
        )
    if successor and (
        successor.pk == course.pk or not Course.objects.published().filter(pk=successor.pk).exists()
    ):
        raise WrongSuccessor(_("Only another published course can take over."))
    course.status, course.successor = CourseStatus.RETIRED, successor
    course.save(update_fields=["status", "successor", "updated_at"])
    step = record_step(course, CourseDecision.RETIRED, by, now, reason)
    index.rebuild(["course", "service"])
    _tell_department(course, step, COURSE_RETIRED, reason)
    return course


@transaction.atomic
def bring_back(*, course: Course, by, now: datetime, opinion: str = "") -> Course:
    """Put a retired course into the catalogue again, with the version it had.

    Raises CourseNotRetired.
    """
    course = lock_course(course)
    if course.status != CourseStatus.RETIRED:
        raise CourseNotRetired(_("“%(title)s” is not retired.") % {"title": course.title})
    course.status, course.successor = CourseStatus.PUBLISHED, None
    course.save(update_fields=["status", "successor", "updated_at"])
    step = record_step(
        course, CourseDecision.BROUGHT_BACK, by, now, opinion.strip()[:REASON_LENGTH]
    )
    index.rebuild(["course", "service"])
    _tell_department(course, step, COURSE_BROUGHT_BACK, step.opinion)
    return course


@dataclass(frozen=True)
class Outcome:
    """What became of one course of many: done, or the sentence that says why not."""

    course: Course
    refused: str = ""


def decide_on_many(
    step: Callable[..., object], courses: Iterable[Course], **arguments
) -> list[Outcome]:
    """Take one step with each course, each in a transaction of its own: one that is refused does
    not hold up the others.
    """
    outcomes = []
    for course in courses:
        try:
            step(course=course, **arguments)
            outcomes.append(Outcome(course))
        except PortalError as refused:
            outcomes.append(Outcome(course, str(refused)))
    return outcomes


def _lock_in_review(course: Course) -> Course:
    course = lock_course(course)
    if not course.is_in_review:
        raise CourseNotInReview(
            _("“%(title)s” is not in review any more. Somebody may have decided just now.")
            % {"title": course.title}
        )
    return course


def _refuse_unseen(course: Course, seen: str) -> None:
    if seen and seen != stamp(course):
        raise ChangedMeanwhile(
            _(
                "Somebody has saved “%(title)s” since you opened the page. Look at it again, then"
                " decide."
            )
            % {"title": course.title}
        )


def _refuse_overtaken(course: Course, change: CourseChange) -> None:
    """A change says how the whole course should read: over a version that its writer has not seen
    it would undo that one.
    """
    newest = newest_version(course)
    if change.based_on_id != newest.pk:
        raise ChangedMeanwhile(
            _(
                "Version %(number)d was published after this change was begun. Send it back; saving"
                " it again compares it with the new version."
            )
            % {"number": newest.number}
        )


def _refuse_incomplete(title: str, summary: str) -> None:
    if not summary.strip():
        raise CourseIncomplete(
            _(
                "“%(title)s” has no summary yet. Write what people do in class and what they take"
                " home."
            )
            % {"title": title}
        )


def _move(course: Course, status: CourseStatus) -> None:
    course.status = status
    course.save(update_fields=["status", "updated_at"])


def _back_to_draft(course: Course) -> None:
    change = course.change_in_hand
    if change:
        change.handed_in_at = None
        change.save(update_fields=["handed_in_at"])
    else:
        _move(course, CourseStatus.DRAFT)


def _reason(text: str, sentence: str) -> str:
    text = text.strip()
    if not text:
        raise ReasonMissing(sentence)
    return text[:REASON_LENGTH]


def _tell_department(
    course: Course, step: CourseStep, kind: NoticeKind, opinion: str, **values: object
) -> None:
    """Everybody who works on the department's courses today, but for whoever took the step."""
    if course.department_id is None or step is None:
        return
    grants = RoleGrant.objects.current(timezone.localdate(step.at)).filter(
        role=Role.DEPARTMENT_STAFF, department=course.department_id
    )
    for grant in grants.exclude(user=step.by).select_related("user").order_by("user_id"):
        tell(
            kind,
            grant.user,
            values={"title": course.title, "opinion": opinion, **values},
            link=reverse("courses:manage_course", args=[course.code]),
            subject=course,
            due_at=step.at,
            dedupe=f"step {step.pk}",
        )
