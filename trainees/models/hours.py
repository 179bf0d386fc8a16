"""The ledger of study hours, and the yearly targets."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Position
from courses.models import Lesson

from .enrolments import Enrolment
from .people import Trainee


class HourKind(models.TextChoices):
    LESSON = "lesson", _("Lesson attended")
    MAKE_UP = "make_up", _("Lesson made up")
    CLAIM = "claim", _("Outside training")
    CORRECTION = "correction", _("Correction")
    PRACTICUM = "practicum", _("Practice")
    TEACHING = "teaching", _("Teaching given")


OF_A_CLASS = (HourKind.LESSON, HourKind.MAKE_UP)  # of a booking and a lesson, posted by a closing
WITHOUT_A_BOOKING = (HourKind.CLAIM, HourKind.PRACTICUM, HourKind.TEACHING)


class HourEntry(models.Model):
    """A line of the append-only ledger of study hours (学时).

    A correction is a counter entry, never an edit: the database refuses it. Hours of a class have a
    booking, a lesson and a closing: `lesson` the lesson attended, `make_up` the lesson missed
    before that was made up. Hours from elsewhere have none, taught hours may name their lesson.
    Source: docs/rules.md R5, R81.
    """

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="hour_entries")
    kind = models.CharField(_("kind"), max_length=12, choices=HourKind)
    # negative in a counter entry
    hours = models.DecimalField(_("study hours"), max_digits=6, decimal_places=2)
    # the lesson's day: its year is the year it counts for
    earned_on = models.DateField(_("earned on"))
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="hour_entries", null=True, blank=True
    )
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, related_name="hour_entries", null=True, blank=True
    )
    # of the class that was closed: 1 the first time, 2 after a reopening, …
    closing = models.PositiveSmallIntegerField(_("closing of the class"), null=True, blank=True)
    rule = models.CharField(_("rule"), max_length=120)
    reverses = models.OneToOneField(
        "self", models.PROTECT, related_name="reversed_by", null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    posted_at = models.DateTimeField(_("posted at"))
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-earned_on", "pk"]
        verbose_name = _("hour entry")
        verbose_name_plural = _("hour entries")
        indexes = [models.Index(fields=["trainee", "earned_on"], name="hours_by_trainee")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson", "closing", "kind"], name="hours_are_posted_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=OF_A_CLASS,
                    enrolment__isnull=False,
                    lesson__isnull=False,
                    closing__isnull=False,
                    reverses__isnull=True,
                    hours__gt=0,
                )
                | Q(
                    kind__in=(HourKind.CLAIM, HourKind.PRACTICUM),
                    enrolment__isnull=True,
                    lesson__isnull=True,
                    closing__isnull=True,
                    reverses__isnull=True,
                    hours__gt=0,
                )
                | Q(
                    kind=HourKind.TEACHING,
                    enrolment__isnull=True,
                    closing__isnull=True,
                    reverses__isnull=True,
                    hours__gt=0,
                )
                | Q(kind=HourKind.CORRECTION, reverses__isnull=False),
                name="hour_entry_kind_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} {self.hours}"

    @property
    def table_rule(self) -> str:
        """The row of the table of rules that the hours come from; "" for a lesson's own hours."""
        # what holds for every lesson is two parts long: see RULE of trainees/record/hours.py
        return "".join(self.rule.split("; ", 2)[2:])


class HourTarget(models.Model):
    """The yearly target of a position: a row with its legal basis and dates, never a constant.

    Source: docs/rules.md R27.
    """

    position = models.ForeignKey(
        Position,
        models.PROTECT,
        related_name="hour_targets",
        verbose_name=pgettext_lazy("post", "position"),
    )
    hours = models.DecimalField(_("study hours a year"), max_digits=5, decimal_places=2)
    centralised_sessions = models.PositiveSmallIntegerField(
        _("centralised trainings a year"), default=0
    )
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["position", "-valid_from"]
        verbose_name = _("hour target")
        verbose_name_plural = _("hour targets")
        constraints = [
            models.UniqueConstraint(
                fields=["position", "valid_from"], name="one_hour_target_per_position_and_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.hours}"

    def clean(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The last day lies before the first day.")})
