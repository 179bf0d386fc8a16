"""A few rows that many pages need and that hardly ever change, read at most once in a while by each
process.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

SECONDS = 10.0  # so late does another process see a change


Value = TypeVar("Value")


class Kept(Generic[Value]):
    """What `read` returned, for some seconds; who changes the rows calls `forget` behind the write.

    A page asks the database once at most, however often it looks.
    """

    def __init__(self, read: Callable[[], Value]) -> None:
        self.read = read
        self.forget()

    def forget(self) -> None:
        self._value: Value | None = None
        self._until = 0.0

    def keep(self, value: Value) -> None:
        """Take a value as read; the tests begin with nothing set."""
        self._value, self._until = value, time.monotonic() + SECONDS

    def __call__(self) -> Value:
        if self._value is None or time.monotonic() >= self._until:
            self.keep(self.read())
        return self._value

    @property
    def last(self) -> Value | None:
        """What was read last, however long ago, for pages that must not ask the database."""
        return self._value
