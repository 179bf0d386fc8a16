"""我的班: what is the person's own. For whoever is no trainee: where their work is, and notices."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from academy.web.paging import page_of
from courses.schedule.places import load_places
from notices.models import Notice
from practicums.seven_items.own import own_secondment
from trainees.eligibility.date_polls import polls_to_answer
from trainees.me.answers import questions_to
from trainees.me.bookings import coming_classes, past_enrolments, waiting_classes
from trainees.me.recommendations import recommend
from trainees.models import Trainee
from trainees.record.hours import progress

NOTICES_SHOWN = 3
PAST_PER_PAGE = 20


def own_page(request: HttpRequest, now: datetime) -> dict:
    """What the page shows. The number of queries does not grow with the classes."""
    notices = Notice.objects.visible_to(request.user).unread_first()[:NOTICES_SHOWN]
    trainee = Trainee.objects.of(request.user)
    if trainee is None:
        return {"trainee": None, "ticket": None, "notices": notices}
    coming, waiting = coming_classes(trainee, now), waiting_classes(trainee)
    page = page_of(request, past_enrolments(trainee, now), PAST_PER_PAGE)
    load_places(
        [
            *(item.training_class for item in waiting),
            *(enrolment.training_class for enrolment in page),
        ]
    )
    return {
        "trainee": trainee,
        "ticket": coming[0] if coming else None,
        "coming": coming[1:],
        "waiting": waiting,
        "polls": polls_to_answer(trainee, now),
        "page": page,
        "questions": questions_to(trainee, now),
        "recommendations": recommend(trainee, now),
        "progress": progress(trainee, timezone.localdate(now).year, now),
        "notices": notices,
        "secondment": own_secondment(trainee, timezone.localdate(now)),
    }
