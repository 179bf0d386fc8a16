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
from academy.search.index import MAX_QUERY_LENGTH, Findable, Hit, hits_by_kind
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
    """The kinds of which something is found, in the order of the office's work. A slip is forgiven
    only where nothing is found without one.
    """
    query = query.strip()[:MAX_QUERY_LENGTH]
    if not query:
        return []
    for with_a_slip in (False, True):
        hits = _hits(user, query, with_a_slip)
        kinds = [
            Kind("class", pgettext("navigation", "Classes"), _classes(user, query, hits["class"])),
            Kind("person", pgettext("navigation", "People"), _people(user, query, with_a_slip)),
            Kind("course", pgettext("navigation", "Courses"), _courses(user, hits["course"])),
            Kind("page", _("Pages"), [Found(hit.title, "", hit.url) for hit in hits["page"]]),
        ]
        if found := [kind for kind in kinds if kind.rows]:
            return found
    return []


def _hits(user, query: str, with_a_slip: bool) -> dict[str, list[Hit]]:
    """What the index holds and what the person's own unlisted rows add, of each kind the best."""
    own = {
        "class": TrainingClass.objects.run_by(user).exclude(status__in=FINDABLE_CLASSES),
        "course": Course.objects.worked_on_by(user).exclude(status=CourseStatus.PUBLISHED),
    }
    unlisted = {
        kind: [Findable(code, title, "") for code, title in rows.values_list("code", "title")]
        for kind, rows in own.items()
    }
    found = hits_by_kind(
        query, ["class", "course", "page"], user=user, unlisted=unlisted, with_a_slip=with_a_slip
    )
    most = {"class": OF_A_KIND * 4, "course": OF_A_KIND * 4, "page": OF_A_KIND}
    return {kind: found.get(kind, [])[:number] for kind, number in most.items()}


def _ranked(rows: QuerySet, codes: list[str]) -> list:
    """The rows with these codes, in the order of the codes."""
    place = {code: number for number, code in enumerate(codes)}
    return sorted(rows.filter(code__in=codes), key=lambda row: place[row.code])


def _classes(user, query: str, hits: list[Hit]) -> list[Found]:
    own = TrainingClass.objects.run_by(user)
    seen = TrainingClass.objects.visible_to(user).select_related("campus")
    codes = [hit.code for hit in hits]
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


def _people(user, query: str, with_a_slip: bool) -> list[Found]:
    if not user.has_perm("trainees.see_people"):
        return []
    today, filters = timezone.localdate(), PersonFilters(query=query)
    people = []
    if with_a_slip:
        cadres = near_people(user, filters, today)[:OF_A_KIND]
    else:
        # by name and number, which reads a few rows; else by unit and post
        people = [
            (person, getattr(person, "trainee", None))
            for person in named(people_to_choose(user), Ask(query))[:OF_A_KIND]
        ]
        cadres = [] if people else listed_people(user, filters, today)[:OF_A_KIND]
    people += [(cadre.user, cadre) for cadre in cadres]
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


def _courses(user, hits: list[Hit]) -> list[Found]:
    codes = [hit.code for hit in hits]
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
