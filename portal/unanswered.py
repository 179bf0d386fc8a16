"""What people look for and do not find, counted by week and without a person.

A query that holds somebody's name or a number of seven or more digits is not kept. Source:
docs/rules.md R14.
"""

import re
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from academy.accounts import lockout
from academy.models import PersonKey, User
from academy.people_keys import SPELT
from academy.search.spelling import normalised
from academy.text.names import spelt_name
from academy.web.client_address import client_address

from .models import UnansweredQuery

WEEKS_KEPT = 26
MOST_OF_A_WEEK = 2_000  # different queries; a program that tries words fills no table
LONG_NUMBER = re.compile(r"\d{7}")  # without what stands between the digits
LONGEST_NAME = 6  # characters
# of one address: more than a person types, too few for a script
COUNTED = lockout.Limit("unanswered", tries=60, seconds=lockout.HOUR)


def monday_of(moment: datetime) -> date:
    """The day that its week began on, in Shanghai."""
    day = timezone.localdate(moment)
    return day - timedelta(days=day.weekday())


def count(query: str, *, request: HttpRequest, now: datetime) -> None:
    """Count a query that found nothing; nothing is kept of who asked."""
    words = normalised(query)
    if not words or speaks_of_somebody(query):
        return
    try:
        lockout.take((COUNTED, client_address(request)))
    except lockout.TooManyTries:
        return
    week = monday_of(now)
    with transaction.atomic():
        counted = UnansweredQuery.objects.filter(week=week, words=words)
        if counted.update(times=F("times") + 1):
            return
        UnansweredQuery.objects.filter(week__lt=week - timedelta(weeks=WEEKS_KEPT)).delete()
        if UnansweredQuery.objects.filter(week=week).count() < MOST_OF_A_WEEK:
            UnansweredQuery.objects.bulk_create(
                [UnansweredQuery(week=week, words=words)], ignore_conflicts=True
            )


def speaks_of_somebody(query: str) -> bool:
    """Whether the query holds a long number or the name of somebody the portal knows."""
    if LONG_NUMBER.search(re.sub(r"[\s\-.·()（）+]", "", normalised(query))):
        return True
    text = normalised(query)
    written = {text.replace(" ", ""), spelt_name(query)}
    parts = {
        form[start : start + length]
        for form in written
        for length in range(2, LONGEST_NAME + 1)
        for start in range(len(form) - length + 1)
    }
    spelt = [SPELT + word for word in text.split()]
    return (
        User.objects.filter(name__in=parts).exists()
        or PersonKey.objects.filter(key__in=spelt).exists()
    )
