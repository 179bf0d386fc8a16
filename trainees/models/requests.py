"""What people ask for, and staff decide once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Lesson, TrainingClass

from .attendance import AbsenceReason
from .enrolments import Enrolment
from .people import Trainee


class Decision(models.TextChoices):
    PENDING = "pending", pgettext_lazy("of a request", "Waits for an answer")
    GRANTED = "granted", pgettext_lazy("of a request", "Granted")
    REFUSED = "refused", pgettext_lazy("of a request", "Refused")
    # by the person, before anybody had decided
    TAKEN_BACK = "recalled", pgettext_lazy("of a request", "Taken back")


STANDS = (Decision.PENDING, Decision.GRANTED)


class TraineeRequest(models.Model):
    """A request with its reason, answered once by somebody who may:
    `trainees/petitions/requests.py` decides.
    """

    reason = models.CharField(_("reason"), max_length=200)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.CharField(
        _("decision"), max_length=8, choices=Decision, default=Decision.PENDING
    )
    answer = models.CharField(pgettext_lazy("to a request", "answer"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        abstract = True
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="%(class)s_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="pending", decided_at__isnull=True)
                | (~Q(decision="pending") & Q(decided_at__isnull=False)),
                name="%(class)s_is_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(decision="refused", answer=""),
                name="%(class)s_is_refused_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.decision}"

    @property
    def is_pending(self) -> bool:
        return self.decision == Decision.PENDING


class LateWithdrawal(TraineeRequest):
    """To give a seat back after the deadline for cancelling."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="late_withdrawals")

    class Meta(TraineeRequest.Meta):
        verbose_name = _("late withdrawal")
        verbose_name_plural = _("late withdrawals")
        constraints = [
            *TraineeRequest.Meta.constraints,
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(decision="pending"),
                name="one_open_withdrawal_per_booking",
            ),
        ]


class RepeatExemption(TraineeRequest):
    """Not to take a class, because its content was taken before (免训)."""

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="repeat_exemptions")
    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="repeat_exemptions"
    )
    # what was taken when, as it was shown
    earlier = models.CharField(_("earlier training"), max_length=200)

    class Meta(TraineeRequest.Meta):
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        constraints = [
            *TraineeRequest.Meta.constraints,
            models.UniqueConstraint(
                fields=["trainee", "training_class"],
                condition=~Q(decision="refused"),
                name="one_exemption_per_class",
            ),
        ]


class NoShowAppeal(TraineeRequest):
    """Against being placed after the others for absence without leave: when granted, the absences
    before it count no more.
    """

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="no_show_appeals")

    class Meta(TraineeRequest.Meta):
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            *TraineeRequest.Meta.constraints,
            models.UniqueConstraint(
                fields=["trainee"],
                condition=Q(decision="pending"),
                name="one_open_appeal_per_trainee",
            ),
        ]


class LeaveRequest(TraineeRequest):
    """Not to come to lessons of a class in which one has a seat (请假), asked before they begin."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="leave_requests")
    lessons = models.ManyToManyField(
        Lesson, related_name="leave_requests", verbose_name=_("lessons")
    )
    # what the roll says beside the mark
    why = models.ForeignKey(
        AbsenceReason,
        models.PROTECT,
        related_name="leave_requests",
        null=True,
        blank=True,
        verbose_name=_("reason"),
    )
    # the tap with which the decision marks the rolls
    batch = models.UUIDField(_("tap"), default=uuid.uuid4, unique=True, editable=False)

    class Meta(TraineeRequest.Meta):
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")


class AbsenceAppeal(TraineeRequest):
    """Against the mark of one lesson that says absent without leave; there is one, whatever its
    answer.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="absence_appeals")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="absence_appeals")
    # otherwise there was a reason not to come
    was_there = models.BooleanField(_("was there"), default=False)
    batch = models.UUIDField(_("tap"), default=uuid.uuid4, unique=True, editable=False)

    class Meta(TraineeRequest.Meta):
        verbose_name = _("appeal against an absence")
        verbose_name_plural = _("appeals against absences")
        constraints = [
            *TraineeRequest.Meta.constraints,
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_appeal_per_absence"),
        ]
