"""The seven items (七个一) of a secondment."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .secondments import Secondment


class ItemKind(models.TextChoices):
    """The seven, in their order. The words are the programme's own (七个一)."""

    TASK_LIST = "task_list", _("Draw up a task list")
    MENTOR_PAIRING = "mentor_pairing", _("Pair up with a mentor")
    PRACTICAL_PROJECT = "practical_project", _("Push one practical project forward")
    GET_TOGETHER = "get_together", _("Hold a regular get-together")
    WORK_CASE = "work_case", _("Write up a work case")
    PRACTICE_REPORT = "practice_report", _("Write a report on the practice")
    APPRAISAL = "appraisal", _("Receive an appraisal")


# the programme counts its seven ones (七个一) like this, in every language
NUMERALS = "一二三四五六七"
NUMBER_OF = {kind: number for number, kind in enumerate(ItemKind.values, start=1)}
SHORT_NAMES = {
    ItemKind.TASK_LIST: pgettext_lazy("one of the seven", "Task list"),
    ItemKind.MENTOR_PAIRING: pgettext_lazy("one of the seven", "Mentor"),
    ItemKind.PRACTICAL_PROJECT: pgettext_lazy("one of the seven", "Project"),
    ItemKind.GET_TOGETHER: pgettext_lazy("one of the seven", "Get-together"),
    ItemKind.WORK_CASE: pgettext_lazy("one of the seven", "Work case"),
    ItemKind.PRACTICE_REPORT: pgettext_lazy("one of the seven", "Report"),
    ItemKind.APPRAISAL: pgettext_lazy("one of the seven", "Appraisal"),
}


class ItemStatus(models.TextChoices):
    NOT_STARTED = "not_started", pgettext_lazy("of an item", "Not started")
    IN_PROGRESS = "in_progress", pgettext_lazy("of an item", "In progress")
    HANDED_IN = "handed_in", pgettext_lazy("of an item", "Handed in")
    SENT_BACK = "sent_back", pgettext_lazy("of an item", "Sent back")
    SIGNED = "signed", pgettext_lazy("of an item", "Done")


# Which status a person sees as which badge: kind of badge, icon (docs/rules.md R43).
BADGES = {
    ItemStatus.NOT_STARTED: ("idle", "circle"),
    ItemStatus.IN_PROGRESS: ("wait", "pencil-square"),
    ItemStatus.HANDED_IN: ("note", "hourglass-split"),
    ItemStatus.SENT_BACK: ("bad", "arrow-left-right"),
    ItemStatus.SIGNED: ("ok", "check-circle-fill"),
}


class SevenItem(models.Model):
    """One of the seven of one secondment.

    `round` counts the hand-ins: sign-offs of an earlier round no longer count. `looked_at` is when
    somebody who signs first opened the present one; until then it can be taken back.
    """

    secondment = models.ForeignKey(Secondment, models.CASCADE, related_name="items")
    kind = models.CharField(_("item"), max_length=20, choices=ItemKind)
    due_on = models.DateField(_("due on"))
    status = models.CharField(
        _("status"), max_length=12, choices=ItemStatus, default=ItemStatus.NOT_STARTED
    )
    round = models.PositiveSmallIntegerField(_("times handed in"), default=0)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of the seven")
        verbose_name_plural = _("items of the seven")
        constraints = [
            models.UniqueConstraint(fields=["secondment", "kind"], name="one_item_per_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=ItemKind.values), name="seven_item_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ItemStatus.values), name="seven_item_status_is_known"
            ),
        ]
        indexes = [models.Index(fields=["due_on", "status"], name="seven_item_by_due_date")]

    def __str__(self) -> str:
        return f"{self.secondment_id} {self.kind}"

    def get_absolute_url(self) -> str:
        """Where those who sign look at it."""
        return reverse("practicums:item", args=[self.secondment.code, self.kind])

    @property
    def number(self) -> int:
        return NUMBER_OF[self.kind]

    @property
    def numeral(self) -> str:
        return NUMERALS[self.number - 1]

    @property
    def short_name(self) -> str:
        return str(SHORT_NAMES[self.kind])

    @property
    def badge(self) -> tuple[str, str]:
        return BADGES[self.status]

    @property
    def is_signed(self) -> bool:
        return self.status == ItemStatus.SIGNED

    @property
    def is_with_signers(self) -> bool:
        return self.status == ItemStatus.HANDED_IN

    @property
    def is_appraisal(self) -> bool:
        return self.kind == ItemKind.APPRAISAL

    @property
    def bar_class(self) -> str:
        """Its part of the bar of seven: done, begun, or nothing."""
        return {"ok": "ok", "idle": ""}.get(self.badge[0], "wait")

    def is_late(self, today: date) -> bool:
        """Past its day and not with those who sign; what waits for a signature is not the
        secondee's delay.
        """
        return self.due_on < today and not self.is_signed and not self.is_with_signers
