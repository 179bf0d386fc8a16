"""The case library: what everybody reads, and the desk where cases are written and reviewed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.search.index import MAX_QUERY_LENGTH, search
from academy.web.paging import page_of
from academy.web.remembering import remember_public
from courses.models import Course
from courses.related import related_to_cases

from .. import cases
from ..forms.cases import CaseForm, OpinionForm
from ..models import ItemKind, PracticeCase, SevenItem
from ..office_lists import CASE_BADGES, CaseList

PER_PAGE = 24

# --- For everybody --------------------------------------------------------------------------------


@login_not_required
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    remember_public(request, ["q", "theme", "course", "page"])
    query, theme, course = (
        request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH],
        request.GET.get("theme", "")[:20],
        request.GET.get("course", "")[:12],
    )
    found = PracticeCase.objects.published()
    themes = list(found.order_by("theme").values_list("theme", flat=True).distinct())
    taught = Course.objects.published().filter(code=course).first() if course else None
    unknown = bool(theme and theme not in themes) or bool(course and taught is None)
    if unknown:
        found = found.none()
    if theme:
        found = found.filter(theme=theme)
    if taught:
        found = found.filter(courses=taught)
    if query:
        order = {
            entry.code: place
            for place, entry in enumerate(search(query, kinds=["case"], limit=500))
        }
        found = sorted(found.filter(code__in=order), key=lambda item: order[item.code])
    return render(
        request,
        "practicums/case_list.html",
        {
            "page": page_of(request, found, PER_PAGE),
            "query": query,
            "theme": theme,
            "themes": themes,
            "taught": taught,
            "unknown": unknown,
            "is_filtered": bool(query or theme or course),
            "may_write": (
                request.user.is_authenticated
                and request.user.has_perm("practicums.change_practicecase")
            ),
        },
    )


@login_not_required
@require_GET
def case(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(PracticeCase.objects.published(), code=code)
    near = (
        PracticeCase.objects.published()
        .filter(courses__in=found.courses.all())
        .exclude(pk=found.pk)
    )
    return render(
        request,
        "practicums/case.html",
        {
            "case": found,
            "courses": found.courses.published().select_related("track"),
            "related": related_to_cases([found.pk]),
            "near": near.annotate(shared=Count("pk")).order_by("-shared", "code")[:3],
            "may_write": (
                request.user.is_authenticated
                and request.user.has_perm("practicums.change_practicecase", found)
            ),
        },
    )


# --- The desk -------------------------------------------------------------------------------------


def _require_writer(request: HttpRequest, found: PracticeCase | None = None) -> None:
    require(
        request.user,
        "practicums.change_practicecase",
        found,
        who=_(
            "Colleagues and secondees write their own cases; the academy office reviews and"
            " publishes all of them."
        ),
    )


def _require_office(request: HttpRequest) -> None:
    require(
        request.user,
        "practicums.publish_practicecase",
        who=_("The academy office publishes cases."),
    )


def _own(request: HttpRequest, code: str) -> PracticeCase:
    _require_writer(request)
    return get_object_or_404(
        PracticeCase.objects.worked_on_by(request.user).select_related("author", "secondment"),
        code=code,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def manage_cases(request: HttpRequest) -> HttpResponse:
    _require_writer(request)
    return list_page(request, CaseList(request))


@require_GET
def manage_case(request: HttpRequest, code: str) -> HttpResponse:
    return _desk(request, _own(request, code), OpinionForm())


def _desk(request: HttpRequest, found: PracticeCase, form: OpinionForm) -> HttpResponse:
    return render(
        request,
        "practicums/manage_case.html",
        {
            "case": found,
            "badge": CASE_BADGES[found.status],
            "courses": found.courses.all(),
            "steps": found.steps.select_related("by"),
            "form": form,
            "may_publish": request.user.has_perm("practicums.publish_practicecase"),
            "personal": cases.personal_details_in(found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def case_create(request: HttpRequest) -> HttpResponse:
    _require_writer(request)
    return _form_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def case_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = _own(request, code)
    if not found.is_writable:
        messages.error(
            request,
            _("“%(title)s” is in review or published. Take it back or take it down first.")
            % {"title": found.title},
        )
        return redirect("practicums:manage_case", code)
    return _form_page(request, found)


def _form_page(request: HttpRequest, found: PracticeCase | None) -> HttpResponse:
    form = CaseForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, found, form)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Saved. Only you and the academy office see it until it is published.")
            )
            return redirect("practicums:manage_case", saved.code)
    return render(request, "practicums/case_form.html", {"form": form, "case": found})


@transaction.atomic
def _save(request: HttpRequest, found: PracticeCase | None, form: CaseForm) -> PracticeCase:
    if found is None:
        return cases.begin(**form.values, by=request.user, now=timezone.now())
    form.refuse_if_changed()
    return cases.rewrite(case=found, **form.values, by=request.user, now=timezone.now())


@require_POST
def case_submit(request: HttpRequest, code: str) -> HttpResponse:
    return _step(
        request,
        _own(request, code),
        cases.submit,
        _("Handed to the academy office, who reviews it."),
    )


@require_POST
def case_take_back(request: HttpRequest, code: str) -> HttpResponse:
    return _step(
        request, _own(request, code), cases.take_back, _("Taken back. You can go on writing.")
    )


@require_POST
def case_return(request: HttpRequest, code: str) -> HttpResponse:
    return _decision(
        request,
        code,
        cases.return_for_changes,
        "reason",
        _("Sent back. The author has been told what to change."),
    )


@require_POST
def case_publish(request: HttpRequest, code: str) -> HttpResponse:
    return _decision(
        request,
        code,
        cases.publish,
        "opinion",
        _("Published. It stands in the case library and can be found."),
    )


@require_POST
def case_take_down(request: HttpRequest, code: str) -> HttpResponse:
    return _decision(
        request, code, cases.take_down, "reason", _("Taken down. Nobody finds it any more.")
    )


def _decision(request: HttpRequest, code: str, step, argument: str, done: str) -> HttpResponse:
    found = _own(request, code)
    _require_office(request)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _desk(request, found, form)
    try:
        step(
            case=found,
            by=request.user,
            now=timezone.now(),
            **{argument: form.cleaned_data["opinion"]},
        )
    except cases.CaseReasonMissing as missing:
        form.add_error("opinion", str(missing))
        return _desk(request, found, form)
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("practicums:manage_case", code)


def _step(request: HttpRequest, found: PracticeCase, step, done: str) -> HttpResponse:
    try:
        step(case=found, by=request.user, now=timezone.now())
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("practicums:manage_case", found.code)


@require_POST
def case_from_secondment(request: HttpRequest, code: str) -> HttpResponse:
    """The signed work case of a secondment becomes a draft of the library."""
    _require_office(request)
    item = get_object_or_404(
        SevenItem.objects.select_related("secondment__trainee__user"),
        secondment__code=code,
        kind=ItemKind.WORK_CASE,
    )
    try:
        begun = cases.begin_from(item=item, by=request.user, now=timezone.now())
    except PortalError as refused:
        messages.error(request, str(refused))
        return redirect(item)
    return redirect("practicums:manage_case", begun.code)
