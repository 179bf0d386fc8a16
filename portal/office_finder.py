"""What the command box of the office side finds: classes, people, courses and pages, by Chinese,
pinyin or first letters; only what the person may see. The statements do not grow with what there
is.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.picking.kinds import Ask
from academy.search.index import MAX_QUERY_LENGTH, Findable, codes_found, search
from academy.templatetags.portal_tags import short_day
from courses.models import (
    FINDABLE_CLASSES,
    PUBLIC_COURSE_STATUSES,
    Course,
    CourseStatus,
    TrainingClass,
)
from trainees.people.finding import PersonFilters, listed_people, near_people
from trainees.pickers import named, people_to_choose

OF_A_KIND = 6


@dataclass(frozen=True)
class Found:
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Kind:
    """The things found of one kind, the best first."""

    key: str
    words: str
    rows: list[Found]


def find_all(user, query: str) -> list[Kind]:
    """The kinds of which something is found, in the order of the office's work."""
    query = query.strip()[:MAX_QUERY_LENGTH]
    if not query:
        return []
    kinds = [
        Kind("class", pgettext("navigation", "Classes"), _classes(user, query)),
        Kind("person", pgettext("navigation", "People"), _people(user, query)),
        Kind("course", pgettext("navigation", "Courses"), _courses(user, query)),
        Kind("page", _("Pages"), _pages(user, query)),
    ]
    return [kind for kind in kinds if kind.rows]


def _ranked(rows: QuerySet, codes: list[str]) -> list:
    """The rows with these codes, in the order of the codes."""
    place = {code: number for number, code in enumerate(codes)}
    return sorted(rows.filter(code__in=codes), key=lambda row: place[row.code])


def _best(query: str, kind: str, unlisted: QuerySet) -> list[str]:
    """Codes that the index holds and that the person's own unlisted rows add."""
    own = (Findable(code, title, "") for code, title in unlisted.values_list("code", "title"))
    return codes_found(query, kind=kind, unlisted=own)[: OF_A_KIND * 4]


def _classes(user, query: str) -> list[Found]:
    own = TrainingClass.objects.run_by(user)
    seen = TrainingClass.objects.visible_to(user).select_related("campus")
    codes = _best(query, "class", own.exclude(status__in=FINDABLE_CLASSES))
    if not codes and any(sign.isdecimal() for sign in query):
        codes = list(
            seen.filter(code__istartswith=query).order_by("-code").values_list("code", flat=True)
        )[:OF_A_KIND]
    if not codes:
        return []
    rows = _ranked(seen, codes)[:OF_A_KIND]
    run = set(own.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [
        Found(
            row.title,
            _("%(state)s, %(day)s, %(campus)s")
            % {
                "state": row.get_status_display(),
                "day": short_day(row.starts_at) or _("no date yet"),
                "campus": row.campus.name,
            },
            (
                reverse("trainees:class_overview", args=[row.code])
                if row.pk in run
                else row.get_absolute_url()
            ),
        )
        for row in rows
    ]


def _people(user, query: str) -> list[Found]:
    if not user.has_perm("trainees.see_people"):
        return []
    # by name and number, which reads a few rows; else by unit and post, else with a slip
    people = [
        (person, getattr(person, "trainee", None))
        for person in named(people_to_choose(user), Ask(query))[:OF_A_KIND]
    ]
    if not people:
        today, filters = timezone.localdate(), PersonFilters(query=query)
        cadres = list(listed_people(user, filters, today)[:OF_A_KIND])
        cadres = cadres or list(near_people(user, filters, today)[:OF_A_KIND])
        people = [(cadre.user, cadre) for cadre in cadres]
    return [
        Found(
            person.name,
            (
                _("%(village)s, %(post)s") % {"village": cadre.village.name, "post": cadre.post}
                if cadre
                else _("Staff")
            ),
            reverse("trainees:person", args=[person.pk]),
        )
        for person, cadre in people
    ]


def _courses(user, query: str) -> list[Found]:
    own = Course.objects.worked_on_by(user)
    codes = _best(query, "course", own.exclude(status=CourseStatus.PUBLISHED))
    if not codes:
        return []
    seen = Course.objects.visible_to(user)
    rows = _ranked(seen.select_related("track", "department"), codes)[:OF_A_KIND]
    return [
        Found(
            row.title,
            _("%(code)s, %(track)s") % {"code": row.code, "track": row.track.name},
            (
                reverse("courses:manage_course", args=[row.code])
                if user.has_perm("courses.change_course", row)
                or row.status not in PUBLIC_COURSE_STATUSES
                else row.get_absolute_url()
            ),
        )
        for row in rows
    ]


def _pages(user, query: str) -> list[Found]:
    hits = search(query, kinds=["page"], limit=OF_A_KIND, user=user)
    return [Found(hit.title, "", hit.url) for hit in hits]
