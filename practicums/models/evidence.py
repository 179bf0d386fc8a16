"""The evidence of an item, and what is written and chosen before it is handed in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .append_only import AppendOnly, AppendOnlyQuerySet
from .seven_items import SevenItem


class EvidenceKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("of evidence", "Text")
    FILE = "file", pgettext_lazy("of evidence", "File")


class EvidenceQuerySet(AppendOnlyQuerySet):
    def forget_unseen(self) -> None:
        """Delete what was taken back before anybody who signs had looked at it: it was no record
        yet. Source: docs/rules.md R7.
        """
        models.QuerySet.delete(self)


class Evidence(AppendOnly):
    """What shows that an item was done: a text or a file.

    `sha256` is of the text in UTF-8 or of the file's bytes.
    """

    # names it in addresses: it cannot be guessed
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(SevenItem, models.PROTECT, related_name="evidence")
    round = models.PositiveSmallIntegerField()  # the hand-in that it belongs to
    kind = models.CharField(_("kind"), max_length=4, choices=EvidenceKind)
    text = models.TextField(_("text"), blank=True)
    # the fields the text was put together from (name: value); empty where it was typed as one
    answers = models.JSONField(default=dict, blank=True)
    # a generated name below MEDIA_ROOT, never served directly
    file = models.FileField(_("file"), blank=True, max_length=120)
    original_name = models.CharField(_("name of the file"), max_length=120, blank=True)
    # of the content found, not of what the browser claimed
    content_type = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    held_on = models.DateField(_("held on"), null=True, blank=True)  # of a get-together
    declared_open = models.BooleanField(_("holds nothing classified"))
    # empty: taken over from a list
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    uploaded_at = models.DateTimeField(_("added at"))

    objects = models.Manager.from_queryset(EvidenceQuerySet)()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="text", file="") & ~Q(text=""))
                | (Q(kind="file", text="") & ~Q(file="")),
                name="evidence_is_a_text_or_a_file",
            ),
            models.CheckConstraint(
                condition=Q(declared_open=True), name="evidence_is_declared_not_classified"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind}"

    def get_absolute_url(self) -> str:
        return reverse("practicums:evidence_file", args=[self.key])

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def given_at(self) -> tuple:
        """What pieces that were given in one step share."""
        return self.round, self.uploaded_at, self.uploaded_by_id, self.held_on


class EvidenceDraft(models.Model):
    """What the secondee has written for an item and not handed in. Nobody else reads it.

    `revision` counts the changes, those of its files among them: what is handed in is what the
    person looked at.
    """

    item = models.ForeignKey(SevenItem, models.CASCADE, related_name="drafts")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="evidence_drafts"
    )
    answers = models.JSONField(default=dict, blank=True)  # name of a field: what stands in it
    held_on = models.DateField(_("held on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft of evidence")
        verbose_name_plural = _("drafts of evidence")
        constraints = [
            models.UniqueConstraint(fields=["item", "owner"], name="one_draft_per_person_and_item")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.revision}"


class HeldFile(models.Model):
    """A file somebody chose and has not handed in: of a draft, or of a form that was refused for
    another reason.

    It is no evidence: nobody but its owner learns of it.
    """

    # which file a form offered
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="held_files")
    item = models.ForeignKey(SevenItem, models.CASCADE, related_name="held_files")
    file = models.FileField(_("file"), max_length=120)
    extension = models.CharField(max_length=5)
    content_type = models.CharField(max_length=80)
    original_name = models.CharField(_("name of the file"), max_length=120)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    held_at = models.DateTimeField(_("held since"))

    class Meta:
        verbose_name = _("held file")
        verbose_name_plural = _("held files")
        ordering = ["pk"]
        indexes = [models.Index(fields=["owner", "item"], name="held_file_by_owner_and_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.content_type}"

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
