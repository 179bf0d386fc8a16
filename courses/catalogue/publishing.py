"""The life of a course: drafted, reviewed, published as a version, changed by a working copy,
retired, brought back.

Every step locks the course, checks where it stands, writes, and leaves a CourseStep. What is in
review stays as it was handed in: it is sent back, taken back or published, never edited. Source:
docs/rules.md R11, R30.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.errors import InvalidTransition, PortalError
from academy.models import Department, GrowthStage, Position, Role, RoleGrant
from academy.search import index
from academy.web.concurrent_edits import ChangedMeanwhile
from notices.outbox import notify

from ..models import (
    Course,
    CourseChange,
    CourseDecision,
    CourseStatus,
    CourseStep,
    CourseVersion,
    ServiceItem,
    TeachingFormat,
    Track,
)
from .versions import content_of, equivalents_in, publish

REASON_LENGTH = 500  # of an opinion
PLAIN_FIELDS = (
    "title",
    "origin",
    "hours",
    "summary",
    "objectives",
    "outline",
    "lecturer_type",
    "is_immersive",
    "immersive_topic",
)
LINKS = {"track": Track, "department": Department}
LINK_LISTS = {
    "formats": TeachingFormat,
    "audiences": Position,
    "stages": GrowthStage,
    "prerequisites": Course,
    "equivalents": Course,
    "service_items": ServiceItem,
}


class CourseNotEditable(InvalidTransition):
    """The course is in review or retired; its content stays as it is."""


class CourseNotInReview(InvalidTransition):
    """Only what was handed in can be sent back or taken back."""


class NothingToHandIn(InvalidTransition):
    """The course is in review already, or published with no change begun."""


class NothingToPublish(InvalidTransition):
    """The course is published as it stands, or retired."""


class NoChangeToDrop(InvalidTransition):
    """No change is being written, or it lies with the office."""


class CourseNotPublished(InvalidTransition):
    """Only a published course can be retired."""


class CourseNotRetired(InvalidTransition):
    """Only a retired course can be brought back."""


class WasPublished(InvalidTransition):
    """Only a draft that nobody has handed in and that was never published can be thrown away."""


class ReasonMissing(PortalError):
    """Sending back and retiring need a reason."""


class CourseIncomplete(PortalError):
    """What is handed in lacks something that a reader needs."""


class WrongSuccessor(PortalError):
    """A course is taken over by another published course."""


# --- Writing --------------------------------------------------------------------------------------


def stamp(course: Course) -> str:
    """Names what a page shows and where it stands, so that a later step can tell whether it is
    still that.
    """
    change = course.change_in_hand
    if change is None:
        return course.updated_at.isoformat()
    handed_in = change.handed_in_at.isoformat() if change.handed_in_at else ""
    return f"{change.updated_at.isoformat()}+{handed_in}"


@transaction.atomic
def save_draft(*, course: Course, values: dict, by, now: datetime, note: str = "") -> Course:
    """Keep what was written: in the course while it is a draft, as a change beside it once it is
    published.

    `values` are cleaned values by field name. Raises CourseNotEditable.
    """
    course = _lock(course)
    refuse_unless_editable(course)
    if course.status == CourseStatus.DRAFT:
        _write(course, values)
        return course
    change = course.change_in_hand
    if change is None:
        change = CourseChange(course=course)
        _record(course, CourseDecision.CHANGE_BEGUN, by, now)
    change.based_on = _newest(course)
    change.fields = _as_plain(values)
    change.note, change.updated_at, change.updated_by = note, now, by
    change.save()
    course.change = change
    return course


@transaction.atomic
def drop_change(*, course: Course, by, now: datetime) -> Course:
    """Give up the change that was begun; the published version stays. Raises NoChangeToDrop."""
    course = _lock(course)
    change = course.change_in_hand
    if change is None or course.is_in_review:
        raise NoChangeToDrop(
            _(
                "There is no change to give up: the course stands as published, or the change is in"
                " review."
            )
        )
    change.delete()
    _record(course, CourseDecision.CHANGE_DROPPED, by, now)
    return Course.objects.get(pk=course.pk)


@transaction.atomic
def discard_draft(*, course: Course, by, now: datetime) -> None:
    """Throw a draft away with what was noted about it. A course that was ever published is retired
    instead, so that records keep it. Raises WasPublished.
    """
    course = _lock(course)
    if course.status != CourseStatus.DRAFT or course.versions.exists():
        raise WasPublished(
            _("“%(title)s” is in review, or it was published before. Take it back, or retire it.")
            % {"title": course.title}
        )
    course.delete()


def refuse_unless_editable(course: Course) -> None:
    """Raises CourseNotEditable, which says why."""
    if course.status == CourseStatus.RETIRED:
        raise CourseNotEditable(
            _("“%(title)s” is retired. Bring it back first, then change it.")
            % {"title": course.title}
        )
    if course.is_in_review:
        raise CourseNotEditable(
            _("“%(title)s” is in review. It can be changed when it is sent back or taken back.")
            % {"title": course.title}
        )


# --- Review ---------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, course: Course, by, now: datetime) -> Course:
    """Hand in a draft, or the change of a published course.

    Raises NothingToHandIn, CourseIncomplete.
    """
    course = _lock(course)
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
    _record(course, CourseDecision.SUBMITTED, by, now, change.note if change else "")
    return course


@transaction.atomic
def take_back(*, course: Course, by, now: datetime) -> Course:
    """Take it out of review to go on writing. Raises CourseNotInReview."""
    course = _lock_in_review(course)
    _back_to_draft(course)
    _record(course, CourseDecision.TAKEN_BACK, by, now)
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
    step = _record(course, CourseDecision.RETURNED, by, now, reason)
    _tell_department(course, step, gettext_lazy("“%(title)s” came back with a note"), reason)
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
    course = _lock(course)
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
        values = _as_objects(change.fields, course)
        if values["track"] is None:
            raise CourseIncomplete(
                _("The track of this change is gone. Send it back, so that another is chosen.")
            )
        _write(course, values)
        note = note or change.note
        change.delete()
    _refuse_incomplete(course.title, course.summary)
    version = publish(
        course=course, by=by, now=now, note=note, opinion=opinion.strip()[:REASON_LENGTH]
    )
    if change and version.pk == change.based_on_id:
        # it came down to what stands already
        _record(course, CourseDecision.CHANGE_DROPPED, by, now)
        return version
    index.rebuild(["course", "service"])
    _tell_department(
        course,
        course.steps.last(),
        gettext_lazy("“%(title)s” is published: version %(number)d"),
        opinion,
        number=version.number,
    )
    return version


# --- Retiring -------------------------------------------------------------------------------------


@transaction.atomic
def retire(
    *, course: Course, reason: str, by, now: datetime, successor: Course | None = None
) -> Course:
    """Take a published course out of the catalogue and of new plans. Classes already planned are
    held, records keep it.

    Raises ReasonMissing, CourseNotPublished, WrongSuccessor.
    """
    reason = _reason(reason, _("Write why the course is retired: its page tells visitors."))
    course = _lock(course)
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
    step = _record(course, CourseDecision.RETIRED, by, now, reason)
    index.rebuild(["course", "service"])
    _tell_department(course, step, gettext_lazy("“%(title)s” is retired"), reason)
    return course


@transaction.atomic
def bring_back(*, course: Course, by, now: datetime, opinion: str = "") -> Course:
    """Put a retired course into the catalogue again, with the version it had.

    Raises CourseNotRetired.
    """
    course = _lock(course)
    if course.status != CourseStatus.RETIRED:
        raise CourseNotRetired(_("“%(title)s” is not retired.") % {"title": course.title})
    course.status, course.successor = CourseStatus.PUBLISHED, None
    course.save(update_fields=["status", "successor", "updated_at"])
    step = _record(course, CourseDecision.BROUGHT_BACK, by, now, opinion.strip()[:REASON_LENGTH])
    index.rebuild(["course", "service"])
    _tell_department(course, step, gettext_lazy("“%(title)s” can be taught again"), step.opinion)
    return course


# --- Many at once ---------------------------------------------------------------------------------


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


# --- What a change says ---------------------------------------------------------------------------


def drafted_content(course: Course) -> dict:
    """The content that is being written or reviewed, in the shape of `versions.content_of`."""
    change = course.change_in_hand
    if change is None:
        return content_of(course)
    values = _as_objects(change.fields, course)
    return {
        **{name: values[name] for name in PLAIN_FIELDS},
        "hours": str(values["hours"]),
        "track": values["track"].name if values["track"] else "",
        "department": values["department"].name if values["department"] else "",
        **{
            name: [item.name for item in values[name]]
            for name in ("formats", "audiences", "stages")
        },
        **{
            name: [item.code for item in values[name]]
            for name in ("prerequisites", "service_items")
        },
        **equivalents_in(values["equivalents"]),
    }


def _as_plain(values: dict) -> dict:
    """Objects → keys, hours → text: what JSON holds without loss."""
    return {
        **{name: values[name] for name in PLAIN_FIELDS if name != "hours"},
        "hours": str(values["hours"]),
        **{name: values[name].pk if values[name] else None for name in LINKS},
        **{name: sorted(item.pk for item in values[name]) for name in LINK_LISTS},
    }


def _as_objects(fields: dict, course: Course) -> dict:
    """The other way; what has been deleted from a vocabulary meanwhile is left out, and what the
    change does not speak of stays as it is.
    """
    return {
        **{name: fields[name] for name in PLAIN_FIELDS},
        "hours": Decimal(fields["hours"]).quantize(Decimal("0.01")),
        **{name: model.objects.filter(pk=fields[name]).first() for name, model in LINKS.items()},
        **{
            name: list(
                model.objects.filter(pk__in=fields[name])
                if name in fields
                else getattr(course, name).all()
            )
            for name, model in LINK_LISTS.items()
        },
    }


def _write(course: Course, values: dict) -> None:
    for name in (*PLAIN_FIELDS, *LINKS):
        setattr(course, name, values[name])
    course.save()
    for name in LINK_LISTS:
        getattr(course, name).set(values[name])


# --- Parts of a step ------------------------------------------------------------------------------


def _lock(course: Course) -> Course:
    """The course with its change, locked; a change is only touched under the lock of its course."""
    Course.objects.select_for_update().get(pk=course.pk)
    return Course.objects.select_related("track", "department", "change").get(pk=course.pk)


def _lock_in_review(course: Course) -> Course:
    course = _lock(course)
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
    newest = _newest(course)
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


def _newest(course: Course) -> CourseVersion:
    return course.versions.order_by("-number")[0]


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


def _record(
    course: Course, decision: CourseDecision, by, now: datetime, opinion: str = ""
) -> CourseStep:
    return CourseStep.objects.create(
        course=course, decision=decision, by=by, at=now, opinion=opinion
    )


def _reason(text: str, sentence: str) -> str:
    text = text.strip()
    if not text:
        raise ReasonMissing(sentence)
    return text[:REASON_LENGTH]


def _tell_department(course: Course, step: CourseStep, title: str, body: str, **words) -> None:
    """Everybody who works on the department's courses today, but for whoever took the step."""
    if course.department_id is None or step is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        title = title % {"title": course.title, **words}
    grants = RoleGrant.objects.current(timezone.localdate(step.at)).filter(
        role=Role.DEPARTMENT_STAFF, department=course.department_id
    )
    for grant in grants.exclude(user=step.by).select_related("user").order_by("user_id"):
        notify(
            person=grant.user,
            kind=f"course_{step.decision}",
            subject=course,
            title=title,
            body=body,
            link=reverse("courses:manage_course", args=[course.code]),
            due_at=step.at,
            dedupe=f"step {step.pk}",
        )
