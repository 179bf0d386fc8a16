"""The catalogue: courses, the change being written to one, their frozen versions and what was
decided about them.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import departments_of, is_office
from academy.models import Department, GrowthStage, Position
from academy.text.codes import CodeField, code_constraint

from .service_items import ServiceItem
from .vocabularies import TeachingFormat, Track


class CourseStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


# a retired course says so, and where to go instead
PUBLIC_COURSE_STATUSES = (CourseStatus.PUBLISHED, CourseStatus.RETIRED)


class CourseQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(status=CourseStatus.PUBLISHED)

    def visible_to(self, user) -> Self:
        """Everybody sees what is or was published; a department its own drafts; the office
        everything.
        """
        if is_office(user):
            return self
        return self.filter(
            Q(status__in=PUBLIC_COURSE_STATUSES) | Q(department__in=departments_of(user))
        )

    def worked_on_by(self, user) -> Self:
        """Courses a person writes, or decides about. Source: docs/rules.md R11."""
        return self if is_office(user) else self.filter(department__in=departments_of(user))

    def with_stage(self) -> Self:
        """What `stage` reads: the change that is being written, and the last decision."""
        last = (
            CourseStep.objects.filter(course=OuterRef("pk")).order_by("-pk").values("decision")[:1]
        )
        return self.select_related("change").annotate(last_decision=Subquery(last))

    def in_review(self) -> Self:
        """New courses, and changes of published ones, that the office has to decide about."""
        return self.filter(
            Q(status=CourseStatus.IN_REVIEW)
            | Q(status=CourseStatus.PUBLISHED, change__handed_in_at__isnull=False)
        )

    def sent_back(self) -> Self:
        """What came back from review and has not been handed in again; needs `with_stage`."""
        being_written = Q(status=CourseStatus.DRAFT) | Q(
            status=CourseStatus.PUBLISHED, change__isnull=False
        )
        return self.filter(being_written, last_decision=CourseDecision.RETURNED)


class Course(models.Model):
    """A catalogue entry (课程). What was taught is frozen in its versions."""

    code = CodeField(_("code"), max_length=12, unique=True)
    title = models.CharField(_("title"), max_length=80)
    track = models.ForeignKey(
        Track,
        models.PROTECT,
        related_name="courses",
        verbose_name=pgettext_lazy("of courses", "track"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="courses",
        null=True,
        blank=True,
        verbose_name=_("department"),
    )
    origin = models.CharField(_("origin"), max_length=60, blank=True)
    formats = models.ManyToManyField(
        TeachingFormat, related_name="courses", blank=True, verbose_name=_("teaching formats")
    )
    audiences = models.ManyToManyField(
        Position, related_name="courses", blank=True, verbose_name=_("for whom")
    )
    stages = models.ManyToManyField(
        GrowthStage, related_name="courses", blank=True, verbose_name=_("growth stages")
    )
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=2)
    summary = models.TextField(_("summary"), blank=True)
    objectives = models.TextField(_("objectives"), blank=True)
    outline = models.TextField(_("outline"), blank=True)
    prerequisites = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="leads_to",
        blank=True,
        verbose_name=_("prerequisites"),
    )
    # who has taken one need not take the other
    equivalents = models.ManyToManyField("self", blank=True, verbose_name=_("counts as the same"))
    service_items = models.ManyToManyField(
        ServiceItem, related_name="courses", blank=True, verbose_name=_("service items")
    )
    lecturer_type = models.CharField(_("kind of lecturer"), max_length=40, blank=True)
    is_immersive = models.BooleanField(_("taught in a practice classroom"), default=False)
    immersive_topic = models.CharField(_("practice topic"), max_length=60, blank=True)
    practice_move = models.PositiveSmallIntegerField(
        _("number of the practice move"), null=True, blank=True
    )
    status = models.CharField(
        _("status"), max_length=12, choices=CourseStatus, default=CourseStatus.DRAFT
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="replaces",
        null=True,
        blank=True,
        verbose_name=_("taken over by"),
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="course_hours_are_positive",
                violation_error_message=_("A course takes more than 0 study hours."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=CourseStatus.values), name="course_status_is_known"
            ),
            code_constraint(name="course_code_fits_addresses"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:course", args=[self.code])

    @property
    def given_by(self) -> str:
        """The department in short, or where the course comes from."""
        return (
            (self.department.short_name or self.department.name) if self.department else self.origin
        )

    @property
    def change_in_hand(self) -> "CourseChange | None":
        """The change that is being written to a published course, if there is one."""
        return getattr(self, "change", None) if self.status == CourseStatus.PUBLISHED else None

    @property
    def is_in_review(self) -> bool:
        change = self.change_in_hand
        return self.status == CourseStatus.IN_REVIEW or (
            change is not None and change.handed_in_at is not None
        )

    @property
    def stage(self) -> str:
        """Where the course stands, as staff say it; lists load what it reads with `with_stage`."""
        if self.status == CourseStatus.RETIRED:
            return Stage.RETIRED
        change = self.change_in_hand
        if self.status == CourseStatus.PUBLISHED and change is None:
            return Stage.PUBLISHED
        if self.is_in_review:
            return Stage.CHANGE_IN_REVIEW if change else Stage.IN_REVIEW
        if self._last_decision == CourseDecision.RETURNED:
            return Stage.CHANGE_RETURNED if change else Stage.RETURNED
        return Stage.CHANGING if change else Stage.DRAFT

    @property
    def stage_words(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def _last_decision(self) -> str | None:
        if hasattr(self, "last_decision"):
            return self.last_decision
        return self.steps.order_by("-pk").values_list("decision", flat=True).first()


class CourseVersion(models.Model):
    """A course as it was when it was published: frozen content that lessons point at."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=80)
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=2)
    content = models.JSONField(_("content"), default=dict)
    change_note = models.CharField(_("what changed"), max_length=200, blank=True)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["course", "-number"]
        verbose_name = _("course version")
        verbose_name_plural = _("course versions")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "number"], name="one_course_version_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("courses:course_version", args=[self.course.code, self.number])


