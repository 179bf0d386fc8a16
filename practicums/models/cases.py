"""Practice cases (案例): how a village solved something, told so that others can use it.

Drafted, reviewed, published.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_office
from academy.text.codes import CodeField, code_constraint
from courses.models import Course
from trainees.models import DiscussionSheet

from .secondments import Secondment


class CaseStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a case", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("of a case", "In review")
    PUBLISHED = "published", pgettext_lazy("of a case", "Published")
    TAKEN_DOWN = "taken_down", pgettext_lazy("of a case", "Taken down")


class PracticeCaseQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(status=CaseStatus.PUBLISHED)

    def worked_on_by(self, user) -> Self:
        """The own ones; all for the office, which reviews. Source: docs/rules.md R11."""
        if is_office(user):
            return self
        return self.filter(author=user) if getattr(user, "is_authenticated", False) else self.none()


class PracticeCase(models.Model):
    """One case. `private_note` is for whoever writes and reviews, and stands on no public page."""

    code = CodeField(_("code"), max_length=12, unique=True)
    title = models.CharField(_("title"), max_length=60)
    theme = models.CharField(pgettext_lazy("of a case", "theme"), max_length=20)
    # some neighbourhood, never its name
    place = models.CharField(pgettext_lazy("of a case", "place"), max_length=40, blank=True)
    problem = models.TextField(pgettext_lazy("of a case", "what the matter was"), max_length=3000)
    approach = models.TextField(pgettext_lazy("of a case", "what was done"), max_length=3000)
    result = models.TextField(pgettext_lazy("of a case", "what came of it"), max_length=3000)
    lessons_learned = models.TextField(
        pgettext_lazy("of a case", "what others can use"), max_length=3000, blank=True
    )
    # stands below the case: where it comes from
    remark = models.CharField(pgettext_lazy("of a case", "remark"), max_length=60, blank=True)
    private_note = models.TextField(
        pgettext_lazy("of a case", "note among colleagues"), max_length=1000, blank=True
    )
    courses = models.ManyToManyField(
        Course, related_name="cases", blank=True, verbose_name=_("courses")
    )
    secondment = models.OneToOneField(
        Secondment,
        models.PROTECT,
        related_name="practice_case",
        null=True,
        blank=True,
        verbose_name=_("secondment"),
    )
    sheet = models.OneToOneField(
        DiscussionSheet,
        models.PROTECT,
        related_name="practice_case",
        null=True,
        blank=True,
        verbose_name=_("sheet of a discussion"),
    )
    # empty: loaded from a file
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="practice_cases",
        null=True,
        blank=True,
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CaseStatus, default=CaseStatus.DRAFT
    )
    updated_at = models.DateTimeField(_("changed at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = PracticeCaseQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("practice case")
        verbose_name_plural = _("practice cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=CaseStatus.values), name="case_status_is_known"
            ),
            code_constraint(name="case_code_fits_addresses"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="published_case_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("practicums:case", args=[self.code])

    @property
    def is_writable(self) -> bool:
        """What lies with the reviewers or is published stays as it is."""
        return self.status in (CaseStatus.DRAFT, CaseStatus.TAKEN_DOWN)


class CaseDecision(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("of a case", "Handed in for review")
    TAKEN_BACK = "taken_back", pgettext_lazy("of a case", "Taken back from review")
    RETURNED = "returned", pgettext_lazy("of a case", "Sent back with a reason")
    PUBLISHED = "published", pgettext_lazy("of a case", "Published")
    TAKEN_DOWN = "taken_down", pgettext_lazy("of a case", "Taken down")


class CaseStep(models.Model):
    """Who decided what about a case, when, and why. Rows are only added."""

    case = models.ForeignKey(PracticeCase, models.CASCADE, related_name="steps")
    at = models.DateTimeField(pgettext_lazy("of a step", "when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=10, choices=CaseDecision)
    opinion = models.CharField(_("opinion"), max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of a case")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=CaseDecision.values), name="case_decision_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=["returned", "taken_down"]) | ~Q(opinion=""),
                name="case_sent_back_or_taken_down_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.decision}"
