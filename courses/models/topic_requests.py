"""What people would like to be taught."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_office
from academy.models import Village

from .catalogue import Course
from .service_items import ServiceItem


class TopicRequestStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a topic request", "Waits for an answer")
    ANSWERED = "answered", pgettext_lazy("of a topic request", "Answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a topic request", "Withdrawn")


class TopicRequestQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Own ones; all for the office, which answers.

        Nobody sees what another trainee asked for.
        """
        if is_office(user):
            return self
        return (
            self.filter(asked_by=user) if getattr(user, "is_authenticated", False) else self.none()
        )

    def open(self) -> Self:
        return self.filter(status=TopicRequestStatus.OPEN)


class TopicRequest(models.Model):
    """What somebody would like to be taught (点单).

    The village and post are those of the day; every request gets an answer.
    """

    topic = models.CharField(_("topic"), max_length=60)
    situation = models.TextField(_("what happened"), max_length=1000, blank=True)
    service_item = models.ForeignKey(
        ServiceItem,
        models.SET_NULL,
        related_name="topic_requests",
        null=True,
        blank=True,
        verbose_name=_("service item"),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="topic_requests"
    )
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="topic_requests",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("unit", "village"),
    )
    asked_at = models.DateTimeField(_("asked at"))
    status = models.CharField(
        _("status"), max_length=10, choices=TopicRequestStatus, default=TopicRequestStatus.OPEN
    )
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    course = models.ForeignKey(
        Course,
        models.SET_NULL,
        related_name="topic_requests",
        null=True,
        blank=True,
        verbose_name=_("course that answers it"),
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = TopicRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("topic request")
        verbose_name_plural = _("topic requests")
        indexes = [models.Index(fields=["status", "asked_at"], name="topic_request_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "topic"],
                condition=Q(status="open"),
                name="one_open_request_per_person_and_topic",
                violation_error_message=_(
                    "You have asked for this already; the answer is on its way."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status__in=TopicRequestStatus.values),
                name="topic_request_status_is_known",
            ),
            models.CheckConstraint(
                condition=(Q(status="answered") & ~Q(answer="") & Q(answered_at__isnull=False))
                | (~Q(status="answered") & Q(answer="")),
                name="an_answered_request_has_its_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.topic
