"""What whoever runs a class told its people."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Lesson, TrainingClass

LONGEST_MESSAGE_TITLE = 40  # characters; the title of the class stands beside it in the inbox
LONGEST_MESSAGE = 1_000  # characters


class MessageAudience(models.TextChoices):
    BOOKED = "booked", pgettext_lazy("who gets a message", "Everybody with a seat")
    WAITING = "waiting", pgettext_lazy("who gets a message", "Everybody who waits")
    ABSENT = "absent", pgettext_lazy("who gets a message", "Whoever was absent from a lesson")


def new_message_token() -> str:
    """What tells a message from the next one, also when its form is sent twice."""
    return secrets.token_urlsafe(16)


class ClassMessage(models.Model):
    """One text to many people of a class, sent to each as a notice of their own.

    Who got it is the notices' matter; the row keeps how many there were.
    """

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="told")
    audience = models.CharField(_("to whom"), max_length=8, choices=MessageAudience)
    # from which they were absent
    lesson = models.ForeignKey(Lesson, models.SET_NULL, related_name="+", null=True, blank=True)
    title = models.CharField(_("title"), max_length=LONGEST_MESSAGE_TITLE)
    text = models.TextField(pgettext_lazy("of a message", "text"), max_length=LONGEST_MESSAGE)
    people = models.PositiveIntegerField(_("people"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent at"))
    token = models.CharField(max_length=30, default=new_message_token)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("message to a class")
        verbose_name_plural = _("messages to classes")
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "token"], name="one_message_for_each_form_of_a_class"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=MessageAudience.values),
                name="message_audience_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title
