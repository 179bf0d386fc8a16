"""Writing a course, or the change that is being made to a published one."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from academy.models import Department, GrowthStage, Position

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
from .errors import CourseNotEditable, NoChangeToDrop, WasPublished
from .versions import content_of, equivalents_in

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
    course = lock_course(course)
    refuse_unless_editable(course)
    if course.status == CourseStatus.DRAFT:
        write_content(course, values)
        return course
    change = course.change_in_hand
    if change is None:
        change = CourseChange(course=course)
        record_step(course, CourseDecision.CHANGE_BEGUN, by, now)
    change.based_on = newest_version(course)
    change.fields = as_plain(values)
    change.note, change.updated_at, change.updated_by = note, now, by
    change.save()
    course.change = change
    return course


@transaction.atomic
def drop_change(*, course: Course, by, now: datetime) -> Course:
    """Give up the change that was begun; the published version stays. Raises NoChangeToDrop."""
    course = lock_course(course)
    change = course.change_in_hand
    if change is None or course.is_in_review:
        raise NoChangeToDrop(
            _(
                "There is no change to give up: the course stands as published, or the change is in"
                " review."
            )
        )
    change.delete()
    record_step(course, CourseDecision.CHANGE_DROPPED, by, now)
    return Course.objects.get(pk=course.pk)


@transaction.atomic
def discard_draft(*, course: Course, by, now: datetime) -> None:
    """Throw a draft away with what was noted about it. A course that was ever published is retired
    instead, so that records keep it. Raises WasPublished.
    """
    course = lock_course(course)
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


def drafted_content(course: Course) -> dict:
    """The content that is being written or reviewed, in the shape of `versions.content_of`."""
    change = course.change_in_hand
    if change is None:
        return content_of(course)
    values = as_objects(change.fields, course)
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


def as_plain(values: dict) -> dict:
    """Objects → keys, hours → text: what JSON holds without loss."""
    return {
        **{name: values[name] for name in PLAIN_FIELDS if name != "hours"},
        "hours": str(values["hours"]),
        **{name: values[name].pk if values[name] else None for name in LINKS},
        **{name: sorted(item.pk for item in values[name]) for name in LINK_LISTS},
    }


def as_objects(fields: dict, course: Course) -> dict:
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


def write_content(course: Course, values: dict) -> None:
    """Write what a draft says into the course and its links."""
    for name in (*PLAIN_FIELDS, *LINKS):
        setattr(course, name, values[name])
    course.save()
    for name in LINK_LISTS:
        getattr(course, name).set(values[name])


def lock_course(course: Course) -> Course:
    """The course with its change, locked; a change is only touched under the lock of its course."""
    Course.objects.select_for_update().get(pk=course.pk)
    return Course.objects.select_related("track", "department", "change").get(pk=course.pk)


def newest_version(course: Course) -> CourseVersion:
    """Return the newest version."""
    return course.versions.order_by("-number")[0]


def record_step(
    course: Course, decision: CourseDecision, by, now: datetime, opinion: str = ""
) -> CourseStep:
    """Write down what was done with a plan, when and by whom."""
    return CourseStep.objects.create(
        course=course, decision=decision, by=by, at=now, opinion=opinion
    )
