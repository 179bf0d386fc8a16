"""Who learns: trainees and their postings, enrolments and seats, attendance, and the ledger of study hours."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import campuses_of, departments_of, is_office, towns_of, villages_of
from academy.models import Campus, GrowthStage, Position, Town, Village
from courses.models import Course, Lesson, SeatPool, Track, TrainingClass

# --- People who learn -------------------------------------------------------------------------------------------------


class TraineeQuerySet(models.QuerySet):
    def of(self, user) -> "Trainee | None":
        """The profile of whoever is logged in, with what booking rules ask of it; nobody for a visitor."""
        if not user.is_authenticated:
            return None
        trainee = self.filter(user=user).select_related("village__town", "position", "stage").first()
        if trainee is not None:
            trainee.user = user  # each has the other at hand, and nobody asks for it again
        return trainee

    def visible_to(self, user) -> Self:
        """Oneself, the own village's or town's people, and everybody for the office. Trainees see no other trainee."""
        if is_office(user):
            return self
        return self.filter(
            Q(user=user) | Q(village__in=villages_of(user)) | Q(village__town__in=towns_of(user))
        )


class Trainee(models.Model):
    """The training profile of a person: only who has one can book. The present posting is repeated here for lists."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="trainee")
    village = models.ForeignKey(Village, models.PROTECT, related_name="trainees", verbose_name=pgettext_lazy("unit", "village"))
    position = models.ForeignKey(Position, models.PROTECT, related_name="trainees", verbose_name=pgettext_lazy("post", "position"))
    stage = models.ForeignKey(GrowthStage, models.PROTECT, related_name="trainees", null=True, blank=True, verbose_name=_("growth stage"))
    stroke_key = models.CharField(max_length=120, blank=True)  # sorts names by 姓氏笔画, the order of official lists

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")

    def __str__(self) -> str:
        return self.user.name

    @property
    def name(self) -> str:
        return self.user.name


class Posting(models.Model):
    """A post held in a village from one day to another (任职). The archive belongs to the person, not to the unit."""

    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="postings")
    village = models.ForeignKey(Village, models.PROTECT, related_name="postings")
    position = models.ForeignKey(Position, models.PROTECT, related_name="postings")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["trainee", "-valid_from"]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="posting_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} {self.village} {self.position}"


# --- Enrolment --------------------------------------------------------------------------------------------------------


class EnrolmentStatus(models.TextChoices):
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Offered a seat")  # it is held for them until `offer_ends_at`
    BOOKED = "booked", _("Booked")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Ended without a seat")


OPEN = (EnrolmentStatus.WAITLISTED, EnrolmentStatus.OFFERED, EnrolmentStatus.BOOKED)
TAKING_PART = (EnrolmentStatus.BOOKED, EnrolmentStatus.COMPLETED)  # who is on the roll
SEAT_HOLDING = (EnrolmentStatus.OFFERED, *TAKING_PART)
LIVE = (EnrolmentStatus.WAITLISTED, *SEAT_HOLDING)


class EnrolmentChannel(models.TextChoices):
    SELF = "self", _("Booked by oneself")
    COORDINATOR = "coordinator", _("Booked by a coordinator")
    DISPATCH = "dispatch", _("Dispatched")
    WALK_IN = "walk_in", _("Came without booking")


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Own ones; those of the own village, town, classes; all for the office."""
        if is_office(user):
            return self
        return self.filter(
            Q(trainee__user=user)
            | Q(trainee__village__in=villages_of(user))
            | Q(trainee__village__town__in=towns_of(user))
            | Q(training_class__campus__in=campuses_of(user))
            | Q(training_class__department__in=departments_of(user))
        )

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def holding_a_seat(self) -> Self:
        return self.filter(status__in=SEAT_HOLDING)

    def taking_part(self) -> Self:
        """Who is on the roll: a seat that is only offered is nobody's yet."""
        return self.filter(status__in=TAKING_PART)

    def waiting(self) -> Self:
        """The queue, first come first: by priority, then time, then key. Source: DESIGN.md 5.2."""
        return self.filter(status=EnrolmentStatus.WAITLISTED).order_by("priority", "queued_at", "pk")


