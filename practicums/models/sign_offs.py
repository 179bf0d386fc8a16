"""What those who sign decided about an item."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .append_only import AppendOnly, AppendOnlyQuerySet
from .seven_items import SevenItem


class SignOffRole(models.TextChoices):
    MENTOR = "mentor", pgettext_lazy("who signs", "Mentor")
    HOST = "host", pgettext_lazy("who signs", "Host")
    ACADEMY = "academy", pgettext_lazy("who signs", "Academy office")


class SignOffDecision(models.TextChoices):
    SIGNED = "signed", pgettext_lazy("decision", "Signed")
    SENT_BACK = "sent_back", pgettext_lazy("decision", "Sent back")


class SignOff(AppendOnly):
    """What one of those who sign decided about one hand-in of an item."""

    item = models.ForeignKey(SevenItem, models.PROTECT, related_name="sign_offs")
    round = models.PositiveSmallIntegerField()
    role = models.CharField(_("as"), max_length=10, choices=SignOffRole)
    # empty: taken over from a list
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decision = models.CharField(_("decision"), max_length=10, choices=SignOffDecision)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("at"))

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "round", "role"],
                condition=Q(decision="signed"),
                name="one_signature_per_role_and_round",
            ),
            models.UniqueConstraint(
                fields=["item", "round"],
                condition=Q(decision="sent_back"),
                name="sent_back_once_per_round",
            ),
            models.CheckConstraint(
                condition=Q(role__in=SignOffRole.values), name="sign_off_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=SignOffDecision.values), name="sign_off_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="signed") | ~Q(comment=""), name="sent_back_with_a_comment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.role} {self.decision}"
