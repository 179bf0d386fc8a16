"""The home page of a trainee: what waits for them, their next lesson, and what they can book."""

from datetime import datetime

from django.utils import timezone

from courses.models import TrainingClass
from courses.schedule.runs import folded
from practicums.seven_items.own import own_secondment
from trainees.eligibility.choosing import nearness_of, seats_for
from trainees.me.answers import questions_to
from trainees.me.bookings import coming_classes, waiting_classes
from trainees.models import Trainee

LOOKED_AT = 60  # the next open classes; who looks further ahead uses the list
SHOWN = 4


def own_home(trainee: Trainee, now: datetime) -> dict:
    """What the page shows. The number of queries does not grow with the classes."""
    coming = coming_classes(trainee, now)
    open_now = (
        TrainingClass.objects.visible_to(trainee.user)
        .upcoming(now)
        .filter(booking_opens_at__lte=now, booking_closes_at__gt=now)
        .select_related("campus")
        .prefetch_related("audiences", "pools")
    )
    nearness = nearness_of(trainee)
    bookable = seats_for(trainee, open_now[:LOOKED_AT], now, nearness=nearness)
    runs = folded(bookable, now=now, nearness=nearness)
    return {
        "trainee": trainee,
        "today": timezone.localdate(now),
        "secondment": own_secondment(trainee, timezone.localdate(now)),
        "questions": questions_to(trainee, now),
        "ticket": coming[0] if coming else None,
        "further": len(coming) - 1,
        "waiting": len(waiting_classes(trainee)),
        "runs": runs[:SHOWN],
        "bookable_count": len(bookable),
    }
