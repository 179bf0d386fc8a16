"""The running secondments that a booking reads are those that the queryset finds."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from practicums.busy import busy_times
from practicums.models import Secondment, SecondmentStatus

from ..factories import NOW, TraineeFactory
from .factories import START, SecondmentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", SecondmentStatus.values)
def test_only_a_running_secondment_of_the_person_takes_workdays(status):
    SecondmentFactory(status=SecondmentStatus.RUNNING)  # somebody else's
    person = TraineeFactory()
    ended = {} if status == SecondmentStatus.RUNNING else {"ended_at": NOW, "end_reason": "调离"}
    own = SecondmentFactory(trainee=person, status=status, **ended)
    days = [START + timedelta(days=number) for number in range(7)]
    spans = [
        (start, start + timedelta(hours=2))
        for start in (timezone.make_aware(datetime.combine(day, time(9))) for day in days)
    ]

    found = list(busy_times(person, spans))

    of_the_queryset = Secondment.objects.running().filter(trainee=person)
    assert list(of_the_queryset) == ([own] if found else [])
    assert all(own.host_name in busy.title for busy in found)
