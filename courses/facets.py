"""The published catalogue as one small index: filters that combine, with counts, and no query per row.

The index is plain data, kept in the cache for as long as no course changes: one cheap query tells.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import quote, urlencode

from django.core.cache import cache
from django.db.models import Count, Max, Sum
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import icon, short_day

from .models import ClassStatus, Course, Lesson

INDEX_SECONDS = 24 * 3600
SUMMARY_LENGTH = 60  # characters of a course row
AUDIENCES_SHOWN = 3
FACETS = ("track", "format", "department", "audience", "stage")  # also the names of the GET parameters; DESIGN.md §7


@dataclass(frozen=True)
class CourseRow:
    """A published course as the catalogue shows it. `values` holds, for each facet, what it is found under."""

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


@dataclass(frozen=True)
class CatalogueIndex:
    """All rows, and the words for the values of each facet in their order."""

    rows: list[CourseRow]
    words: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Choice:
    """One value of a facet with how many courses it would leave."""

    value: str
    words: str
    count: int
    chosen: bool
    url: str  # of the list with this value chosen, or without it where it is chosen


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    choices: list[Choice]


@dataclass
class Selection:
    """What was chosen, what matches, and what each further choice would leave."""

    rows: list[CourseRow]
    facets: list[Facet]
    chosen: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)


def titles() -> dict[str, str]:
    return {
        "track": pgettext("of courses", "Track"), "format": _("Teaching format"), "department": _("Department"), "audience": _("For which post"),
        "stage": _("Growth stage"),
    }  # fmt: skip


def catalogue_index() -> CatalogueIndex:
    """The index of what is published now: one query when nothing has changed, five when something has."""
    state = Course.objects.published().aggregate(count=Count("pk"), newest=Max("updated_at"))
    key = f"courses:index:{get_language()}:{state['count']}:{state['newest'] and state['newest'].timestamp()}"
    found = cache.get(key)
    if found is None:
        found = _build()
        cache.set(key, found, INDEX_SECONDS)
    return found


def _links(field_name: str, value: str, words: str, order: str) -> Iterable[tuple[int, str, str]]:
    through = getattr(Course, field_name).through
    other = Course._meta.get_field(field_name).related_model._meta.model_name
    return through.objects.order_by(f"{other}__{order}", f"{other}__pk").values_list("course_id", f"{other}__{value}", f"{other}__{words}")


def _build() -> CatalogueIndex:
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
    courses = list(Course.objects.published().select_related("track", "department").order_by("track__sort_order", "code"))
    for course in courses:
        words["track"].setdefault(course.track.prefix, course.track.name)
    for course in sorted((course for course in courses if course.department), key=lambda course: course.department.code):
        words["department"].setdefault(course.department.code, course.department.name)
    drawing = get_template("courses/_course_row.html")
    rows = [_row(course, values, words) for course in courses]
    return CatalogueIndex([replace(row, html=drawing.render({"course": row})) for row in rows], words)


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
        hours=f"{course.hours.normalize():f}",
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


def select(index: CatalogueIndex, wanted: Mapping[str, str], among: list[str] | None = None, kept: Mapping[str, str] | None = None) -> Selection:
    """Narrow the catalogue by one value for each facet; `among` are course codes in the order of a search.

    A value that does not exist leaves nothing and is named in `unknown`. A facet's counts are for all other filters.
    `kept` are other parameters that the links of the choices carry on, such as the search.
    """
    chosen = {name: wanted[name] for name in FACETS if wanted.get(name)}
    unknown = {name: value for name, value in chosen.items() if value not in index.words[name]}
    rows = index.rows
    if among is not None:
        order = {code: position for position, code in enumerate(among)}
        rows = sorted((row for row in rows if row.code in order), key=lambda row: order[row.code])

    def matching(without: str = "") -> list[CourseRow]:
        return [row for row in rows if all(value in row.values[name] for name, value in chosen.items() if name != without)]

    facets = []
    names = titles()
    for name in FACETS:
        left = matching(without=name)
        counts: dict[str, int] = {}
        for row in left:
            for value in row.values[name]:
                counts[value] = counts.get(value, 0) + 1
        others = urlencode({**(kept or {}), **{other: value for other, value in chosen.items() if other != name}})
        choices = [
            Choice(
                value, text, counts.get(value, 0), chosen.get(name) == value,
                f"?{others}" if chosen.get(name) == value else f"?{others}{'&' if others else ''}{name}={quote(value)}",
            )  # fmt: skip
            for value, text in index.words[name].items()
            if counts.get(value) or chosen.get(name) == value
        ]
        facets.append(Facet(name, names[name], choices))
    return Selection([] if unknown else matching(), facets, chosen, unknown)


def next_classes(now: datetime) -> dict[int, str]:
    """Course key → the line about its next open class that has not begun; one query."""
    lessons = (
        Lesson.objects.filter(training_class__status=ClassStatus.OPEN, training_class__starts_at__gt=now)
        .order_by("starts_at")
        .annotate(taken=Sum("training_class__pools__seats_taken", default=0))
        .values_list("course_version__course_id", "training_class__code", "training_class__title", "starts_at", "training_class__capacity", "taken")
    )
    found: dict[int, str] = {}
    said, full, calendar = _("%(day)s in the class"), pgettext("class", "full"), icon("calendar-event")
    for course_id, code, title, starts_at, capacity, taken in lessons:
        if course_id not in found:
            left = capacity - taken
            found[course_id] = format_html(
                '{} {} <a href="{}">{}</a> <span class="nobr">{}</span>', calendar, said % {"day": short_day(starts_at)}, f"/classes/{code}/", title,
                ngettext("%(count)d seat left", "%(count)d seats left", left) % {"count": left} if left > 0 else full,
            )  # fmt: skip
    return found
