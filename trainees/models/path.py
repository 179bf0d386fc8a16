"""What leads from one growth stage to the next, and what was decided of people."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import GrowthStage, Position
from courses.models import Course, Track

from .people import Trainee


class PathRequirement(models.Model):
    """What a post asks of whoever leaves a growth stage for the next one: study hours of a track,
    or a course to have taken. Source: docs/rules.md R85.
    """

    position = models.ForeignKey(
        Position,
        models.PROTECT,
        related_name="path_requirements",
        verbose_name=pgettext_lazy("post", "position"),
    )
    # the stage that one stands at
    stage = models.ForeignKey(
        GrowthStage,
        models.PROTECT,
        related_name="path_requirements",
        verbose_name=_("growth stage"),
    )
    track = models.ForeignKey(
        Track,
        models.PROTECT,
        related_name="path_requirements",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("of courses", "track"),
    )
    # of all years together
    hours = models.DecimalField(
        _("study hours of the track"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    course = models.ForeignKey(
        Course,
        models.PROTECT,
        related_name="path_requirements",
        null=True,
        blank=True,
        verbose_name=_("course to have taken"),
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = [
            "position__sort_order",
            "stage__sort_order",
            F("track").asc(nulls_last=True),
            "pk",
        ]
        verbose_name = _("requirement of the path")
        verbose_name_plural = _("requirements of the path")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    track__isnull=False, hours__isnull=False, hours__gt=0, course__isnull=True
                )
                | Q(track__isnull=True, hours__isnull=True, course__isnull=False),
                name="a_requirement_is_hours_or_a_course",
                violation_error_message=_(
                    "Fill in a track with its hours, or a course; not both in one row."
                ),
            ),
            models.UniqueConstraint(
                fields=["position", "stage", "track"],
                condition=Q(active=True, track__isnull=False),
                name="one_requirement_for_each_track",
                violation_error_message=_("There is a row for this post, stage and track already."),
            ),
            models.UniqueConstraint(
                fields=["position", "stage", "course"],
                condition=Q(active=True, course__isnull=False),
                name="one_requirement_for_each_course",
                violation_error_message=_(
                    "There is a row for this post, stage and course already."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.stage} {self.track or self.course}"


class StageOutcome(models.TextChoices):
    GOES_ON = "goes_on", pgettext_lazy("growth stage", "Goes on")
    NOT_YET = "not_yet", pgettext_lazy("growth stage", "Not yet")


class StageDecision(models.Model):
    """What a person decided of somebody's next stage, with what was met and what was not."""

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="stage_decisions")
    stage = models.ForeignKey(GrowthStage, models.PROTECT, related_name="decisions")  # the next one
    outcome = models.CharField(_("outcome"), max_length=8, choices=StageOutcome)
    met = models.JSONField(_("met"), default=list)  # lines as they were shown
    unmet = models.JSONField(_("not met"), default=list)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-decided_at", "-pk"]
        verbose_name = _("decision on a stage")
        verbose_name_plural = _("decisions on stages")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=StageOutcome.values), name="stage_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="goes_on") | ~Q(reason=""),
                name="a_stage_not_yet_reached_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} → {self.stage_id} {self.outcome}"
