"""The outbox: one row for each thing a person is told, one row for each way it is sent."""

from datetime import UTC, date, datetime
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_TITLE_LENGTH = 120


def dedupe_key(
    kind: str, subject: models.Model | None, person: models.Model, mark: date | datetime | str
) -> str:
    """What makes two notices one: kind, subject, person, and a moment or the caller's own mark."""
    subject_part = f"{subject._meta.label_lower}:{subject.pk}" if subject is not None else "-"
    if isinstance(mark, datetime):
        mark = mark.astimezone(UTC)
    return (
        f"{kind}|{subject_part}|{person.pk}|{mark if isinstance(mark, str) else mark.isoformat()}"
    )


class NoticeStatus(models.TextChoices):
    PENDING = "pending", _("Waiting for its time")
    SENT = "sent", _("Sent")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# the message that names what came since the last one; what it names stands in the inbox already
DIGEST = "daily_digest"


class Urgency(models.TextChoices):
    """When a text message goes out; in the inbox everything stands at once."""

    URGENT = "urgent", _("At once, at any hour")
    SOON = "soon", _("At once, but not in the quiet hours")
    DAILY = "daily", _("With the digest of the next morning")


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        return self.filter(person=user, status=NoticeStatus.SENT).exclude(kind=DIGEST)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def about(self, subject: models.Model, kind: str) -> Self:
        return self.filter(
            kind=kind,
            subject_type=ContentType.objects.get_for_model(subject),
            subject_id=subject.pk,
        )

    def unread_first(self) -> Self:
        return self.annotate(
            is_read=ExpressionWrapper(Q(read_at__isnull=False), models.BooleanField())
        ).order_by("is_read", "-sent_at", "-pk")

    def pending(self) -> Self:
        return self.filter(status=NoticeStatus.PENDING)

    def due(self, now: datetime) -> Self:
        return self.pending().filter(due_at__lte=now)

    def mark_read(self, now: datetime) -> int:
        """Keep when each unread notice was read; returns how many those were."""
        return self.unread().update(read_at=now)


class Notice(models.Model):
    """One thing one person is told, created once per (rule, subject, person, due time). Source:
    docs/rules.md R8.

    To be sent and to stand in the inbox is one and the same fact, so nothing can fall between the
    two: the inbox shows the rows whose status is "sent". `dedupe_key` makes a second creation
    harmless.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=40)
    subject_type = models.ForeignKey(
        ContentType, models.CASCADE, null=True, blank=True, related_name="+"
    )
    subject_id = models.PositiveBigIntegerField(null=True, blank=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    due_at = models.DateTimeField(_("due at"))
    # from then on it is of no use
    moment = models.DateTimeField(_("what it reminds of happens at"), null=True, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    title = models.CharField(_("title"), max_length=MAX_TITLE_LENGTH)
    body = models.TextField(_("text"), blank=True)
    link = models.CharField(_("link"), max_length=200, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=NoticeStatus, default=NoticeStatus.PENDING
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["status", "due_at"], name="notice_by_status_and_due"),
            models.Index(fields=["person", "status", "read_at"], name="notice_by_person"),
            models.Index(fields=["kind", "subject_type", "subject_id"], name="notice_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=NoticeStatus.values), name="notice_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True, read_at__isnull=True)),
                name="only_sent_notices_have_their_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title


def count_of_unread() -> Coalesce:
    """For a query on people: how many sent notices each has not read."""
    unread = Notice.objects.visible_to(OuterRef("pk")).unread().order_by()
    return Coalesce(
        Subquery(unread.values("person").annotate(total=Count("pk")).values("total")), 0
    )


class Channel(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    SMS = "sms", _("Text message")


class DeliveryStatus(models.TextChoices):
    PENDING = "pending", _("To be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Delivery(models.Model):
    """One way a notice reaches its person.

    What leaves the house is claimed by a conditional UPDATE that holds for a lease, and given back
    when it fails, each time for longer; after the last attempt it stays failed. Outside the house a
    message may so be sent twice, but never lost.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # while being sent: when the claim lapses
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["status", "next_try_at"], name="delivery_by_status_and_try")
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_per_channel"),
            models.CheckConstraint(
                condition=Q(status__in=DeliveryStatus.values), name="delivery_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel}"


LONGEST_AHEAD_DAYS = 90  # a reminder longer ahead than a season is forgotten again


class ReminderRule(models.Model):
    """When a kind of reminder goes out: how many days before its moment, at which hour.

    Editable by staff.
    """

    kind = models.CharField(_("kind"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    days_before = models.PositiveSmallIntegerField(
        _("days before"), validators=[MaxValueValidator(LONGEST_AHEAD_DAYS)]
    )
    at_hour = models.PositiveSmallIntegerField(
        _("hour of the day"), default=9, validators=[MaxValueValidator(23)]
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        constraints = [
            models.CheckConstraint(condition=Q(at_hour__lte=23), name="reminder_hour_is_an_hour"),
            models.CheckConstraint(
                condition=Q(days_before__lte=LONGEST_AHEAD_DAYS),
                name="reminder_is_not_too_far_ahead",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NoticeRule(models.Model):
    """How urgent a kind of notice is. Written from the code by the first sweep, edited by staff."""

    kind = models.CharField(_("kind"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=MAX_TITLE_LENGTH)
    urgency = models.CharField(_("text message"), max_length=6, choices=Urgency)

    class Meta:
        ordering = ["kind"]
        verbose_name = _("kind of notice")
        verbose_name_plural = _("kinds of notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="notice_urgency_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class NoticePreference(models.Model):
    """What a person wants by text message; without a row, all of it. The inbox holds everything."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preference"
    )
    urgent_by_sms = models.BooleanField(_("urgent things at once"), default=True)
    daily_digest = models.BooleanField(_("everything else once a day"), default=True)
    suggestions = models.BooleanField(_("classes I follow and suggestions"), default=True)

    class Meta:
        verbose_name = _("wish for text messages")
        verbose_name_plural = _("wishes for text messages")

    def __str__(self) -> str:
        return f"{self.person_id}"


def preference_of(person) -> NoticePreference:
    """What the person wants, as long as nothing was chosen the defaults. Not saved."""
    return getattr(person, "notice_preference", None) or NoticePreference(person=person)
