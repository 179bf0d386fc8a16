"""The register of experts, each expert's page, and the office's form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.search import index

from ..experts import lessons_given, lessons_of, with_load
from ..forms.experts import ExpertForm
from ..models import Expert, Lesson, TeachingRole
from ..office_lists import ExpertList
from ..schedule.free_times import next_free_times
from ..schedule.season import Season
from .season import require_schedule

LESSONS_SHOWN = 50


def _require_office(user) -> None:
    require(
        user, "courses.change_expert", who=_("The academy office keeps the register of experts.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def manage_experts(request: HttpRequest) -> HttpResponse:
    require_schedule(request.user)
    return list_page(request, ExpertList(request))


@login_not_required
@require_GET
def expert(request: HttpRequest, code: str) -> HttpResponse:
    """Public once published: specialities and coming lessons.

    Staff and the expert see load, free times and what is over.
    """
    found = get_object_or_404(
        Expert.objects.visible_to(request.user).select_related("village__town"), code=code
    )
    now = timezone.now()
    is_own = request.user.is_authenticated and found.user_id == request.user.pk
    plans = request.user.is_authenticated and request.user.has_perm("courses.view_schedule")
    context = {
        "expert": found,
        "is_own": is_own,
        "plans": plans,
        "lessons": _in_roles(lessons_of(found, now=now, drafts=plans)),
    }
    if is_own or plans:
        # of practicums, which stands above: asked by name
        context["may_prove"] = request.user.has_perm("practicums.see_teaching", found)
        season = Season.of(timezone.localdate(now))
        context |= {
            "season": season,
            "load": with_load(Expert.objects.filter(pk=found.pk), season).get(),
            "free": next_free_times([found], now=now, count=5)[found.pk],
            "given": _in_roles(lessons_given(found, now=now)),
            "may_edit": request.user.has_perm("courses.change_expert"),
        }
    return render(request, "courses/expert.html", context)


def _in_roles(lessons: QuerySet[Lesson]) -> list[Lesson]:
    """The first of them, each with the role in words where it is not the usual one."""
    shown = list(lessons[:LESSONS_SHOWN])
    for lesson in shown:
        usual = lesson.role == TeachingRole.LECTURER
        lesson.role_in_words = "" if usual else TeachingRole(lesson.role).label
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
def expert_create(request: HttpRequest) -> HttpResponse:
    _require_office(request.user)
    return _expert_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def expert_edit(request: HttpRequest, code: str) -> HttpResponse:
    require_schedule(request.user)
    found = get_object_or_404(Expert.objects.select_related("user"), code=code)
    _require_office(request.user)
    return _expert_page(request, found)


def _expert_page(request: HttpRequest, found: Expert | None) -> HttpResponse:
    name = found.name if found else ""
    form = ExpertForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(form)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Saved. “%(name)s” stands in the register.") % {"name": saved.name}
            )
            return redirect("courses:expert", saved.code)
    return render(
        request, "courses/expert_form.html", {"form": form, "expert": found, "name": name}
    )


@transaction.atomic
def _save(form: ExpertForm) -> Expert:
    form.refuse_if_changed()
    saved = form.save()
    index.rebuild(["class", "expert"])
    return saved
