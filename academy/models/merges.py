"""Two entries that are one person, and pairs that only look like it."""

from datetime import datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .people import User

UNDONE_WITHIN = timedelta(days=30)


class PersonMerge(models.Model):
    """One entry was joined with another: what was moved, so that undoing puts back just that.

    `trainees/merging/` writes it.
    """

    survivor = models.ForeignKey(User, models.PROTECT, related_name="merges")
    away = models.ForeignKey(User, models.PROTECT, related_name="merges_away")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    reason = models.CharField(_("reason"), max_length=200)
    # {"trainees.Follow.trainee": [keys of the rows that were moved]}
    moved = models.JSONField(default=dict)
    # the same of rows that went the other way: records of a held class that count no more
    given = models.JSONField(default=dict)
    # {key of a post that was moved: what it looked like then}
    posts = models.JSONField(default=dict)
    # [{"model", "key", "old": {field: value}, "new": {…}}] of values that were written
    changed = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    # bookings that gave way to one of the other entry, as they stood, with their marks
    ended = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    parted_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    parted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("undone by")
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("joining of two entries")
        verbose_name_plural = _("joinings of entries")
        constraints = [
            models.UniqueConstraint(
                fields=["away"],
                condition=Q(parted_at__isnull=True),
                name="an_entry_is_joined_once",
            ),
            models.CheckConstraint(
                condition=~Q(away=F("survivor")), name="nobody_is_joined_with_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.away_id} → {self.survivor_id}"

    @property
    def undone_until(self) -> datetime:
        return self.at + UNDONE_WITHIN

    def may_be_undone(self, now: datetime) -> bool:
        return self.parted_at is None and now <= self.undone_until


class DifferentPeople(models.Model):
    """Somebody has looked: these two are not the same person, and are not offered again."""

    # the one with the smaller key comes first
    first = models.ForeignKey(User, models.CASCADE, related_name="+")
    second = models.ForeignKey(User, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("two different people")
        verbose_name_plural = _("pairs of different people")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_answer_for_each_pair"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="the_smaller_key_comes_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
