"""The list of classes with what it says to the reader: which of them can be booked, and why not the
others.
"""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from courses.schedule.class_index import ClassListQuery, rows_of
from courses.schedule.listing import ClassRow
from courses.views.browse import show_classes

from ..eligibility.choosing import open_first, sort_out
from ..errors import Reason
from ..models import Trainee

# hidden classes listed with their reasons; a facet brings the others into sight
MOST_EXPLAINED = 20


@dataclass(frozen=True)
class Hidden:
    """A class that cannot be booked now, and the first reason."""

    row: ClassRow
    reason: Reason


@login_not_required
@require_GET
def class_list(request: HttpRequest) -> HttpResponse:
    """As `courses` shows it to everybody; with `?bookable=1` a trainee sees what can be booked, and
    below it why not the rest.
    """
    now = timezone.now()
    list_query = ClassListQuery(request.user, request.GET.dict(), now)
    trainee = Trainee.objects.of(request.user)
    is_light = trainee is not None and trainee.is_light
    if is_light and not list_query.past:
        list_query.classes = open_first(list_query.classes, trainee)
    wanted = request.GET.get("bookable") == "1" and not list_query.past
    if trainee is None or not wanted:
        return show_classes(
            request,
            list_query,
            list_query.selection(),
            may_narrow=trainee is not None,
            open_first=is_light and not list_query.past,
            ask_to_log_in=wanted and not request.user.is_authenticated,
        )
    choice = sort_out(trainee, list_query.classes, now)
    selection = list_query.selection(only=set(choice.bookable))
    others = (
        []
        if selection.unknown
        else [entry for entry in list_query.selection().rows if entry.code in choice.hidden]
    )
    hidden = [Hidden(row, choice.hidden[row.code]) for row in rows_of(others[:MOST_EXPLAINED], now)]
    return show_classes(
        request,
        list_query,
        selection,
        may_narrow=True,
        bookable=True,
        hidden=hidden,
        hidden_count=len(others),
    )
