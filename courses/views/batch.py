"""Planning many classes at once: a form, a preview in which each class may be moved or taken out,
then all drafts or none.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.models import Venue
from academy.web.error_summary import error_summary_of

from ..forms.batch import CloneForm, MovedFormSet, RoundForm, SittingFormSet, sitting_rows, span_of
from ..schedule.bulk_scheduling import (
    Judged,
    PlansRefused,
    create_drafts,
    judge,
    moved_plan,
    plan_of,
    propose_sittings,
    weekly_days,
)
from ..schedule.class_plans import ClassPlan
from ..schedule.free_times import busy_lessons
from ..schedule.holidays import mark_of
from ..schedule.season import Season
from ..schedule.teachers import Teacher
from .batch_matrix import day_of, matrix_of
from .season import classes_of, require_schedule, season_or_404


@dataclass(frozen=True)
class Row:
    """A row of the preview: its form, its plan as judged, or nothing when it was taken out or is
    wrong in itself.
    """

    form: object
    judged: Judged | None

    @property
    def is_wrong(self) -> bool:
        return bool(self.form.errors or (self.judged and not self.judged.is_fine))

    @property
    def number(self) -> int:
        """Of the week, in a round."""
        value = str(self.form["number"].value() or "")
        return int(value) if value.isascii() and value.isdigit() else 0

    @property
    def day(self) -> date | None:
        return day_of(self.form)

    @property
    def holiday(self) -> str:
        """The public holiday on which the class would fall."""
        mark = self.day and mark_of(self.day)
        return mark.words if mark and mark.is_off else ""


def _rows(forms: Sequence, plans: dict[int, ClassPlan], judged: Sequence[Judged]) -> list[Row]:
    by_place = dict(zip(plans, judged, strict=True))
    return [Row(form, by_place.get(place)) for place, form in enumerate(forms)]


def _preview(
    request: HttpRequest,
    template: str,
    forms: Sequence,
    plans: dict[int, ClassPlan],
    complete: bool,
    context: dict,
) -> HttpResponse:
    """Show what would be made, or make it: the button `step=create` writes all that is kept, or
    nothing.
    """
    judged = None
    if request.POST.get("step") == "create" and not (complete and plans):
        messages.error(request, _("Nothing was written. Look at the rows below, then check again."))
    elif request.POST.get("step") == "create":
        try:
            created = create_drafts(plans=list(plans.values()), by=request.user, now=timezone.now())
        except PlansRefused as refused:
            messages.error(request, str(refused))
            judged = refused.judged
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d draft is written. Open it here when its lecturer is settled.",
                    "%(count)d drafts are written. Open them here, all at once, when their"
                    " lecturers are settled.",
                    len(created),
                )
                % {"count": len(created)},
            )
            return redirect("trainees:season_open", str(context["season"]))
    rows = _rows(forms, plans, judged if judged is not None else judge(list(plans.values())))
    wrong = [row for row in rows if row.is_wrong]
    return render(
        request,
        template,
        context
        | {
            "rows": rows,
            **({"matrix": matrix_of(rows)} if "wanted" in context else {}),
            "kept": len(plans),
            "wrong": len(wrong),
            "warned": sum(bool(row.judged and row.judged.warnings) for row in rows),
        },
    )


# --- One course in many salons --------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def season_batch(request: HttpRequest, code: str) -> HttpResponse:
    require_schedule(request.user, "courses.add_trainingclass")
    season = season_or_404(code)
    posted = request.method == "POST"
    initial = {
        name: request.GET.getlist(name) if name == "campuses" else request.GET[name]
        for name in ("course", "campuses")
        if request.GET.get(name)
    }
    form = RoundForm(
        request.POST if posted else None, user=request.user, season=season, initial=initial
    )
    if not posted or not form.is_valid() or request.POST.get("step") == "edit":
        return render(
            request,
            "courses/season_batch.html",
            {
                "form": form,
                "season": season,
                "error_summary": [] if request.POST.get("step") == "edit" else form.error_summary,
            },
        )
    wanted, campuses = form.round, list(form.cleaned_data["campuses"])
    rooms = defaultdict(list)
    for venue in Venue.objects.filter(campus__in=campuses, ended_on__isnull=True).order_by("code"):
        rooms[venue.campus_id].append(venue)
    kwargs = {
        "campuses": {campus.code: campus for campus in campuses},
        "rooms": rooms,
        "experts": wanted.experts,
    }
    if request.POST.get("step") in ("check", "create"):
        formset = SittingFormSet(request.POST, prefix="row", form_kwargs=kwargs)
        complete = formset.is_valid()
    else:
        days = weekly_days(form.cleaned_data["first_day"], form.cleaned_data["weeks"])
        busy = busy_lessons(
            *span_of(days),
            venues=[room.pk for group in rooms.values() for room in group],
            teachers=[Teacher(item).key for item in wanted.experts],
        )
        sittings = propose_sittings(wanted, campuses=campuses, days=days, rooms=rooms, busy=busy)
        formset = SittingFormSet(
            _as_posted(sitting_rows(sittings)), prefix="row", form_kwargs=kwargs
        )
        complete = formset.is_valid()
    plans = {
        place: plan_of(wanted, row.sitting)
        for place, row in enumerate(formset.forms)
        if not row.errors and row.cleaned_data.get("keep")
    }
    context = {"form": form, "formset": formset, "season": season, "wanted": wanted}
    return _preview(
        request, "courses/season_batch_preview.html", formset.forms, plans, complete, context
    )


def _as_posted(rows: Sequence[dict]) -> dict[str, str]:
    """Proposed rows as if they had been typed, so that a first preview and a later one are one and
    the same.
    """
    data = {"row-TOTAL_FORMS": str(len(rows)), "row-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        data |= {
            f"row-{place}-{name}": "on" if value is True else str(value)
            for name, value in row.items()
            if value is not False
        }
    return data


# --- The last season again ------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def season_clone(request: HttpRequest, code: str) -> HttpResponse:
    require_schedule(request.user, "courses.add_trainingclass")
    season = season_or_404(code)
    source = Season.parse(
        request.POST.get("source") or request.GET.get("source", "")
    ) or season.moved(-1)
    classes = {
        item.code: item
        for item in (
            classes_of(request.user, source)
            .prefetch_related("lessons__course_version__course", "audiences", "pools__town")
            .select_related("programme", "department")
        )
        if item.season in ("", str(source))
    }
    posted = request.method == "POST"
    form = CloneForm(
        request.POST if posted else None, classes=classes, weeks=max(1, source.weeks_to(season))
    )
    context = {
        "season": season,
        "source": source,
        "form": form,
        "classes": classes.values(),
        "sources": [season.moved(-1), season.moved(-4)],
    }
    if not posted or not form.is_valid() or request.POST.get("step") == "edit":
        chosen = set(form["codes"].value() or ())
        complaints = error_summary_of(form) if posted and request.POST.get("step") != "edit" else []
        return render(
            request,
            "courses/season_clone.html",
            context | {"chosen": chosen, "error_summary": complaints},
        )
    if request.POST.get("step") in ("check", "create"):
        formset = MovedFormSet(request.POST, prefix="row", form_kwargs={"classes": classes})
    else:
        rows = [{"keep": True, "code": item} for item in form.cleaned_data["codes"]]
        formset = MovedFormSet(
            _as_posted([row | {"days": 0} for row in rows]),
            prefix="row",
            form_kwargs={"classes": classes},
        )
    complete = formset.is_valid()
    plans = {
        place: moved_plan(row.training_class, days=form.cleaned_data["weeks"] * 7 + row.moved_by)
        for place, row in enumerate(formset.forms)
        if not row.errors and row.cleaned_data.get("keep")
    }
    return _preview(
        request,
        "courses/season_clone_preview.html",
        formset.forms,
        plans,
        complete,
        context | {"formset": formset},
    )
