"""Service items: the list, an item with its way to a class, cards for the office wall, and the gaps
that staff fill.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.models import Department
from academy.search.index import MAX_QUERY_LENGTH, search
from academy.web.error_summary import error_summary_of
from academy.web.qr import qr_picture
from academy.web.remembering import remember_public

from ..catalogue.service_items import CLASSES_SHOWN, change_item, experts_for, offers
from ..forms.service_items import ServiceItemForm
from ..models import ServiceItem
from ..office_lists import ServiceGapList
from ..related import related_to


@login_not_required
@require_GET
def service_list(request: HttpRequest) -> HttpResponse:
    """All items by question, narrowed by department or by words; each says when it can be learnt
    next.
    """
    remember_public(request, ["q", "department", "page"])
    query = request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH]
    items, unknown = _of_department(request)
    found = list(items)
    if query:
        order = {
            entry.code: place
            for place, entry in enumerate(search(query, kinds=["service"], limit=500))
        }
        found = sorted(
            (item for item in found if item.code in order), key=lambda item: order[item.code]
        )
    return render(
        request,
        "courses/service_list.html",
        {
            "query": query,
            "department": request.GET.get("department", "")[:10],
            "departments": _departments(),
            "unknown": unknown,
            "offers": offers(found, now=timezone.now()),
            "may_edit": (
                request.user.is_authenticated
                and request.user.has_perm("courses.change_serviceitem")
            ),
        },
    )


def _departments():
    return (
        Department.objects.annotate(items=Count("service_items"))
        .filter(items__gt=0)
        .order_by("code")
    )


def _of_department(request: HttpRequest):
    """The items of the department asked for; whether there is no such department."""
    code = request.GET.get("department", "")
    items = ServiceItem.objects.select_related("department")
    if not code:
        return items, False
    department = Department.objects.filter(code=code).first()
    return (items.filter(department=department), False) if department else (items.none(), True)


@login_not_required
@require_GET
def service_item(request: HttpRequest, code: str) -> HttpResponse:
    item = get_object_or_404(ServiceItem.objects.select_related("department"), code=code)
    offer = offers([item], now=timezone.now(), classes_of_each=CLASSES_SHOWN)[0]
    return render(
        request,
        "courses/service_item.html",
        {
            "item": item,
            "offer": offer,
            "experts": experts_for(offer),
            "related": related_to([course.pk for course in offer.courses]),
            "others": [row for row in offer.classes if row is not offer.next_class][
                : CLASSES_SHOWN - 1
            ],
            "may_edit": (
                request.user.is_authenticated
                and request.user.has_perm("courses.change_serviceitem", item)
            ),
        },
    )


# --- Cards ----------------------------------------------------------------------------------------


@login_not_required
@require_GET
def service_card(request: HttpRequest, code: str) -> HttpResponse:
    """A card for the wall: the question, and a code that leads to the item's page."""
    item = get_object_or_404(ServiceItem.objects.select_related("department"), code=code)
    return render(
        request, "courses/service_cards.html", {"cards": [_card(request, item)], "item": item}
    )


@login_not_required
@require_GET
def service_cards(request: HttpRequest) -> HttpResponse:
    """All cards, four on a sheet, or those of one department."""
    items, unknown = _of_department(request)
    return render(
        request,
        "courses/service_cards.html",
        {
            "cards": [_card(request, item) for item in items],
            "item": None,
            "unknown": unknown,
            "departments": _departments(),
            "department": request.GET.get("department", "")[:10],
        },
    )


def _card(request: HttpRequest, item: ServiceItem) -> dict:
    return {
        "item": item,
        "qr": qr_picture(
            request.build_absolute_uri(reverse("courses:service_item", args=[item.code]))
        ),
    }


# --- Staff ----------------------------------------------------------------------------------------


def _require_editor(user, item: ServiceItem | None = None) -> None:
    require(
        user,
        "courses.change_serviceitem",
        item,
        who=_("Departments word their own service items; the academy office words all of them."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def service_gaps(request: HttpRequest) -> HttpResponse:
    _require_editor(request.user)
    return list_page(request, ServiceGapList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def service_edit(request: HttpRequest, code: str) -> HttpResponse:
    item = get_object_or_404(ServiceItem.objects.select_related("department"), code=code)
    _require_editor(request.user, item)
    form = ServiceItemForm(request.POST or None, instance=item, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.refuse_if_changed()
                change_item(item=item, **form.cleaned_data)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Saved. The page, the card and the search say it from now on.")
            )
            return redirect("courses:service_item", code)
    return render(
        request,
        "courses/service_form.html",
        {
            "form": form,
            "code": code,
            "error_summary": error_summary_of(form),
        },
    )
