"""The personal calendar: the page with its address, the feed itself, and one class as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from academy.access import require
from academy.web.downloads import download
from courses.models import TrainingClass

from ..me.calendar_feed import calendar_for, class_calendar, feed_of, renew_address, switch_off
from ..models import CalendarFeed


def _own_trainee(request: HttpRequest):
    require(
        request.user, "trainees.book", who=_("Only trainees have classes to put into a calendar.")
    )
    return request.user.trainee


@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """How to have one's classes in the calendar of the phone; the address is made on the first
    wish, not by looking.
    """
    feed = CalendarFeed.objects.filter(trainee=_own_trainee(request)).first()
    address = (
        request.build_absolute_uri(reverse("trainees:calendar_feed", args=[feed.token]))
        if feed
        else ""
    )
    return render(
        request,
        "trainees/my_calendar.html",
        {
            "feed": feed,
            "address": address,
            "webcal": address.replace("https://", "webcal://").replace("http://", "webcal://"),
        },
    )


@require_POST
def change_calendar(request: HttpRequest) -> HttpResponse:
    trainee, now = _own_trainee(request), timezone.now()
    match request.POST.get("wish", ""):
        case "make":
            feed_of(trainee, now)
        case "renew":
            renew_address(trainee=trainee, now=now)
            messages.success(
                request, _("Here is a new address. The old one stopped; subscribe to the new one.")
            )
        case "off":
            switch_off(trainee=trainee)
            messages.success(
                request, _("The address is off. Calendars that used it get nothing more.")
            )
    return redirect("trainees:calendar")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Read by calendar programs, without a log-in: the address is the key.

    An unknown or old one is not found.
    """
    feed = get_object_or_404(
        CalendarFeed.objects.select_related("trainee__user"),
        token=token,
        trainee__user__is_active=True,
    )
    with translation.override("zh-hans"):
        content = calendar_for(
            feed.trainee, now=timezone.now(), site=request.build_absolute_uri("/")[:-1]
        )
    response = HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="classes.ics"'},
    )
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def class_file(request: HttpRequest, code: str) -> HttpResponse:
    """The lessons of a booked class to put into any calendar, once; the feed follows what
    changes.
    """
    training_class = get_object_or_404(TrainingClass.objects.visible_to(request.user), code=code)
    trainee = _own_trainee(request)
    with translation.override("zh-hans"):
        content = class_calendar(
            trainee, training_class, now=timezone.now(), site=request.build_absolute_uri("/")[:-1]
        )
    if content is None:
        raise Http404
    return download(content, f"{training_class.title}.ics")