class Stage(models.TextChoices):
    """Where a course stands with its change: computed, never stored."""

    DRAFT = "draft", _("Draft")
    RETURNED = "returned", pgettext_lazy("course", "Sent back")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    CHANGING = "changing", _("Published, being changed")
    CHANGE_RETURNED = "change_returned", _("Published, change sent back")
    CHANGE_IN_REVIEW = "change_in_review", _("Published, change in review")
    RETIRED = "retired", _("Retired")


class CourseChange(models.Model):
    """A change of a published course while it is being written and reviewed (修改稿). One for each
    course.

    The course itself, its page and its lessons stay as they are until the change is published.
    `fields` holds the values by field name, keys for links.
    """

    course = models.OneToOneField(Course, models.CASCADE, related_name="change")
    based_on = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")
    fields = models.JSONField(_("content"), default=dict)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed at"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["course"]
        verbose_name = _("change of a course")
        verbose_name_plural = _("changes of courses")

    def __str__(self) -> str:
        return f"{self.course_id} +"


class CourseDecision(models.TextChoices):
    SUBMITTED = "submitted", _("Handed in for review")
    TAKEN_BACK = "taken_back", _("Taken back from review")
    RETURNED = "returned", _("Sent back with a reason")
    PUBLISHED = "published", _("Published")
    CHANGE_BEGUN = "change_begun", _("A change was begun")
    CHANGE_DROPPED = "change_dropped", _("The change was given up")
    RETIRED = "retired", _("Retired")
    BROUGHT_BACK = "brought_back", _("Brought back")


NEEDS_A_REASON = (CourseDecision.RETURNED, CourseDecision.RETIRED)


class CourseStep(models.Model):
    """Who decided what about a course, when, and why.

    Rows are only added. `by` is empty for a file that was loaded.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="steps")
    at = models.DateTimeField(pgettext_lazy("of a step", "when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decision = models.CharField(_("decision"), max_length=16, choices=CourseDecision)
    opinion = models.CharField(_("opinion"), max_length=500, blank=True)
    # an import that is undone takes both back
    version = models.ForeignKey(
        CourseVersion, models.CASCADE, related_name="steps", null=True, blank=True
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("step of a course")
        verbose_name_plural = _("steps of a course")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=CourseDecision.values),
                name="course_step_decision_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=NEEDS_A_REASON) | ~Q(opinion=""),
                name="course_sent_back_or_retired_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.decision}"
