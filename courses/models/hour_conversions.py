"""How clock time becomes study hours, format by format."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .vocabularies import TeachingFormat


class HourConversion(models.Model):
    """A row of the table that proposes a lesson's study hours from its timetable minutes less
    breaks: so many minutes an hour, or so many hours flat, for lessons from `from_minutes` on.

    A row without a format holds for every format that has none of its own. Source: docs/rules.md
    R79.
    """

    name = models.CharField(_("name of the rule"), max_length=40, unique=True)
    teaching_format = models.ForeignKey(
        TeachingFormat,
        models.PROTECT,
        related_name="hour_conversions",
        null=True,
        blank=True,
        verbose_name=_("teaching format"),
        help_text=_("Empty: every format without a rule of its own."),
    )
    from_minutes = models.PositiveSmallIntegerField(
        _("for lessons from so many minutes"), default=0
    )
    minutes_per_hour = models.PositiveSmallIntegerField(
        _("minutes of one study hour"), null=True, blank=True
    )
    hours = models.DecimalField(
        _("or so many study hours flat"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    legal_basis = models.CharField(_("basis"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["teaching_format", "from_minutes", "-valid_from"]
        verbose_name = _("rule for study hours")
        verbose_name_plural = _("rules for study hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    minutes_per_hour__isnull=False, minutes_per_hour__gt=0, hours__isnull=True
                )
                | Q(minutes_per_hour__isnull=True, hours__isnull=False, hours__gt=0),
                name="conversion_by_minutes_or_flat",
                violation_error_message=_(
                    "Give either the minutes of one study hour or the hours, not both."
                ),
            ),
            models.UniqueConstraint(
                fields=["teaching_format", "from_minutes", "valid_from"],
                name="one_conversion_per_format_and_length",
                violation_error_message=_("This format has a rule from these minutes and day."),
            ),
            models.UniqueConstraint(
                fields=["from_minutes", "valid_from"],
                condition=Q(teaching_format__isnull=True),
                name="one_usual_conversion_per_length",
                violation_error_message=_("There is a usual rule from these minutes and day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
