"""What visitors wrote and nobody has handled yet."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.colleagues import colleagues_of
from academy.templatetags.portal_tags import short_day
from academy.waiting import Fold, WaitingItem, WaitingKind

from .models import Feedback

SHOWN_CHARACTERS = 24


def waiting_for(user, now: datetime) -> Iterator[WaitingItem]:
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
