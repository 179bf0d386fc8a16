"""Freezing what a course says: a version per publication, so that a lesson keeps what was taught;
and how two versions differ.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import hours as plain_hours

from ..models import Course, CourseDecision, CourseStatus, CourseStep, CourseVersion, ServiceItem

WORD = re.compile(r"[A-Za-z0-9.]+|\s+|.", re.DOTALL)  # a Chinese character is a word of its own
# of two long texts only lines are compared: word by word takes a second from there on
MOST_WORDS = 3000
SHORT_AGREEMENT = 2  # words alike between two changes that read better as one change


def content_of(course: Course) -> dict:
    """The frozen content: everything a reader sees, as plain values."""
    return {
        "title": course.title,
        "track": course.track.name,
        "department": course.department.name if course.department else "",
        "origin": course.origin,
        "hours": str(course.hours),
        "formats": [item.name for item in course.formats.all()],
        "audiences": [item.name for item in course.audiences.all()],
        "stages": [item.name for item in course.stages.all()],
        "summary": course.summary,
        "objectives": course.objectives,
        "outline": course.outline,
        "prerequisites": [item.code for item in course.prerequisites.all()],
        "service_items": [item.code for item in course.service_items.all()],
        "lecturer_type": course.lecturer_type,
        "is_immersive": course.is_immersive,
        "immersive_topic": course.immersive_topic,
        **equivalents_in(course.equivalents.all()),
    }


def equivalents_in(courses: Iterable[Course]) -> dict:
    """What counts as the same; only where something does, so that contents frozen before this was
    kept compare as they are.
    """
    codes = [item.code for item in courses]
    return {"equivalents": codes} if codes else {}


@transaction.atomic
def publish(
    *, course: Course, by, now: datetime, note: str = "", opinion: str = ""
) -> CourseVersion:
    """Publish the course as it stands; unchanged content keeps its newest version. Source:
    docs/rules.md R30.

    People publish by `publishing.approve`, which knows about reviews and changes; files that are
    loaded come here.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    newest = course.versions.order_by("-number").first()
    content = content_of(course)
    was_published = course.status == CourseStatus.PUBLISHED
    if not was_published:
        course.status = CourseStatus.PUBLISHED
        course.save(update_fields=["status", "updated_at"])
    if newest and newest.content == content:
        if not was_published:
            CourseStep.objects.create(
                course=course,
                decision=CourseDecision.PUBLISHED,
                by=by,
                at=now,
                opinion=opinion,
                version=newest,
            )
        return newest
    number = (course.versions.aggregate(highest=Max("number"))["highest"] or 0) + 1
    version = CourseVersion.objects.create(
        course=course,
        number=number,
        title=course.title,
        hours=course.hours,
        content=content,
        change_note=note,
        published_at=now,
        published_by=by,
    )
    CourseStep.objects.create(
        course=course,
        decision=CourseDecision.PUBLISHED,
        by=by,
        at=now,
        opinion=opinion,
        version=version,
    )
    return version


# --- Differences ----------------------------------------------------------------------------------

SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is in both versions, only in the old one, or only in the new one."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One field that says something else. A list has one piece for each of its items."""

    name: str
    label: str
    pieces: list[Piece]
    is_list: bool = False


def differences(old: Mapping, new: Mapping) -> list[Difference]:
    """What changed from one content to another, field by field in the order of `content_of`.

    A field unknown to one is empty.
    """
    found = []
    names = words_of_codes(old, new)
    for name in _field_names(old, new):
        before, after = _shown(name, old.get(name), names), _shown(name, new.get(name), names)
        if before == after:
            continue
        is_list = isinstance(before, list) or isinstance(after, list)
        pieces = (
            _list_pieces(before or [], after or [])
            if is_list
            else text_pieces(str(before), str(after))
        )
        found.append(Difference(name, _label(name), pieces, is_list))
    return found


def readable(content: Mapping) -> list[tuple[str, str, str | list[str]]]:
    """Name, label and words of every field that says something, for the page of one version."""
    names = words_of_codes(content)
    rows = [
        (name, _label(name), _shown(name, content.get(name), names))
        for name in _field_names(content)
        if name != "title"
    ]
    return [
        row for row in rows if row[2] and (row[0] != "is_immersive" or content.get("is_immersive"))
    ]


def words_of_codes(*contents: Mapping) -> dict[str, str]:
    """Code → title of the courses and service items that the contents name; a code that is gone
    stands for itself.
    """
    courses = {
        code
        for content in contents
        for name in ("prerequisites", "equivalents")
        for code in content.get(name) or []
    }
    items = {code for content in contents for code in content.get("service_items") or []}
    words = (
        dict(Course.objects.filter(code__in=courses).values_list("code", "title"))
        if courses
        else {}
    )
    if items:
        words |= dict(ServiceItem.objects.filter(code__in=items).values_list("code", "name"))
    return {code: f"{code} {title}" for code, title in words.items()}


FIELDS = (
    "title",
    "track",
    "department",
    "origin",
    "hours",
    "formats",
    "audiences",
    "stages",
    "summary",
    "objectives",
    "outline",
    "prerequisites",
    "equivalents",
    "service_items",
    "lecturer_type",
    "is_immersive",
    "immersive_topic",
)


def _field_names(*contents: Mapping) -> Iterable[str]:
    """The fields in the order a reader meets them; then any that an older portal froze and this one
    does not know.
    """
    known = dict.fromkeys(FIELDS)
    for content in contents:
        known |= dict.fromkeys(content)
    return known


def _label(name: str) -> str:
    return str(Course._meta.get_field(name).verbose_name) if name in FIELDS else name


def _shown(name: str, value, names: Mapping[str, str]) -> str | list[str]:
    if name in ("prerequisites", "equivalents", "service_items"):
        return [names.get(code, code) for code in value or []]
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None:
        return ""
    return plain_hours(value) if name == "hours" else str(value)


def _list_pieces(old: list[str], new: list[str]) -> list[Piece]:
    """What stays and what is new in the new order, then what is gone."""
    stays = [Piece(SAME if item in old else NEW, item) for item in new]
    return [*stays, *(Piece(GONE, item) for item in old if item not in new)]


def text_pieces(old: str, new: str) -> list[Piece]:
    """The two texts laid over each other word by word; very long ones line by line."""
    before, after = WORD.findall(old), WORD.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    steps = SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    gone, added = "", ""
    for place, (step, begin, end, new_begin, new_end) in enumerate(steps):
        between_changes = 0 < place < len(steps) - 1
        if step == "equal" and not (between_changes and end - begin < SHORT_AGREEMENT):
            pieces += [piece for piece in (Piece(GONE, gone), Piece(NEW, added)) if piece.text]
            gone, added = "", ""
            pieces.append(Piece(SAME, "".join(before[begin:end])))
        else:
            gone += "".join(before[begin:end])
            added += "".join(after[new_begin:new_end])
    return pieces + [piece for piece in (Piece(GONE, gone), Piece(NEW, added)) if piece.text]
