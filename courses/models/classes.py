"""The dated classes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from academy.access import campuses_of, departments_of, is_office
from academy.models import Campus, Department, GrowthStage, LearnerGroup, Position, Town
from academy.text.codes import CodeField, code_constraint

from .approval import ApprovalPolicy
from .catalogue import Course
from .class_status import PUBLIC_CLASS_STATUSES, ClashRule, ClassStatus
from .lessons import Lesson
from .seat_pools import SeatPool
from .vocabularies import Programme


class TrainingClassQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Everybody sees classes that are not drafts, and drafts that gauge interest; others those
        who schedule them.
        """
        if is_office(user):
            return self
        return self.filter(self._published() | self._run_by(user))

    def published(self) -> Self:
        """What everybody sees, visitors as well."""
        return self.filter(self._published())

    def gauging(self) -> Self:
        """Announced without a date: people say whether they would come."""
        return self.filter(status=ClassStatus.DRAFT, gauges_interest=True)

    def run_by(self, user) -> Self:
        """Classes whose lessons, attendance and closing are the person's work.

        Source: docs/rules.md R11.
        """
        if is_office(user):
            return self
        return self.filter(self._run_by(user))

    @staticmethod
    def _published() -> Q:
        return Q(status__in=PUBLIC_CLASS_STATUSES) | Q(gauges_interest=True)

    @staticmethod
    def _run_by(user) -> Q:
        return Q(campus__in=campuses_of(user)) | Q(department__in=departments_of(user))

    def at(self, campus: Campus) -> Self:
        """Classes with a lesson there."""
        return self.filter(
            pk__in=Lesson.objects.filter(venue__campus=campus).values("training_class")
        )

    def in_town(self, town: Town) -> Self:
        """Classes with a lesson in the town."""
        return self.filter(
            pk__in=Lesson.objects.filter(venue__campus__town=town).values("training_class")
        )

    def upcoming(self, now: datetime) -> Self:
        """Open classes that have not started yet, the next one first."""
        return self.filter(status=ClassStatus.OPEN, starts_at__gt=now).order_by("starts_at", "code")

    def with_seats(self) -> Self:
        """Annotate `seats_taken_total` from the pools; a list counts them for its own page
        alone.
        """
        pools = SeatPool.objects.filter(training_class=OuterRef("pk")).order_by()
        taken = pools.values("training_class").values(taken=Sum("seats_taken"))
        return self.annotate(seats_taken_total=Coalesce(Subquery(taken), 0))


