"""Freezing what a course says: a version per publication, so that a lesson keeps what was taught."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from .models import Course, CourseStatus, CourseVersion


def content_of(course: Course) -> dict:
    """The frozen content: everything a reader sees, as plain values."""
    return {
        "title": course.title,
        "track": course.track.name,
        "department": course.department.name if course.department else "",
        "origin": course.origin,
        "hours": str(course.hours),
        "formats": [item.name for item in course.formats.all()],
        "audiences": [item.name for item in course.audiences.all()],
        "stages": [item.name for item in course.stages.all()],
        "summary": course.summary,
        "objectives": course.objectives,
        "outline": course.outline,
        "prerequisites": [item.code for item in course.prerequisites.all()],
        "service_items": [item.code for item in course.service_items.all()],
        "lecturer_type": course.lecturer_type,
        "is_immersive": course.is_immersive,
        "immersive_topic": course.immersive_topic,
    }


@transaction.atomic
def publish(*, course: Course, by, now: datetime, note: str = "") -> CourseVersion:
    """Publish the course as it stands; unchanged content keeps its newest version. Source: DESIGN.md §4."""
    course = Course.objects.select_for_update().get(pk=course.pk)
    newest = course.versions.order_by("-number").first()
    content = content_of(course)
    if course.status != CourseStatus.PUBLISHED:
        course.status = CourseStatus.PUBLISHED
        course.save(update_fields=["status", "updated_at"])
    if newest and newest.content == content:
        return newest
    number = (course.versions.aggregate(highest=Max("number"))["highest"] or 0) + 1
    return CourseVersion.objects.create(
        course=course, number=number, title=course.title, hours=course.hours, content=content, change_note=note, published_at=now,
        published_by=by,
    )  # fmt: skip
