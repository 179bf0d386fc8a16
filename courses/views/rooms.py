"""Which room is free at a time; one tap from there into the form of a class."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from ..forms.rooms import RoomForm
from ..schedule.free_times import rooms_for, usual_starts
from ..schedule.holidays import mark_of, not_announced
from .season import require_schedule


@require_GET
def rooms(request: HttpRequest) -> HttpResponse:
    require_schedule(request.user)
    asked = any(request.GET.get(name) for name in RoomForm.base_fields)
    next_start = timezone.localtime(
        next(usual_starts(timezone.now() + timedelta(days=7)), timezone.now())
    )
    form = RoomForm(
        request.GET if asked else None,
        initial={"day": next_start.date(), "starts": next_start.time()},
    )
    context = {
        "form": form,
        "asked": asked,
        "may_create": request.user.has_perm("courses.add_trainingclass"),
    }
    if asked and form.is_valid():
        cleaned, (starts_at, ends_at) = form.cleaned_data, form.span
        options = rooms_for(
            starts_at,
            ends_at,
            seats=cleaned["seats"] or 0,
            campus=cleaned["campus"],
            topic=cleaned["topic"],
        )
        wish = {
            "day": cleaned["day"].isoformat(),
            "starts": f"{timezone.localtime(starts_at):%H:%M}",
            "ends": f"{timezone.localtime(ends_at):%H:%M}",
        }
        new_class = reverse("courses:class_create")
        context |= {
            "free": [
                (
                    item.venue,
                    f"{new_class}?{urlencode({'venue': item.venue.code, **wish})}",
                )
                for item in options
                if item.is_free
            ],
            "taken": [item for item in options if not item.is_free],
            "mark": mark_of(cleaned["day"]),
            "unannounced": not_announced([cleaned["day"].year]),
            "starts_at": starts_at,
            "ends_at": ends_at,
        }
    return render(request, "courses/rooms.html", context)
