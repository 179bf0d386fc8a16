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
from academy.search import index
from academy.web.paging import page_of

from ..experts import lessons_given, lessons_of, matching, with_load
from ..forms.experts import ExpertForm
from ..forms.rooms import ExpertSearchForm
from ..models import Expert, Lesson, TeachingRole
from ..schedule.free_times import next_free_times
from ..schedule.season import Season
from .season import require_schedule

PER_PAGE, LESSONS_SHOWN = 25, 50


def _require_office(user) -> None:
    require(
        user, "courses.change_expert", who=_("The academy office keeps the register of experts.")
    )


@require_GET
def manage_experts(request: HttpRequest) -> HttpResponse:
    require_schedule(request.user)
    now = timezone.now()
    season = Season.parse(request.GET.get("season", "")) or Season.of(timezone.localdate(now))
    known = Expert.objects.visible_to(request.user)
    categories = known.order_by("category").values_list("category", flat=True).distinct()
    form = ExpertSearchForm(request.GET, categories=categories)
    found = Expert.objects.none()
    if form.is_valid():
        found = matching(
            known,
            words=form.cleaned_data["q"],
            category=form.cleaned_data["category"],
            span=form.span,
        )
    page = page_of(
        request, with_load(found.select_related("village__town"), season).order_by("code"), PER_PAGE
    )
    free = next_free_times(list(page), now=now, count=2)
    return render(
        request,
        "courses/manage_experts.html",
        {
            "form": form,
            "page": page,
            "rows": [(expert, free[expert.pk]) for expert in page],
            "season": season,
            "unknown": not form.is_valid(),
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "may_edit": request.user.has_perm("courses.change_expert"),
        },
    )


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
