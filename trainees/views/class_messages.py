"""Telling the people of a class something: written, looked at, sent once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ..classes.messages import NobodyToTell, body_of, people_to_tell, send_message
from ..forms.class_messages import ClassMessageForm
from ..workspace.frame import MESSAGES
from .attendance import class_run_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def class_message(request: HttpRequest, code: str) -> HttpResponse:
    """The form, then how many people would read what, then sending."""
    training_class = class_run_by(request.user, code)
    form = ClassMessageForm(request.POST or None, training_class=training_class)
    context = {"form": form}
    if request.method == "POST" and form.is_valid() and "again" not in request.POST:
        typed = form.cleaned_data
        try:
            if "confirmed" in request.POST:
                return _send(request, training_class, typed)
            context["count"] = people_to_tell(
                training_class, typed["audience"], typed["lesson"]
            ).count()
            context["body"] = body_of(training_class, typed["text"])
            if not context["count"]:
                form.add_error(None, _("Nobody would get this message. Choose other people."))
        except NobodyToTell as error:
            form.add_error(None, str(error))
            context["count"] = 0
    context["sent"] = training_class.told.select_related("sent_by", "lesson")[:20]
    return render_tab(request, training_class, MESSAGES, "trainees/class_message.html", context)


def _send(request: HttpRequest, training_class, typed: dict) -> HttpResponse:
    message, is_new = send_message(
        training_class=training_class, by=request.user, now=timezone.now(), **typed
    )
    if is_new:
        messages.success(
            request,
            ngettext("Sent to %(count)d person.", "Sent to %(count)d people.", message.people)
            % {"count": message.people},
        )
    else:
        messages.info(request, _("This message has been sent already; nobody got it twice."))
    return redirect("trainees:class_message", code=training_class.code)
