"""What is taught: the catalogue with its versions, service items, experts, and the dated classes with their lessons."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import campuses_of, departments_of, is_office
from academy.models import Campus, Department, GrowthStage, Position, Term, Town, Venue, Village, phone_number

# --- Vocabularies -----------------------------------------------------------------------------------------------------


class Track(Term):
    """One of the tracks (板块). `prefix` begins its course codes, `css_class` names its colour in portal.css."""

    prefix = models.CharField(_("code prefix"), max_length=4, unique=True)
    css_class = models.SlugField(_("colour name"), max_length=10, blank=True)
    motto = models.CharField(_("one line about it"), max_length=60, blank=True)

    class Meta(Term.Meta):
        verbose_name = pgettext_lazy("of courses", "track")
        verbose_name_plural = pgettext_lazy("of courses", "tracks")


class TeachingFormat(Term):
    """A way of teaching (教学形式)."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    suggested_group_size = models.CharField(_("suggested group size"), max_length=20, blank=True)

    class Meta(Term.Meta):
        verbose_name = _("teaching format")
        verbose_name_plural = _("teaching formats")


class Programme(Term):
    """A kind of class (班型), such as 小巷总理成长班."""

    class Meta(Term.Meta):
        verbose_name = pgettext_lazy("of classes", "programme")
        verbose_name_plural = pgettext_lazy("of classes", "programmes")


# --- Catalogue --------------------------------------------------------------------------------------------------------


