"""The secondments on the page of a person, and what proves their teaching."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.person_parts import PersonLine, PersonPart
from academy.templatetags.portal_tags import full_day

from .models import Secondment
from .teaching_statements import has_taught


def parts_of(person, viewer, now: datetime) -> Iterator[PersonPart]:
    """Secondments that the viewer may open; the statement of whoever teaches or mentors."""
    found = (
        Secondment.objects.visible_to(viewer)
        .filter(trainee__user=person)
        .select_related("batch", "host_department", "mentor")
        .order_by("-starts_on")
    )
    lines = [
        PersonLine(
            title=item.host_department.name if item.host_department else item.host_name,
            detail=_("%(batch)s, %(first)s to %(last)s, mentor %(mentor)s: %(state)s")
            % {
                "batch": f"{item.batch.programme} {item.batch.name}",
                "first": full_day(item.starts_on),
                "last": full_day(item.ends_on),
                "mentor": item.mentor.name,
                "state": item.get_status_display(),
            },
            url=item.get_absolute_url(),
        )
        for item in found
    ]
    if lines:
        yield PersonPart(title=pgettext("navigation", "Secondments"), lines=lines)
    if has_taught(person):
        yield PersonPart(
            title=_("Teaching and mentoring"),
            lines=[
                PersonLine(
                    title=_("Statement of teaching and mentoring"),
                    detail=_("Lessons of a year and people accompanied, to print or as a PDF"),
                    url=reverse("practicums:person_teaching", args=[person.pk]),
                )
            ],
        )
