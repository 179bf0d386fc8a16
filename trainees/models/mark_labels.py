"""What each mark of a roll is called."""

from django.core.cache import cache
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .marks import AttendanceStatus

LONGEST_LABEL = 6  # characters: a mark is a button on a phone
CACHE_KEY, CACHE_SECONDS = "mark-labels", 3600


class MarkLabel(models.Model):
    """What the office calls a mark (考勤标记), such as 到课. One row for each code."""

    status = models.CharField(
        _("mark"), max_length=10, choices=AttendanceStatus, unique=True, editable=False
    )
    label = models.CharField(
        _("label"),
        max_length=LONGEST_LABEL,
        unique=True,
        error_messages={"unique": _("Another mark has this label. Choose a different one.")},
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("label of a mark")
        verbose_name_plural = _("labels of marks")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=AttendanceStatus.values), name="labelled_mark_is_known"
            ),
            models.CheckConstraint(condition=~Q(label=""), name="label_of_a_mark_says_something"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def usual_label(self) -> str:
        """What the code calls the mark."""
        return str(AttendanceStatus(self.status).label)


def mark_labels() -> dict[str, str]:
    """Code → what the mark is called on every page and in every file.

    The label of the office; what the code calls it while the office has changed nothing, which
    another language than Chinese translates. At most one query, and none while the labels stand
    in the cache. Source: docs/rules.md R70.
    """
    kept = _kept_labels()
    with translation.override("zh-hans"):
        first = {status.value: str(status.label) for status in AttendanceStatus}
    return {
        status.value: str(status.label)
        if kept.get(status.value, first[status]) == first[status]
        else kept[status.value]
        for status in AttendanceStatus
    }


def mark_label(status: str) -> str:
    """What one mark is called; whoever writes many asks `mark_labels` once."""
    return mark_labels()[status]


def forget_labels() -> None:
    """Let the next page read the labels anew."""
    cache.delete(CACHE_KEY)


def _kept_labels() -> dict[str, str]:
    kept = cache.get(CACHE_KEY)
    if kept is None:
        kept = dict(MarkLabel.objects.values_list("status", "label"))
        cache.set(CACHE_KEY, kept, CACHE_SECONDS)
    return kept
