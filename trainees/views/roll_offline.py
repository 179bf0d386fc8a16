"""The roll without a network: the worker that keeps the page, and the marks that a phone sends
later.
"""

import json
import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from academy.templatetags.portal_tags import clock

from ..record.marks import Mark
from ..record.offline_marks import MOST_AT_ONCE, Answer, PhoneMark, take_in
from .attendance import lesson_run_by, roll_context

BIGGEST_KEY = 2**62


@require_GET
def roll_worker(request: HttpRequest, pk: int) -> HttpResponse:
    """The service worker of one roll; its scope is the address of that roll and no other page."""
    lesson = lesson_run_by(request.user, pk)
    response = render(request, "trainees/roll_worker.js", content_type="text/javascript")
    response["Service-Worker-Allowed"] = reverse("trainees:attendance", args=[lesson.pk])
    return response


@require_POST
def roll_offline(request: HttpRequest, pk: int) -> HttpResponse:
    """What a phone marked without a network, as JSON; answers what became of each, and the roll."""
    lesson = lesson_run_by(request.user, pk)
    try:
        marks = [_mark(row) for row in json.loads(request.body)["marks"]]
    except (ValueError, KeyError, TypeError, AttributeError, RawPostDataException):
        marks = None
    if marks is None or len(marks) > MOST_AT_ONCE:
        return JsonResponse(
            {"said": _("What the phone sent cannot be read. Load the page again.")}, status=400
        )
    now = timezone.now()
    answers = take_in(lesson=lesson, marks=marks, by=request.user, now=now)
    context = roll_context(lesson, now)
    return JsonResponse(
        {
            "answers": [_told(answer) for answer in answers],
            "roll": render_to_string("trainees/_roll.html", context, request),
        }
    )


def _mark(row: dict) -> PhoneMark:
    """Raises ValueError, KeyError, TypeError for what no page of ours sends."""
    key = row["person"]
    if type(key) is not int or not 0 < key < BIGGEST_KEY:
        raise ValueError
    return PhoneMark(uuid.UUID(row["nonce"]), key, _state(row["wanted"]), _state(row["seen"]))


def _state(state: dict) -> Mark:
    minutes, reason = state.get("minutes"), state.get("reason")
    for number in (minutes, reason):
        if number is not None and (type(number) is not int or not 0 <= number < 2**31):
            raise ValueError
    status = state.get("status", "")
    if not isinstance(status, str):
        raise TypeError
    return Mark(status, minutes, reason)


def _told(answer: Answer) -> dict:
    stands = answer.stands
    return {
        "nonce": str(answer.nonce),
        "outcome": answer.outcome,
        "said": answer.said,
        "stands": {
            "status": stands.status if stands else "",
            "minutes": stands.minutes if stands else None,
            "reason": stands.reason_id if stands else None,
            "words": stands.in_words if stands else _("Not marked"),
            "by": stands.marked_by.name if stands else "",
            "at": clock(stands.marked_at) if stands else "",
        },
    }
