"""Workdays of a secondment: whoever is in the host unit cannot sit in a class; at weekends and on
public holidays nobody is.
"""

from collections.abc import Iterator, Sequence

from django.db.models.query import RawQuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.schedule.holidays import is_workday
from trainees.busy import Busy, Span

from .models import Secondment, SecondmentStatus


def busy_times(trainee, spans: Sequence[Span]) -> Iterator[Busy]:
    """Each wanted span on a workday within a running secondment of the trainee; one query."""
    for term in _running(trainee.pk):
        for starts_at, ends_at in spans:
            day = timezone.localdate(starts_at)
            if term.starts_on <= day <= term.ends_on and is_workday(day):
                yield Busy(
                    starts_at, ends_at, _("a secondment day at %(host)s") % {"host": term.host_name}
                )


def _running(trainee: int) -> RawQuerySet:
    """The person's running secondments; as SQL, for every booking asks under the lock of the
    class, as `trainees/statements.py` does.
    """
    return Secondment.objects.raw(
        "SELECT id, starts_on, ends_on, host_name FROM practicums_secondment"
        " WHERE trainee_id = %s AND status = %s",
        [trainee, SecondmentStatus.RUNNING],
    )
