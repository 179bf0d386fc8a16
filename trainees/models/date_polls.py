"""Which date suits: the office asks before it schedules a class that is announced without one."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import TrainingClass

from .people import Trainee


class DatePoll(models.Model):
    """Dates of which people tap those that suit them, until it closes or the office ends it.

    Source: docs/rules.md R89.
    """

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="date_polls")
    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("open until"))
    # by the office, or with the class; empty: it is the current one of its class
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["training_class", "pk"]
        verbose_name = _("poll of dates")
        verbose_name_plural = _("polls of dates")
        constraints = [
            models.UniqueConstraint(
                fields=["training_class"],
                condition=Q(ended_at__isnull=True),
                name="one_current_poll_per_class",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")), name="a_poll_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.opened_at:%Y-%m-%d}"

    def is_open(self, now: datetime) -> bool:
        """Whether people can tap its dates."""
        return self.ended_at is None and now < self.closes_at


class PollDate(models.Model):
    """A day and time on which the class could be held; always shown in the order of time."""

    poll = models.ForeignKey(DatePoll, models.CASCADE, related_name="dates")
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    is_chosen = models.BooleanField(_("the class is scheduled for it"), default=False)

    class Meta:
        ordering = ["poll", "starts_at", "ends_at"]
        verbose_name = pgettext_lazy("of a poll", "date")
        verbose_name_plural = pgettext_lazy("of a poll", "dates")
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "starts_at", "ends_at"], name="a_poll_has_each_date_once"
            ),
            models.UniqueConstraint(
                fields=["poll"], condition=Q(is_chosen=True), name="one_chosen_date_per_poll"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_date_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.starts_at:%Y-%m-%d %H:%M}"


class PollVote(models.Model):
    """The date suits the person. Goes with their interest in the class; is never shown by name."""

    date = models.ForeignKey(PollDate, models.CASCADE, related_name="votes")
    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="poll_votes")
    at = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["date", "pk"]
        verbose_name = _("date that suits")
        verbose_name_plural = _("dates that suit")
        constraints = [
            models.UniqueConstraint(fields=["date", "trainee"], name="a_date_suits_a_person_once")
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} → {self.date_id}"
