"""Bookings and the queue, and everything that happened to them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import campuses_of, departments_of, is_office, towns_of, villages_of
from academy.models import LearnerGroup, Position, Village
from courses.models import ClassStatus, Lesson, SeatPool, TrainingClass

from .marks import CAME, MakeUpStatus
from .people import Trainee


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


def lessons_taken(taught, attended_by: dict, made_up_by: dict) -> tuple[QuerySet, QuerySet]:
    """Lessons of the courses `taught`, or of one that counts as the same, that were attended in a
    class that is closed, and those that were made up in another.

    By whom is a condition on the mark and on the make-up. Source: docs/rules.md R88.
    """
    the_same = Q(course_version__course__in=taught)
    the_same |= Q(course_version__course__equivalents__in=taught)
    attended = Lesson.objects.filter(
        the_same,
        training_class__status=ClassStatus.CLOSED,
        attendances__status__in=CAME,
        attendances__enrolment__status=EnrolmentStatus.COMPLETED,
        **attended_by,
    )
    made_up = Lesson.objects.filter(the_same, make_ups__status=MakeUpStatus.CAME, **made_up_by)
    return attended, made_up


def _has_taken(path: str, **who) -> Q:
    """Of an enrolment: whether the person at the end of the path has taken what its class
    teaches.
    """
    taught = Lesson.objects.filter(training_class=OuterRef(OuterRef("training_class")))
    attended, made_up = lessons_taken(
        taught.values("course_version__course"),
        {f"attendances__enrolment__{path}{name}": value for name, value in who.items()},
        {f"make_ups__enrolment__{path}{name}": value for name, value in who.items()},
    )
    return Q(Exists(attended)) | Q(Exists(made_up))


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Own ones; those of the own village's and town's cadres, of the own classes; all for the
        office.
        """
        if is_office(user):
            return self
        return self.filter(
            Q(trainee__user=user)
            | Q(trainee__position__isnull=False)
            & (
                Q(trainee__village__in=villages_of(user))
                | Q(trainee__village__town__in=towns_of(user))
            )
            | Q(training_class__campus__in=campuses_of(user))
            | Q(training_class__department__in=departments_of(user))
        )

    def of_cadres(self) -> Self:
        """Of whoever held a post on the day of booking: the figures about cadres count nobody
        else.
        """
        return self.filter(learner_group__isnull=True)

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def holding_a_seat(self) -> Self:
        return self.filter(status__in=SEAT_HOLDING)

    def taking_part(self) -> Self:
        """Who is on the roll: a seat that is only offered is nobody's yet."""
        return self.filter(status__in=TAKING_PART)

    def ended_with_the_class(self) -> Self:
        """Whose booking or place in the queue ended because the class was cancelled.

        Each row has the state of that moment as `stood_as`.
        """
        states = EnrolmentEvent.objects.filter(enrolment=OuterRef("pk"), kind__in=GIVES_A_STATE)
        last = states.order_by("-pk").annotate(
            state=Case(
                *(When(kind=kind, then=Value(state)) for kind, state in GIVES_A_STATE.items())
            )
        )
        ended = self.filter(events__kind=EnrolmentEventKind.CANCELLED)
        return ended.annotate(stood_as=Subquery(last.values("state")[:1]))

    def waiting(self) -> Self:
        """The queue in its order. Source: docs/rules.md R2, R88."""
        return self.filter(status=EnrolmentStatus.WAITLISTED).in_queue_order()

    def in_queue_order(self) -> Self:
        """By priority, then who has not taken the course before where the class puts them first,
        then time, then key.

        A group that wants all or nobody comes later when anybody in it has taken the course. Each
        row has it as `comes_later`, and its own share in it as `has_taken`.
        """
        own = _has_taken("", trainee=OuterRef("trainee"))
        of_group = Q(group__together=True) & _has_taken(
            "trainee__enrolments__", group=OuterRef("group"), status=OuterRef("status")
        )
        puts_first = Q(training_class__first_timers_first=True)
        return self.annotate(
            has_taken=Case(When(puts_first & own, then=Value(True)), default=Value(False)),
            comes_later=Case(
                When(puts_first & (own | of_group), then=Value(True)), default=Value(False)
            ),
        ).order_by("priority", "comes_later", "queued_at", "pk")


class QueueGroup(models.Model):
    """People of one village who wait for a class together: all at once, or as many as there are
    seats for.
    """

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="queue_groups")
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="queue_groups",
        verbose_name=pgettext_lazy("unit", "village"),
    )
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


LONGEST_QUESTION = 300  # characters


