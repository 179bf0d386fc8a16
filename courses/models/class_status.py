"""Where a class stands, and which of that is public."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClassStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class ClashRule(models.TextChoices):
    BLOCK = "block", pgettext_lazy("when lessons clash", "Cannot be booked")
    WARN = "warn", pgettext_lazy("when lessons clash", "Can be booked, with a warning")


FINDABLE_CLASSES = (ClassStatus.OPEN, ClassStatus.RUNNING, ClassStatus.CLOSED)  # by the search page
PUBLIC_CLASS_STATUSES = (*FINDABLE_CLASSES, ClassStatus.CANCELLED)
HELD = (ClassStatus.OPEN, ClassStatus.RUNNING)
