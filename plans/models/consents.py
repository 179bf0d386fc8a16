"""What the organisation department says to trainings that call cadres of other systems."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .items import PlanItem


class ConsentState(models.TextChoices):
    """Where the consent to an item stands; an item without a record was not asked for yet."""

    ASKED = "asked", pgettext_lazy("consent of the organisation department", "Asked for")
    GIVEN = "given", pgettext_lazy("consent of the organisation department", "Given")
    REFUSED = "refused", pgettext_lazy("consent of the organisation department", "Refused")
    WAIVED = "waived", pgettext_lazy("consent of the organisation department", "Filed without it")


ANSWERED = (ConsentState.GIVEN, ConsentState.REFUSED)


class ItemConsent(models.Model):
    """One record of the consent to an item. Rows are only added; the last one holds.

    Source: docs/rules.md R54.
    """

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="consents")
    state = models.CharField(
        pgettext_lazy("of a consent", "state"), max_length=7, choices=ConsentState
    )
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    by_whom = models.CharField(_("who answered"), max_length=60, blank=True)
    document = models.CharField(_("number of the document"), max_length=60, blank=True)
    opinion = models.CharField(
        pgettext_lazy("of a consent", "opinion or reason"), max_length=300, blank=True
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(pgettext_lazy("of a consent", "recorded at"))

    class Meta:
        ordering = ["item", "pk"]
        verbose_name = _("consent to a plan item")
        verbose_name_plural = _("consents to plan items")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ConsentState.values), name="item_consent_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ANSWERED) | (Q(answered_on__isnull=False) & ~Q(by_whom="")),
                name="answered_consent_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConsentState.ASKED) | Q(asked_on__isnull=False),
                name="asked_consent_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(ConsentState.REFUSED, ConsentState.WAIVED))
                | ~Q(opinion=""),
                name="refused_consent_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(asked_on__isnull=True)
                | Q(answered_on__isnull=True)
                | Q(answered_on__gte=F("asked_on")),
                name="consent_is_answered_after_it_is_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.state}"