class Enrolment(models.Model):
    """One person's booking of one class (报名).

    Village and post or group are those of the day; a re-booking is a new row.
    """

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="enrolments")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments")
    pool = models.ForeignKey(
        SeatPool, models.PROTECT, related_name="enrolments", null=True, blank=True
    )
    status = models.CharField(_("status"), max_length=10, choices=EnrolmentStatus)
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="enrolments",
        verbose_name=pgettext_lazy("unit", "village"),
    )
    position = models.ForeignKey(
        Position,
        models.PROTECT,
        related_name="enrolments",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("post", "position"),
    )
    learner_group = models.ForeignKey(
        LearnerGroup,
        models.PROTECT,
        related_name="enrolments",
        null=True,
        blank=True,
        verbose_name=_("learners' group"),
    )
    channel = models.CharField(
        _("channel"), max_length=12, choices=EnrolmentChannel, default=EnrolmentChannel.SELF
    )
    queued_at = models.DateTimeField(_("queued at"))
    priority = models.SmallIntegerField(
        _("priority"), default=QueuePriority.USUAL, choices=QueuePriority
    )
    priority_reason = models.CharField(_("reason for the priority"), max_length=200, blank=True)
    group = models.ForeignKey(
        QueueGroup, models.PROTECT, related_name="enrolments", null=True, blank=True
    )
    # only while the seat is offered
    offer_ends_at = models.DateTimeField(_("offered until"), null=True, blank=True)
    # as it was on the day of booking
    is_repeat = models.BooleanField(_("has taken the same before"), default=False)
    repeat_reason = models.CharField(_("why it is taken again"), max_length=200, blank=True)
    # for whoever teaches or runs the class, never in notices or logs: docs/rules.md R87
    question = models.CharField(_("own question"), max_length=LONGEST_QUESTION, blank=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["training_class", "queued_at", "pk"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = [
            models.Index(
                fields=["training_class", "status", "priority", "queued_at"], name="enrolment_queue"
            ),
            models.Index(fields=["trainee", "status"], name="enrolment_by_trainee"),
            models.Index(
                fields=["training_class"],
                condition=Q(is_repeat=True, learner_group__isnull=True, status__in=LIVE),
                name="enrolment_repeats",
            ),
            models.Index(
                fields=["training_class"],
                condition=Q(learner_group__isnull=False),
                name="enrolment_of_groups",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["trainee", "training_class"],
                condition=Q(status__in=LIVE),
                name="one_live_enrolment_per_class",
                violation_error_message=_("This trainee is already enrolled."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=SEAT_HOLDING, pool__isnull=False)
                | (~Q(status__in=SEAT_HOLDING) & Q(pool__isnull=True)),
                name="who_holds_a_seat_has_a_pool",
            ),
            models.CheckConstraint(
                condition=Q(status__in=EnrolmentStatus.values), name="enrolment_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="offered", offer_ends_at__isnull=False)
                | (~Q(status="offered") & Q(offer_ends_at__isnull=True)),
                name="an_offer_has_its_end",
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=False, learner_group__isnull=True)
                | Q(position__isnull=True, learner_group__isnull=False),
                name="enrolment_has_a_post_or_a_group",
            ),
            models.CheckConstraint(
                condition=Q(priority=0) | ~Q(priority_reason=""), name="priority_has_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} → {self.training_class_id} {self.status}"

    @property
    def post(self) -> str:
        """What rolls show beside the name: the post of the day of booking, or the group."""
        return (self.learner_group or self.position).name

    @property
    def holds_a_seat(self) -> bool:
        return self.status in SEAT_HOLDING

    @property
    def state_in_words(self) -> str:
        """The state of the booking; of one that ended with its class, the state until then."""
        return EnrolmentStatus(getattr(self, "stood_as", None) or self.status).label

    @property
    def is_waiting(self) -> bool:
        return self.status == EnrolmentStatus.WAITLISTED

    @property
    def is_offered(self) -> bool:
        return self.status == EnrolmentStatus.OFFERED


class Interest(models.Model):
    """A trainee would come to a class that has no date yet, and may book it before everybody else
    when it has one.
    """

    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="interests")
    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="interests")
    at = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["training_class", "at", "pk"]
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        constraints = [
            models.UniqueConstraint(
                fields=["trainee", "training_class"], name="one_interest_per_trainee_and_class"
            )
        ]

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
    CANCELLED = "cancelled", _("Class cancelled")


GIVES_A_STATE = {  # event → the state in which it leaves a booking that is still open
    EnrolmentEventKind.BOOKED: EnrolmentStatus.BOOKED,
    EnrolmentEventKind.PROMOTED: EnrolmentStatus.BOOKED,
    EnrolmentEventKind.ACCEPTED: EnrolmentStatus.BOOKED,
    EnrolmentEventKind.REOPENED: EnrolmentStatus.BOOKED,
    EnrolmentEventKind.OFFERED: EnrolmentStatus.OFFERED,
    EnrolmentEventKind.WAITLISTED: EnrolmentStatus.WAITLISTED,
}


class EnrolmentEvent(models.Model):
    """What happened to an enrolment, when, by whom and why. Only ever added to."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=12, choices=EnrolmentEventKind)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    # empty: the portal itself
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["enrolment", "pk"]
        verbose_name = _("enrolment event")
        verbose_name_plural = _("enrolment events")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EnrolmentEventKind.values),
                name="enrolment_event_kind_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.kind}"
