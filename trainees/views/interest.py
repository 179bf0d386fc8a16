"""有兴趣: one tap at a class that has no date yet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import TrainingClass

from ..eligibility.interest import show_interest, take_back_interest
from ..errors import NotGauging
from .booking import require_trainee


@require_POST
def interest(request: HttpRequest, code: str) -> HttpResponse:
    training_class = get_object_or_404(TrainingClass.objects.visible_to(request.user), code=code)
    trainee = require_trainee(request.user)
    if request.POST.get("step") == "take_back":
        take_back_interest(trainee=trainee, training_class=training_class)
        messages.success(request, _("Taken back."))
        return redirect(training_class)
    try:
        show_interest(trainee=trainee, training_class=training_class, now=timezone.now())
    except NotGauging as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted. You are told when the date is set, and book first."))
    return redirect(training_class)
