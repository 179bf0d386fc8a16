"""Which date suits: the page to tap dates, and the page on which the office asks."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.models import TrainingClass

from ..eligibility.date_polls import (
    choose_date,
    dates_that_suit,
    end_poll,
    latest_poll,
    not_for,
    open_poll,
    vote,
    voters_of,
)
from ..errors import PollRefused
from ..forms.date_polls import PollForms
from ..models import DatePoll, PollDate
from ..workspace.frame import OVERVIEW
from .booking import require_trainee
from .class_edit import class_changed_by
from .class_frame import render_tab


def _date_of(poll: DatePoll | None, request: HttpRequest) -> PollDate | None:
    """The date of this poll that the button names."""
    named = request.POST.get("date", "")
    dates = poll.dates.all() if poll else ()
    return next((date for date in dates if str(date.pk) == named), None)


# --- Whoever would come ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def date_poll(request: HttpRequest, code: str) -> HttpResponse:
    """The dates to tap; a class that has its date, or no poll, leads to its page."""
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus"), code=code
    )
    trainee, now = require_trainee(request.user), timezone.now()
    poll = latest_poll(training_class)
    if request.method == "POST":
        return _vote(request, training_class, poll, trainee, now)
    if poll is None or not training_class.gauges_interest:
        return redirect(training_class)
    suiting = dates_that_suit(trainee, poll)
    dates = list(poll.dates.all())
    for date in dates:
        date.suits = date.pk in suiting
    is_open = poll.is_open(now)
    return render(
        request,
        "trainees/date_poll.html",
        {
            "training_class": training_class,
            "poll": poll,
            "dates": dates,
            "is_open": is_open,
            "refusal": not_for(trainee, training_class) if is_open else "",
            "chosen": next((date for date in dates if date.is_chosen), None),
            "count": len(suiting),
        },
    )


def _vote(request: HttpRequest, training_class, poll, trainee, now) -> HttpResponse:
    date = _date_of(poll, request)
    if date is None:
        messages.error(request, _("That date is not asked about any more. Look at the page again."))
        return redirect(training_class)
    try:
        vote(trainee=trainee, date=date, suits=request.POST.get("suits") == "1", now=now)
    except PollRefused as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('trainees:date_poll', args=[training_class.code])}#date-{date.pk}")


# --- The office -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def class_dates(request: HttpRequest, code: str) -> HttpResponse:
    """Ask which dates suit, see how many each suits, end it, and take one to the schedule."""
    training_class = class_changed_by(request.user, code)
    poll, now = latest_poll(training_class), timezone.now()
    step = request.POST.get("step", "open")
    forms = PollForms(request.POST if request.method == "POST" and step == "open" else None)
    if request.method == "POST":
        try:
            if step == "end" and poll:
                end_poll(poll=poll, now=now)
                messages.success(request, _("The poll is over."))
                return redirect("trainees:class_dates", code)
            if step == "choose" and (date := _date_of(poll, request)):
                return _to_the_schedule(code, choose_date(date=date, now=now))
            if step == "open" and training_class.gauges_interest and forms.is_valid():
                open_poll(
                    training_class=training_class,
                    dates=forms.spans,
                    closes_at=forms.form.cleaned_data["closes_at"],
                    by=request.user,
                    now=now,
                )
                messages.success(request, _("The poll is open; whoever is interested is told."))
                return redirect("trainees:class_dates", code)
        except PollRefused as error:
            if step != "open":
                messages.error(request, str(error))
                return redirect("trainees:class_dates", code)
            forms.form.add_error(None, str(error))
        if step != "open" or not training_class.gauges_interest:
            messages.error(request, _("Nothing was changed. Look at the page again."))
            return redirect("trainees:class_dates", code)
    return render_tab(
        request,
        training_class,
        OVERVIEW,
        "trainees/class_dates.html",
        {
            "poll": poll,
            "is_open": poll is not None and poll.is_open(now),
            "voters": voters_of(poll) if poll else 0,
            "forms": forms,
            "may_ask": training_class.gauges_interest and (poll is None or bool(poll.ended_at)),
        },
    )


def _to_the_schedule(code: str, date: PollDate) -> HttpResponse:
    """The page of the class with a first lesson filled in."""
    starts, ends = timezone.localtime(date.starts_at), timezone.localtime(date.ends_at)
    wished = {"day": f"{starts:%Y-%m-%d}", "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
    return redirect(f"{reverse('trainees:class_edit', args=[code])}?{urlencode(wished)}#lessons")