class TrainingClass(ApprovalPolicy):
    """A dated run (班次) that is booked once and attended lesson by lesson.

    `starts_at`, `ends_at`, `lesson_count` and `hours` repeat what the lessons say, so that lists
    need no aggregation; `courses/schedule/lessons.py` writes them with the lessons.
    `waiting_count` likewise, by `trainees/booking/seat_ledger.py`.
    """

    code = CodeField(_("code"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=80)
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        related_name="classes",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("of classes", "programme"),
    )
    campus = models.ForeignKey(
        Campus, models.PROTECT, related_name="classes", verbose_name=_("campus")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="classes",
        null=True,
        blank=True,
        verbose_name=_("department"),
    )
    # 2027Q1: the quarter of the first lesson, stored when it opens
    season = models.CharField(_("season"), max_length=6, blank=True)
    audiences = models.ManyToManyField(
        Position, related_name="classes", blank=True, verbose_name=_("for whom")
    )
    capacity = models.PositiveIntegerField(_("seats"))
    has_waiting_list = models.BooleanField(_("waiting list when full"), default=True)
    booking_opens_at = models.DateTimeField(_("booking opens at"))
    booking_closes_at = models.DateTimeField(_("booking closes at"))
    # empty: when booking closes
    cancel_until = models.DateTimeField(_("may be cancelled until"), null=True, blank=True)
    # empty: all
    stages = models.ManyToManyField(
        GrowthStage, related_name="classes", blank=True, verbose_name=_("growth stages")
    )
    # empty: all
    towns = models.ManyToManyField(
        Town, related_name="classes_for", blank=True, verbose_name=_("only for the street-towns")
    )
    # empty: cadres only
    open_to_groups = models.ManyToManyField(
        LearnerGroup, related_name="classes", blank=True, verbose_name=_("also open to the groups")
    )
    groups_only = models.BooleanField(_("only for these groups, not for cadres"), default=False)
    prerequisites = models.ManyToManyField(  # besides those of the courses taught
        Course,
        related_name="classes_after",
        blank=True,
        verbose_name=_("further prerequisites"),
    )
    # keys of the five links above by their name, repeated for every booking;
    # `courses/schedule/conditions.py` writes both
    conditions = models.JSONField(default=dict, editable=False)
    clash_rule = models.CharField(
        _("when lessons clash"), max_length=5, choices=ClashRule, default=ClashRule.BLOCK
    )
    guards_repeats = models.BooleanField(_("asks who has taken the same before"), default=True)
    # in the queue, before those who have: docs/rules.md R88
    first_timers_first = models.BooleanField(
        _("who has not taken the course goes first in the queue"), default=False
    )
    # docs/rules.md R16
    offer_within_hours = models.PositiveSmallIntegerField(
        _("seats are offered from so many hours before the start"), default=48
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("an offer holds the seat for so many hours"), default=4
    )
    queue_ends_hours = models.PositiveSmallIntegerField(
        _("the waiting list ends so many hours before the start"), default=2
    )
    # 0: however many come
    minimum_size = models.PositiveIntegerField(_("takes place from so many people"), default=0)
    decide_on = models.DateField(_("decided on"), null=True, blank=True)  # the go/no-go day
    status = models.CharField(
        _("status"), max_length=10, choices=ClassStatus, default=ClassStatus.DRAFT
    )
    # when the draft was shown; empty: it never was a draft
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    cancelled_reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)
    closings = models.PositiveSmallIntegerField(_("times closed"), default=0)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    lesson_count = models.PositiveSmallIntegerField(_("lessons"), default=0)
    hours = models.DecimalField(
        _("study hours"), max_digits=6, decimal_places=2, default=Decimal(0)
    )
    waiting_count = models.PositiveIntegerField(_("people waiting"), default=0)
    # a draft that everybody sees
    # one thing a line; empty: nothing is asked for
    bring = models.TextField(_("what to bring"), max_length=300, blank=True)
    gauges_interest = models.BooleanField(_("announced without a date"), default=False)
    first_refusal_until = models.DateTimeField(
        _("only the interested book until"), null=True, blank=True
    )
    # of time, place or cancellation; calendars go by it
    sequence = models.PositiveIntegerField(_("number of changes"), default=0)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "code"]
        verbose_name = _("training class")
        verbose_name_plural = _("training classes")
        indexes = [
            models.Index(fields=["status", "starts_at"], name="class_by_status_and_start"),
            models.Index(fields=["starts_at"], name="class_by_start"),
        ]
        constraints = [
            *ApprovalPolicy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(capacity__gt=0),
                name="class_has_seats",
                violation_error_message=_("A class needs at least one seat."),
            ),
            models.CheckConstraint(
                condition=Q(booking_closes_at__gt=F("booking_opens_at")),
                name="booking_closes_after_it_opens",
                violation_error_message=_("Booking closes before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=ClassStatus.values), name="class_status_is_known"
            ),
            code_constraint(name="class_code_fits_addresses"),
            models.CheckConstraint(
                condition=Q(gauges_interest=False) | Q(status="draft"),
                name="only_a_draft_gauges_interest",
            ),
            models.CheckConstraint(
                condition=Q(clash_rule__in=ClashRule.values), name="class_clash_rule_is_known"
            ),
            models.CheckConstraint(
                condition=Q(offer_hours__gt=0),
                name="an_offer_lasts",
                violation_error_message=_("An offer holds its seat for at least one hour."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("trainees:class_page", args=[self.code])

    @cached_property
    def places(self) -> list[Campus]:
        """The campuses of its lessons, in their order; its own while it has none.

        `courses.schedule.places.load_places` fills many.
        """
        return self.places_of(
            self.lessons.select_related("venue__campus__town").order_by("starts_at", "pk")
        )

    def places_of(self, lessons: Iterable["Lesson"]) -> list[Campus]:
        """Where these lessons of the class are, each campus once."""
        return list(
            {lesson.venue.campus_id: lesson.venue.campus for lesson in lessons}.values()
        ) or [self.campus]

    @property
    def place(self) -> str:
        return pgettext("between names", ", ").join(campus.name for campus in self.places)

    @property
    def cancellable_until(self) -> datetime:
        """Until then one tap cancels and a freed seat is filled at once."""
        return self.cancel_until or self.booking_closes_at

    @property
    def queue_ends_at(self) -> datetime | None:
        """From then on nobody gets a seat from the waiting list any more: too late to set out."""
        return self.starts_at and self.starts_at - timedelta(hours=self.queue_ends_hours)

    @property
    def offers_from(self) -> datetime:
        """Until then a freed seat is given at once, for it can be given back with one tap;
        afterwards the next person is asked.

        The earlier of the deadline for cancelling and so many hours before the start. Source:
        docs/rules.md R16.
        """
        if self.starts_at is None:
            return self.cancellable_until
        return min(
            self.cancellable_until, self.starts_at - timedelta(hours=self.offer_within_hours)
        )

    def has_started(self, now: datetime) -> bool:
        return self.starts_at is not None and now >= self.starts_at

    def booking_is_open(self, now: datetime) -> bool:
        return (
            self.status == ClassStatus.OPEN
            and self.booking_opens_at <= now < self.booking_closes_at
            and not self.has_started(now)
        )

    @cached_property
    def seats_taken(self) -> int:
        """Seats held in all pools; lists annotate it with `with_seats()`."""
        if hasattr(self, "seats_taken_total"):
            return self.seats_taken_total
        return self.pools.aggregate(taken=Sum("seats_taken", default=0))["taken"]

    @property
    def seats_left(self) -> int:
        return self.capacity - self.seats_taken

    @property
    def is_full(self) -> bool:
        return self.seats_left <= 0
