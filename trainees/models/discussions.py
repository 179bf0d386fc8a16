"""结构化研讨: what the groups of a class work out, and what is said of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import TrainingClass

LONGEST_PART = 1000  # characters of problem, causes and measures, each
LONGEST_COMMENT = 800  # characters
LONGEST_DISCUSSION_QUESTION = 200  # characters


class Discussion(models.Model):
    """A structured discussion that a class is given: its question, and the last day for writing.

    Source: docs/rules.md R91.
    """

    training_class = models.OneToOneField(TrainingClass, models.CASCADE, related_name="discussion")
    question = models.CharField(
        pgettext_lazy("of a discussion", "question"), max_length=LONGEST_DISCUSSION_QUESTION
    )
    written_until = models.DateField(_("written until"))  # to the end of this day
    set_at = models.DateTimeField(_("set at"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("structured discussion")
        verbose_name_plural = _("structured discussions")
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="discussion_has_a_question")
        ]

    def __str__(self) -> str:
        return self.question


class DiscussionSheet(models.Model):
    """The sheet of one group, named by its number: groups that are drawn anew keep it."""

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="sheets")
    number = models.PositiveSmallIntegerField(_("group"))
    problem = models.TextField(
        pgettext_lazy("of a sheet", "problem"), max_length=LONGEST_PART, blank=True
    )
    causes = models.TextField(
        pgettext_lazy("of a sheet", "causes"), max_length=LONGEST_PART, blank=True
    )
    measures = models.TextField(
        pgettext_lazy("of a sheet", "measures"), max_length=LONGEST_PART, blank=True
    )
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    comment = models.TextField(
        pgettext_lazy("of a sheet", "comment"), max_length=LONGEST_COMMENT, blank=True
    )
    commented_at = models.DateTimeField(_("commented at"), null=True, blank=True)
    commented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["discussion", "number"]
        verbose_name = _("sheet of a discussion")
        verbose_name_plural = _("sheets of discussions")
        constraints = [
            models.UniqueConstraint(fields=["discussion", "number"], name="one_sheet_per_group"),
            models.CheckConstraint(condition=Q(number__gte=1), name="sheet_numbers_begin_at_one"),
            models.CheckConstraint(
                condition=Q(comment="", commented_at__isnull=True, commented_by__isnull=True)
                | (~Q(comment="") & Q(commented_at__isnull=False, commented_by__isnull=False)),
                name="comment_on_a_sheet_has_its_author",
            ),
            models.CheckConstraint(
                condition=Q(written_at__isnull=True, problem="", causes="", measures="")
                | Q(written_at__isnull=False, written_by__isnull=False),
                name="sheet_with_text_has_its_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.discussion_id} {self.number}"

    @property
    def is_written(self) -> bool:
        """Whether any of the three parts holds a text."""
        return bool(self.problem or self.causes or self.measures)

    @property
    def is_commented(self) -> bool:
        return bool(self.comment)
