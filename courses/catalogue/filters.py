"""Filters of the staff's table of courses; the parameters are named after the fields
(docs/rules.md R41).
"""

from datetime import date, datetime, time

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Department
from academy.search.index import Findable, codes_found

from ..filters import ANY
from ..models import (
    ClassStatus,
    Course,
    CourseDecision,
    CourseStatus,
    Lesson,
    Stage,
    TeachingFormat,
    Track,
)

TAUGHT = (ClassStatus.OPEN, ClassStatus.RUNNING, ClassStatus.CLOSED)
STAGES = (
    Stage.DRAFT,
    Stage.RETURNED,
    Stage.IN_REVIEW,
    Stage.PUBLISHED,
    Stage.CHANGING,
    Stage.RETIRED,
)


def managed_courses(user, year: int) -> QuerySet[Course]:
    """The courses a person works on, each with where it stands and when it is taught."""
    lessons = Lesson.objects.filter(
        course_version__course=OuterRef("pk"), training_class__status__in=TAUGHT
    )
    first, end = (
        timezone.make_aware(datetime.combine(date(at, 1, 1), time())) for at in (year, year + 1)
    )
    return (
        Course.objects.worked_on_by(user)
        .with_stage()
        .select_related("track", "department")
        .annotate(
            last_taught_at=Subquery(lessons.order_by("-starts_at").values("starts_at")[:1]),
            is_taught_this_year=Exists(lessons.filter(starts_at__gte=first, starts_at__lt=end)),
        )
    )


class ManagedCourseFilter(django_filters.FilterSet):
    """A value that does not exist makes the form invalid: the page then shows an empty list and
    says so.
    """

    q = django_filters.CharFilter(method="find", label=_("Title or code"))
    track = django_filters.ModelChoiceFilter(
        queryset=Track.objects.all(),
        to_field_name="prefix",
        label=pgettext_lazy("of courses", "Track"),
        empty_label=ANY,
    )
    department = django_filters.ChoiceFilter(
        method="of_department", label=_("Department"), empty_label=ANY
    )
    status = django_filters.ChoiceFilter(
        choices=[(stage.value, stage.label) for stage in STAGES],
        method="at_stage",
        label=_("State"),
        empty_label=ANY,
    )
    format = django_filters.ModelChoiceFilter(
        queryset=TeachingFormat.objects.all(),
        to_field_name="code",
        field_name="formats",
        label=_("Teaching format"),
        empty_label=ANY,
    )
    lacks = django_filters.ChoiceFilter(
        choices=[
            ("items", _("No service item")),
            ("lessons", _("Not taught this year")),
            ("department", _("No department")),
        ],
        method="lacking",
        label=_("What is missing"),
        empty_label=ANY,
    )

    class Meta:
        model = Course
        fields = ["q", "track", "department", "status", "format", "lacks"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        departments = [
            (item.code, item.short_name or item.name)
            for item in Department.objects.filter(courses__isnull=False).distinct().order_by("code")
        ]
        self.filters["department"].extra["choices"] = departments

    def find(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        unlisted = queryset.exclude(status=CourseStatus.PUBLISHED).values_list("code", "title")
        found = codes_found(
            value, kind="course", unlisted=(Findable(code, title, "") for code, title in unlisted)
        )
        return queryset.filter(Q(code__in=found) | Q(code__icontains=value))

    def of_department(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(department__code=value)

    def at_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == Stage.IN_REVIEW:
            return queryset.in_review()
        if value == Stage.RETURNED:
            return queryset.sent_back()
        if value == Stage.CHANGING:
            return queryset.filter(status=CourseStatus.PUBLISHED, change__isnull=False)
        if value == Stage.DRAFT:
            return queryset.filter(
                Q(last_decision=None) | ~Q(last_decision=CourseDecision.RETURNED),
                status=CourseStatus.DRAFT,
            )
        return queryset.filter(status=value)

    def lacking(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "items":
            return queryset.filter(service_items=None)
        if value == "department":
            return queryset.filter(department=None)
        return queryset.filter(is_taught_this_year=False)
