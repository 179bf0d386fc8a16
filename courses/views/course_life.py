"""One course as staff see it: writing it, its review, its versions to come, its end."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.web.error_summary import error_summary_of

from ..catalogue import publishing
from ..catalogue.drafts import (
    discard_draft,
    drafted_content,
    drop_change,
    refuse_unless_editable,
    save_draft,
    stamp,
)
from ..catalogue.errors import CourseNotEditable, ReasonMissing
from ..catalogue.versions import differences, readable
from ..forms.courses import CourseForm, RetireForm, ReviewForm
from ..models import HELD, Course, CourseDecision, CourseStatus, ServiceItem, Stage, TrainingClass
from ..office_lists import STAGE_BADGES
from .manage_courses import require_editor

STEP_ICONS = {
    CourseDecision.SUBMITTED: ("wait", "hourglass-split"),
    CourseDecision.RETURNED: ("bad", "x-circle-fill"),
    CourseDecision.RETIRED: ("idle", "dash-circle"),
}


def _course(request: HttpRequest, code: str) -> Course:
    course = get_object_or_404(
        Course.objects.visible_to(request.user)
        .with_stage()
        .select_related("track", "department", "successor"),
        code=code,
    )
    require_editor(request.user, course)
    return course


# --- The staff's page of a course -----------------------------------------------------------------


@require_GET
def manage_course(request: HttpRequest, code: str) -> HttpResponse:
    return _desk(request, _course(request, code))


def _desk(request: HttpRequest, course: Course, **forms) -> HttpResponse:
    """Where the course stands, what changes, what can be done now, and what was done."""
    newest = course.versions.first()
    may_publish = request.user.has_perm("courses.publish_course")
    drafted = drafted_content(course)
    changes = (
        differences(newest.content, drafted)
        if newest and course.status != CourseStatus.RETIRED
        else []
    )
    is_written = course.status == CourseStatus.DRAFT or (
        course.change_in_hand is not None and not course.is_in_review
    )
    return render(
        request,
        "courses/manage_course.html",
        {
            "course": course,
            "badge": STAGE_BADGES[course.stage],
            "newest": newest,
            "drafted": drafted,
            "content": readable(drafted),
            "changes": changes,
            "steps": _steps(course),
            "is_written": is_written,
            "may_publish": may_publish,
            "may_discard": course.status == CourseStatus.DRAFT and newest is None,
            "returned": _returned(course),
            "review_form": (
                forms.get("review_form") or ReviewForm(initial={"seen": stamp(course)})
            ),
            "retire_form": forms.get("retire_form") or RetireForm(course=course),
            "retiring": "retire_form" in forms,
            "planned": (
                _planned(course) if may_publish and course.status == CourseStatus.PUBLISHED else 0
            ),
        },
    )


def _steps(course: Course) -> list[tuple]:
    steps = course.steps.select_related("by", "version")
    return [(step, *STEP_ICONS.get(step.decision, ("ok", "check-circle-fill"))) for step in steps]


def _returned(course: Course):
    """The step that sent it back, while that is the last word."""
    if course.stage not in (Stage.RETURNED, Stage.CHANGE_RETURNED):
        return None
    return course.steps.select_related("by").last()


def _planned(course: Course) -> int:
    """Classes with this course that are still to be held."""
    return (
        TrainingClass.objects.filter(status__in=HELD, lessons__course_version__course=course)
        .distinct()
        .count()
    )


# --- Writing --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def course_create(request: HttpRequest) -> HttpResponse:
    require_editor(request.user)
    return _form_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def course_edit(request: HttpRequest, code: str) -> HttpResponse:
    course = _course(request, code)
    try:
        refuse_unless_editable(course)
    except CourseNotEditable as refused:
        messages.error(request, str(refused))
        return redirect("courses:manage_course", course.code)
    return _form_page(request, course)


def _form_page(request: HttpRequest, course: Course | None) -> HttpResponse:
    """A button says what becomes of it: kept, handed to the office, or published.

    Nothing is half done.
    """
    instance = Course.objects.select_related("change").get(pk=course.pk) if course else None
    form = CourseForm(
        request.POST or None,
        instance=instance,
        user=request.user,
        initial=_wanted_item(request) if course is None else {},
    )
    may_publish = request.user.has_perm("courses.publish_course")
    if request.method == "POST" and form.is_valid():
        button = request.POST.get("save", "")
        button = "keep" if button == "publish" and not may_publish else button
        try:
            saved = _save(form, course, button, request)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _saved_words(saved, button))
            return redirect("courses:manage_course", saved.code)
    return render(
        request,
        "courses/course_form.html",
        {
            "form": form,
            "course": course,
            "stage": course.stage_words if course else "",
            "may_publish": may_publish,
            "is_published": course is not None and course.status == CourseStatus.PUBLISHED,
            "error_summary": error_summary_of(form),
        },
    )


def _wanted_item(request: HttpRequest) -> dict:
    """A course that is begun from a gap has the service item ticked."""
    wanted = request.GET.get("item", "")
    return {"service_items": list(ServiceItem.objects.filter(code=wanted))} if wanted else {}


@transaction.atomic
def _save(form: CourseForm, course: Course | None, button: str, request: HttpRequest) -> Course:
    now, by, note = timezone.now(), request.user, form.cleaned_data["change_note"]
    if course is None:
        saved = form.create()
    else:
        form.refuse_if_changed()
        saved = save_draft(course=course, values=form.values, by=by, now=now, note=note)
    if button == "publish":
        publishing.approve(course=saved, by=by, now=now, note=note)
    elif button == "review":
        publishing.submit(course=saved, by=by, now=now)
    return saved


def _saved_words(saved: Course, button: str) -> str:
    if button == "publish":
        return _("Published. “%(title)s” can be found and taught from now on.") % {
            "title": saved.title
        }
    if button == "review":
        return _("Handed to the academy office, who will publish it.")
    if saved.status == CourseStatus.PUBLISHED:
        return _(
            "The change is kept. Until it is published everybody goes on seeing the present"
            " version."
        )
    return _("Saved as a draft; only staff see it.")


# --- Steps ----------------------------------------------------------------------------------------


@require_POST
def course_submit(request: HttpRequest, code: str) -> HttpResponse:
    return _step(
        request,
        _course(request, code),
        publishing.submit,
        _("Handed to the academy office, who will publish it."),
    )


@require_POST
def course_take_back(request: HttpRequest, code: str) -> HttpResponse:
    return _step(
        request,
        _course(request, code),
        publishing.take_back,
        _("Taken back. You can go on writing."),
    )


@require_POST
def course_drop_change(request: HttpRequest, code: str) -> HttpResponse:
    return _step(
        request,
        _course(request, code),
        drop_change,
        _("The change is given up; the published version stays."),
    )


@require_POST
def course_discard(request: HttpRequest, code: str) -> HttpResponse:
    course = _course(request, code)
    try:
        discard_draft(course=course, by=request.user, now=timezone.now())
    except PortalError as refused:
        messages.error(request, str(refused))
        return redirect("courses:manage_course", course.code)
    messages.success(request, _("The draft “%(title)s” is thrown away.") % {"title": course.title})
    return redirect("courses:manage_courses")


@require_POST
def course_return(request: HttpRequest, code: str) -> HttpResponse:
    course = _course(request, code)
    _require_office(request)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _desk(request, course, review_form=form)
    opinion, seen = form.cleaned_data["opinion"], form.cleaned_data["seen"]
    try:
        publishing.return_for_changes(
            course=course, reason=opinion, by=request.user, now=timezone.now(), seen=seen
        )
    except ReasonMissing as missing:
        form.add_error("opinion", str(missing))
        return _desk(request, course, review_form=form)
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Sent back. The department has been told what to change."))
    return redirect("courses:manage_course", course.code)


@require_POST
def course_publish(request: HttpRequest, code: str) -> HttpResponse:
    course = _course(request, code)
    _require_office(request)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _desk(request, course, review_form=form)
    words = _("Published. “%(title)s” can be found and taught from now on.") % {
        "title": course.title
    }
    return _step(
        request,
        course,
        publishing.approve,
        words,
        opinion=form.cleaned_data["opinion"],
        seen=form.cleaned_data["seen"],
    )


@require_POST
def course_retire(request: HttpRequest, code: str) -> HttpResponse:
    course = _course(request, code)
    _require_office(request)
    form = RetireForm(request.POST, course=course)
    if not form.is_valid():
        return _desk(request, course, retire_form=form)
    return _step(
        request,
        course,
        publishing.retire,
        _("Retired. Its page says so, and records keep it."),
        **form.cleaned_data,
    )


@require_POST
def course_bring_back(request: HttpRequest, code: str) -> HttpResponse:
    course = _course(request, code)
    _require_office(request)
    return _step(
        request,
        course,
        publishing.bring_back,
        _("Brought back. It can be found and taught from now on."),
    )


def _require_office(request: HttpRequest) -> None:
    require(
        request.user,
        "courses.publish_course",
        who=_("The academy office publishes and retires courses."),
    )


def _step(request: HttpRequest, course: Course, step, done: str, **arguments) -> HttpResponse:
    try:
        step(course=course, by=request.user, now=timezone.now(), **arguments)
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("courses:manage_course", course.code)
