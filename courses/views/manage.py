"""The staff's pages of the catalogue and of the calendar."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Case, F, IntegerField, OuterRef, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from academy import search
from academy.access import departments_of, is_office, require
from academy.paging import page_of

from ..class_forms import ClassForms
from ..filters import ManagedClassFilter, ManagedCourseFilter
from ..forms import CourseForm
from ..models import Course, CourseStatus, Lesson, TrainingClass
from ..scheduling import EDITABLE, SchedulingRefused, create_class, open_class
from ..versions import publish

PER_PAGE = 25
CLASS_BADGES = {"draft": "idle", "open": "ok", "running": "wait", "closed": "idle", "cancelled": "bad"}
STATUS_BADGES = {CourseStatus.DRAFT: "idle", CourseStatus.IN_REVIEW: "wait", CourseStatus.PUBLISHED: "ok", CourseStatus.RETIRED: "idle"}


def _require_editor(user, course: Course | None = None) -> None:
    require(user, "courses.change_course", course, who=_(
        "Departments write their own courses until they are published; the academy office changes and publishes all of them."
    ))  # fmt: skip


# --- Courses ----------------------------------------------------------------------------------------------------------


@require_GET
def manage_courses(request: HttpRequest) -> HttpResponse:
    _require_editor(request.user)
    courses = Course.objects.select_related("track", "department")
    if not is_office(request.user):
        courses = courses.filter(department__in=departments_of(request.user))
    filters = ManagedCourseFilter(request.GET, queryset=courses)
    valid = filters.form.is_valid()
    page = page_of(request, filters.qs if valid else courses.none(), PER_PAGE)
    return render(request, "courses/manage_courses.html", {
        "filters": filters, "page": page, "unknown": not valid, "is_filtered": any(request.GET.get(name) for name in filters.form.fields),
        "rows": [(course, request.user.has_perm("courses.change_course", course), STATUS_BADGES[course.status]) for course in page],
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def course_create(request: HttpRequest) -> HttpResponse:
    _require_editor(request.user)
    return _course_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def course_edit(request: HttpRequest, code: str) -> HttpResponse:
    course = get_object_or_404(Course.objects.visible_to(request.user), code=code)
    _require_editor(request.user, course)
    return _course_page(request, course)


def _course_page(request: HttpRequest, course: Course | None) -> HttpResponse:
    """A button says what becomes of it: a draft, a draft for the office to look at, or a published version."""
    form = CourseForm(request.POST or None, instance=course, user=request.user)
    may_publish = request.user.has_perm("courses.publish_course")
    title, status = (course.title, course.status) if course else ("", "")
    if request.method == "POST" and form.is_valid():
        button = request.POST.get("save", "")
        if button == "publish" and may_publish:
            saved = _publish(form, request.user)
            messages.success(request, _("Published. “%(title)s” can be found and taught from now on.") % {"title": saved.title})
        elif button == "review" and not may_publish:
            saved = form.save_as(CourseStatus.IN_REVIEW)
            messages.success(request, _("Handed to the academy office, who will publish it."))
        else:
            saved = _keep_as_draft(form)
            messages.success(request, _("Saved as a draft; only staff see it."))
        return redirect("courses:course_edit", saved.code)
    return render(request, "courses/course_form.html", {
        "form": form, "course": course, "title": title, "is_published": status == CourseStatus.PUBLISHED, "may_publish": may_publish,
        "complaints": [(field.id_for_label, error) for field in form for error in field.errors] + [("", error) for error in form.non_field_errors()],
    })  # fmt: skip


@transaction.atomic
def _publish(form: CourseForm, by) -> Course:
    saved = form.save_as(CourseStatus.PUBLISHED)
    publish(course=saved, by=by, now=timezone.now(), note=form.cleaned_data.get("change_note", ""))
    search.rebuild(["course", "service"])
    return saved


@transaction.atomic
def _keep_as_draft(form: CourseForm) -> Course:
    saved = form.save_as(CourseStatus.DRAFT)
    search.rebuild(["course", "service"])
    return saved


# --- Classes ----------------------------------------------------------------------------------------------------------


def _require_scheduler(user, permission: str) -> None:
    require(user, permission, who=_("Campuses, departments and the academy office schedule classes."))


@require_GET
def manage_classes(request: HttpRequest) -> HttpResponse:
    """The classes a person runs: those to be held by date, then those that are over, the latest first."""
    _require_scheduler(request.user, "courses.view_schedule")
    now = timezone.now()
    coming = Lesson.objects.filter(training_class=OuterRef("pk"), ends_at__gt=now).order_by("starts_at")
    classes = TrainingClass.objects.run_by(request.user).select_related("campus", "department").with_seats().annotate(
        next_lesson_at=Subquery(coming.values("starts_at")[:1]),
        is_over=Case(When(status__in=EDITABLE, then=Value(0)), default=Value(1), output_field=IntegerField()),
        held_at=Case(When(status__in=EDITABLE, then=F("starts_at"))),
    ).order_by("is_over", F("held_at").asc(nulls_first=True), F("starts_at").desc(nulls_last=True), "code")  # fmt: skip
    filters = ManagedClassFilter(request.GET, queryset=classes)
    valid = filters.form.is_valid()
    page = page_of(request, filters.qs if valid else classes.none(), PER_PAGE)
    return render(request, "courses/manage_classes.html", {
        "filters": filters, "page": page, "unknown": not valid, "is_filtered": any(request.GET.get(name) for name in filters.form.fields),
        "may_create": request.user.has_perm("courses.add_trainingclass"), "rows": [(item, CLASS_BADGES[item.status], item.status in EDITABLE) for item in page],
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def class_create(request: HttpRequest) -> HttpResponse:
    """A new class; it stays a draft unless it is opened at once, and is written whole or not at all."""
    _require_scheduler(request.user, "courses.add_trainingclass")
    forms = ClassForms(user=request.user, data=request.POST if request.method == "POST" else None, wished=request.GET)
    if request.method == "POST" and not forms.adding and forms.is_valid():
        try:
            created = _create(forms, request)
        except SchedulingRefused as refused:
            forms.show(refused)
        else:
            messages.success(request, class_saved(created))
            return redirect("trainees:class_edit" if created.status == "draft" else "trainees:class_roster", created.code)
    return render(request, "courses/class_form.html", {"forms": forms, "training_class": None})


@transaction.atomic
def _create(forms: ClassForms, request: HttpRequest) -> TrainingClass:
    now = timezone.now()
    created = create_class(plan=forms.plan, by=request.user, now=now)
    if request.POST.get("save") == "open":
        created = open_class(training_class=created, by=request.user, now=now)
    return created


def class_saved(training_class: TrainingClass) -> str:
    """What has become of a class that was saved."""
    if training_class.status == "draft":
        return _("Saved as a draft; only staff see it.")
    return _("Saved. “%(title)s” stands on the class list.") % {"title": training_class.title}
