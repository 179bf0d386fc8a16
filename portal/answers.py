"""What a search found, as a page of answers: classes to book, courses, service items, cases,
projects, people to ask. The group of the best hit stands first.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.nearness import NOWHERE, Nearness
from academy.search.index import Hit, sources
from courses.models import Course, CourseStatus, Expert, Lesson, ServiceItem, TrainingClass
from courses.schedule.runs import Run, courses_of, folded
from plans.models import Project
from practicums.models import PracticeCase
from trainees.eligibility.choosing import nearness_of, seats_for, towns_of
from trainees.models import Trainee

MOST_OF_A_GROUP = 4
MOST_COURSES = MOST_OF_A_GROUP  # whose classes are looked for: those shown
MOST_CLASSES = 40  # looked at; the nearest are shown
REST = "rest"
GROUP_OF = {
    "service": "service",
    "class": "class",
    "course": "course",
    "case": "case",
    "project": "project",
    "expert": "expert",
}
HEADINGS: dict[str, Promise] = {
    "service": _("Service items"),
    "class": pgettext_lazy("group of answers", "Classes"),
    "bookable": pgettext_lazy("group of answers", "Classes you can book"),
    "course": pgettext_lazy("group of answers", "Courses"),
    "case": pgettext_lazy("group of answers", "Cases"),
    "project": pgettext_lazy("group of answers", "Projects of 先锋行动"),
    "expert": pgettext_lazy("group of answers", "Whom to ask"),
    REST: pgettext_lazy("group of answers", "Pages and places"),
}


@dataclass(frozen=True)
class Answers:
    """One group of the page: some rows, and how many more there are of its kind."""

    key: str
    rows: list
    more: int = 0
    query: str = ""

    @property
    def heading(self) -> Promise:
        return HEADINGS[self.key]

    @property
    def template(self) -> str:
        return f"portal/answers/{self.key}.html"

    @property
    def all_of_them(self) -> str:
        """Where every answer of the kind is listed."""
        if self.key == "bookable":
            return f"{reverse('trainees:class_list')}?{urlencode({'q': self.query})}"
        return f"?{urlencode({'q': self.query, 'kind': self.key})}"


@dataclass(frozen=True)
class CourseAnswer:
    """A course, and the next class that teaches it."""

    course: Course
    next_run: Run | None


def group_key(hit: Hit) -> str:
    """The group that a hit stands in."""
    return GROUP_OF.get(hit.kind, REST)


def grouped(hits: Sequence[Hit], *, query: str, user, now: datetime) -> list[Answers]:
    """The groups of a page in the order of their best hits.

    The number of queries does not grow with the hits.
    """
    hits_of: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        hits_of[group_key(hit)].append(hit)
    trainee = Trainee.objects.of(user)
    nearness = nearness_of(trainee) if trainee else NOWHERE
    classes = _coming(hits_of["class"], hits_of["course"][:MOST_COURSES], user, now)
    mine = _mine(classes, trainee, nearness, now)
    runs = folded(mine, now=now, nearness=nearness)
    next_runs: dict[str, Run] = {}
    for run in runs:
        for code in run.courses:
            next_runs.setdefault(code, run)
    coming = {item.code for item in mine}
    others = [hit for hit in hits_of["class"] if hit.code not in coming]
    found = [
        _read("service", hits_of["service"], _services),
        Answers("bookable", runs[:MOST_OF_A_GROUP], max(0, len(runs) - MOST_OF_A_GROUP)),
        _read("course", hits_of["course"], lambda codes: _courses(codes, next_runs)),
        _read("case", hits_of["case"], _cases),
        _read("project", hits_of["project"], _projects),
        _read("expert", hits_of["expert"], _experts),
        _listed("class", others),
        _listed(REST, hits_of[REST]),
    ]
    ranks = _ranks(hits, coming)
    shown = [replace(answers, query=query) for answers in found if answers.rows]
    return sorted(shown, key=lambda answers: ranks[answers.key])


def _ranks(hits: Sequence[Hit], coming: Collection[str]) -> dict[str, float]:
    """Group → how far down its best hit stands. Classes of a course stand after the course, unless
    one of them was found itself.
    """
    ranks: dict[str, float] = {}
    for number, hit in enumerate(hits):
        is_coming = hit.kind == "class" and hit.code in coming
        ranks.setdefault("bookable" if is_coming else group_key(hit), number)
    if "course" in ranks:
        ranks["bookable"] = min(ranks.get("bookable", len(hits)), ranks["course"] + 0.5)
    return ranks


def named(hit: Hit) -> dict:
    """A hit with the name of its kind."""
    source = sources().get(hit.kind)
    return {
        "url": hit.url,
        "title": hit.title,
        "code": hit.code,
        "key": hit.kind,
        "kind": source.label if source else hit.kind,
    }


# --- Classes --------------------------------------------------------------------------------------


def _coming(
    class_hits: Iterable[Hit], course_hits: Iterable[Hit], user, now: datetime
) -> list[TrainingClass]:
    """The classes that were found, and those that teach the courses that were, as long as one can
    book: what answers best first, then the next.
    """
    codes = [hit.code for hit in class_hits]
    courses = [hit.code for hit in course_hits]
    if not codes and not courses:
        return []
    taught = Lesson.objects.filter(course_version__course__code__in=courses)
    classes = list(
        TrainingClass.objects.visible_to(user)
        .upcoming(now)
        .filter(Q(code__in=codes) | Q(pk__in=taught.values("training_class")))
        .filter(booking_closes_at__gt=now)
        .select_related("campus")
        .prefetch_related("audiences", "pools")[:MOST_CLASSES]
    )
    ranks = {code: number for number, code in enumerate((*codes, *courses))}
    lessons_of = courses_of(classes)

    def rank(item: TrainingClass) -> int:
        return min(ranks.get(code, len(ranks)) for code in (item.code, *lessons_of[item.pk]))

    return sorted(classes, key=rank)


def _mine(
    classes: list[TrainingClass], trainee: Trainee | None, nearness: Nearness, now: datetime
) -> list[TrainingClass]:
    """What the person can have a seat in, the nearest first, and of those equally near what answers
    best; for a visitor all of them.
    """
    if trainee is None:
        return classes
    with_seats = {item.pk for item in seats_for(trainee, classes, now, nearness=nearness)}
    mine = [item for item in classes if item.pk in with_seats]
    return sorted(mine, key=lambda item: nearness.of(towns_of(item)))


# --- The other groups -----------------------------------------------------------------------------


def _listed(key: str, hits: Sequence[Hit]) -> Answers:
    """The first of a kind as the index has them."""
    rows = [named(hit) for hit in hits[:MOST_OF_A_GROUP]]
    return Answers(key, rows, max(0, len(hits) - len(rows)))


def _read(key: str, hits: Sequence[Hit], rows_of: Callable[[list[str]], list]) -> Answers:
    """The first of a kind in their order, read from the database."""
    codes = [hit.code for hit in hits[:MOST_OF_A_GROUP]]
    rows = rows_of(codes) if codes else []
    return Answers(key, rows, max(0, len(hits) - len(codes)))


def _in_order(things: Iterable, codes: list[str]) -> list:
    by_code = {thing.code: thing for thing in things}
    return [by_code[code] for code in codes if code in by_code]


def _services(codes: list[str]) -> list[ServiceItem]:
    return _in_order(
        ServiceItem.objects.filter(code__in=codes)
        .select_related("department")
        .annotate(course_count=Count("courses", filter=Q(courses__status=CourseStatus.PUBLISHED))),
        codes,
    )


def _courses(codes: list[str], next_runs: dict[str, Run]) -> list[CourseAnswer]:
    found = Course.objects.published().filter(code__in=codes).select_related("track")
    return [CourseAnswer(item, next_runs.get(item.code)) for item in _in_order(found, codes)]


def _cases(codes: list[str]) -> list[PracticeCase]:
    return _in_order(PracticeCase.objects.published().filter(code__in=codes), codes)


def _projects(codes: list[str]) -> list[Project]:
    return _in_order(Project.objects.published().with_place().filter(code__in=codes), codes)


def _experts(codes: list[str]) -> list[Expert]:
    return _in_order(
        Expert.objects.filter(published=True, code__in=codes).select_related("village__town"),
        codes,
    )
