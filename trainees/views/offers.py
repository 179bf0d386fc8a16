"""A seat that is held for somebody who waited: one tap takes it, one gives it to the next."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from courses.models import TrainingClass

from ..booking.enrolling import accept_offer
from ..booking.withdrawing import withdraw
from ..errors import BookingError
from ..models import Enrolment, EnrolmentStatus
from .booking import require_trainee


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, code: str) -> HttpResponse:
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus"), code=code
    )
    trainee = require_trainee(request.user)
    enrolment = (
        Enrolment.objects.live().filter(trainee=trainee, training_class=training_class).first()
    )
    if enrolment is None or enrolment.status not in (
        EnrolmentStatus.OFFERED,
        EnrolmentStatus.BOOKED,
    ):
        messages.info(request, _("No seat is held for you in this class now."))
        return redirect(training_class)
    if request.method != "POST":
        if not enrolment.is_offered:
            return redirect(training_class)
        return render(
            request,
            "trainees/offer.html",
            {"training_class": training_class, "enrolment": enrolment},
        )
    now = timezone.now()
    try:
        if "decline" in request.POST:
            if enrolment.is_offered:
                withdraw(
                    enrolment=enrolment,
                    by=request.user,
                    now=now,
                    reason=gettext_lazy("Offer declined"),
                )
                messages.success(request, _("Declined. The seat is offered to the next person."))
            else:  # taken in another tab a moment ago: a seat is given back on purpose only
                messages.info(
                    request,
                    _(
                        "You have taken this seat already. If you cannot come after all, cancel the"
                        " booking here."
                    ),
                )
        else:
            accept_offer(enrolment=enrolment, by=request.user, now=now)
            messages.success(request, _("The seat is yours. The lessons are in “My classes”."))
    except BookingError as error:
        messages.error(request, str(error))
    return redirect(training_class)