class QueueGroup(models.Model):
    """People of one village who wait for a class together: all at once, or as many as there are seats for."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="queue_groups")
    village = models.ForeignKey(Village, models.PROTECT, related_name="queue_groups", verbose_name=pgettext_lazy("unit", "village"))
    together = models.BooleanField(_("all or nobody"))
    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["training_class", "pk"]
        verbose_name = _("group in the queue")
        verbose_name_plural = _("groups in the queue")

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.village_id} {self.pk}"


class QueuePriority(models.IntegerChoices):
    """Where somebody stands in the queue, before the time of joining counts. Lower goes first."""

    FIRST = -1, pgettext_lazy("in the queue", "Before the others")
    USUAL = 0, pgettext_lazy("in the queue", "In order of joining")
    LATER = 1, pgettext_lazy("in the queue", "After the others")


class Enrolment(models.Model):
    """One person's booking of one class (报名). Village and position are those of the day; a re-booking is a new row."""

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="enrolments")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments")
    pool = models.ForeignKey(SeatPool, models.PROTECT, related_name="enrolments", null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=EnrolmentStatus)
    village = models.ForeignKey(Village, models.PROTECT, related_name="enrolments", verbose_name=pgettext_lazy("unit", "village"))
    position = models.ForeignKey(Position, models.PROTECT, related_name="enrolments", verbose_name=pgettext_lazy("post", "position"))
    channel = models.CharField(_("channel"), max_length=12, choices=EnrolmentChannel, default=EnrolmentChannel.SELF)
    queued_at = models.DateTimeField(_("queued at"))
    priority = models.SmallIntegerField(_("priority"), default=QueuePriority.USUAL, choices=QueuePriority)
    priority_reason = models.CharField(_("reason for the priority"), max_length=200, blank=True)
    group = models.ForeignKey(QueueGroup, models.PROTECT, related_name="enrolments", null=True, blank=True)
    offer_ends_at = models.DateTimeField(_("offered until"), null=True, blank=True)  # only while the seat is offered
    is_repeat = models.BooleanField(_("has taken the same before"), default=False)  # as it was on the day of booking
    repeat_reason = models.CharField(_("why it is taken again"), max_length=200, blank=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["training_class", "queued_at", "pk"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = [
            models.Index(fields=["training_class", "status", "priority", "queued_at"], name="enrolment_queue"),
            models.Index(fields=["trainee", "status"], name="enrolment_by_trainee"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["trainee", "training_class"], condition=Q(status__in=LIVE), name="one_live_enrolment_per_class",
                violation_error_message=_("This trainee is already enrolled."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=SEAT_HOLDING, pool__isnull=False) | (~Q(status__in=SEAT_HOLDING) & Q(pool__isnull=True)),
                name="who_holds_a_seat_has_a_pool",
            ),
            models.CheckConstraint(condition=Q(status__in=EnrolmentStatus.values), name="enrolment_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="offered", offer_ends_at__isnull=False) | (~Q(status="offered") & Q(offer_ends_at__isnull=True)),
                name="an_offer_has_its_end",
            ),
            models.CheckConstraint(condition=Q(priority=0) | ~Q(priority_reason=""), name="priority_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} → {self.training_class_id} {self.status}"

    @property
    def holds_a_seat(self) -> bool:
        return self.status in SEAT_HOLDING

    @property
    def is_waiting(self) -> bool:
        return self.status == EnrolmentStatus.WAITLISTED

    @property
    def is_offered(self) -> bool:
        return self.status == EnrolmentStatus.OFFERED


class Interest(models.Model):
    """A trainee would come to a class that has no date yet, and may book it before everybody else when it has one."""

    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="interests")
    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="interests")
    at = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["training_class", "at", "pk"]
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        constraints = [models.UniqueConstraint(fields=["trainee", "training_class"], name="one_interest_per_trainee_and_class")]

    def __str__(self) -> str:
        return f"{self.trainee_id} → {self.training_class_id}"


class EnrolmentEventKind(models.TextChoices):
    BOOKED = "booked", _("Booked")
    WAITLISTED = "waitlisted", _("Joined the waiting list")
    PROMOTED = "promoted", _("Promoted from the waiting list")
    OFFERED = "offered", _("Offered a seat")
    ACCEPTED = "accepted", _("Offer taken")
    EXPIRED = "expired", _("Offer not taken in time")
    PRIORITY = "priority", _("Place in the queue changed")
    SKIPPED = "skipped", _("Passed over")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    COMPLETED = "completed", _("Completed")
    REOPENED = "reopened", _("Class reopened")
    LAPSED = "lapsed", _("Ended without a seat")


class EnrolmentEvent(models.Model):
    """What happened to an enrolment, when, by whom and why. Only ever added to."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=12, choices=EnrolmentEventKind)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)  # empty: the portal itself

    class Meta:
        ordering = ["enrolment", "pk"]
        verbose_name = _("enrolment event")
        verbose_name_plural = _("enrolment events")
        constraints = [models.CheckConstraint(condition=Q(kind__in=EnrolmentEventKind.values), name="enrolment_event_kind_is_known")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.kind}"


# --- What people ask for, and staff decide ----------------------------------------------------------------------------


class Decision(models.TextChoices):
    PENDING = "pending", pgettext_lazy("of a request", "Waits for an answer")
    GRANTED = "granted", pgettext_lazy("of a request", "Granted")
    REFUSED = "refused", pgettext_lazy("of a request", "Refused")


class Petition(models.Model):
    """A request with its reason, answered once by somebody who may: `trainees/petitions.py` decides."""

    reason = models.CharField(_("reason"), max_length=200)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, default=Decision.PENDING)
    answer = models.CharField(pgettext_lazy("to a request", "answer"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="%(class)s_decision_is_known"),
            models.CheckConstraint(
                condition=Q(decision="pending", decided_at__isnull=True) | (~Q(decision="pending") & Q(decided_at__isnull=False)),
                name="%(class)s_is_decided_once",
            ),
            models.CheckConstraint(condition=~Q(decision="refused", answer=""), name="%(class)s_is_refused_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.decision}"

    @property
    def is_pending(self) -> bool:
        return self.decision == Decision.PENDING


class LateWithdrawal(Petition):
    """To give a seat back after the deadline for cancelling."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="late_withdrawals")

    class Meta(Petition.Meta):
        verbose_name = _("late withdrawal")
        verbose_name_plural = _("late withdrawals")
        constraints = [
            *Petition.Meta.constraints,
            models.UniqueConstraint(fields=["enrolment"], condition=Q(decision="pending"), name="one_open_withdrawal_per_booking"),
        ]


class RepeatExemption(Petition):
    """Not to take a class, because its content was taken before (免训)."""

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="repeat_exemptions")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="repeat_exemptions")
    earlier = models.CharField(_("earlier training"), max_length=200)  # what was taken when, as it was shown

    class Meta(Petition.Meta):
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        constraints = [
            *Petition.Meta.constraints,
            models.UniqueConstraint(fields=["trainee", "training_class"], condition=~Q(decision="refused"), name="one_exemption_per_class"),
        ]