class ServiceItem(models.Model):
    """A government service item (服务事项) that courses teach how to handle."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="service_items", verbose_name=_("department"))
    name = models.CharField(_("name"), max_length=80)
    question = models.CharField(_("question"), max_length=120, blank=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("service item")
        verbose_name_plural = _("service items")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("courses:service_item", args=[self.code])

    @property
    def asks(self) -> str:
        """The question as a cadre would put it, or the official name where none has been written."""
        return self.question or self.name


class CourseStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


PUBLIC_COURSE_STATUSES = (CourseStatus.PUBLISHED, CourseStatus.RETIRED)  # a retired course says so, and where to go instead


class CourseQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(status=CourseStatus.PUBLISHED)

    def visible_to(self, user) -> Self:
        """Everybody sees what is or was published; a department its own drafts; the office everything."""
        if is_office(user):
            return self
        return self.filter(Q(status__in=PUBLIC_COURSE_STATUSES) | Q(department__in=departments_of(user)))

    def worked_on_by(self, user) -> Self:
        """Courses a person writes, or decides about. Source: DESIGN.md §6."""
        return self if is_office(user) else self.filter(department__in=departments_of(user))

    def with_stage(self) -> Self:
        """What `stage` reads: the change that is being written, and the last decision."""
        last = CourseStep.objects.filter(course=OuterRef("pk")).order_by("-pk").values("decision")[:1]
        return self.select_related("change").annotate(last_decision=Subquery(last))

    def in_review(self) -> Self:
        """New courses, and changes of published ones, that the office has to decide about."""
        return self.filter(Q(status=CourseStatus.IN_REVIEW) | Q(status=CourseStatus.PUBLISHED, change__handed_in_at__isnull=False))

    def sent_back(self) -> Self:
        """What came back from review and has not been handed in again; needs `with_stage`."""
        being_written = Q(status=CourseStatus.DRAFT) | Q(status=CourseStatus.PUBLISHED, change__isnull=False)
        return self.filter(being_written, last_decision=CourseDecision.RETURNED)


class Course(models.Model):
    """A catalogue entry (课程). What was taught is frozen in its versions."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    title = models.CharField(_("title"), max_length=80)
    track = models.ForeignKey(Track, models.PROTECT, related_name="courses", verbose_name=pgettext_lazy("of courses", "track"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="courses", null=True, blank=True, verbose_name=_("department"))
    origin = models.CharField(_("origin"), max_length=60, blank=True)
    formats = models.ManyToManyField(TeachingFormat, related_name="courses", blank=True, verbose_name=_("teaching formats"))
    audiences = models.ManyToManyField(Position, related_name="courses", blank=True, verbose_name=_("for whom"))
    stages = models.ManyToManyField(GrowthStage, related_name="courses", blank=True, verbose_name=_("growth stages"))
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=2)
    summary = models.TextField(_("summary"), blank=True)
    objectives = models.TextField(_("objectives"), blank=True)
    outline = models.TextField(_("outline"), blank=True)
    prerequisites = models.ManyToManyField("self", symmetrical=False, related_name="leads_to", blank=True, verbose_name=_("prerequisites"))
    equivalents = models.ManyToManyField("self", blank=True, verbose_name=_("counts as the same"))  # who has taken one need not take the other
    service_items = models.ManyToManyField(ServiceItem, related_name="courses", blank=True, verbose_name=_("service items"))
    lecturer_type = models.CharField(_("kind of lecturer"), max_length=40, blank=True)
    is_immersive = models.BooleanField(_("taught in a practice classroom"), default=False)
    immersive_topic = models.CharField(_("practice topic"), max_length=60, blank=True)
    practice_move = models.PositiveSmallIntegerField(_("number of the practice move"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=CourseStatus, default=CourseStatus.DRAFT)
    successor = models.ForeignKey("self", models.PROTECT, related_name="replaces", null=True, blank=True, verbose_name=_("taken over by"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0), name="course_hours_are_positive",
                violation_error_message=_("A course takes more than 0 study hours."),
            ),
            models.CheckConstraint(condition=Q(status__in=CourseStatus.values), name="course_status_is_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:course", args=[self.code])

    @property
    def given_by(self) -> str:
        """The department in short, or where the course comes from."""
        return (self.department.short_name or self.department.name) if self.department else self.origin

    @property
    def change_in_hand(self) -> "CourseChange | None":
        """The change that is being written to a published course, if there is one."""
        return getattr(self, "change", None) if self.status == CourseStatus.PUBLISHED else None

    @property
    def is_in_review(self) -> bool:
        change = self.change_in_hand
        return self.status == CourseStatus.IN_REVIEW or (change is not None and change.handed_in_at is not None)

    @property
    def stage(self) -> str:
        """Where the course stands, as staff say it; lists load what it reads with `with_stage`."""
        if self.status == CourseStatus.RETIRED:
            return Stage.RETIRED
        change = self.change_in_hand
        if self.status == CourseStatus.PUBLISHED and change is None:
            return Stage.PUBLISHED
        if self.is_in_review:
            return Stage.CHANGE_IN_REVIEW if change else Stage.IN_REVIEW
        if self._last_decision == CourseDecision.RETURNED:
            return Stage.CHANGE_RETURNED if change else Stage.RETURNED
        return Stage.CHANGING if change else Stage.DRAFT

    @property
    def stage_words(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def _last_decision(self) -> str | None:
        if hasattr(self, "last_decision"):
            return self.last_decision
        return self.steps.order_by("-pk").values_list("decision", flat=True).first()


class CourseVersion(models.Model):
    """A course as it was when it was published: frozen content that lessons point at."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=80)
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=2)
    content = models.JSONField(_("content"), default=dict)
    change_note = models.CharField(_("what changed"), max_length=200, blank=True)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["course", "-number"]
        verbose_name = _("course version")
        verbose_name_plural = _("course versions")
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="one_course_version_per_number")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("courses:course_version", args=[self.course.code, self.number])


class Stage(models.TextChoices):
    """Where a course stands with its change: computed, never stored."""

    DRAFT = "draft", _("Draft")
    RETURNED = "returned", pgettext_lazy("course", "Sent back")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    CHANGING = "changing", _("Published, being changed")
    CHANGE_RETURNED = "change_returned", _("Published, change sent back")
    CHANGE_IN_REVIEW = "change_in_review", _("Published, change in review")
    RETIRED = "retired", _("Retired")


class CourseChange(models.Model):
    """A change of a published course while it is being written and reviewed (修改稿). One for each course.

    The course itself, its page and its lessons stay as they are until the change is published. `fields` holds the
    values by field name, keys for links.
    """

    course = models.OneToOneField(Course, models.CASCADE, related_name="change")
    based_on = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")
    fields = models.JSONField(_("content"), default=dict)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed at"))
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["course"]
        verbose_name = _("change of a course")
        verbose_name_plural = _("changes of courses")

    def __str__(self) -> str:
        return f"{self.course_id} +"


class CourseDecision(models.TextChoices):
    SUBMITTED = "submitted", _("Handed in for review")
    TAKEN_BACK = "taken_back", _("Taken back from review")
    RETURNED = "returned", _("Sent back with a reason")
    PUBLISHED = "published", _("Published")
    CHANGE_BEGUN = "change_begun", _("A change was begun")
    CHANGE_DROPPED = "change_dropped", _("The change was given up")
    RETIRED = "retired", _("Retired")
    BROUGHT_BACK = "brought_back", _("Brought back")


NEEDS_A_REASON = (CourseDecision.RETURNED, CourseDecision.RETIRED)


class CourseStep(models.Model):
    """Who decided what about a course, when, and why. Rows are only added. `by` is empty for a file that was loaded."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="steps")
    at = models.DateTimeField(pgettext_lazy("of a step", "when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=16, choices=CourseDecision)
    opinion = models.CharField(_("opinion"), max_length=500, blank=True)
    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="steps", null=True, blank=True)  # an import that is undone takes both back

    class Meta:
        ordering = ["pk"]
        verbose_name = _("step of a course")
        verbose_name_plural = _("steps of a course")
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=CourseDecision.values), name="course_step_decision_is_known"),
            models.CheckConstraint(condition=~Q(decision__in=NEEDS_A_REASON) | ~Q(opinion=""), name="course_sent_back_or_retired_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.decision}"


class ExpertQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Everybody sees who is published, oneself, and those who schedule everybody."""
        if is_office(user) or campuses_of(user) or departments_of(user):
            return self
        return self.filter(Q(published=True) | Q(user=user) if user.is_authenticated else Q(published=True))


class Expert(models.Model):
    """A lecturer or adviser (师资): an outstanding secretary or one of the 七师二员."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    category = models.CharField(_("category"), max_length=20)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=40)
    gender = models.CharField(_("gender"), max_length=4, blank=True)
    village = models.ForeignKey(Village, models.PROTECT, related_name="experts", null=True, blank=True, verbose_name=pgettext_lazy("unit", "village"))
    organisation = models.CharField(_("organisation"), max_length=80, blank=True)
    title = models.CharField(_("post"), max_length=60, blank=True)
    years_in_post = models.PositiveSmallIntegerField(_("years in post"), null=True, blank=True)
    specialities = models.CharField(_("specialities"), max_length=200, blank=True)
    signature_practice = models.CharField(_("signature practice"), max_length=200, blank=True)
    phone = models.CharField(_("mobile number"), max_length=11, blank=True, validators=[phone_number])
    apprentices = models.PositiveSmallIntegerField(_("apprentices"), default=0)
    accepts_field_visits = models.BooleanField(_("receives visits"), default=False)
    published = models.BooleanField(_("name may be shown to the public"), default=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="expert", null=True, blank=True, verbose_name=_("person"))

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("expert")
        verbose_name_plural = _("experts")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("courses:expert", args=[self.code])


# --- Classes ----------------------------------------------------------------------------------------------------------


class ClassStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class ClassApproval(models.TextChoices):
    NONE = "none", pgettext_lazy("approval of a class", "Not needed")
    CHAIN = "chain", pgettext_lazy("approval of a class", "Village, town, district")


class ClashRule(models.TextChoices):
    BLOCK = "block", pgettext_lazy("when lessons clash", "Cannot be booked")
    WARN = "warn", pgettext_lazy("when lessons clash", "Can be booked, with a warning")


PUBLIC_CLASS_STATUSES = (ClassStatus.OPEN, ClassStatus.RUNNING, ClassStatus.CLOSED, ClassStatus.CANCELLED)
HELD = (ClassStatus.OPEN, ClassStatus.RUNNING)


class TrainingClassQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Everybody sees classes that are not drafts, and drafts that gauge interest; others those who schedule them."""
        if is_office(user):
            return self
        return self.filter(Q(status__in=PUBLIC_CLASS_STATUSES) | Q(gauges_interest=True) | self._run_by(user))

    def gauging(self) -> Self:
        """Announced without a date: people say whether they would come."""
        return self.filter(status=ClassStatus.DRAFT, gauges_interest=True)

    def run_by(self, user) -> Self:
        """Classes whose lessons, attendance and closing are the person's work. Source: DESIGN.md §6."""
        if is_office(user):
            return self
        return self.filter(self._run_by(user))

    @staticmethod
    def _run_by(user) -> Q:
        return Q(campus__in=campuses_of(user)) | Q(department__in=departments_of(user))

    def at(self, campus: Campus) -> Self:
        return self.filter(campus=campus)

    def upcoming(self, now: datetime) -> Self:
        """Open classes that have not started yet, the next one first."""
        return self.filter(status=ClassStatus.OPEN, starts_at__gt=now).order_by("starts_at", "code")

    def with_seats(self) -> Self:
        """Annotate `seats_taken_total` from the pools."""
        return self.annotate(seats_taken_total=Sum("pools__seats_taken", default=0))


class TrainingClass(models.Model):
    """A dated run (班次) that is booked once and attended lesson by lesson.

    `starts_at`, `ends_at`, `lesson_count` and `hours` repeat what the lessons say, so that lists need no aggregation;
    `courses/scheduling.py` writes them together with the lessons. `waiting_count` likewise, by `trainees/booking.py`.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=80)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="classes", null=True, blank=True, verbose_name=pgettext_lazy("of classes", "programme"))
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="classes", verbose_name=_("campus"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="classes", null=True, blank=True, verbose_name=_("department"))
    season = models.CharField(_("season"), max_length=6, blank=True)  # 2027Q1: the quarter of the first lesson, stored when it opens
    audiences = models.ManyToManyField(Position, related_name="classes", blank=True, verbose_name=_("for whom"))
    capacity = models.PositiveIntegerField(_("seats"))
    has_waiting_list = models.BooleanField(_("waiting list when full"), default=True)
    booking_opens_at = models.DateTimeField(_("booking opens at"))
    booking_closes_at = models.DateTimeField(_("booking closes at"))
    cancel_until = models.DateTimeField(_("may be cancelled until"), null=True, blank=True)  # empty: when booking closes
    stages = models.ManyToManyField(GrowthStage, related_name="classes", blank=True, verbose_name=_("growth stages"))  # empty: all
    towns = models.ManyToManyField(Town, related_name="classes_for", blank=True, verbose_name=_("only for the street-towns"))  # empty: all
    prerequisites = models.ManyToManyField(  # besides those of the courses taught
        Course, related_name="classes_after", blank=True, verbose_name=_("further prerequisites"),
    )
    approval = models.CharField(_("approval"), max_length=5, choices=ClassApproval, default=ClassApproval.NONE)
    clash_rule = models.CharField(_("when lessons clash"), max_length=5, choices=ClashRule, default=ClashRule.BLOCK)
    guards_repeats = models.BooleanField(_("asks who has taken the same before"), default=True)
    offer_within_hours = models.PositiveSmallIntegerField(_("seats are offered from so many hours before the start"), default=48)  # DESIGN.md §5
    offer_hours = models.PositiveSmallIntegerField(_("an offer holds the seat for so many hours"), default=4)
    queue_ends_hours = models.PositiveSmallIntegerField(_("the waiting list ends so many hours before the start"), default=2)
    minimum_size = models.PositiveIntegerField(_("takes place from so many people"), default=0)  # 0: however many come
    decide_on = models.DateField(_("decided on"), null=True, blank=True)  # the go/no-go day
    status = models.CharField(_("status"), max_length=10, choices=ClassStatus, default=ClassStatus.DRAFT)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)  # when the draft was shown; empty: it never was a draft
    cancelled_reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)
    closings = models.PositiveSmallIntegerField(_("times closed"), default=0)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    lesson_count = models.PositiveSmallIntegerField(_("lessons"), default=0)
    hours = models.DecimalField(_("study hours"), max_digits=6, decimal_places=2, default=Decimal(0))
    waiting_count = models.PositiveIntegerField(_("people waiting"), default=0)
    gauges_interest = models.BooleanField(_("announced without a date"), default=False)  # a draft that everybody sees
    first_refusal_until = models.DateTimeField(_("only the interested book until"), null=True, blank=True)
    sequence = models.PositiveIntegerField(_("number of changes"), default=0)  # of time, place or cancellation; calendars go by it
    updated_at = models.DateTimeField(auto_now=True)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "code"]
        verbose_name = _("training class")
        verbose_name_plural = _("training classes")
        indexes = [models.Index(fields=["status", "starts_at"], name="class_by_status_and_start")]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gt=0), name="class_has_seats",
                violation_error_message=_("A class needs at least one seat."),
            ),
            models.CheckConstraint(
                condition=Q(booking_closes_at__gt=F("booking_opens_at")), name="booking_closes_after_it_opens",
                violation_error_message=_("Booking closes before it opens."),
            ),
            models.CheckConstraint(condition=Q(status__in=ClassStatus.values), name="class_status_is_known"),
            models.CheckConstraint(condition=Q(gauges_interest=False) | Q(status="draft"), name="only_a_draft_gauges_interest"),
            models.CheckConstraint(condition=Q(approval__in=ClassApproval.values), name="class_approval_is_known"),
            models.CheckConstraint(condition=Q(clash_rule__in=ClashRule.values), name="class_clash_rule_is_known"),
            models.CheckConstraint(
                condition=Q(offer_hours__gt=0), name="an_offer_lasts",
                violation_error_message=_("An offer holds its seat for at least one hour."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("trainees:class_page", args=[self.code])

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
        """Until then a freed seat is given at once, for it can be given back with one tap; afterwards the next person is asked.

        The earlier of the deadline for cancelling and so many hours before the start. Source: DESIGN.md §5, "Promotion".
        """
        if self.starts_at is None:
            return self.cancellable_until
        return min(self.cancellable_until, self.starts_at - timedelta(hours=self.offer_within_hours))

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


class SeatPool(models.Model):
    """Seats of a class reserved for a town, or (town empty) open to all. Source: DESIGN.md 5.1, decision "Pools"."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="pools")
    town = models.ForeignKey(Town, models.PROTECT, related_name="seat_pools", null=True, blank=True)
    seats = models.PositiveIntegerField(_("seats"))
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0)
    release_at = models.DateTimeField(_("unused seats are released at"), null=True, blank=True)  # only a town's pool has one
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    class Meta:
        ordering = ["training_class", F("town").asc(nulls_last=True)]
        verbose_name = _("seat pool")
        verbose_name_plural = _("seat pools")
        constraints = [
            models.UniqueConstraint(fields=["training_class", "town"], name="one_pool_per_class_and_town"),
            models.UniqueConstraint(fields=["training_class"], condition=Q(town__isnull=True), name="one_open_pool_per_class"),
            models.CheckConstraint(condition=Q(seats_taken__lte=F("seats")), name="no_seat_is_taken_twice"),
            models.CheckConstraint(condition=Q(town__isnull=False) | Q(release_at__isnull=True), name="open_pool_is_never_released"),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.town or '*'} {self.seats_taken}/{self.seats}"

    @property
    def seats_left(self) -> int:
        return self.seats - self.seats_taken


class LessonQuerySet(models.QuerySet):
    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Lessons of classes that will be held and share a moment with the span (touching ends do not clash)."""
        return self.filter(
            starts_at__lt=ends_at, ends_at__gt=starts_at,
            training_class__status__in=(ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING),
        )


class Lesson(models.Model):
    """One sitting (课次) of a class. Its hours are a field: breaks lie inside the clock time."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="lessons")
    number = models.PositiveSmallIntegerField(_("number"))
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="lessons", verbose_name=_("course"))
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="lessons", verbose_name=_("venue"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=2)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="lessons", null=True, blank=True, verbose_name=_("expert"))
    lecturer_type = models.CharField(_("kind of lecturer"), max_length=40, blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["training_class", "starts_at", "number"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        indexes = [models.Index(fields=["starts_at"], name="lesson_by_start")]
        constraints = [
            models.UniqueConstraint(fields=["training_class", "number"], name="one_lesson_per_number"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="lesson_ends_after_it_starts",
                violation_error_message=_("The lesson ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0), name="lesson_hours_are_not_negative",
                violation_error_message=_("Study hours cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} #{self.number}"

    @property
    def title(self) -> str:
        return self.course_version.title

    @property
    def duration_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


# --- Topic requests ---------------------------------------------------------------------------------------------------


class TopicRequestStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a topic request", "Waits for an answer")
    ANSWERED = "answered", pgettext_lazy("of a topic request", "Answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a topic request", "Withdrawn")


class TopicRequestQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Own ones; all for the office, which answers. Nobody sees what another trainee asked for."""
        if is_office(user):
            return self
        return self.filter(asked_by=user) if getattr(user, "is_authenticated", False) else self.none()

    def open(self) -> Self:
        return self.filter(status=TopicRequestStatus.OPEN)


class TopicRequest(models.Model):
    """What somebody would like to be taught (点单). The village and post are those of the day; every request gets an answer."""

    topic = models.CharField(_("topic"), max_length=60)
    situation = models.TextField(_("what happened"), max_length=1000, blank=True)
    service_item = models.ForeignKey(
        ServiceItem, models.SET_NULL, related_name="topic_requests", null=True, blank=True, verbose_name=_("service item")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="topic_requests")
    village = models.ForeignKey(Village, models.PROTECT, related_name="topic_requests", null=True, blank=True, verbose_name=pgettext_lazy("unit", "village"))
    asked_at = models.DateTimeField(_("asked at"))
    status = models.CharField(_("status"), max_length=10, choices=TopicRequestStatus, default=TopicRequestStatus.OPEN)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    course = models.ForeignKey(Course, models.SET_NULL, related_name="topic_requests", null=True, blank=True, verbose_name=_("course that answers it"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = TopicRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("topic request")
        verbose_name_plural = _("topic requests")
        indexes = [models.Index(fields=["status", "asked_at"], name="topic_request_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "topic"], condition=Q(status="open"), name="one_open_request_per_person_and_topic",
                violation_error_message=_("You have asked for this already; the answer is on its way."),
            ),
            models.CheckConstraint(condition=Q(status__in=TopicRequestStatus.values), name="topic_request_status_is_known"),
            models.CheckConstraint(
                condition=(Q(status="answered") & ~Q(answer="") & Q(answered_at__isnull=False)) | (~Q(status="answered") & Q(answer="")),
                name="an_answered_request_has_its_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.topic
