"""Rows that all tests of a module read, written once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def rows_for_all(django_db_blocker) -> Iterator[None]:
    """What is written inside stays until the fixture ends, and is then rolled back.

    For a fixture of module scope: one process runs all tests of a file (sharing_out.py).
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
