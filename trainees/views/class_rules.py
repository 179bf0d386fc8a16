"""The rules of a class on one form."""

import copy

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.errors import PortalError
from courses.schedule.class_plans import SchedulingRefused
from courses.schedule.scheduling import EDITABLE

from ..classes.booking_rules import change_rules
from ..forms.bookings import ClassRulesForm
from ..workspace.frame import RULES
from .class_edit import class_changed_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def class_rules(request: HttpRequest, code: str) -> HttpResponse:
    training_class = class_changed_by(request.user, code)
    is_editable = training_class.status in EDITABLE
    if request.method == "POST" and not is_editable:
        messages.error(request, _("This class is closed or cancelled, so it stays as it is."))
        return redirect("trainees:class_rules", code)
    form = ClassRulesForm(
        request.POST if request.method == "POST" else None, instance=copy.copy(training_class)
    )
    if not is_editable:
        for field in form.fields.values():
            field.disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.refuse_if_changed()
                promoted = change_rules(
                    training_class=training_class,
                    rules=form.rules,
                    by=request.user,
                    now=timezone.now(),
                )
        except SchedulingRefused as refused:
            for problem in refused.problems:
                form.add_error(
                    problem.field if problem.field in form.fields else None, problem.sentence
                )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The rules are saved. Whoever has a seat keeps it."))
            if promoted:
                messages.success(
                    request,
                    ngettext(
                        "%(count)d person who waited has a seat now and was told.",
                        "%(count)d people who waited have a seat now and were told.",
                        len(promoted),
                    )
                    % {"count": len(promoted)},
                )
            return redirect("trainees:class_rules", code)
    return render_tab(
        request,
        training_class,
        RULES,
        "trainees/class_rules.html",
        {"form": form, "is_editable": is_editable},
    )
