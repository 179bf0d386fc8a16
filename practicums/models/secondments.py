"""Practice: secondments (挂职) and their seven items (七个一), with evidence and sign-offs that are
only ever added to.
"""

import uuid
from datetime import date
from functools import cached_property
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import departments_of, is_office, towns_of
from academy.models import Department, Position, Role, RoleGrant, Town, Village
from academy.text.codes import CodeField, code_constraint
from trainees.models import Trainee

# --- Secondments ----------------------------------------------------------------------------------


class SecondmentBatch(models.Model):
    """An approved intake of a programme, such as 丰羽行动, 2026年第一批: a fixed term, no silent
    extension.

    Source: docs/rules.md R33.
    """

    programme = models.CharField(pgettext_lazy("of secondments", "programme"), max_length=40)
    name = models.CharField(pgettext_lazy("of a batch", "batch"), max_length=40)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    approval = models.CharField(_("approved by, with date"), max_length=120, blank=True)

    class Meta:
        ordering = ["-starts_on", "name"]
        verbose_name = _("batch of secondments")
        verbose_name_plural = _("batches of secondments")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="one_batch_per_name",
                violation_error_message=_("The programme has a batch of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="batch_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SecondmentStatus(models.TextChoices):
    RUNNING = "running", pgettext_lazy("of a secondment", "Under way")
    CLOSED = "closed", pgettext_lazy("of a secondment", "Completed")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a secondment", "Withdrawn")


class SecondmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """One's own, those one mentors, hosts, or sent from one's town; all for the office.

        Source: docs/rules.md R11.
        """
        if is_office(user):
            return self
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(
            Q(trainee__user=user)
            | Q(mentor=user)
            | Q(host_department__in=departments_of(user))
            | Q(town__in=towns_of(user))
        )

    def worked_on_by(self, user) -> Self:
        """What the board shows a person: the visible ones but the own."""
        return self.visible_to(user).exclude(trainee__user=user)

    def running(self) -> Self:
        return self.filter(status=SecondmentStatus.RUNNING)

    def with_people(self) -> Self:
        return self.select_related(
            "batch", "trainee__user", "mentor", "host_department", "village", "town", "position"
        )

    def with_items(self) -> Self:
        return self.prefetch_related("items__sign_offs")


class Secondment(models.Model):
    """One cadre's term of practice in a host unit.

    Home village, town and post are those of the day it was arranged.
    """

    code = CodeField(_("code"), max_length=20, unique=True)
    batch = models.ForeignKey(
        SecondmentBatch,
        models.PROTECT,
        related_name="secondments",
        verbose_name=pgettext_lazy("of a batch", "batch"),
    )
    trainee = models.ForeignKey(
        Trainee, models.PROTECT, related_name="secondments", verbose_name=_("trainee")
    )
    village = models.ForeignKey(
        Village, models.PROTECT, related_name="secondments", verbose_name=_("home unit")
    )
    town = models.ForeignKey(
        Town, models.PROTECT, related_name="secondments", verbose_name=_("home town")
    )
    position = models.ForeignKey(
        Position, models.PROTECT, related_name="secondments", verbose_name=_("post at home")
    )
    host_department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="secondments",
        null=True,
        blank=True,
        verbose_name=_("host department"),
    )
    # also for hosts that are no department of the portal
    host_name = models.CharField(_("host"), max_length=60)
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="mentored_secondments",
        verbose_name=_("mentor"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    project_title = models.CharField(_("practical project"), max_length=120, blank=True)
    case_title = models.CharField(_("work case"), max_length=120, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=SecondmentStatus, default=SecondmentStatus.RUNNING
    )
    # when the file was closed, or the person withdrew
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # empty: taken over from a list
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    end_reason = models.CharField(_("reason for the withdrawal"), max_length=200, blank=True)

    objects = SecondmentQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("secondment")
        verbose_name_plural = _("secondments")
        constraints = [
            models.UniqueConstraint(
                fields=["trainee"],
                condition=Q(status="running"),
                name="one_running_secondment_per_trainee",
                violation_error_message=_("This person is on a secondment already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="secondment_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=SecondmentStatus.values), name="secondment_status_is_known"
            ),
            models.CheckConstraint(condition=~Q(host_name=""), name="secondment_has_a_host"),
            code_constraint(name="secondment_code_fits_addresses"),
            models.CheckConstraint(
                condition=Q(status="running", ended_at__isnull=True)
                | (~Q(status="running") & Q(ended_at__isnull=False)),
                name="ended_secondment_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn", end_reason=""), name="withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("practicums:secondment", args=[self.code])

    @property
    def is_running(self) -> bool:
        return self.status == SecondmentStatus.RUNNING

    @property
    def host_is_outside(self) -> bool:
        """The host has no department in the portal: the academy office acts for it, with the host's
        paper in hand.
        """
        return self.host_department_id is None

    def days_left(self, today: date) -> int:
        return (self.ends_on - today).days

    def host_officials(self, today: date) -> list:
        """Who works for the host department on the day."""
        if self.host_is_outside:
            return []
        grants = RoleGrant.objects.current(today).filter(
            role=Role.DEPARTMENT_STAFF, department=self.host_department_id, user__is_active=True
        )
        return list({grant.user_id: grant.user for grant in grants.select_related("user")}.values())

    @cached_property
    def items_in_order(self) -> list["SevenItem"]:
        """The seven, first to seventh; they know their secondment without another query."""
        items = sorted(self.items.all(), key=lambda item: item.number)
        for item in items:
            item.secondment = self
        return items

    @property
    def signed_count(self) -> int:
        return sum(item.is_signed for item in self.items_in_order)


# --- The seven items ------------------------------------------------------------------------------


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


class SignOffRole(models.TextChoices):
    MENTOR = "mentor", pgettext_lazy("who signs", "Mentor")
    HOST = "host", pgettext_lazy("who signs", "Host")
    ACADEMY = "academy", pgettext_lazy("who signs", "Academy office")


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

    `round` counts the hand-ins: sign-offs of an earlier round no longer count.
    """

    secondment = models.ForeignKey(Secondment, models.CASCADE, related_name="items")
    kind = models.CharField(_("item"), max_length=20, choices=ItemKind)
    due_on = models.DateField(_("due on"))
    status = models.CharField(
        _("status"), max_length=12, choices=ItemStatus, default=ItemStatus.NOT_STARTED
    )
    round = models.PositiveSmallIntegerField(_("times handed in"), default=0)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)

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


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **fields):
        raise TypeError("Rows of fact are never changed; add a new one.")

    def delete(self):
        raise TypeError("Rows of fact are never deleted.")


class AppendOnly(models.Model):
    """A row of fact: it is written once, and a correction is a new row."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise TypeError("Rows of fact are never changed; add a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Rows of fact are never deleted.")


class EvidenceKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("of evidence", "Text")
    FILE = "file", pgettext_lazy("of evidence", "File")


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

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

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


class HeldFile(models.Model):
    """A file somebody chose in a form that was refused for another reason. It waits for their next
    try, for a day.

    It is no evidence: nobody but its owner learns of it, and it has no address.
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
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "item"], name="one_held_file_per_person_and_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.content_type}"


class SignOffDecision(models.TextChoices):
    SIGNED = "signed", pgettext_lazy("decision", "Signed")
    SENT_BACK = "sent_back", pgettext_lazy("decision", "Sent back")


class SignOff(AppendOnly):
    """What one of those who sign decided about one hand-in of an item."""

    item = models.ForeignKey(SevenItem, models.PROTECT, related_name="sign_offs")
    round = models.PositiveSmallIntegerField()
    role = models.CharField(_("as"), max_length=10, choices=SignOffRole)
    # empty: taken over from a list
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decision = models.CharField(_("decision"), max_length=10, choices=SignOffDecision)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("at"))

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "round", "role"],
                condition=Q(decision="signed"),
                name="one_signature_per_role_and_round",
            ),
            models.UniqueConstraint(
                fields=["item", "round"],
                condition=Q(decision="sent_back"),
                name="sent_back_once_per_round",
            ),
            models.CheckConstraint(
                condition=Q(role__in=SignOffRole.values), name="sign_off_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=SignOffDecision.values), name="sign_off_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="signed") | ~Q(comment=""), name="sent_back_with_a_comment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.role} {self.decision}"
