"""What waits for the office of an academy that has not held a class yet: the start list."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from academy.waiting import WaitingItem
from courses.models import ClassStatus, TrainingClass


def waiting_for(user, now: datetime) -> Iterator[WaitingItem]:
    if not user.has_perm("portal.see_start"):
        return
    if not TrainingClass.objects.exclude(status=ClassStatus.DRAFT).exists():
        yield WaitingItem(
            title=_("Set the academy up"),
            detail=_("The start list leads from the street-towns to the first class."),
            url=reverse("portal:start"),
            action=_("Open the start list"),
        )
