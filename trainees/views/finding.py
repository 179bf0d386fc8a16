"""The list of classes with what it says to the reader: which of them can be booked, and why not the
others.
"""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from academy.nearness import NOWHERE
from courses.facets import Selection
from courses.schedule.class_index import ClassEntry, ClassListQuery, classes_of
from courses.schedule.listing import ClassRow, class_rows
from courses.schedule.places import load_places
from courses.schedule.runs import folded
from courses.views.browse import show_classes

from ..eligibility.choosing import (
    Choice,
    codes_open_now,
    nearest_first,
    nearness_of,
    open_first,
    sort_out,
)
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
    """As `courses` shows it to everybody; with `?bookable=1` what can be booked, a course once and
    the nearest first, and below it for a trainee why not the rest.
    """
    now = timezone.now()
    list_query = ClassListQuery(request.user, request.GET.dict(), now)
    trainee = Trainee.objects.of(request.user)
    is_light = trainee is not None and trainee.is_light
    if is_light and not list_query.past:
        list_query.classes = open_first(list_query.classes, trainee)
    nearness = nearness_of(trainee) if trainee else NOWHERE
    if request.GET.get("bookable") != "1" or list_query.past:
        return show_classes(
            request,
            list_query,
            list_query.selection(),
            nearness=nearness,
            open_first=is_light and not list_query.past,
        )
    if trainee is None:
        selection, others = list_query.selection(only=codes_open_now(list_query.classes, now)), []
        choice = Choice()
    else:
        choice = sort_out(trainee, list_query.classes, now)
        selection = list_query.selection(only=set(choice.bookable))
        others = _others(list_query, selection, choice)
    loaded = classes_of([*selection.rows, *others[:MOST_EXPLAINED]])
    load_places(loaded)
    classes, explained = loaded[: len(selection.rows)], loaded[len(selection.rows) :]
    if not list_query.query:
        classes = nearest_first(classes, nearness)
    return show_classes(
        request,
        list_query,
        selection,
        runs=folded(classes, now=now, nearness=nearness),
        nearness=nearness,
        bookable=True,
        ask_to_log_in=not request.user.is_authenticated,
        hidden=[
            Hidden(row, choice.hidden[row.code])
            for row in class_rows(explained, now=now, nearness=nearness)
        ],
        hidden_count=len(others),
    )


def _others(list_query: ClassListQuery, selection: Selection, choice: Choice) -> list[ClassEntry]:
    """Those that search and facets leave and that cannot be booked."""
    if selection.unknown:
        return []
    return [entry for entry in list_query.selection().rows if entry.code in choice.hidden]
