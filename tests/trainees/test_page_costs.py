"""How many SQL statements the pages of booking cost, the frame of every page included.

Source: docs/rules.md R44.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import class_with

MOST_OF_A_CLASS_PAGE = 7
MOST_WITH_EVERY_RULE = 11  # for whoever could book: every rule has its say on the page
MOST_OF_A_BOOKING = 14  # every rule checked before the lock and what may change again under it


def hot_class(lessons: int):
    now = timezone.now()
    return class_with(
        seats=1,
        lessons=lessons,
        starts_at=now + timedelta(days=14),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=7),
    )


def statements(answer) -> int:
    """Statements but for the savepoints, which only a test's transaction brings."""
    with CaptureQueriesContext(connection) as asked:
        answer()
    return len([query for query in asked if "SAVEPOINT" not in query["sql"]])


@pytest.mark.parametrize("lessons", [1, 3])
def test_booking_and_its_pages_stay_below_their_ceilings_whatever_the_lessons(
    client, cadre, lessons
):
    training_class = hot_class(lessons)
    address = training_class.get_absolute_url()
    client.get(address)  # fills what is kept in the cache
    visitor = statements(lambda: client.get(address))
    client.force_login(cadre.user)
    deciding = statements(lambda: client.get(address))
    booking = statements(lambda: client.post(f"{address}book/"))
    booked = statements(lambda: client.get(address))

    assert visitor <= MOST_OF_A_CLASS_PAGE
    assert deciding <= MOST_WITH_EVERY_RULE
    assert booking <= MOST_OF_A_BOOKING
    assert booked <= MOST_OF_A_CLASS_PAGE + 1  # the materials of its lessons
