"""The secondments on the page of a person."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.person_parts import PersonLine, PersonPart
from academy.templatetags.portal_tags import full_day

from .models import Secondment


def parts_of(person, viewer, now: datetime) -> Iterator[PersonPart]:
    """Return those that the viewer may open; none, no part."""
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
