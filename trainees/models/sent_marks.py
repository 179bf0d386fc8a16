"""Marks that a phone took without a network and sent later."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Lesson

from .enrolments import Enrolment


class SentMark(models.Model):
    """The nonce of a mark that a phone has sent: the same one again is answered as before and
    changes nothing. Source: docs/rules.md R74.
    """

    nonce = models.UUIDField(unique=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="sent_marks")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="sent_marks")
    # false: another mark stood there than the phone had seen, and somebody has to decide
    is_taken = models.BooleanField(_("taken"))
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("mark sent by a phone")
        verbose_name_plural = _("marks sent by phones")

    def __str__(self) -> str:
        return str(self.nonce)
