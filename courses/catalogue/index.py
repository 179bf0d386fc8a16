"""The published catalogue as one small index: no query per row.

The index is plain data, kept in the cache for as long as no course changes: one cheap query tells.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import icon, short_day
from academy.text.numbers import plain

from ..facets import FacetedIndex
from ..models import ClassStatus, Course, Lesson

INDEX_SECONDS = 3600  # so late comes what nothing announces, such as a department renamed by a file
WORDS_KEY = "courses:index:words"
ROW = "courses/_course_row.html"
SUMMARY_LENGTH = 60  # characters of a course row
AUDIENCES_SHOWN = 3
# also the names of the GET parameters; docs/rules.md R41
FACETS = ("track", "format", "department", "audience", "stage")


@dataclass(frozen=True)
class CourseRow:
    """A published course as the catalogue shows it.

    `values` holds, for each facet, what it is found under.
    """

    pk: int
    code: str
    title: str
    url: str
    summary: str
    hours: str
    track: str
    track_class: str
    formats: str
    audiences: str
    is_immersive: bool
    values: dict[str, frozenset[str]]
    html: str = ""  # the row drawn once; only the next class changes from minute to minute


def titles() -> dict[str, str]:
    """Return the headings of the filters by their name in the address."""
    return {
        "track": pgettext("of courses", "Track"),
        "format": _("Teaching format"),
        "department": _("Department"),
        "audience": _("For which post"),
        "stage": _("Growth stage"),
    }


def catalogue_state() -> str:
    """A word that changes with whatever is published, and with the words it is found under; one
    query.
    """
    state = Course.objects.published().aggregate(count=Count("pk"), newest=Max("updated_at"))
    newest = state["newest"] and state["newest"].timestamp()
    return f"{state['count']}:{newest}:{cache.get(WORDS_KEY, '')}"


def words_have_changed() -> None:
    """A track, a format or the like is called something else now: the index is built anew."""
    cache.set(WORDS_KEY, uuid.uuid4().hex, None)


def draw_anew(**_signal) -> None:
    """Names have changed in this transaction; the index is built anew once others see them."""
    transaction.on_commit(words_have_changed)


def catalogue_index(state: str) -> FacetedIndex:
    """The index of what is published in this state: no query when it is known, four when something
    has changed.
    """
    row = get_template(ROW).template.source  # another release may draw it in another way
    key = f"courses:index:{get_language()}:{crc32(row.encode())}:{state}"
    found = cache.get(key)
    if found is None:
        found = _build()
        cache.set(key, found, INDEX_SECONDS)
    return found


def _links(field_name: str, value: str, words: str, order: str) -> Iterable[tuple[int, str, str]]:
    through = getattr(Course, field_name).through
    other = Course._meta.get_field(field_name).related_model._meta.model_name
    return through.objects.order_by(f"{other}__{order}", f"{other}__pk").values_list(
        "course_id", f"{other}__{value}", f"{other}__{words}"
    )


def _build() -> FacetedIndex:
    words: dict[str, dict[str, str]] = {name: {} for name in FACETS}
    values: dict[str, dict[int, list[str]]] = {"format": {}, "audience": {}, "stage": {}}
    for name, links in (
        ("format", _links("formats", "code", "name", "sort_order")),
        ("audience", _links("audiences", "name", "name", "sort_order")),
        ("stage", _links("stages", "name", "name", "sort_order")),
    ):
        for course_id, value, text in links:
            words[name][value] = text
            values[name].setdefault(course_id, []).append(value)
    courses = list(
        Course.objects.published()
        .select_related("track", "department")
        .order_by("track__sort_order", "code")
    )
    for course in courses:
        words["track"].setdefault(course.track.prefix, course.track.name)
    for course in sorted(
        (course for course in courses if course.department),
        key=lambda course: course.department.code,
    ):
        words["department"].setdefault(course.department.code, course.department.name)
    drawing = get_template(ROW)
    rows = [_row(course, values, words) for course in courses]
    return FacetedIndex(
        [replace(row, html=drawing.render({"course": row})) for row in rows], titles(), words
    )


def _row(course: Course, values, words) -> CourseRow:
    formats = values["format"].get(course.pk, [])
    audiences = values["audience"].get(course.pk, [])
    shown = "、".join(audiences[:AUDIENCES_SHOWN])
    if len(audiences) > AUDIENCES_SHOWN:
        shown = _("%(some)s and others, %(count)d posts") % {"some": shown, "count": len(audiences)}
    return CourseRow(
        pk=course.pk,
        code=course.code,
        title=course.title,
        url=course.get_absolute_url(),
        summary=Truncator(course.summary).chars(SUMMARY_LENGTH),
        hours=plain(course.hours),
        track=course.track.name,
        track_class=course.track.css_class,
        formats="、".join(words["format"][code] for code in formats),
        audiences=shown,
        is_immersive=course.is_immersive,
        values={
            "track": frozenset([course.track.prefix]),
            "department": frozenset([course.department.code] if course.department else []),
            "format": frozenset(formats),
            "audience": frozenset(audiences),
            "stage": frozenset(values["stage"].get(course.pk, [])),
        },
    )


def next_classes(now: datetime) -> dict[int, str]:
    """Course key → the line about its next class whose booking has not closed; one query."""
    lessons = (
        Lesson.objects.filter(
            training_class__status=ClassStatus.OPEN,
            training_class__starts_at__gt=now,
            training_class__booking_closes_at__gt=now,
        )
        .order_by("starts_at")
        .annotate(taken=Sum("training_class__pools__seats_taken", default=0))
        .values_list(
            "course_version__course_id",
            "training_class__code",
            "training_class__title",
            "starts_at",
            "training_class__capacity",
            "taken",
        )
    )
    found: dict[int, str] = {}
    said, full, calendar = (
        _("%(day)s in the class"),
        pgettext("class", "full"),
        icon("calendar-event"),
    )
    for course_id, code, title, starts_at, capacity, taken in lessons:
        if course_id not in found:
            left = capacity - taken
            found[course_id] = format_html(
                '{} {} <a href="{}">{}</a> <span class="nobr">{}</span>',
                calendar,
                said % {"day": short_day(starts_at)},
                f"/classes/{code}/",
                title,
                (
                    ngettext("%(count)d seat left", "%(count)d seats left", left) % {"count": left}
                    if left > 0
                    else full
                ),
            )
    return found
