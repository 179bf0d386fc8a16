"""Adding a person, correcting what was written wrong, closing an account and opening it again."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError

from ..forms.people import AddPersonForm, CorrectForm, SuspendForm
from ..people.adding import PhoneTaken, add_person, correct
from ..people.as_seen import as_seen
from ..people.suspending import restore, suspend
from .people import require_people, who_changes
from .person import person_seen_by, who_closes


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: HttpRequest) -> HttpResponse:
    require_people(request.user)
    require(request.user, "trainees.change_person", who=who_changes())
    form = AddPersonForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_person(**form.cleaned_data, by=request.user, now=timezone.now())
        except PhoneTaken as refused:
            form.add_error("phone", str(refused))
        except PortalError as refused:
            form.add_error("on", str(refused))
        else:
            messages.success(
                request, _("%(name)s is on file and has been told.") % {"name": added.name}
            )
            return redirect("trainees:person", added.pk)
    return render(request, "trainees/people/add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def person_correct(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_seen_by(request.user, pk)
    require(request.user, "trainees.change_person", person, who=who_changes())
    form = CorrectForm(request.POST if request.method == "POST" else None, instance=person)
    name = person.name
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.refuse_if_changed()
                typed = form.cleaned_data
                changed = correct(
                    person=person,
                    name=typed["name"],
                    gender=typed.get("gender", ""),
                    born_in=typed.get("born_in", ""),
                    by=request.user,
                    now=timezone.now(),
                )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            if changed:
                messages.success(request, _("Corrected, and kept who did it."))
            else:
                messages.info(request, _("Nothing was different, so nothing was changed."))
            return redirect("trainees:person", pk)
    return render(
        request, "trainees/people/correct.html", {"person": person, "name": name, "form": form}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def person_suspend(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_seen_by(request.user, pk)
    require(request.user, "trainees.close_account", person, who=who_closes())
    form = SuspendForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            suspend(
                person=person,
                reason=form.cleaned_data["reason"],
                based_on=request.POST.get("as_seen", ""),
                by=request.user,
                now=timezone.now(),
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("The account of %(name)s is suspended; they are logged out.")
                % {"name": person.name},
            )
            return redirect("trainees:person", pk)
    return render(
        request,
        "trainees/people/suspend.html",
        {"person": person, "form": form, "as_seen": as_seen(person)},
    )


@require_POST
def person_restore(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_seen_by(request.user, pk)
    require(request.user, "trainees.close_account", person, who=who_closes())
    try:
        restore(
            person=person,
            based_on=request.POST.get("as_seen", ""),
            by=request.user,
            now=timezone.now(),
        )
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, _("The account of %(name)s is open again.") % {"name": person.name}
        )
    return redirect("trainees:person", pk)
