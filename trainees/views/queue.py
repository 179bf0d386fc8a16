"""The waiting list as its coordinator sees it: who stands where and why, and moving somebody with a
reason.
"""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..booking.enrolling import set_priority
from ..classes.roster import queue_of
from ..errors import BookingError
from ..forms.bookings import PriorityForm
from ..models import Enrolment, EnrolmentEvent, EnrolmentStatus
from ..seats.counting import places_of, promotes, promotes_by_offer, times_taken
from ..workspace.frame import PEOPLE
from .attendance import class_run_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest, code: str) -> HttpResponse:
    training_class = class_run_by(request.user, code)
    form = None
    if request.method == "POST":
        form = PriorityForm(request.POST)
        number = request.POST.get("person", "")
        enrolment = training_class.enrolments.filter(
            pk=int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else -1
        ).first()
        if enrolment is None:
            messages.error(request, _("That person is not in this queue. Load the page again."))
            return redirect("trainees:queue", code)
        if form.is_valid():
            try:
                set_priority(
                    enrolment=enrolment, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except BookingError as error:
                messages.error(request, str(error))
            else:
                messages.success(
                    request, _("Moved. Who did it, when and why stays in the records.")
                )
            return redirect("trainees:queue", code)
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return redirect("trainees:queue", code)
    now = timezone.now()
    history = Prefetch("events", EnrolmentEvent.objects.select_related("by").order_by("-pk"))
    people = list(queue_of(training_class).select_related("group").prefetch_related(history))
    offered = Enrolment.objects.filter(
        training_class=training_class, status=EnrolmentStatus.OFFERED
    ).select_related("trainee__user", "village__town")
    places = places_of(people)
    taken = {}
    if training_class.first_timers_first:
        taken = times_taken([person.trainee_id for person in people], training_class)
    return render_tab(
        request,
        training_class,
        PEOPLE,
        "trainees/queue.html",
        {
            "rows": [
                {
                    "enrolment": person,
                    "place": places.get(person.pk),
                    "number": number,
                    "taken_at": taken.get(person.trainee_id),
                }
                for number, person in enumerate(people, start=1)
            ],
            "offered": offered.order_by("offer_ends_at", "pk"),
            "form": PriorityForm(),
            "is_served": promotes(training_class, now),
            "by_offer": promotes_by_offer(training_class, now),
        },
    )
