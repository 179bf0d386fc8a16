"""The frame of a class's workspace: its tabs with their figures."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from courses.models import ClassStatus, Lesson, TrainingClass
from courses.office_lists.classes import CLASS_BADGES
from courses.schedule.scheduling import EDITABLE

from ..classes.roster import people_of, queue_of
from ..models import (
    SEAT_HOLDING,
    TAKING_PART,
    ApprovalStatus,
    ClassMessage,
    Enrolment,
    EnrolmentStatus,
    Interest,
)

OVERVIEW, PEOPLE, ATTENDANCE, QUOTAS, RULES, MESSAGES, RECORDS = (
    "overview",
    "people",
    "attendance",
    "quotas",
    "rules",
    "messages",
    "records",
)
TABS = (
    (OVERVIEW, "trainees:class_overview", pgettext_lazy("tab of a class", "Overview")),
    (PEOPLE, "trainees:class_roster", pgettext_lazy("tab of a class", "People")),
    (ATTENDANCE, "trainees:class_attendance", pgettext_lazy("tab of a class", "Attendance")),
    (QUOTAS, "trainees:class_quotas", pgettext_lazy("tab of a class", "Quotas")),
    (RULES, "trainees:class_rules", pgettext_lazy("tab of a class", "Rules")),
    (MESSAGES, "trainees:class_message", pgettext_lazy("tab of a class", "Messages")),
    (RECORDS, "trainees:class_records", pgettext_lazy("tab of a class", "Records")),
)


@dataclass(frozen=True)
class Tab:
    """One tab: its words, its address, how many there are (none: nothing is counted)."""

    name: str
    words: str
    url: str
    count: int | None
    is_here: bool


@dataclass(frozen=True)
class Figures:
    """What is counted of a class, for the tabs and for what is to do next."""

    seated: int
    on_the_roll: int
    waiting: int
    offered: int
    unanswered: int  # approvals
    messages: int
    towns: int  # with a quota
    interested: int
    slots: int = 0  # lessons that are parallel slots


@dataclass(frozen=True)
class ClassSpace:
    """A class in its workspace: what every tab shows above its own content."""

    training_class: TrainingClass
    figures: Figures
    tabs: list[Tab]

    @property
    def badge(self) -> str:
        return CLASS_BADGES[self.training_class.status]

    @property
    def has_slots(self) -> bool:
        """Whether a lesson is held in parallel slots."""
        return self.figures.slots > 0

    @property
    def is_over_days(self) -> bool:
        """Whether it ends on a later day than it begins."""
        first, last = self.training_class.starts_at, self.training_class.ends_at
        return first is not None and timezone.localdate(first) != timezone.localdate(last)

    @property
    def first_until(self) -> datetime | None:
        """Until then only those book who were interested before it had a date."""
        return self.training_class.first_refusal_until

    @property
    def is_editable(self) -> bool:
        return self.training_class.status in EDITABLE


def space_of(training_class: TrainingClass, here: str) -> ClassSpace:
    """The frame with `here` as the tab that is open; two statements, two more for a class that is
    cancelled.
    """
    figures = figures_of(training_class)
    counts = {
        PEOPLE: figures.seated,
        QUOTAS: figures.towns or None,
        MESSAGES: figures.messages or None,
    }
    tabs = [
        Tab(name, words, reverse(url, args=[training_class.code]), counts.get(name), name == here)
        for name, url, words in TABS
    ]
    return ClassSpace(training_class, figures, tabs)


def figures_of(training_class: TrainingClass) -> Figures:
    """Return what is counted of the class; two statements, two more for a cancelled one."""
    enrolments = Enrolment.objects.filter(training_class=training_class).aggregate(
        seated=Count("pk", filter=Q(status__in=SEAT_HOLDING)),
        on_the_roll=Count("pk", filter=Q(status__in=TAKING_PART)),
        waiting=Count("pk", filter=Q(status=EnrolmentStatus.WAITLISTED)),
        offered=Count("pk", filter=Q(status=EnrolmentStatus.OFFERED)),
        unanswered=Count(
            "pk",
            filter=Q(
                approval__status=ApprovalStatus.PENDING,
                status__in=(*SEAT_HOLDING, EnrolmentStatus.WAITLISTED),
            ),
        ),
    )
    if training_class.status == ClassStatus.CANCELLED:
        enrolments["seated"] = people_of(training_class).count()
        enrolments["waiting"] = queue_of(training_class).count()
    beside = (
        TrainingClass.objects.filter(pk=training_class.pk)
        .annotate(
            told_count=_counted(ClassMessage.objects.all()),
            town_count=Count("pools", filter=Q(pools__town__isnull=False)),
            interest_count=_counted(Interest.objects.all()),
            slot_count=_counted(Lesson.objects.filter(slot_group__isnull=False)),
        )
        .values("told_count", "town_count", "interest_count", "slot_count")
        .get()
    )
    return Figures(
        **enrolments,
        messages=beside["told_count"],
        towns=beside["town_count"],
        interested=beside["interest_count"],
        slots=beside["slot_count"],
    )


def _counted(rows: QuerySet) -> Coalesce:
    own = rows.filter(training_class=OuterRef("pk")).order_by().values("training_class")
    return Coalesce(
        Subquery(own.annotate(number=Count("pk")).values("number"), output_field=IntegerField()), 0
    )
