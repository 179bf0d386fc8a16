"""The counts behind the limits: shared, exact under pressure, forgotten in time."""

import threading
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from academy.accounts import lockout
from academy.models import Tally
from academy.tasks import forget_what_lapsed

FIVE = lockout.Limit("test", tries=5, seconds=60)
OTHER = lockout.Limit("test-other", tries=100, seconds=60)


def test_of_many_tries_at_the_same_moment_only_as_many_count_as_are_free(transactional_db):
    taken, refused = [], []
    barrier = threading.Barrier(12)

    def try_it(number: int) -> None:
        barrier.wait()
        limits = [(FIVE, "one"), (OTHER, "two")]
        try:
            lockout.take(*limits[:: 1 if number % 2 else -1])  # in either order: no deadlock
            taken.append(number)
        except lockout.TooManyTries:
            refused.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(taken), len(refused)) == (5, 7)
    assert (FIVE.left("one"), OTHER.left("two")) == (0, 95)  # who was refused counts nowhere


def test_no_phone_and_no_address_is_stored(db):
    lockout.take((FIVE, "13800000101|10.0.0.1"))

    stored = str(Tally.objects.values_list())
    assert "13800000101" not in stored and "10.0.0.1" not in stored


def test_what_no_limit_counts_any_more_is_deleted(db):
    lockout.take((FIVE, "one"))
    lockout.take((FIVE, "two"))
    a_moment_ago = timezone.now() - timedelta(seconds=1)
    Tally.objects.filter(pk=FIVE.digest("one")).update(kept_until=a_moment_ago)

    forget_what_lapsed()

    assert list(Tally.objects.values_list("pk", flat=True)) == [FIVE.digest("two")]
