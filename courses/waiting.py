"""What waits for a person at /manage/: topics that somebody asked for."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.waiting import WaitingItem

from .models import TopicRequest
from .topic_requests import answer_by


def waiting_for(user, now: datetime) -> Iterator[WaitingItem]:
    yield from _topic_requests(user)


def _topic_requests(user) -> Iterator[WaitingItem]:
    """One line for all of them: the office answers a handful at a sitting."""
    if not user.has_perm("courses.answer_request"):
        return
    waiting = list(TopicRequest.objects.open().order_by("asked_at", "pk").only("topic", "asked_at")[:100])
    if waiting:
        yield WaitingItem(
            title=ngettext("Answer %(count)d request for a topic", "Answer %(count)d requests for topics", len(waiting)) % {"count": len(waiting)},
            detail=_("Waiting longest: “%(topic)s”") % {"topic": waiting[0].topic},
            url=reverse("courses:manage_requests"), due_on=answer_by(waiting[0]), action=_("Answer"),
        )  # fmt: skip
