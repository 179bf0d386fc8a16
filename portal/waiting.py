"""What waits at the front door: setting the academy up, and what visitors wrote."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.colleagues import colleagues_of
from academy.templatetags.portal_tags import short_day
from academy.waiting import Fold, WaitingItem, WaitingKind
from courses.models import ClassStatus, TrainingClass

from .models import Feedback

SHOWN_CHARACTERS = 24


def waiting_for(user, now: datetime) -> Iterator[WaitingItem]:
    yield from _setting_up(user)
    yield from _feedback(user)


def _setting_up(user) -> Iterator[WaitingItem]:
    """The start list, for the office of an academy that has not held a class yet."""
    if not user.has_perm("portal.see_start"):
        return
    if not TrainingClass.objects.exclude(status=ClassStatus.DRAFT).exists():
        yield WaitingItem(
            title=_("Set the academy up"),
            detail=_("The start list leads from the street-towns to the first class."),
            url=reverse("portal:start"),
            action=_("Open the start list"),
        )


def _feedback(user) -> Iterator[WaitingItem]:
    if not user.has_perm("portal.read_feedback"):
        return
    address = reverse("portal:feedback_inbox")
    title, action = _("Complaints and ideas to handle"), pgettext("button", "Handle")
    fold = Fold("feedback", title, address, action)
    for item in Feedback.objects.filter(handled_at__isnull=True).order_by("sent_at", "pk"):
        text = Truncator(item.text).chars(SHOWN_CHARACTERS)
        yield WaitingItem(
            title=_("A visitor wrote: %(text)s") % {"text": text},
            detail=_("received on %(day)s") % {"day": short_day(item.sent_at)},
            url=address,
            action=action,
            kind=WaitingKind.ANSWER,
            place="portal:feedback_inbox",
            others=colleagues_of(user).in_office(),
            fold=fold,
            short=text,
        )
