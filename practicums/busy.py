"""Workdays of a secondment: whoever is in the host unit cannot sit in a class; at weekends and on
public holidays nobody is.
"""

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.schedule.holidays import is_workday
from trainees.busy import Busy, Span

from .models import Secondment


def busy_times(trainee, spans: Sequence[Span]) -> Iterator[Busy]:
    """Each wanted span on a workday within a running secondment of the trainee; one query."""
    terms = Secondment.objects.running().filter(trainee=trainee).order_by()
    for term in terms.only("starts_on", "ends_on", "host_name"):
        for starts_at, ends_at in spans:
            day = timezone.localdate(starts_at)
            if term.starts_on <= day <= term.ends_on and is_workday(day):
                yield Busy(
                    starts_at, ends_at, _("a secondment day at %(host)s") % {"host": term.host_name}
                )
