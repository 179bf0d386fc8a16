"""Asking for a topic (点单) and answering: every request gets an answer, and whoever asked is told.

Source: docs/rules.md R31.
"""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import InvalidTransition, PortalError
from academy.models import Village
from notices.outbox import tell

from .models import Course, ServiceItem, TopicRequest, TopicRequestStatus
from .notices import TOPIC_REQUEST_ANSWERED

ANSWER_WITHIN = timedelta(days=21)  # 15 working days; docs/rules.md R31
# requests of one person that wait at a time: enough for a person, too few for a script
MOST_OPEN = 5


class RequestRefused(PortalError):
    """The request cannot be taken as it is."""


def answer_by(request: TopicRequest) -> date:
    """The day by which the office answers."""
    return timezone.localdate(request.asked_at + ANSWER_WITHIN)


def ask(
    *,
    topic: str,
    situation: str,
    by,
    village: Village | None,
    now: datetime,
    service_item: ServiceItem | None = None,
) -> TopicRequest:
    """Ask for a topic.

    Asking again for what still waits returns the first request. Raises RequestRefused.
    """
    topic, situation = " ".join(topic.split()), situation.strip()
    if not topic:
        raise RequestRefused(_("Say in a few words what you would like to learn."))
    waiting = TopicRequest.objects.open().filter(asked_by=by)
    if same := waiting.filter(topic=topic).first():
        return same
    if waiting.count() >= MOST_OPEN:
        raise RequestRefused(
            _(
                "%(count)d of your requests wait for an answer. Withdraw one of them, or wait for"
                " the answer."
            )
            % {"count": MOST_OPEN}
        )
    try:
        with transaction.atomic():
            return TopicRequest.objects.create(
                topic=topic,
                situation=situation,
                asked_by=by,
                village=village,
                service_item=service_item,
                asked_at=now,
            )
    except IntegrityError:  # a second click that came at the same moment
        return TopicRequest.objects.open().get(asked_by=by, topic=topic)


@transaction.atomic
def answer(
    *, request: TopicRequest, text: str, course: Course | None, by, now: datetime
) -> TopicRequest:
    """Answer a request, with the course that fits where there is one; whoever asked gets a notice.

    Raises RequestRefused without a text, InvalidTransition when it has been answered or withdrawn
    meanwhile.
    """
    text = text.strip()
    if not text:
        raise RequestRefused(_("Write the answer: whoever asked will read it."))
    waits = TopicRequest.objects.filter(pk=request.pk, status=TopicRequestStatus.OPEN)
    if not waits.update(
        status=TopicRequestStatus.ANSWERED,
        answer=text,
        course=course,
        answered_by=by,
        answered_at=now,
    ):
        raise InvalidTransition(_("This request has been answered or withdrawn already."))
    request.refresh_from_db()
    tell(
        TOPIC_REQUEST_ANSWERED,
        request.asked_by,
        values={"topic": request.topic, "answer": text},
        link=course.get_absolute_url() if course else reverse("courses:topic_requests"),
        subject=request,
        dedupe="answered",
        due_at=now,
    )
    return request


def take_back(*, request: TopicRequest, by) -> None:
    """Withdraw an own request that waits.

    Raises InvalidTransition when it has been answered or withdrawn meanwhile.
    """
    waits = TopicRequest.objects.filter(pk=request.pk, asked_by=by, status=TopicRequestStatus.OPEN)
    if not waits.update(status=TopicRequestStatus.WITHDRAWN):
        raise InvalidTransition(_("This request has been answered or withdrawn already."))
