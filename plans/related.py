"""Public projects beside a course and beside a case: found by `courses/related.py`."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.related import Related

from .models import Project

LABEL = _("Projects that use this course")
LABEL_OF_CASES = _("Projects that go with this case")
SHOWN = 3


def related_to(courses: Collection[int]) -> list[Related]:
    """Public projects that use the courses (by key)."""
    return _shown(Project.objects.published().filter(courses__in=courses))


def related_to_cases(cases: Collection[int]) -> list[Related]:
    """Public projects that go with the cases (by key)."""
    return _shown(Project.objects.published().filter(cases__in=cases))


def _shown(projects: QuerySet[Project]) -> list[Related]:
    found = projects.with_place().distinct().order_by("code")[:SHOWN]
    return [
        Related(project.title, project.get_absolute_url(), f"{project.town}{project.village}")
        for project in found
    ]
