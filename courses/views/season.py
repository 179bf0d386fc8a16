"""The season board: a quarter by week, by month or as a list; a full quarter shows one month at a
time.
"""

import django_filters
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from academy.access import campuses_of, is_office, require
from academy.models import Campus

from ..filters import _choice
from ..models import ClassStatus, Lesson, Track, TrainingClass
from ..schedule.season import Month, Season, drafts_in
from ..schedule.season_board import MOST_OF_A_QUARTER, lay_out
from ..schedule.teachers import with_teachers

VIEWS = ("week", "month", "list")
WHOLE = "all"  # ?month=all: the whole quarter, however full


class SeasonFilter(django_filters.FilterSet):
    campus = _choice(
        Campus.objects.filter(ended_on__isnull=True),
        "code",
        "campus",
        pgettext_lazy("season board", "Campus"),
    )
    track = _choice(
        Track.objects.filter(active=True),
        "prefix",
        "lessons__course_version__course__track",
        pgettext_lazy("of courses", "Track"),
        distinct=True,
    )

    class Meta:
        model = TrainingClass
        fields = ["campus", "track"]


def require_schedule(user, permission: str = "courses.view_schedule") -> None:
    require(
        user, permission, who=_("Campuses, departments and the academy office schedule classes.")
    )


def season_or_404(code: str) -> Season:
    season = Season.parse(code)
    if season is None:
        raise Http404
    return season


def own_campuses(user):
    """The sites a person is responsible for; a department has none of its own."""
    campuses = Campus.objects.filter(ended_on__isnull=True).select_related("town").order_by("code")
    return campuses if is_office(user) else campuses.filter(pk__in=campuses_of(user))


def _lessons_in(season: Season):
    return Lesson.objects.filter(starts_at__gte=season.begins_at, starts_at__lt=season.ends_at)


def _with_lessons(classes):
    """All that a board shows of the classes, in order; five queries whatever their number."""
    return (
        classes.select_related("campus__town")
        .with_seats()
        .prefetch_related("lessons__venue__campus", with_teachers("lessons__teachers"))
        .order_by("starts_at", "code")
    )


def classes_of(user, season: Season):
    """The classes a person runs that have a lesson in the season, drafts included, with their
    lessons and seats taken.
    """
    inside = _lessons_in(season).values("training_class")
    return _with_lessons(
        TrainingClass.objects.run_by(user)
        .filter(pk__in=inside)
        .exclude(status=ClassStatus.CANCELLED)
    )


def _classes_by_month(season: Season) -> dict[Month, set[int]]:
    """Each month of the season → keys of the classes that have a lesson in it; one query."""
    months: dict[Month, set[int]] = {month: set() for month in season.months}
    for pk, starts_at in _lessons_in(season).order_by().values_list("training_class", "starts_at"):
        months[Month(timezone.localdate(starts_at).replace(day=1))].add(pk)
    return months


def _to_show(wanted: str, season: Season, filled: list[Month], total: int) -> Season | Month:
    """The month asked for; else the whole quarter, or of a full one the month that is on, or the
    next one with classes.
    """
    for month in season.months:
        if wanted == str(month.number):
            return month
    if wanted == WHOLE or total <= MOST_OF_A_QUARTER:
        return season
    return next((month for month in filled if month.last_day >= timezone.localdate()), filled[0])


@require_GET
def season_now(request: HttpRequest) -> HttpResponse:
    require_schedule(request.user)
    return redirect("courses:season", str(Season.of(timezone.localdate())))


@require_GET
def season(request: HttpRequest, code: str) -> HttpResponse:
    require_schedule(request.user)
    season = season_or_404(code)
    now = timezone.now()
    in_month = _classes_by_month(season)
    run = (
        TrainingClass.objects.run_by(request.user)
        .filter(pk__in=set().union(*in_month.values()))
        .exclude(status=ClassStatus.CANCELLED)
    )
    filters = SeasonFilter(request.GET, queryset=run)
    valid = filters.form.is_valid()
    chosen = filters.form.cleaned_data.get("campus") if valid else None
    is_filtered = any(request.GET.get(name) for name in filters.form.fields)
    campus_of = dict(filters.qs.order_by().values_list("pk", "campus")) if valid else {}
    months = {month: keys & campus_of.keys() for month, keys in in_month.items()}
    shown = _to_show(
        request.GET.get("month", ""),
        season,
        [month for month, keys in months.items() if keys],
        len(campus_of),
    )
    classes = _with_lessons(
        TrainingClass.objects.filter(pk__in=campus_of if shown == season else months[shown])
    )
    for item in classes:
        # once for the card and each lesson
        item.roster_url = reverse("trainees:class_overview", args=[item.code])
    idle = (
        []
        if request.GET.get("track") or not valid
        else [
            campus
            for campus in own_campuses(request.user)
            if chosen in (None, campus) and campus.pk not in campus_of.values()
        ]
    )
    asked = request.GET.get("view", "")
    before, after = season.moved(-1), season.moved(1)
    gauging = (
        TrainingClass.objects.run_by(request.user)
        .gauging()
        .filter(starts_at__isnull=True)
        .select_related("campus__town")
        .annotate(interested=Count("interests"))
        .order_by("code")
    )
    return render(
        request,
        "courses/season.html",
        {
            "season": season,
            "board": lay_out(
                classes, shown=shown, idle=idle, today=timezone.localdate(now), now=now
            ),
            "shown": shown,
            "total": len(campus_of),
            "months": (
                [(month, len(keys)) for month, keys in months.items()]
                if shown != season or len(campus_of) > MOST_OF_A_QUARTER
                else []
            ),
            "whole": WHOLE,
            "filters": filters,
            "unknown": not valid,
            "is_filtered": is_filtered,
            "gauging": [] if is_filtered else gauging[:20],
            "view": asked if asked in VIEWS else "week",
            "views": [
                ("week", pgettext("season board", "By week")),
                ("month", pgettext("season board", "By month")),
                ("list", pgettext("season board", "As a list")),
            ],
            "before": before if before.is_in_reach else None,
            "after": after if after.is_in_reach else None,
            "may_create": request.user.has_perm("courses.add_trainingclass"),
            "drafts": drafts_in(TrainingClass.objects.run_by(request.user), season).count(),
        },
    )
