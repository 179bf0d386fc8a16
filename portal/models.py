"""What visitors tell the academy, and what is counted of its work."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from academy.models import Campus, Department


class Feedback(models.Model):
    """A complaint or suggestion (投诉建议).

    Leaving a way to be reached is voluntary. Source: docs/rules.md R14.
    """

    text = models.TextField(_("What would you like to tell us?"), max_length=2000)
    contact = models.CharField(_("How can we reach you?"), max_length=60, blank=True)
    page = models.CharField(max_length=200, blank=True)  # the address the person came from
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="feedback", null=True, blank=True
    )
    sent_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")

    def __str__(self) -> str:
        return self.text[:40]

    def deal_with(self, *, by, now: datetime) -> bool:
        """Note who has dealt with it; False where somebody has already."""
        waits = Feedback.objects.filter(pk=self.pk, handled_at__isnull=True)
        return bool(waits.update(handled_at=now, handled_by=by))


class UnansweredQuery(models.Model):
    """What was typed into the search and found nothing, by week; nobody is named."""

    week = models.DateField(_("week of"))  # its Monday
    words = models.CharField(_("what was typed"), max_length=60)
    times = models.PositiveIntegerField(_("how often"), default=1)

    class Meta:
        ordering = ["-week", "-times", "words"]
        verbose_name = _("unanswered query")
        verbose_name_plural = _("unanswered queries")
        constraints = [
            models.UniqueConstraint(fields=["week", "words"], name="unanswered_query_once_a_week")
        ]

    def __str__(self) -> str:
        return self.words


class IndicatorFigure(models.Model):
    """What was counted of one indicator for a season (2027Q1) or a year (2027), for the whole
    district ("") or for one street-town or department (its code).

    `portal/monitor/counting.py` writes all of them anew; `whole` is empty where nothing is divided.
    """

    indicator = models.CharField(max_length=20)
    scope = models.CharField(max_length=20, blank=True)
    season = models.CharField(max_length=6)
    part = models.PositiveIntegerField()
    whole = models.PositiveIntegerField(null=True, blank=True)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("figure of the monitor")
        verbose_name_plural = _("figures of the monitor")
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "indicator", "season"], name="one_figure_per_scope_and_season"
            ),
            models.CheckConstraint(
                condition=Q(whole__isnull=True) | Q(part__lte=F("whole")),
                name="a_part_is_within_its_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.scope} {self.season}"


class IndicatorOwner(models.Model):
    """Which unit answers for an indicator of the monitor: a department or a campus."""

    indicator = models.CharField(max_length=20, unique=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", null=True, blank=True
    )
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="+", null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("owner of an indicator")
        verbose_name_plural = _("owners of indicators")
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=True, campus__isnull=False)
                | Q(department__isnull=False, campus__isnull=True),
                name="an_indicator_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.unit}"

    @property
    def unit(self) -> Department | Campus:
        return self.department or self.campus
