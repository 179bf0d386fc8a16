"""The list of classes."""

from django.db.models import (
    Case,
    Count,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Bulk, Link, Nothing
from academy.lists.columns import (
    Action,
    Badge,
    Column,
    Hours,
    LongText,
    Moment,
    Names,
    Number,
)
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import clock, short_day

from ..filters import ManagedClassFilter
from ..models import ClassStatus, Lesson, TrainingClass
from ..schedule.scheduling import EDITABLE

CLASS_BADGES = {
    "draft": "idle",
    "open": "ok",
    "running": "wait",
    "closed": "idle",
    "cancelled": "bad",
}


class ClassList(OfficeList):
    """The classes a person runs: those to be held by date, then those that are over, the latest
    first.
    """

    slug, address = "classes", "courses:manage_classes"
    heading = pgettext_lazy("navigation", "Schedule")
    filters = ManagedClassFilter
    nothing_matches = gettext_lazy("No class matches.")
    see_all = gettext_lazy("See all classes")
    bulk = (
        Bulk("message", gettext_lazy("Send a message"), address="trainees:message_to_classes"),
        Bulk("sign_in", gettext_lazy("Print sign-in sheets"), address="trainees:classes_paper"),
        Bulk("rosters", gettext_lazy("Print rosters"), address="trainees:classes_paper"),
        Bulk("combine", gettext_lazy("Make one run of them"), address="trainees:combine_classes"),
    )

    title = Column(pgettext_lazy("column", "Class"), sort="title", width="w-title")
    code = Column(gettext_lazy("Code"), sort="code", on_phone=False)
    status = Badge(
        gettext_lazy("State"),
        lambda row: (CLASS_BADGES[row.status], row.get_status_display()),
        sort="status",
    )
    starts = Moment(gettext_lazy("First lesson"), "starts_at", sort="starts_at", on=False)
    next = Moment(gettext_lazy("Next lesson"), "next_lesson_at", sort="next_lesson_at")
    ends = Moment(gettext_lazy("Last lesson"), "ends_at", sort="ends_at", on=False)
    lessons = Number(
        gettext_lazy("Lessons"), "lesson_count", sort="lesson_count", on=False, on_phone=False
    )
    hours = Hours(gettext_lazy("Study hours"), sort="hours", on=False, on_phone=False)
    campus = Column(gettext_lazy("Campus"), "campus.name", sort="campus__name", width="w-place")
    department = Column(
        gettext_lazy("Department"), "department.name", sort="department__name", on=False
    )
    audiences = Names(
        gettext_lazy("For whom"), lambda row: row.audiences.all(), on=False, on_phone=False
    )
    seats = Number(
        gettext_lazy("Booked / seats"),
        "seats_taken_total",
        sort="seats_taken_total",
    )
    waiting = Number(gettext_lazy("Waiting"), "waiting_count", sort="waiting_count", on=False)
    closes = Moment(
        gettext_lazy("Booking closes"), "booking_closes_at", sort="booking_closes_at", on=False
    )
    season = Column(gettext_lazy("Season"), sort="season", on=False, on_phone=False)
    changed = Moment(gettext_lazy("Changed"), "updated_at", sort="updated_at", on=False)
    reason = LongText(gettext_lazy("Why cancelled"), "cancelled_reason", on=False)
    edit = Action(pgettext_lazy("column", "Change"), on_phone=False)

    def rows(self) -> QuerySet[TrainingClass]:
        coming = Lesson.objects.filter(
            training_class=OuterRef("pk"), ends_at__gt=self.now
        ).order_by("starts_at")
        is_ahead = When(status__in=EDITABLE, then=Value(0))
        return (
            TrainingClass.objects.run_by(self.user)
            .select_related("campus", "department")
            .with_seats()
            .annotate(next_lesson_at=Subquery(coming.values("starts_at")[:1]))
            .order_by(
                Case(is_ahead, default=Value(1)),
                Case(When(status__in=EDITABLE, then=F("starts_at"))).asc(nulls_first=True),
                F("starts_at").desc(nulls_last=True),
                "code",
            )
        )

    def prepared(self, rows: list[TrainingClass]) -> list[TrainingClass]:
        """With how many people had a seat or waited until a class was cancelled, and for whom the
        classes are where that is shown.
        """
        if self.columns["audiences"] in self.shown:
            prefetch_related_objects(rows, "audiences")
        cancelled = [row.pk for row in rows if row.status == ClassStatus.CANCELLED]
        ended: dict[int, int] = {}
        if cancelled:
            ended = dict(
                TrainingClass.objects.filter(pk__in=cancelled, enrolments__events__kind="cancelled")
                .order_by()
                .annotate(people=Count("enrolments", distinct=True))
                .values_list("pk", "people")
            )
        for row in rows:
            row.had_booked = ended.get(row.pk, 0)
        return rows

    def name(self, row: TrainingClass) -> str:
        return row.title

    def link(self, row: TrainingClass) -> str:
        return reverse("trainees:class_overview", args=[row.code])

    def stamp(self, row: TrainingClass) -> str:
        return row.updated_at.isoformat()

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d class", "%(count)d classes", count) % {"count": count}

    def show_next(self, row: TrainingClass) -> str:
        if row.next_lesson_at:
            return f"{short_day(row.next_lesson_at)} {clock(row.next_lesson_at)}"
        if row.ends_at:
            return format_html(
                '<span class="ink-2">{}</span>',
                _("last on %(day)s") % {"day": short_day(row.ends_at)},
            )
        return format_html('<span class="ink-2">{}</span>', _("No date yet"))

    def show_status(self, row: TrainingClass) -> str:
        badge = self.columns["status"].html((CLASS_BADGES[row.status], row.get_status_display()))
        if row.status == ClassStatus.CANCELLED and row.cancelled_reason:
            return format_html(
                '{} <span class="ink-2 small">{}</span>', badge, row.cancelled_reason
            )
        return badge

    def show_seats(self, row: TrainingClass) -> str:
        if row.status == ClassStatus.CANCELLED:
            return format_html(
                '<span class="ink-2">{}</span>',
                ngettext(
                    "%(count)d had booked or waited",
                    "%(count)d had booked or waited",
                    row.had_booked,
                )
                % {"count": row.had_booked},
            )
        return f"{row.seats_taken_total} / {row.capacity}"

    def show_edit(self, row: TrainingClass) -> str:
        if row.status not in EDITABLE:
            return ""
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>',
            reverse("trainees:class_edit", args=[row.code]),
            _("Change: %(title)s") % {"title": row.title},
            pgettext("button", "Change"),
        )

    def links(self) -> list[Link]:
        found = [
            Link(_("Season plan"), reverse("courses:season_now"), "calendar3"),
            Link(_("Find a room"), reverse("courses:rooms"), "door-open"),
        ]
        if self.user.has_perm("courses.add_trainingclass"):
            found.append(
                Link(_("New class"), reverse("courses:class_create"), "plus-lg", primary=True)
            )
        return found

    @property
    def nothing(self) -> Nothing:
        if self.user.has_perm("courses.add_trainingclass"):
            return Nothing(
                _("No class planned yet"),
                _("A class can be kept as a draft until its days and rooms are settled."),
                reverse("courses:class_create"),
                _("Plan the first class"),
            )
        return Nothing(
            _("No class planned yet"),
            _("Classes of the salon of your street-town appear here once there is a salon."),
            reverse("trainees:class_list"),
            _("See all classes"),
        )
