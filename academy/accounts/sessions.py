"""Where log-in sessions are kept: Django's table, with an outage told from a deleted session."""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from ..web.outages import is_outage


class SessionStore(DatabaseSessionStore):
    def save(self, must_create: bool = False) -> None:
        """Django takes any failure for a session that was deleted, and answers 400."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if is_outage(error):
                raise error.__context__ from None
            raise
