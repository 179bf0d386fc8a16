"""What everybody may look at: the catalogue, a course, the classes."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from academy.nearness import NOWHERE, Nearness
from academy.search.index import MAX_QUERY_LENGTH, is_code, search
from academy.web.paging import page_of
from academy.web.remembering import remember_public

from ..catalogue.index import FACETS, catalogue_index, catalogue_state, next_classes
from ..catalogue.retirement import retirement_of
from ..facets import Selection, select
from ..models import Course, CourseStatus, ServiceItem, TrainingClass
from ..related import related_to
from ..schedule.class_index import FACETS as FACETS_OF_CLASSES
from ..schedule.class_index import ClassListQuery, rows_of
from ..schedule.listing import class_rows
from ..schedule.runs import Run

# filters of the classes: a course has no place and no date, its classes have
ONLY_OF_CLASSES = ("campus", "town", "season")
COURSES_PER_PAGE, MOST_PER_PAGE = 25, 100
CLASSES_PER_PAGE = 20
CLASS_LIST_KEPT = ("q", "past", "year", "bookable", "page")
MOST_ITEMS = 500  # service items that a search is compared with
MOST_GAUGING = 10  # classes without a date, below those that have one


def _per_page(request: HttpRequest) -> int:
    asked = request.GET.get("per_page", "")
    return (
        min(MOST_PER_PAGE, max(1, int(asked)))
        if asked.isascii() and asked.isdecimal() and len(asked) < 5
        else COURSES_PER_PAGE
    )


@login_not_required
@require_GET
def course_list(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH]
    among = None
    if query:
        among = [entry.code for entry in search(query, kinds=["course"], limit=500)]
        items = [
            hit.code
            for hit in search(query, kinds=["service"], limit=MOST_ITEMS)
            if is_code(query, hit.code)
        ]
        among += [
            code
            for code in ServiceItem.objects.filter(code__in=items).values_list(
                "courses__code", flat=True
            )
            if code
        ]
    kept = {name: request.GET[name] for name in ("q", "per_page") if request.GET.get(name)}
    selection = select(
        catalogue_index(catalogue_state()),
        {name: request.GET.get(name, "") for name in FACETS},
        among,
        kept,
    )
    remember_public(request, [*FACETS, "q", "per_page", "page"])
    elsewhere = {name: request.GET[name] for name in ONLY_OF_CLASSES if request.GET.get(name)}
    page = page_of(request, selection.rows, _per_page(request))
    coming = next_classes(timezone.now()) if page.object_list else {}
    return answer_list(
        request,
        "courses/course_list.html",
        "courses/_courses_found.html",
        {
            "query": query,
            "selection": selection,
            "carried": selection.chosen,
            "followable": selection.chosen_of("track"),
            "of_classes": urlencode({**kept, **selection.chosen, **elsewhere}) if elsewhere else "",
            "page": page,
            "rows": [{"course": row, "next": coming.get(row.pk)} for row in page],
            "count": len(selection.rows),
        },
    )


def answer_list(request: HttpRequest, page: str, found: str, context: dict) -> HttpResponse:
    """The whole page, or for htmx only what a filter changes: the choices, the list, and the words
    around it.
    """
    parts_only = request.htmx and not request.htmx.history_restore_request
    response = render(
        request,
        "components/found_parts.html" if parts_only else page,
        {**context, "found": found, "oob": parts_only},
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_not_required
@require_GET
def course(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(
        Course.objects.visible_to(request.user)
        .select_related("track", "department", "successor")
        .prefetch_related(
            "formats",
            "audiences",
            "stages",
            Prefetch("prerequisites", Course.objects.filter(status=CourseStatus.PUBLISHED)),
            Prefetch("service_items", ServiceItem.objects.select_related("department")),
        ),
        code=code,
    )
    now = timezone.now()
    classes = (
        TrainingClass.objects.visible_to(request.user)
        .upcoming(now)
        .filter(lessons__course_version__course=found)
        .distinct()[:5]
    )
    return render(
        request,
        "courses/course.html",
        {
            "course": found,
            "objectives": [
                line.strip(" •·") for line in found.objectives.splitlines() if line.strip(" •·")
            ],
            "rows": class_rows(classes, now=now),
            "retirement": retirement_of(found),
            "related": related_to([found.pk]),
            "may_edit": (
                request.user.is_authenticated
                and request.user.has_perm("courses.change_course", found)
            ),
            "may_compare": (
                request.user.is_authenticated
                and request.user.has_perm("courses.view_courseversion")
            ),
        },
    )


def show_classes(
    request: HttpRequest,
    list_query: ClassListQuery,
    selection: Selection,
    *,
    runs: list[Run] | None = None,
    nearness: Nearness = NOWHERE,
    **more,
) -> HttpResponse:
    """The list of classes as `selection` leaves it, or as `runs` fold it; the higher room, which
    has the address, adds what it knows about the reader.
    """
    page = page_of(request, selection.rows if runs is None else runs, CLASSES_PER_PAGE)
    remember_public(request, [*FACETS_OF_CLASSES, *CLASS_LIST_KEPT])
    return answer_list(
        request,
        "courses/class_list.html",
        "courses/_classes_found.html",
        {
            "query": list_query.query[:MAX_QUERY_LENGTH],
            "selection": selection,
            "carried": {
                name: value
                for name, value in {**selection.chosen, **list_query.kept}.items()
                if name != "q"
            },
            "page": page,
            "rows": (
                rows_of(page.object_list, list_query.now, nearness)
                if runs is None
                else [run.row for run in page.object_list]
            ),
            "runs": page.object_list if runs is not None else [],
            "in_time_order": not list_query.query and not more.get("open_first"),
            "count": len(selection.rows),
            "past": list_query.past,
            "earlier_years": list_query.earlier_years,
            "gauging": (
                []
                if list_query.past or selection.chosen or list_query.query or page.number > 1
                else TrainingClass.objects.gauging()
                .select_related("campus")
                .order_by("title")[:MOST_GAUGING]
            ),
            "classes": True,
            "followable": selection.chosen_of("campus", "track"),
            **more,
        },
    )
