"""The season board: a quarter by week, by month or as a list."""

import django_filters
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from academy.access import campuses_of, is_office, require
from academy.models import Campus

from ..filters import _choice
from ..models import ClassStatus, Lesson, Track, TrainingClass
from ..season import Season, lay_out

VIEWS = ("week", "month", "list")


class SeasonFilter(django_filters.FilterSet):
    campus = _choice(Campus.objects.filter(ended_on__isnull=True), "code", "campus", pgettext_lazy("season board", "Campus"))
    track = _choice(Track.objects.filter(active=True), "prefix", "lessons__course_version__course__track", pgettext_lazy("of courses", "Track"), distinct=True)

    class Meta:
        model = TrainingClass
        fields = ["campus", "track"]


def require_schedule(user, permission: str = "courses.view_schedule") -> None:
    require(user, permission, who=_("Campuses, departments and the academy office schedule classes."))


def season_or_404(code: str) -> Season:
    season = Season.parse(code)
    if season is None:
        raise Http404
    return season


def own_campuses(user):
    """The sites a person is responsible for; a department has none of its own."""
    campuses = Campus.objects.filter(ended_on__isnull=True).select_related("town").order_by("code")
    return campuses if is_office(user) else campuses.filter(pk__in=campuses_of(user))


def classes_of(user, season: Season):
    """The classes a person runs that have a lesson in the season, drafts included; six queries whatever their number."""
    inside = Lesson.objects.filter(starts_at__gte=season.begins_at, starts_at__lt=season.ends_at).values("training_class")
    return (
        TrainingClass.objects.run_by(user).filter(pk__in=inside).exclude(status=ClassStatus.CANCELLED)
        .select_related("campus__town").prefetch_related("lessons__venue__campus", "lessons__expert", "pools").order_by("starts_at", "code")
    )  # fmt: skip


@require_GET
def season_now(request: HttpRequest) -> HttpResponse:
    require_schedule(request.user)
    return redirect("courses:season", str(Season.of(timezone.localdate())))


@require_GET
def season(request: HttpRequest, code: str) -> HttpResponse:
    require_schedule(request.user)
    season = season_or_404(code)
    now = timezone.now()
    filters = SeasonFilter(request.GET, queryset=classes_of(request.user, season))
    valid = filters.form.is_valid()
    chosen = filters.form.cleaned_data.get("campus") if valid else None
    is_filtered = any(request.GET.get(name) for name in filters.form.fields)
    sites = [] if request.GET.get("track") or not valid else [campus for campus in own_campuses(request.user) if chosen in (None, campus)]
    found = list(filters.qs) if valid else []
    for item in found:
        item.seats_taken_total = sum(pool.seats_taken for pool in item.pools.all())
    asked = request.GET.get("view", "")
    before, after = season.moved(-1), season.moved(1)
    gauging = TrainingClass.objects.run_by(request.user).gauging().filter(starts_at__isnull=True).select_related("campus__town").annotate(interested=Count("interests")).order_by("code")
    return render(request, "courses/season.html", {
        "season": season, "board": lay_out(found, season=season, campuses=sites, today=timezone.localdate(now), now=now),
        "filters": filters, "unknown": not valid, "is_filtered": is_filtered, "gauging": [] if is_filtered else gauging[:20],
        "view": asked if asked in VIEWS else "week", "views": [("week", pgettext("season board", "By week")), ("month", pgettext("season board", "By month")), ("list", pgettext("season board", "As a list"))],
        "before": before if before.is_in_reach else None, "after": after if after.is_in_reach else None,
        "may_create": request.user.has_perm("courses.add_trainingclass"), "drafts": any(item.status == ClassStatus.DRAFT for item in found),
    })  # fmt: skip
