"""Imports with their rows, and the words that offices use for columns."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .people import User


class ImportStatus(models.TextChoices):
    PREVIEWED = "previewed", pgettext_lazy("of an import", "Not imported yet")
    IMPORTED = "imported", pgettext_lazy("of an import", "Imported")
    UNDONE = "undone", pgettext_lazy("of an import", "Undone")
    DISCARDED = "discarded", pgettext_lazy("of an import", "Put away")


class RowOutcome(models.TextChoices):
    NEW = "new", pgettext_lazy("row of an import", "New")
    CHANGED = "changed", pgettext_lazy("row of an import", "Changed")
    SAME = "same", pgettext_lazy("row of an import", "As before")
    REJECTED = "rejected", pgettext_lazy("row of an import", "Cannot")


WRITTEN = (RowOutcome.NEW, RowOutcome.CHANGED)


class ImportRun(models.Model):
    """A file somebody previewed, and what became of it. `kind` names the importer; a run of a
    command has no user.

    `context` says what the importer must know besides the file, such as whose plan it is and of
    which year; `choices` what the person answered on the preview, `questions` what is still asked
    there. The bytes of the file stay until it is imported or put away. `before` holds every row
    that the import was about to touch, for undoing; `after` is the digest of those rows right after
    it.
    """

    kind = models.CharField(_("kind"), max_length=20)
    user = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="import_runs",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    file_name = models.CharField(pgettext_lazy("of an upload", "file"), max_length=200)
    context = models.JSONField(default=dict)
    # {"take_hidden": bool, "take_struck": bool, "headings": {text: column},
    # "answers": {question: text}}
    choices = models.JSONField(default=dict)
    content = models.BinaryField(default=b"")
    status = models.CharField(
        _("status"), max_length=10, choices=ImportStatus, default=ImportStatus.PREVIEWED
    )
    questions = models.JSONField(default=list)
    hidden = models.JSONField(default=list)  # what the file hides: [{"sheet", "row" or "heading"}]
    # [{"sheet", "row", "reason"}]; row 0 speaks of the whole file
    warnings = models.JSONField(default=list)
    before = models.JSONField(null=True, blank=True)
    after = models.CharField(max_length=64, blank=True)
    # the same of each row by its key, where an undo goes row by row
    marks = models.JSONField(default=dict)
    previewed_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)

    left_alone = 0  # rows that the undo just done did not put back; not stored

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ImportStatus.values), name="import_status_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("imports:import_run", args=[self.pk])


class ImportRow(models.Model):
    """One data row of the file: what it says, and what happens to it or why it cannot be taken
    over.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=40, blank=True)
    row = models.PositiveIntegerField()  # as the spreadsheet counts
    key = models.CharField(max_length=120, blank=True)  # what it is matched by
    title = models.CharField(max_length=120, blank=True)
    # column → text as it was sent, for sending the rejected ones back
    cells = models.JSONField(default=dict)
    # column → value as it is understood; empty when it is not
    values = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    changes = models.JSONField(default=list)  # [{"name", "old", "new"}]
    reasons = models.JSONField(default=list)  # why it is rejected
    remarks = models.JSONField(default=list)  # what was assumed

    class Meta:
        ordering = ["pk"]
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=RowOutcome.values), name="import_row_outcome_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.title}"


class HeadingWord(models.Model):
    """What somebody calls a column of an import, besides what the importer knows; or a word that is
    not read although it is known.

    `owner` is the importer's name for those who write so, empty for everybody; `column` is empty
    for a heading that is not read.
    """

    kind = models.CharField(_("kind"), max_length=20)
    owner = models.CharField(_("owner"), max_length=40, blank=True)
    # as it was written
    word = models.CharField(pgettext_lazy("heading of a table", "word"), max_length=40)
    spelling = models.CharField(max_length=40, editable=False)  # the same for comparing
    column = models.CharField(pgettext_lazy("of a table", "column"), max_length=40, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "owner", "column", "spelling"]
        verbose_name = _("word of a heading")
        verbose_name_plural = _("words of headings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "owner", "spelling"], name="one_meaning_per_heading_word"
            ),
            models.CheckConstraint(condition=~Q(spelling=""), name="heading_word_has_letters"),
        ]

    def __str__(self) -> str:
        return self.word
