"""The roles that stand, giving one, ending and extending it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.access import is_administrator, require
from academy.errors import InvalidTransition
from academy.lists.pages import list_page
from academy.models import Role, RoleGrant, User
from academy.role_grants import GrantOver, GrantRefused, grants_visible_to, roles_granted_by
from trainees.people.adding import PhoneTaken, add_staff

from ..notices import role_in_words
from . import telling
from .finding import (
    MOST_FOUND,
    in_state,
    matching,
    people_to_choose_from,
    with_places,
)
from .forms import (
    EndForm,
    ExtendForm,
    FindPersonForm,
    GrantForm,
    NewStaffForm,
)
from .lists import RoleList


def require_giving_roles(user) -> None:
    require(
        user,
        "academy.view_rolegrant",
        who=_("Administrators give roles, and town staff name the coordinators of their villages."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def role_list(request: HttpRequest) -> HttpResponse:
    require_giving_roles(request.user)
    return list_page(request, RoleList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def role_grant(request: HttpRequest) -> HttpResponse:
    """First whom, then which role, then where and from when to when."""
    require_giving_roles(request.user)
    people = people_to_choose_from(request.user)
    person, role = chosen_person(request, people), _chosen_role(request)
    context = {"person": person, "role": role, "roles": roles_granted_by(request.user)}
    if person is None:
        return _find_page(request, people, NewStaffForm())
    if role is None:
        held = grants_visible_to(request.user).filter(user=person)
        context["held"] = with_places(in_state(held, "current", timezone.localdate()))
        return render(request, "portal/roles/role_grant.html", context)
    now = timezone.now()
    form = GrantForm(
        request.POST or None, user=request.user, role=role, today=timezone.localdate(now)
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = telling.grant(
                user=person,
                role=role,
                place=form.cleaned_data.get("place"),
                valid_from=form.cleaned_data["valid_from"],
                valid_to=form.cleaned_data["valid_to"],
                by=request.user,
                now=now,
            )
        except GrantRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("%(name)s is now %(role)s and has been told.")
                % {"name": person.name, "role": role_in_words(given)},
            )
            return redirect("roles:role_list")
    return render(request, "portal/roles/role_grant.html", {**context, "form": form})


def _find_page(request: HttpRequest, people: QuerySet[User], new: NewStaffForm) -> HttpResponse:
    """Whom: somebody who is found, or for administrators somebody new."""
    context = {"new": new if is_administrator(request.user) else None}
    return render(
        request, "portal/roles/role_grant.html", {**context, **found_people(request, people)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_staff(request: HttpRequest) -> HttpResponse:
    """Somebody who stands on no roster, such as staff of a street-town: the account is made, then
    the role is chosen. Whoever has the number under the same name already is taken as they are.
    """
    require(request.user, "academy.change_settings", who=_("Administrators put staff on file."))
    form = NewStaffForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        name, phone = form.cleaned_data["name"], form.cleaned_data["phone"]
        try:
            person = add_staff(name=name, phone=phone, by=request.user, now=timezone.now())
        except PhoneTaken as taken:
            person = taken.person
            if person.name != name or person.pk == request.user.pk:
                form.add_error("phone", str(taken))
        if not form.errors:
            return redirect(f"{reverse('roles:role_grant')}?{urlencode({'person': person.pk})}")
    return _find_page(request, people_to_choose_from(request.user), form)


def chosen_person(request: HttpRequest, people: QuerySet[User]) -> User | None:
    """The person of the address, or nobody where none is named. Raises Http404 for a stranger."""
    key = request.GET.get("person") or request.GET.get("q-key", "").partition(":")[0]
    if not key:
        return None
    if not (key.isdecimal() and key.isascii() and len(key) < 18):
        raise Http404
    return get_object_or_404(
        people.select_related("trainee__village__town", "trainee__position"), pk=int(key)
    )


def found_people(request: HttpRequest, people: QuerySet[User]) -> dict:
    """The form that finds a person, and whom it found."""
    form = FindPersonForm(request.GET if "q" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        found = (
            matching(people, form.cleaned_data["q"])
            .select_related("trainee__village__town", "trainee__position")
            .order_by("name", "pk")[: MOST_FOUND + 1]
        )
    return {"find": form, "found": found, "most_found": MOST_FOUND}


def _chosen_role(request: HttpRequest) -> Role | None:
    """The role of the address, or the only one that the person may give."""
    roles = roles_granted_by(request.user)
    wanted = request.GET.get("role", "")
    if len(roles) == 1 and not wanted:
        return roles[0]
    return next((role for role in roles if role == wanted), None)


@require_http_methods(["GET", "HEAD", "POST"])
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, EndForm, "portal/roles/role_end.html")


@require_http_methods(["GET", "HEAD", "POST"])
def role_extend(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, ExtendForm, "portal/roles/role_extend.html")


def _change(request: HttpRequest, pk: int, form_class, template: str) -> HttpResponse:
    held = with_places(grants_visible_to(request.user)).filter(pk=pk).first()
    if held is None:
        if request.method == "POST" and is_administrator(request.user):
            messages.info(request, _("This role is not there any more: it was taken back."))
            return redirect("roles:role_list")
        raise Http404
    if not request.user.has_perm("academy.change_rolegrant", held):
        raise PermissionDenied(_("Ask an administrator to change this role."))
    now = timezone.now()
    if held.valid_to is not None and held.valid_to < timezone.localdate(now):
        messages.info(request, _("This role has ended already. Give it anew if it is needed."))
        return redirect("roles:role_list")
    if form_class is ExtendForm and held.valid_to is None:
        messages.info(request, _("This role has no last day, so there is nothing to extend."))
        return redirect("roles:role_list")
    form = form_class(request.POST or None, instance=held)
    if request.method == "POST" and form.is_valid():
        if not form.has_changed():
            messages.info(request, _("Nothing was changed."))
            return redirect("roles:role_list")
        try:
            _save(form, held, request.user, now)
        except (GrantRefused, InvalidTransition) as refused:
            form.add_error(None, str(refused))
            if isinstance(refused, GrantOver):
                messages.info(request, str(refused))
                return redirect("roles:role_list")
        else:
            messages.success(
                request,
                _("Saved. %(name)s has been told.") % {"name": held.user.name},
            )
            return redirect("roles:role_list")
    return render(request, template, {"form": form, "grant": held})


@transaction.atomic
def _save(form: EndForm | ExtendForm, held: RoleGrant, by: User, now) -> None:
    form.refuse_if_changed()
    if isinstance(form, EndForm):
        telling.end(
            grant=held,
            on=form.last_day(timezone.localdate(now)),
            by=by,
            reason=form.cleaned_data["reason"],
            now=now,
        )
    else:
        telling.extend(grant=held, to=form.cleaned_data["valid_to"], by=by, now=now)
