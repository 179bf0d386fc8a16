"""What an item overlaps while it is typed: nothing is saved, the script of its form asks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from ..models import PlanItem
from ..overlaps.answers import overlapping
from .items import OVERLAPS_NAMED, plan_to_edit

COMPARED = ("name", "audience", "months", "content")


@require_POST
def item_hints(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    number = request.POST.get("number", "")
    texts = {
        name: request.POST.get(name, "")[: PlanItem._meta.get_field(name).max_length]
        for name in COMPARED
    }
    is_number = number.isascii() and number.isdecimal() and len(number) < len("10000")
    item = PlanItem(plan=plan, number=int(number) if is_number else 0, **texts)
    found = overlapping(item)[:OVERLAPS_NAMED] if texts["name"] and texts["audience"] else []
    return render(request, "plans/_item_hints.html", {"found": found})
