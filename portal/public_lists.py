"""Three public lists: who teaches, the practice classrooms, and the method cards (实训赋能12招)."""

from dataclasses import dataclass, field
from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from academy.models import Venue
from academy.web.paging import page_of
from courses.catalogue.index import next_classes
from courses.models import Course, Expert, Lesson, TrainingClass
from practicums.models import PracticeCase

EXPERTS_PER_PAGE = 40


@dataclass
class MethodCard:
    """One of the practice moves: what is taught, and how others did it."""

    number: int
    courses: list[tuple[Course, str | None]]  # with the line about its next class
    cases: list[PracticeCase] = field(default_factory=list)


@login_not_required
@require_GET
def experts(request: HttpRequest) -> HttpResponse:
    """Who teaches, by kind; names only of those who are published."""
    kinds = list(
        Expert.objects.order_by("category")
        .values("category")
        .annotate(count=Count("pk"), shown=Count("pk", filter=Q(published=True)))
    )
    kind = request.GET.get("kind", "")
    found = Expert.objects.filter(published=True).select_related("village__town")
    if kind:
        found = found.filter(category=kind)
    page = page_of(request, found.order_by("category", "code"), EXPERTS_PER_PAGE)
    return render(
        request,
        "portal/experts.html",
        {
            "kinds": kinds,
            "kind": kind,
            "unknown": bool(kind) and all(kind != row["category"] for row in kinds),
            "page": page,
            "groups": [
                (name, list(rows)) for name, rows in groupby(page, lambda item: item.category)
            ],
        },
    )


@login_not_required
@require_GET
def practice_rooms(request: HttpRequest) -> HttpResponse:
    """The practice classrooms (沉浸式实训课堂): where each is, what is taught there, what comes
    next.
    """
    now = timezone.now()
    rooms = list(
        Venue.objects.filter(immersive=True, ended_on__isnull=True, campus__ended_on__isnull=True)
        .select_related("campus__town")
        .order_by("campus__kind", "campus__code", "code")
    )
    courses: dict[str, list[Course]] = {}
    topics = [room.immersive_topic for room in rooms if room.immersive_topic]
    for course in Course.objects.published().filter(immersive_topic__in=topics).order_by("code"):
        courses.setdefault(course.immersive_topic, []).append(course)
    shown = TrainingClass.objects.visible_to(request.user).upcoming(now).order_by()
    coming: dict[int, Lesson] = {}
    lessons = Lesson.objects.filter(venue__in=rooms, starts_at__gt=now, training_class__in=shown)
    for lesson in lessons.select_related("training_class").order_by("starts_at", "pk"):
        coming.setdefault(lesson.venue_id, lesson)
    return render(
        request,
        "portal/practice_rooms.html",
        {
            "rooms": [
                {
                    "room": room,
                    "courses": courses.get(room.immersive_topic, []),
                    "next": coming.get(room.pk),
                }
                for room in rooms
            ]
        },
    )


@login_not_required
@require_GET
def methods(request: HttpRequest) -> HttpResponse:
    """A card for each numbered practice move, with its courses and the cases beside them."""
    published = PracticeCase.objects.published().order_by("code")
    courses = (
        Course.objects.published()
        .filter(practice_move__isnull=False)
        .order_by("practice_move", "code")
        .prefetch_related(Prefetch("cases", published, to_attr="published_cases"))
    )
    cards, coming = [], next_classes(timezone.now())
    for number, taught in groupby(courses, lambda course: course.practice_move):
        card = MethodCard(number, [(course, coming.get(course.pk)) for course in taught])
        found = {case.pk: case for course, _next in card.courses for case in course.published_cases}
        card.cases = sorted(found.values(), key=lambda case: case.code)
        cards.append(card)
    return render(request, "portal/methods.html", {"cards": cards})
