"""The list of courses that a person works on."""

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Bulk, Link, Nothing
from academy.lists.columns import (
    Badge,
    Column,
    FullDay,
    Hours,
    LongText,
    Names,
)
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import full_day, track_tag

from ..catalogue.filters import ManagedCourseFilter, managed_courses
from ..models import Course, Stage

STAGE_BADGES = {
    Stage.DRAFT: "idle",
    Stage.RETURNED: "bad",
    Stage.IN_REVIEW: "wait",
    Stage.PUBLISHED: "ok",
    Stage.CHANGING: "note",
    Stage.CHANGE_RETURNED: "bad",
    Stage.CHANGE_IN_REVIEW: "wait",
    Stage.RETIRED: "idle",
}


class CourseList(OfficeList):
    """The courses a person works on."""

    slug, address = "courses", "courses:manage_courses"
    heading = pgettext_lazy("navigation", "Courses")
    filters = ManagedCourseFilter
    tie = ("code",)
    row_name = "course"
    nothing_matches = gettext_lazy("No course matches.")
    see_all = gettext_lazy("See all courses")
    bulk = (
        Bulk("submit", pgettext_lazy("button", "Hand in"), address="courses:course_bulk"),
        Bulk(
            "publish",
            pgettext_lazy("button", "Publish"),
            address="courses:course_bulk",
            permission="courses.publish_course",
        ),
        Bulk(
            "retire",
            pgettext_lazy("button", "Retire"),
            address="courses:course_bulk",
            permission="courses.publish_course",
            wants=("reason", gettext_lazy("Why they are retired")),
        ),
    )

    title = Column(gettext_lazy("Course"), sort="title", width="w-title")
    code = Column(gettext_lazy("Code"), sort="code", on_phone=False)
    status = Badge(gettext_lazy("State"), lambda row: (STAGE_BADGES[row.stage], row.stage_words))
    track = Column(pgettext_lazy("of courses", "Track"), "track.name", sort="track__sort_order")
    department = Column(
        gettext_lazy("Given by"), "given_by", sort="department__code", width="w-place"
    )
    hours = Hours(gettext_lazy("Study hours"), sort="hours")
    taught = FullDay(
        pgettext_lazy("column", "Last lesson"),
        "last_taught_at",
        sort=F("last_taught_at").asc(nulls_first=True),
    )
    changed = FullDay(pgettext_lazy("column", "Changed"), "updated_at", sort="updated_at")
    formats = Names(gettext_lazy("Teaching format"), lambda row: row.formats.all(), on=False)
    audiences = Names(gettext_lazy("For whom"), lambda row: row.audiences.all(), on=False)
    items = Names(gettext_lazy("Service items"), lambda row: row.service_items.all(), on=False)
    summary = LongText(gettext_lazy("Summary"), on=False, on_phone=False)

    def rows(self) -> QuerySet[Course]:
        return managed_courses(self.user, self.today.year).prefetch_related(
            "formats", "audiences", "service_items"
        )

    def key(self, row: Course) -> str:
        return row.code

    def name(self, row: Course) -> str:
        return f"{row.code} {row.title}"

    def link(self, row: Course) -> str:
        return reverse("courses:manage_course", args=[row.code])

    def stamp(self, row: Course) -> str:
        return row.updated_at.isoformat()

    def with_keys(self, keys: list[str]) -> list[Course]:
        return list(self.rows().filter(code__in=keys).order_by("code"))

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d course", "%(count)d courses", count) % {"count": count}

    def show_track(self, row: Course) -> str:
        return track_tag(row.track)

    def show_taught(self, row: Course) -> str:
        if row.last_taught_at:
            return full_day(row.last_taught_at)
        return format_html('<span class="ink-2">{}</span>', pgettext("taught", "never"))

    def links(self) -> list[Link]:
        return [
            Link(_("Service items without a class"), reverse("courses:service_gaps")),
            Link(pgettext("page", "Import"), reverse("imports:import_list"), "table"),
            Link(_("Catalogue as a workbook"), reverse("courses:export_courses"), "filetype-xlsx"),
            Link(_("New course"), reverse("courses:course_create"), "plus-lg", primary=True),
        ]

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("No course yet"),
            _("A course can be kept as a draft until all of it is written."),
            reverse("courses:course_create"),
            _("Write the first course"),
        )
