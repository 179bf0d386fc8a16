"""What a person can do on a page, and why: for administrators who are asked on the telephone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from academy.access import require
from academy.models import RoleGrant, User

from ..search_sources import staff_pages
from .finding import in_state, with_places
from .views import chosen_person, found_people
from .why import NoSuchPage, explain


@require_GET
def can_do(request: HttpRequest) -> HttpResponse:
    require(
        request.user,
        "academy.explain_access",
        who=_("Administrators look up what somebody can do, and why."),
    )
    people = User.objects.filter(is_active=True)
    person = chosen_person(request, people)
    if person is None:
        return render(request, "portal/roles/can_do.html", found_people(request, people))
    now = timezone.now()
    address = request.GET.get("address", "").strip() or request.GET.get("page_of", "")
    context = {
        "person": person,
        "address": address,
        "held": with_places(
            in_state(RoleGrant.objects.filter(user=person), "current", timezone.localdate(now))
        ).order_by("pk"),
        "pages": [(reverse(page.url_name), page.title) for page in staff_pages()],
    }
    if address:
        try:
            context["answers"] = explain(person=person, address=address, request=request, now=now)
        except NoSuchPage as refused:
            context["problem"] = str(refused)
    return render(request, "portal/roles/can_do.html", context)
