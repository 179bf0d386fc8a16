"""The figures of residents and other groups, for the office."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.lists.pages import list_page

from ..models import LightAccount
from ..office_lists import GroupList


@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: HttpRequest) -> HttpResponse:
    """A line for each group, of a year or with `?quarter=` of a quarter."""
    require(
        request.user,
        "trainees.see_groups",
        who=_("The academy office sees the figures of residents and other groups."),
    )
    this_year = timezone.localdate().year
    first = LightAccount.objects.order_by("joined_at").values_list("joined_at", flat=True).first()
    begin = timezone.localdate(first).year if first else this_year
    return list_page(request, GroupList(request, list(range(this_year, begin - 1, -1))))
