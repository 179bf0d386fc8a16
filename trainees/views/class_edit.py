"""Changing a class: new seats go to whoever waits, in the same transaction, so this page lives
where the queue does.
"""

import hashlib
from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.errors import PortalError
from courses.forms.classes import ClassForms
from courses.models import ClassStatus, TrainingClass
from courses.schedule.class_plans import SchedulingRefused
from courses.schedule.scheduling import EDITABLE
from courses.views.manage import class_saved

from ..classes.change_notices import Telling
from ..classes.changes import change_plan, rehearse_change
from ..workspace.frame import OVERVIEW
from .class_frame import render_tab


def class_changed_by(user, code: str) -> TrainingClass:
    """404 when the person cannot see the class at all, 403 with a sentence when it is not theirs to
    change.
    """
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(user).select_related("campus"), code=code
    )
    require(
        user,
        "courses.change_trainingclass",
        training_class,
        who=_(
            "The coordinator of the campus, the department that runs the class, and the academy"
            " office do this."
        ),
    )
    return training_class


@require_http_methods(["GET", "HEAD", "POST"])
def class_edit(request: HttpRequest, code: str) -> HttpResponse:
    training_class = class_changed_by(request.user, code)
    if training_class.status not in EDITABLE:
        messages.error(request, _("This class is closed or cancelled, so it stays as it is."))
        return redirect("trainees:class_overview", code)
    posted = request.method == "POST"
    # the date that a poll has chosen
    wished = request.GET if training_class.status == ClassStatus.DRAFT else None
    forms = ClassForms(
        user=request.user,
        data=request.POST if posted else None,
        training_class=training_class,
        wished=None if posted else wished,
    )
    if posted and not forms.adding and request.POST.get("step") != "edit" and forms.is_valid():
        try:
            return _change(request, training_class, forms)
        except SchedulingRefused as refused:
            forms.show(refused)
        except PortalError as refused:
            forms.form.add_error(None, str(refused))
    return render_tab(
        request,
        training_class,
        OVERVIEW,
        "courses/class_form.html",
        {"forms": forms, "frame": "trainees/class_space.html"},
    )


def _change(request: HttpRequest, training_class: TrainingClass, forms: ClassForms) -> HttpResponse:
    """Change the class; who would be told something new is shown first, with the very text, until
    that text is confirmed.
    """
    now, code = timezone.now(), training_class.code
    with transaction.atomic():
        forms.refuse_if_changed()
        tellings = rehearse_change(
            training_class=training_class, plan=forms.plan, by=request.user, now=now
        )
        is_confirmed = not tellings or request.POST.get("confirmed") == fingerprint(tellings)
        if is_confirmed:
            changed = change_plan(
                training_class=training_class,
                plan=forms.plan,
                opens=request.POST.get("save") == "open",
                by=request.user,
                now=now,
            )
            forms.keep_answers(changed.training_class, by=request.user, now=now)
    if not is_confirmed:
        return preview(
            request,
            training_class,
            tellings,
            url=reverse("trainees:class_edit", args=[code]),
            button=_("Save and tell them"),
        )
    messages.success(request, class_saved(changed.training_class))
    if changed.tellings:
        told = len(changed.tellings)
        messages.success(
            request,
            ngettext("%(count)d person was told.", "%(count)d people were told.", told)
            % {"count": told},
        )
    if changed.promoted:
        promoted = len(changed.promoted)
        messages.success(
            request,
            ngettext(
                "%(count)d person who waited has a seat now and was told.",
                "%(count)d people who waited have a seat now and were told.",
                promoted,
            )
            % {"count": promoted},
        )
    return redirect(
        (
            "trainees:class_edit"
            if changed.training_class.status == "draft"
            else "trainees:class_overview"
        ),
        code,
    )


# --- Before a message goes out --------------------------------------------------------------------


def fingerprint(tellings: Sequence[Telling]) -> str:
    """What was shown: another text, or another clash, is shown again before it is sent.

    People who book meanwhile get it too.
    """
    texts = sorted({(telling.title, telling.text) for telling in tellings})
    return hashlib.sha256(repr(texts).encode()).hexdigest()


def preview(
    request: HttpRequest,
    training_class: TrainingClass,
    tellings: Sequence[Telling],
    *,
    url: str,
    button: str,
) -> HttpResponse:
    """Who is affected and what they get; the form carries everything that was typed, so that it
    works without JavaScript.
    """
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "confirmed", "step")
        for value in values
    ]
    return render_tab(
        request,
        training_class,
        OVERVIEW,
        "trainees/change_preview.html",
        {
            "tellings": tellings,
            "message": tellings[0] if tellings else None,
            "url": url,
            "button": button,
            "carried": carried,
            "fingerprint": fingerprint(tellings),
            "waiting": sum(item.enrolment.is_waiting for item in tellings),
            "clashing": [item for item in tellings if item.clash],
        },
    )
