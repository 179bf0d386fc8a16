"""Changing the number one logs in with: a code to the new one. Source: docs/rules.md R12."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from academy.accounts import lockout
from academy.accounts.sms import NoGateway
from academy.errors import PortalError
from academy.models import User
from academy.text.phones import masked
from academy.web.client_address import client_address

from ..forms.joining import CodeForm
from ..forms.people import PhoneForm
from ..people.adding import PhoneTaken
from ..people.as_seen import as_seen
from ..people.phones import NewNumber, begin, confirm

IN_SESSION = "own_new_number"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def my_number(request: HttpRequest) -> HttpResponse:
    """The new number, then its code. Whoever changes it stays logged in here, and nowhere else."""
    step = request.POST.get("step", "")
    form = PhoneForm(request.POST if step == "code" else None, vouches=False)
    code_form = CodeForm(request.POST if step == "confirm" else None)
    waiting = _waiting(request)
    if step == "code" and form.is_valid() and _send(request, form):
        return redirect("trainees:my_number")
    if (
        step == "confirm"
        and waiting
        and code_form.is_valid()
        and _confirm(request, waiting, code_form)
    ):
        return redirect("portal:me")
    if step == "forget":
        request.session.pop(IN_SESSION, None)
        return redirect("trainees:my_number")
    return render(
        request,
        "trainees/my_number.html",
        {
            "form": form,
            "code_form": code_form,
            "waiting": waiting,
            "as_seen": as_seen(request.user),
        },
    )


def _waiting(request: HttpRequest) -> NewNumber | None:
    kept = request.session.get(IN_SESSION)
    waiting = NewNumber(**kept) if kept else None
    return waiting if waiting and waiting.person == request.user.pk else None


def _send(request: HttpRequest, form: PhoneForm) -> bool:
    try:
        waiting = begin(
            person=request.user,
            phone=form.cleaned_data["phone"],
            based_on=request.POST.get("as_seen", ""),
            address=client_address(request),
            now=timezone.now(),
            is_own=True,
        )
    except lockout.TooManyTries as refused:
        form.add_error("phone", lockout.code_refused(refused))
    except PhoneTaken:
        form.add_error("phone", _taken())
    except (NoGateway, PortalError) as refused:
        form.add_error("phone", str(refused))
    else:
        request.session[IN_SESSION] = waiting.as_dict()
        return True
    return False


def _confirm(request: HttpRequest, waiting: NewNumber, form: CodeForm) -> bool:
    person = User.objects.get(pk=request.user.pk)
    try:
        confirm(
            waiting=waiting,
            person=person,
            code=form.cleaned_data["code"],
            by=person,
            now=timezone.now(),
        )
    except PhoneTaken:
        form.add_error("code", _taken())
        return False
    except PortalError as refused:
        form.add_error("code", str(refused))
        return False
    request.session.pop(IN_SESSION, None)
    person.refresh_from_db()
    update_session_auth_hash(request, person)
    messages.success(
        request,
        _("You log in with %(phone)s from now on. Other devices are logged out.")
        % {"phone": masked(person.phone)},
    )
    return True


def _taken() -> str:
    return _("This number cannot be taken. If it is yours, ask the academy office.")