class NoShowAppeal(Petition):
    """Against being placed after the others for absence without leave: when granted, the absences before it count no more."""

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="no_show_appeals")

    class Meta(Petition.Meta):
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            *Petition.Meta.constraints,
            models.UniqueConstraint(fields=["trainee"], condition=Q(decision="pending"), name="one_open_appeal_per_trainee"),
        ]


# --- Attendance -------------------------------------------------------------------------------------------------------


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", _("Present")
    LATE = "late", _("Late")
    LEFT_EARLY = "left_early", _("Left early")
    EXCUSED = "excused", _("On leave")
    ABSENT = "absent", _("Absent")


CAME = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY)
PARTLY_THERE = (AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY)


class Attendance(models.Model):
    """How one person attended one lesson (考勤). No row means unmarked; nobody is present by default."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="attendances")
    status = models.CharField(_("mark"), max_length=10, choices=AttendanceStatus)
    minutes = models.PositiveSmallIntegerField(_("minutes present"), null=True, blank=True)  # only late or left early
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(_("marked at"))

    class Meta:
        verbose_name = pgettext_lazy("of a lesson", "attendance")
        verbose_name_plural = pgettext_lazy("of a lesson", "attendances")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_attendance_per_lesson"),
            models.CheckConstraint(condition=Q(status__in=AttendanceStatus.values), name="attendance_status_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.lesson_id} {self.status}"


class AttendanceChange(models.Model):
    """One change of one mark: who, when, from what to what. `batch` is one tap, so that one tap can be undone."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendance_changes")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="attendance_changes")
    batch = models.UUIDField(_("tap"))  # doubles as the nonce: a replayed tap changes nothing
    old_status = models.CharField(max_length=10, blank=True)  # blank: was unmarked
    old_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    new_status = models.CharField(max_length=10, blank=True)
    new_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    undoes = models.UUIDField(null=True, blank=True)  # the batch that this one took back
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attendance change")
        verbose_name_plural = _("attendance changes")
        constraints = [models.UniqueConstraint(fields=["batch", "enrolment", "lesson"], name="a_tap_changes_a_mark_once")]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.enrolment_id} {self.old_status}→{self.new_status}"


