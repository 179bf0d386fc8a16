"""Working days of a secondment: whoever is in the host unit cannot sit in a class."""

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from trainees.busy import Busy, Span

from .models import Secondment

SATURDAY = 5


def busy_times(trainee, spans: Sequence[Span]) -> Iterator[Busy]:
    """Each wanted span on a working day within a running secondment of the trainee; one query."""
    days = [timezone.localdate(starts_at) for starts_at, _ends_at in spans]
    terms = Secondment.objects.running().filter(trainee=trainee, starts_on__lte=max(days), ends_on__gte=min(days))
    for term in terms.only("starts_on", "ends_on", "host_name"):
        for (starts_at, ends_at), day in zip(spans, days, strict=True):
            if day.weekday() < SATURDAY and term.starts_on <= day <= term.ends_on:
                yield Busy(starts_at, ends_at, _("a secondment day at %(host)s") % {"host": term.host_name})
