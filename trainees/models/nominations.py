"""Whom a street-town sends to a class (调训)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_office, towns_of
from academy.models import Town
from courses.models import TrainingClass

from .enrolments import Enrolment
from .people import Trainee


class NominationStatus(models.TextChoices):
    ASKED = "asked", pgettext_lazy("of a nomination", "Waits for an answer")
    COMING = "coming", pgettext_lazy("of a nomination", "Comes")
    CANNOT = "cannot", pgettext_lazy("of a nomination", "Cannot come")
    REPLACED = "replaced", pgettext_lazy("of a nomination", "Replaced")
    RELEASED = "released", pgettext_lazy("of a nomination", "Seat given back")


# the seat is held for them
STANDING_NOMINATIONS = (NominationStatus.ASKED, NominationStatus.COMING, NominationStatus.CANNOT)


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """The own one; those of the own town; all for the office."""
        if is_office(user):
            return self
        return self.filter(Q(town__in=towns_of(user)) | Q(trainee__user=user))

    def standing(self) -> Self:
        return self.filter(status__in=STANDING_NOMINATIONS)


class Nomination(models.Model):
    """A person whom a street-town sends to a class (调训).

    The seat of the town is held from the nomination on.
    """

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="nominations")
    town = models.ForeignKey(Town, models.PROTECT, related_name="nominations")
    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="nominations")
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="nomination")
    status = models.CharField(
        _("status"), max_length=10, choices=NominationStatus, default=NominationStatus.ASKED
    )
    reason = models.CharField(_("why not"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
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
                fields=["training_class", "trainee"],
                condition=Q(status__in=STANDING_NOMINATIONS),
                name="one_standing_nomination_per_class",
            ),
            models.CheckConstraint(
                condition=Q(status__in=NominationStatus.values), name="nomination_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="cannot", reason=""), name="who_cannot_come_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.trainee_id} {self.status}"
