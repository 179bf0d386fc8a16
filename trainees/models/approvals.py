"""Whether a booking is approved: a fact of its own, beside the seat (审批与名额分开)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from courses.models import ApprovalLevel, ClassStatus

from .enrolments import OPEN, Enrolment


class ApprovalStatus(models.TextChoices):
    PENDING = "pending", pgettext_lazy("of an approval", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("of an approval", "Approved")
    REFUSED = "refused", pgettext_lazy("of an approval", "Not approved")
    UNANSWERED = "unanswered", pgettext_lazy("of an approval", "Nobody answered before the start")
    # the rule changed
    NOT_NEEDED = "not_needed", pgettext_lazy("of an approval", "Booked without approval")


class StepDecision(models.TextChoices):
    PENDING = "pending", pgettext_lazy("of a step", "Waits")
    APPROVED = "approved", pgettext_lazy("of a step", "Approved")
    REFUSED = "refused", pgettext_lazy("of a step", "Not approved")
    # so their approval is known and not asked for
    KNOWN = "known", pgettext_lazy("of a step", "Booked or sent by them")
    SKIPPED = "skipped", pgettext_lazy("of a step", "Left out")  # nobody to ask, or no time left
    SILENT = "silent", pgettext_lazy("of a step", "Silent, passed on")
    # the class has begun, or its rule has changed
    CLOSED = "closed", pgettext_lazy("of a step", "No longer asked")


class Approval(models.Model):
    """Where the approval of one booking stands.

    While it is pending, `level` has been asked since `since`.
    """

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="approval")
    status = models.CharField(_("status"), max_length=10, choices=ApprovalStatus)
    # the one asked now
    level = models.CharField(_("level"), max_length=8, choices=ApprovalLevel, blank=True)
    since = models.DateTimeField(_("since"))  # when this level was asked, or when it was decided

    class Meta:
        ordering = ["enrolment"]
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ApprovalStatus.values), name="approval_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="pending", level__in=ApprovalLevel.values)
                | (~Q(status="pending") & Q(level="")),
                name="who_is_asked_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.status}"

    @property
    def is_pending(self) -> bool:
        return self.status == ApprovalStatus.PENDING

    @property
    def state_in_words(self) -> str:
        """Return how it stands, for whoever runs the class: 等待审批：街镇."""
        status = str(self.get_status_display())
        if not self.is_pending:
            return status
        return status + pgettext("before a fact", ": ") + str(self.get_level_display())


class ApprovalStepQuerySet(models.QuerySet):
    def waiting(self, now) -> Self:
        """What somebody can decide now: of bookings that stand, before their class begins."""
        return self.filter(
            Q(approval__enrolment__training_class__starts_at__gt=now)
            | Q(approval__enrolment__training_class__starts_at__isnull=True),
            decision=StepDecision.PENDING,
            approval__enrolment__status__in=OPEN,
            approval__enrolment__training_class__status=ClassStatus.OPEN,
        )


class ApprovalStep(models.Model):
    """What one level was asked and said, and for whom a deputy said it.

    Steps of an approval are in the order of asking.
    """

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="steps")
    level = models.CharField(_("level"), max_length=8, choices=ApprovalLevel)
    decision = models.CharField(_("decision"), max_length=8, choices=StepDecision)
    opinion = models.CharField(_("opinion"), max_length=200, blank=True)
    asked_at = models.DateTimeField(pgettext_lazy("of a step", "asked at"))
    # empty where no level follows
    passes_on_at = models.DateTimeField(_("passed on at"), null=True, blank=True)
    at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # empty: the portal itself
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("on behalf of"),
    )

    objects = ApprovalStepQuerySet.as_manager()

    class Meta:
        ordering = ["approval", "pk"]
        verbose_name = _("step of an approval")
        verbose_name_plural = _("steps of approvals")
        indexes = [
            models.Index(
                fields=["decision", "level", "passes_on_at"], name="approval_step_to_decide"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["approval"],
                condition=Q(decision="pending"),
                name="one_level_is_asked_at_a_time",
            ),
            models.UniqueConstraint(fields=["approval", "level"], name="a_level_is_asked_once"),
            models.CheckConstraint(
                condition=Q(decision__in=StepDecision.values), name="approval_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(level__in=ApprovalLevel.values), name="approval_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="pending", at__isnull=True)
                | (~Q(decision="pending") & Q(at__isnull=False)),
                name="a_step_is_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(decision="refused", opinion=""), name="a_step_is_refused_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=("approved", "refused"), by__isnull=True),
                name="somebody_decides_a_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approval_id} {self.level} {self.decision}"


class DeputyQuerySet(models.QuerySet):
    def on(self, today) -> Self:
        """Who stands in on the day."""
        return self.filter(valid_from__lte=today, valid_to__gte=today, ended_at__isnull=True)


class Deputy(models.Model):
    """Somebody of the own unit who decides approvals for an approver from one day to another
    (代理审批).

    Both days count.
    """

    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deputies")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="deputy_for",
        verbose_name=_("deputy"),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    named_at = models.DateTimeField(_("named at"))
    ended_at = models.DateTimeField(_("ended early at"), null=True, blank=True)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-pk"]
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        indexes = [models.Index(fields=["person", "valid_to"], name="deputy_by_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="a_deputy_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(approver=F("person")), name="nobody_is_their_own_deputy"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_deputy_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.approver_id}"
