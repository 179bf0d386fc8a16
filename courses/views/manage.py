"""The staff's pages of the calendar."""

from collections.abc import Iterable

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from academy.access import require
from academy.web.paging import OneAfterTheOther, page_of

from ..filters import ManagedClassFilter
from ..forms.classes import ClassForms
from ..models import ClassStatus, Lesson, TrainingClass
from ..schedule.class_plans import SchedulingRefused
from ..schedule.scheduling import EDITABLE, create_class, open_class

PER_PAGE = 25
CLASS_BADGES = {
    "draft": "idle",
    "open": "ok",
    "running": "wait",
    "closed": "idle",
    "cancelled": "bad",
}


def _require_scheduler(user, permission: str) -> None:
    require(
        user, permission, who=_("Campuses, departments and the academy office schedule classes.")
    )


@require_GET
def manage_classes(request: HttpRequest) -> HttpResponse:
    """The classes a person runs: those to be held by date, then those that are over, the latest
    first.
    """
    _require_scheduler(request.user, "courses.view_schedule")
    now = timezone.now()
    coming = Lesson.objects.filter(training_class=OuterRef("pk"), ends_at__gt=now).order_by(
        "starts_at"
    )
    classes = (
        TrainingClass.objects.run_by(request.user)
        .select_related("campus", "department")
        .with_seats()
        .annotate(
            next_lesson_at=Subquery(coming.values("starts_at")[:1]),
        )
    )
    filters = ManagedClassFilter(request.GET, queryset=classes)
    valid = filters.form.is_valid()
    found = filters.qs if valid else classes.none()
    page = page_of(
        request,
        OneAfterTheOther(
            found.filter(status__in=EDITABLE).order_by(
                F("starts_at").asc(nulls_first=True), "code"
            ),
            found.exclude(status__in=EDITABLE).order_by(
                F("starts_at").desc(nulls_last=True), "code"
            ),
        ),
        PER_PAGE,
    )
    ended = _booked_until_cancelled(page)
    return render(
        request,
        "courses/manage_classes.html",
        {
            "filters": filters,
            "page": page,
            "unknown": not valid,
            "is_filtered": any(request.GET.get(name) for name in filters.form.fields),
            "may_create": request.user.has_perm("courses.add_trainingclass"),
            "rows": [
                (item, CLASS_BADGES[item.status], item.status in EDITABLE, ended.get(item.pk, 0))
                for item in page
            ],
        },
    )


def _booked_until_cancelled(classes: Iterable[TrainingClass]) -> dict[int, int]:
    """Key of a cancelled class → how many people had a seat or waited until then."""
    cancelled = [item.pk for item in classes if item.status == ClassStatus.CANCELLED]
    if not cancelled:
        return {}
    with_people = TrainingClass.objects.filter(
        pk__in=cancelled, enrolments__events__kind="cancelled"
    )
    counted = with_people.order_by().annotate(people=Count("enrolments", distinct=True))
    return dict(counted.values_list("pk", "people"))


@require_http_methods(["GET", "HEAD", "POST"])
def class_create(request: HttpRequest) -> HttpResponse:
    """A new class; it stays a draft unless it is opened at once, and is written whole or not at
    all.
    """
    _require_scheduler(request.user, "courses.add_trainingclass")
    forms = ClassForms(
        user=request.user,
        data=request.POST if request.method == "POST" else None,
        wished=request.GET,
    )
    if request.method == "POST" and not forms.adding and forms.is_valid():
        try:
            created = _create(forms, request)
        except SchedulingRefused as refused:
            forms.show(refused)
        else:
            messages.success(request, class_saved(created))
            return redirect(
                "trainees:class_edit" if created.status == "draft" else "trainees:class_roster",
                created.code,
            )
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
