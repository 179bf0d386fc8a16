"""What the case library has beside a course: found by `courses/related.py`."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from courses.related import Related

from .models import PracticeCase

LABEL = _("How others did it")
SHOWN = 3


def related_to(courses: Collection[int]) -> list[Related]:
    """Published cases that go with the courses (by key)."""
    cases = (
        PracticeCase.objects.published()
        .filter(courses__in=courses)
        .distinct()
        .order_by("code")[:SHOWN]
    )
    return [Related(case.title, case.get_absolute_url(), case.theme) for case in cases]
