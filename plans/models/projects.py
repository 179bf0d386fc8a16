"""Projects of 美好社区先锋行动: what a village sets out to do, how far it is, what came of it."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_office, towns_of
from academy.models import Term, Village
from academy.text.codes import CodeField, code_constraint
from courses.models import Course
from practicums.models import PracticeCase

from .annual_plans import FIRST_YEAR, LAST_YEAR
from .items import PlanItem


class ProjectTopic(Term):
    """What a project is about, such as 社区微更新; the office keeps the list."""

    class Meta(Term.Meta):
        verbose_name = _("topic of projects")
        verbose_name_plural = _("topics of projects")


class ProjectLevel(models.TextChoices):
    """Who recognised the project."""

    CITY = "city", pgettext_lazy("level of a project", "City")
    DISTRICT = "district", pgettext_lazy("level of a project", "District")


class ProjectState(models.TextChoices):
    """How far a project is."""

    PREPARED = "prepared", pgettext_lazy("state of a project", "In preparation")
    RUNNING = "running", pgettext_lazy("state of a project", "Under way")
    COMPLETED = "completed", pgettext_lazy("state of a project", "Completed")
    STOPPED = "stopped", pgettext_lazy("state of a project", "Stopped")


class ProjectQuerySet(models.QuerySet):
    def kept(self) -> Self:
        """Those that nobody has taken out."""
        return self.filter(removed_on__isnull=True)

    def published(self) -> Self:
        """What everybody reads: ticked as public. Source: docs/rules.md R66."""
        return self.kept().filter(is_public=True)

    def kept_by(self, user) -> Self:
        """Those that the person corrects: all for the office, of their villages for a street-town.

        Source: docs/rules.md R65.
        """
        if is_office(user):
            return self
        return self.filter(village__town__in=towns_of(user))

    def in_town(self, town) -> Self:
        return self.filter(village__town=town)

    def with_place(self) -> Self:
        return self.select_related("village__town", "topic")


class Project(models.Model):
    """One project. One that is taken out keeps its row, its day and the reason: cases and files
    still name its code, and a file that is sent once more must not bring it back unseen.
    """

    code = CodeField(_("code"), max_length=12, unique=True)
    title = models.CharField(pgettext_lazy("of a project", "name"), max_length=60)
    level = models.CharField(
        pgettext_lazy("of a project", "level"), max_length=8, choices=ProjectLevel
    )
    topic = models.ForeignKey(
        ProjectTopic,
        models.PROTECT,
        related_name="projects",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("of a project", "topic"),
    )
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="projects",
        verbose_name=pgettext_lazy("unit", "village"),
    )
    year = models.PositiveSmallIntegerField(
        pgettext_lazy("of a project", "year"),
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    state = models.CharField(
        pgettext_lazy("of a project", "state"),
        max_length=9,
        choices=ProjectState,
        default=ProjectState.PREPARED,
    )
    started_on = models.DateField(pgettext_lazy("of a project", "begun on"), null=True, blank=True)
    completed_on = models.DateField(
        pgettext_lazy("of a project", "completed on"), null=True, blank=True
    )
    summary = models.TextField(_("what is done"), max_length=1500, blank=True)
    results = models.TextField(
        pgettext_lazy("of a project", "what came of it"), max_length=1500, blank=True
    )
    # stands below the project: where it comes from
    remark = models.CharField(_("remark"), max_length=60, blank=True)
    courses = models.ManyToManyField(
        Course, related_name="projects", blank=True, verbose_name=_("courses")
    )
    cases = models.ManyToManyField(
        PracticeCase, related_name="projects", blank=True, verbose_name=_("practice cases")
    )
    plan_items = models.ManyToManyField(
        PlanItem, related_name="projects", blank=True, verbose_name=_("plan items")
    )
    is_public = models.BooleanField(_("shown to everybody"), default=False)
    removed_on = models.DateField(_("taken out on"), null=True, blank=True)
    removed_reason = models.CharField(_("why it was taken out"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("changed at"))
    # empty: loaded by a command
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("project of 先锋行动")
        verbose_name_plural = _("projects of 先锋行动")
        constraints = [
            code_constraint(name="project_code_fits_addresses"),
            models.CheckConstraint(condition=~Q(title=""), name="project_has_a_name"),
            models.CheckConstraint(
                condition=Q(level__in=ProjectLevel.values), name="project_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ProjectState.values), name="project_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="project_year_is_sensible",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | Q(completed_on__isnull=True)
                | Q(completed_on__gte=F("started_on")),
                name="project_ends_after_it_begins",
                violation_error_message=_("A project is not completed before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True) | Q(state=ProjectState.COMPLETED),
                name="only_a_completed_project_has_its_day",
                violation_error_message=_(
                    "Only a completed project has a day on which it was completed."
                ),
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True, removed_reason="")
                | Q(removed_on__isnull=False, is_public=False) & ~Q(removed_reason=""),
                name="removed_project_has_its_reason_and_is_not_public",
            ),
            models.UniqueConstraint(
                fields=["village", "title"],
                condition=Q(removed_on__isnull=True),
                name="one_project_per_village_and_name",
                violation_error_message=_("This village has a project of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:project", args=[self.code])

    @property
    def town(self):
        return self.village.town

    @property
    def is_removed(self) -> bool:
        return self.removed_on is not None
