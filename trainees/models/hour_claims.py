"""Hours from elsewhere that a person asks to have counted."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_office

from .hours import HourEntry, HourKind
from .people import Trainee

LONGEST_CLAIM_TITLE = 80  # characters
CLAIMED = (
    (HourKind.CLAIM.value, HourKind.CLAIM.label),
    (HourKind.PRACTICUM.value, HourKind.PRACTICUM.label),
    (HourKind.TEACHING.value, HourKind.TEACHING.label),
)


class ClaimStatus(models.TextChoices):
    ASKED = "asked", pgettext_lazy("of a claim", "Waits for the office")
    APPROVED = "approved", pgettext_lazy("of a claim", "Counted")
    RETURNED = "returned", pgettext_lazy("of a claim", "Sent back")


STANDING_CLAIMS = (ClaimStatus.ASKED, ClaimStatus.APPROVED)


class HourClaimQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """One's own; all for the office."""
        return self if is_office(user) else self.filter(trainee__user=user)

    def waiting(self) -> Self:
        return self.filter(status=ClaimStatus.ASKED)

    def standing(self) -> Self:
        return self.filter(status__in=STANDING_CLAIMS)


class HourClaim(models.Model):
    """A training elsewhere with its evidence (校外培训申报), decided once by the office.

    Source: docs/rules.md R81.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # names its file
    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="hour_claims")
    kind = models.CharField(_("kind"), max_length=12, choices=CLAIMED, default=HourKind.CLAIM.value)
    title = models.CharField(
        pgettext_lazy("of a training", "title"), max_length=LONGEST_CLAIM_TITLE
    )
    organiser = models.CharField(_("organiser"), max_length=80)
    starts_on = models.DateField(pgettext_lazy("of a training", "first day"))
    ends_on = models.DateField(pgettext_lazy("of a training", "last day"))
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=2)
    # a generated name below MEDIA_ROOT, never served directly
    file = models.FileField(_("file"), max_length=120)
    original_name = models.CharField(_("name of the file"), max_length=120)
    content_type = models.CharField(max_length=80)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(
        _("status"), max_length=8, choices=ClaimStatus, default=ClaimStatus.ASKED
    )
    answer = models.CharField(pgettext_lazy("to a request", "answer"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    entry = models.OneToOneField(
        HourEntry, models.PROTECT, related_name="claim", null=True, blank=True
    )

    objects = HourClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("claim of study hours")
        verbose_name_plural = _("claims of study hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ClaimStatus.values), name="claim_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="approved", entry__isnull=False)
                | (~Q(status="approved") & Q(entry__isnull=True)),
                name="a_counted_claim_has_its_entry",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned", answer=""), name="claim_is_returned_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at__isnull=True)
                | (~Q(status="asked") & Q(decided_at__isnull=False)),
                name="claim_is_decided_once",
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="claim_has_hours"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="claim_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["trainee", "title", "starts_on"],
                condition=Q(status__in=STANDING_CLAIMS),
                name="one_standing_claim_per_training",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("trainees:hour_claim", args=[self.pk])
