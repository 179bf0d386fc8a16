"""The cache in Redis, for a portal that goes on without it.

What the cache holds can be drawn again, so while Redis is away nothing is found, nothing is kept
and no page fails. Once Redis has not answered it is left alone for a few seconds: else every page
would wait for it anew. django-redis can ignore errors as well, but it asks each time.
"""

import logging
import time
from collections.abc import Callable

from django.core.cache import caches
from django.core.cache.backends import redis as django_redis_cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SOCKET_SECONDS = 0.5  # for a connection and for an answer; Redis needs a thousandth of it
AWAY_SECONDS = 5  # how long it is not asked after it did not answer


class RedisCache(django_redis_cache.RedisCache):
    away_until = 0.0  # on the clock of time.monotonic

    def __init__(self, server: str, params: dict) -> None:
        timeouts = {"socket_connect_timeout": SOCKET_SECONDS, "socket_timeout": SOCKET_SECONDS}
        super().__init__(server, params | {"OPTIONS": timeouts | params.get("OPTIONS", {})})

    @property
    def is_away(self) -> bool:
        """Whether Redis did not answer this thread a moment ago."""
        return time.monotonic() < self.away_until

    def answers(self) -> bool:
        """Ask Redis now, whatever it did a moment ago."""
        self.away_until = 0.0
        return self._ask(self._cache.get_client().ping, otherwise=False)

    def _ask(self, question: Callable, *args, otherwise, **named):
        if self.is_away:
            return otherwise
        try:
            return question(*args, **named)
        except RedisError as error:
            self.away_until = time.monotonic() + AWAY_SECONDS
            logger.warning("Redis does not answer (%s).", type(error).__name__)
            return otherwise

    def add(self, *args, **named) -> bool:
        return self._ask(super().add, *args, otherwise=True, **named)

    def get(self, key, default=None, version=None):
        return self._ask(super().get, key, default, version, otherwise=default)

    def set(self, *args, **named) -> None:
        self._ask(super().set, *args, otherwise=None, **named)

    def touch(self, *args, **named) -> bool:
        return self._ask(super().touch, *args, otherwise=False, **named)

    def delete(self, *args, **named) -> bool:
        return self._ask(super().delete, *args, otherwise=False, **named)

    def get_many(self, *args, **named) -> dict:
        return self._ask(super().get_many, *args, otherwise={}, **named)

    def has_key(self, *args, **named) -> bool:
        return self._ask(super().has_key, *args, otherwise=False, **named)

    def incr(self, key, delta=1, version=None) -> int:
        found = self._ask(super().incr, key, delta, version, otherwise=None)
        if found is None:
            raise ValueError(f"Key '{key}' not found.")  # as for a key that is not there
        return found

    def set_many(self, data: dict, *args, **named) -> list:
        return self._ask(super().set_many, data, *args, otherwise=list(data), **named)

    def delete_many(self, *args, **named) -> None:
        self._ask(super().delete_many, *args, otherwise=None, **named)

    def clear(self) -> bool:
        return self._ask(super().clear, otherwise=False)


def redis_is_away() -> bool:
    """Whether Redis did not answer a moment ago; does not ask. False where there is no Redis."""
    return getattr(caches["default"], "is_away", False)


def redis_answers() -> bool:
    """Ask Redis now. True where there is no Redis."""
    cache = caches["default"]
    return cache.answers() if isinstance(cache, RedisCache) else True