# --- Study hours ------------------------------------------------------------------------------------------------------


class HourKind(models.TextChoices):
    LESSON = "lesson", _("Lesson attended")
    CORRECTION = "correction", _("Correction")


class HourEntry(models.Model):
    """A line of the append-only ledger of study hours (学时). A correction is a counter entry, never an edit."""

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="hour_entries")
    kind = models.CharField(_("kind"), max_length=12, choices=HourKind)
    hours = models.DecimalField(_("study hours"), max_digits=6, decimal_places=2)  # negative in a counter entry
    earned_on = models.DateField(_("earned on"))  # the lesson's day: its year is the year it counts for
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="hour_entries")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="hour_entries")
    closing = models.PositiveSmallIntegerField(_("closing of the class"))  # 1 the first time, 2 after a reopening, …
    rule = models.CharField(_("rule"), max_length=80)
    reverses = models.OneToOneField("self", models.PROTECT, related_name="reversed_by", null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    posted_at = models.DateTimeField(_("posted at"))
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-earned_on", "pk"]
        verbose_name = _("hour entry")
        verbose_name_plural = _("hour entries")
        indexes = [models.Index(fields=["trainee", "earned_on"], name="hours_by_trainee")]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson", "closing", "kind"], name="hours_are_posted_once"),
            models.CheckConstraint(condition=Q(kind="lesson", reverses__isnull=True, hours__gt=0) | Q(kind="correction", reverses__isnull=False), name="hour_entry_kind_fits"),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} {self.hours}"


class HourTarget(models.Model):
    """The yearly target of a position: a row with its legal basis and dates, never a constant. Source: DOMAIN.md §2.1."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="hour_targets", verbose_name=pgettext_lazy("post", "position"))
    hours = models.DecimalField(_("study hours a year"), max_digits=5, decimal_places=2)
    centralised_sessions = models.PositiveSmallIntegerField(_("centralised trainings a year"), default=0)
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["position", "-valid_from"]
        verbose_name = _("hour target")
        verbose_name_plural = _("hour targets")
        constraints = [models.UniqueConstraint(fields=["position", "valid_from"], name="one_hour_target_per_position_and_start")]

    def __str__(self) -> str:
        return f"{self.position} {self.hours}"


# --- The personal calendar --------------------------------------------------------------------------------------------


def new_calendar_token() -> str:
    """256 random bits: the address is the key."""
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """The address from which a person's own calendar reads the booked lessons. Whoever knows it can read it; it can be changed."""

    trainee = models.OneToOneField(Trainee, models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=60, unique=True, default=new_calendar_token)
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"{self.trainee_id}"


