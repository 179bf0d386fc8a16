"""The register of projects: what everybody reads, and the pages on which staff correct it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.web.paging import page_of
from academy.web.remembering import remember_public

from ..models import Project
from ..projects import register
from ..projects.forms import ProjectForm, RemoveForm
from ..projects.lists import STATE_BADGES, ProjectFilter, ProjectList, published_words

PER_PAGE = 24

# --- For everybody --------------------------------------------------------------------------------


def _may_keep(request: HttpRequest, project: Project | None = None) -> bool:
    user = request.user
    return user.is_authenticated and user.has_perm("plans.keep_projects", project)


@login_not_required
@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    remember_public(request, [*ProjectFilter.Meta.fields, "page"])
    shown = Project.objects.published()
    filters = ProjectFilter(request.GET, queryset=shown.with_place().order_by("code"))
    is_known = filters.form.is_valid()
    found = filters.qs if is_known else shown.none()
    return render(
        request,
        "plans/project_list.html",
        {
            "page": page_of(request, found, PER_PAGE),
            "form": filters.form,
            "is_known": is_known,
            "is_filtered": any(request.GET.get(name) for name in ProjectFilter.Meta.fields),
            "counts": published_words(Project.objects.kept()),
            "may_keep": _may_keep(request),
        },
    )


@login_not_required
@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Project.objects.published().with_place(), code=code)
    return render(
        request,
        "plans/project.html",
        {
            "project": found,
            "badge": STATE_BADGES[found.state],
            "courses": found.courses.published().select_related("track"),
            "cases": found.cases.published(),
            "may_keep": _may_keep(request, found),
        },
    )


# --- The desk -------------------------------------------------------------------------------------


def _require_keeper(request: HttpRequest) -> None:
    require(
        request.user,
        "plans.keep_projects",
        who=_("The academy office and street-towns keep the register of projects."),
    )


def _own(request: HttpRequest, code: str) -> Project:
    _require_keeper(request)
    kept = Project.objects.kept_by(request.user).with_place().select_related("updated_by")
    return get_object_or_404(kept, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def manage_projects(request: HttpRequest) -> HttpResponse:
    _require_keeper(request)
    return list_page(request, ProjectList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def project_create(request: HttpRequest) -> HttpResponse:
    _require_keeper(request)
    return _form_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = _own(request, code)
    if request.method == "POST" and found.is_removed:
        messages.error(
            request,
            _("“%(title)s” is taken out. Put it back before you change it.")
            % {"title": found.title},
        )
        return redirect("plans:project_edit", code)
    return _form_page(request, found)


def _form_page(
    request: HttpRequest, found: Project | None, removing: RemoveForm | None = None
) -> HttpResponse:
    sent = request.POST if request.method == "POST" and removing is None else None
    initial = None if found else {"year": timezone.localdate().year}
    form = ProjectForm(sent, instance=found, user=request.user, initial=initial)
    address = reverse("plans:project_edit", args=[found.code]) if found else request.path
    title = found.title if found else ""  # a form that is refused leaves what was typed on the row
    if sent is not None and form.is_valid():
        try:
            saved = _save(request, form)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": saved.title})
            return redirect("plans:project_edit", saved.code)
    return render(
        request,
        "plans/project_form.html",
        {
            "form": form,
            "project": found,
            "title": title,
            "address": address,
            "removing": removing or RemoveForm(),
        },
    )


@transaction.atomic
def _save(request: HttpRequest, form: ProjectForm) -> Project:
    form.refuse_if_changed()
    saved = register.save(form.save(commit=False), by=request.user, now=timezone.now())
    form.set_links(saved)
    return saved


@require_POST
def project_remove(request: HttpRequest, code: str) -> HttpResponse:
    found = _own(request, code)
    form = RemoveForm(request.POST)
    if not form.is_valid():
        return _form_page(request, found, form)
    now = timezone.now()
    try:
        register.remove(
            project=found,
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=now,
            today=timezone.localdate(now),
        )
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("“%(title)s” is taken out. It can be put back here.") % {"title": found.title},
        )
    return redirect("plans:project_edit", code)


@require_POST
def project_restore(request: HttpRequest, code: str) -> HttpResponse:
    found = _own(request, code)
    try:
        register.restore(project=found, by=request.user, now=timezone.now())
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("“%(title)s” stands in the register again; staff alone see it.")
            % {"title": found.title},
        )
    return redirect("plans:project_edit", code)
