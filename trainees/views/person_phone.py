"""A new mobile number: a code to it, or the word of the office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from academy.access import is_office, require
from academy.accounts import lockout
from academy.accounts.sms import NoGateway
from academy.errors import PortalError
from academy.models import User
from academy.web.client_address import client_address

from ..forms.joining import CodeForm
from ..forms.people import PhoneForm
from ..people.as_seen import as_seen
from ..people.phones import NewNumber, begin, change_phone, confirm
from .person import person_seen_by

IN_SESSION = "new_number"


def who_changes_numbers() -> str:
    return _(
        "Whoever has the number has the account. The street-town changes it for cadres without"
        " further roles, the academy office for everybody else, and an administrator for the office"
        " itself."
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def person_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The new number; then either its code, or the office's reason."""
    person = person_seen_by(request.user, pk)
    require(request.user, "trainees.change_number", person, who=who_changes_numbers())
    vouches = is_office(request.user)
    step = request.POST.get("step", "")
    form = PhoneForm(request.POST if step in ("code", "reason") else None, vouches=vouches)
    code_form = CodeForm(request.POST if step == "confirm" else None)
    waiting = _waiting(request, person)
    if step in ("code", "reason") and form.is_valid():
        if step == "reason" and vouches:
            if _vouch(request, person, form):
                return redirect("trainees:person", pk)
        elif _send(request, person, form):
            return redirect("trainees:person_phone", pk)
    if (
        step == "confirm"
        and waiting
        and code_form.is_valid()
        and _confirm(request, person, waiting, code_form)
    ):
        return redirect("trainees:person", pk)
    if step == "forget":
        request.session.pop(IN_SESSION, None)
        return redirect("trainees:person_phone", pk)
    return render(
        request,
        "trainees/people/phone.html",
        {
            "person": person,
            "form": form,
            "code_form": code_form,
            "waiting": waiting,
            "vouches": vouches,
            "as_seen": as_seen(person),
        },
    )


def _waiting(request: HttpRequest, person: User) -> NewNumber | None:
    kept = request.session.get(IN_SESSION)
    waiting = NewNumber(**kept) if kept else None
    return waiting if waiting and waiting.person == person.pk else None


def _send(request: HttpRequest, person: User, form: PhoneForm) -> bool:
    try:
        waiting = begin(
            person=person,
            phone=form.cleaned_data["phone"],
            based_on=request.POST.get("as_seen", ""),
            address=client_address(request),
            now=timezone.now(),
        )
    except lockout.TooManyTries as refused:
        form.add_error("phone", lockout.code_refused(refused))
    except (NoGateway, PortalError) as refused:
        form.add_error("phone", str(refused))
    else:
        request.session[IN_SESSION] = waiting.as_dict()
        return True
    return False


def _vouch(request: HttpRequest, person: User, form: PhoneForm) -> bool:
    try:
        change_phone(
            person=person,
            phone=form.cleaned_data["phone"],
            reason=form.cleaned_data["reason"],
            based_on=request.POST.get("as_seen", ""),
            by=request.user,
            now=timezone.now(),
        )
    except PortalError as refused:
        form.add_error("phone" if form.cleaned_data["reason"].strip() else "reason", str(refused))
        return False
    return _done(request, person)


def _confirm(request: HttpRequest, person: User, waiting: NewNumber, form: CodeForm) -> bool:
    try:
        confirm(
            waiting=waiting,
            person=person,
            code=form.cleaned_data["code"],
            by=request.user,
            now=timezone.now(),
        )
    except PortalError as refused:
        form.add_error("code", str(refused))
        return False
    request.session.pop(IN_SESSION, None)
    return _done(request, person)


def _done(request: HttpRequest, person: User) -> bool:
    messages.success(
        request,
        _("The number of %(name)s is changed. They are logged out everywhere and have been told.")
        % {"name": person.name},
    )
    return True