# --- What a person follows --------------------------------------------------------------------------------------------


class Follow(models.Model):
    """A trainee wants to know when a class opens of this course, track or campus: exactly one of the three."""

    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="follows")
    course = models.ForeignKey(Course, models.CASCADE, related_name="follows", null=True, blank=True, verbose_name=_("course"))
    track = models.ForeignKey(Track, models.CASCADE, related_name="follows", null=True, blank=True, verbose_name=pgettext_lazy("of courses", "track"))
    campus = models.ForeignKey(Campus, models.CASCADE, related_name="follows", null=True, blank=True, verbose_name=_("campus"))
    since = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["trainee", "-since", "-pk"]
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.CheckConstraint(
                condition=Q(course__isnull=False, track__isnull=True, campus__isnull=True)
                | Q(course__isnull=True, track__isnull=False, campus__isnull=True)
                | Q(course__isnull=True, track__isnull=True, campus__isnull=False),
                name="follow_has_one_target",
            ),
            models.UniqueConstraint(fields=["trainee", "course"], condition=Q(course__isnull=False), name="one_follow_per_course"),
            models.UniqueConstraint(fields=["trainee", "track"], condition=Q(track__isnull=False), name="one_follow_per_track"),
            models.UniqueConstraint(fields=["trainee", "campus"], condition=Q(campus__isnull=False), name="one_follow_per_campus"),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} → {self.target}"

    @property
    def target(self) -> Course | Track | Campus:
        return self.course or self.track or self.campus


# --- Dispatch (调训) ---------------------------------------------------------------------------------------------------


class NominationStatus(models.TextChoices):
    ASKED = "asked", pgettext_lazy("of a nomination", "Waits for an answer")
    COMING = "coming", pgettext_lazy("of a nomination", "Comes")
    CANNOT = "cannot", pgettext_lazy("of a nomination", "Cannot come")
    REPLACED = "replaced", pgettext_lazy("of a nomination", "Replaced")
    RELEASED = "released", pgettext_lazy("of a nomination", "Seat given back")


STANDING_NOMINATIONS = (NominationStatus.ASKED, NominationStatus.COMING, NominationStatus.CANNOT)  # the seat is held for them


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """The own one; those of the own town; all for the office."""
        if is_office(user):
            return self
        return self.filter(Q(town__in=towns_of(user)) | Q(trainee__user=user))

    def standing(self) -> Self:
        return self.filter(status__in=STANDING_NOMINATIONS)


class Nomination(models.Model):
    """A person whom a street-town sends to a class (调训). The seat of the town is held from the nomination on."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="nominations")
    town = models.ForeignKey(Town, models.PROTECT, related_name="nominations")
    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="nominations")
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="nomination")
    status = models.CharField(_("status"), max_length=10, choices=NominationStatus, default=NominationStatus.ASKED)
    reason = models.CharField(_("why not"), max_length=200, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, related_name="replaced_by", null=True, blank=True)
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField(_("nominated at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["training_class", "pk"]
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        indexes = [models.Index(fields=["status", "answered_at"], name="nomination_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "trainee"], condition=Q(status__in=STANDING_NOMINATIONS), name="one_standing_nomination_per_class",
            ),
            models.CheckConstraint(condition=Q(status__in=NominationStatus.values), name="nomination_status_is_known"),
            models.CheckConstraint(condition=~Q(status="cannot", reason=""), name="who_cannot_come_says_why"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.trainee_id} {self.status}"
