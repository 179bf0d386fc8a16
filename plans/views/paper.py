"""A plan as paper: the form in which it is filed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from .plans import plan_or_404


def plan_paper(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    items = list(plan.items.all())
    return render(
        request,
        "plans/plan_paper.html",
        {
            "plan": plan,
            "items": items,
            "today": timezone.localdate(),
            "totals": {
                "people": sum(item.people for item in items),
                "runs": sum(item.runs for item in items),
                "budget": sum(item.budget for item in items),
            },
        },
    )
