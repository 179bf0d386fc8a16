"""What the page of a retired course tells a visitor: since when, why, and where to go instead."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from ..models import Course, CourseDecision, CourseStatus

NEAREST_SHOWN = 3


@dataclass(frozen=True)
class Retirement:
    """`at` and `reason` are empty when a file retired the course.

    `nearest` stands in where nothing takes over.
    """

    at: datetime | None
    reason: str
    successor: Course | None
    nearest: list[Course]


def retirement_of(course: Course) -> Retirement | None:
    """Nothing for a course that is taught."""
    if course.status != CourseStatus.RETIRED:
        return None
    step = course.steps.filter(decision=CourseDecision.RETIRED).last()
    successor = (
        course.successor
        if course.successor and course.successor.status == CourseStatus.PUBLISHED
        else None
    )
    return Retirement(
        step and step.at,
        step.opinion if step else "",
        successor,
        [] if successor else nearest_to(course),
    )


def nearest_to(course: Course) -> list[Course]:
    """Published courses that help with the same service items, then those of the same track for the
    same posts.
    """
    items, posts = course.service_items.values("pk"), course.audiences.values("pk")
    same_items = Count("service_items", filter=Q(service_items__in=items), distinct=True)
    same_posts = Count("audiences", filter=Q(audiences__in=posts), distinct=True)
    near = Course.objects.published().filter(
        Q(service_items__in=items) | Q(track=course.track_id, audiences__in=posts)
    )
    return list(
        near.annotate(same_items=same_items, same_posts=same_posts).order_by(
            "-same_items", "-same_posts", "code"
        )[:NEAREST_SHOWN]
    )
