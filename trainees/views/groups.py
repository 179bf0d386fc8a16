"""The figures of residents and other groups, for the office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from academy.access import require

from ..models import LightAccount
from ..people.group_figures import QUARTERS, Period, figures_of

EARLIEST_YEAR = 2020


@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """A line for each group, of a year or with `?quarter=` of a quarter."""
    require(
        request.user,
        "trainees.see_groups",
        who=_("The academy office sees the figures of residents and other groups."),
    )
    now = timezone.now()
    this_year = timezone.localdate(now).year
    year, quarter = request.GET.get("year", str(this_year)), request.GET.get("quarter", "")
    is_known = (
        len(year) == 4
        and year.isascii()
        and year.isdecimal()
        and EARLIEST_YEAR <= int(year) <= this_year + 1
        and quarter in ("", *map(str, QUARTERS))
    )
    if not is_known:
        messages.info(request, _("There is no such time; this is %(year)d.") % {"year": this_year})
    period = Period(int(year), int(quarter) if quarter else None) if is_known else Period(this_year)
    first = LightAccount.objects.order_by("joined_at").values_list("joined_at", flat=True).first()
    years = sorted(
        {
            *range(timezone.localdate(first).year if first else this_year, this_year + 1),
            period.year,
        },
        reverse=True,
    )
    rows = figures_of(period, now)
    return render(
        request,
        "trainees/groups.html",
        {
            "period": period,
            "years": years,
            "quarters": QUARTERS,
            "rows": rows,
            "nothing": not any(row.accounts or row.bookings or row.classes for row in rows),
        },
    )
