"""Where log-in sessions are kept: Django's table, read with a query whose SQL is written once, for
every page of a signed-in person asks it.
"""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from ..prepared import Prepared
from ..web.outages import is_outage

BY_KEY = Prepared(lambda key: Session.objects.filter(session_key=key), texts=["key"])


class SessionStore(DatabaseSessionStore):
    def _get_session_from_db(self) -> Session | None:
        for session in BY_KEY(key=self.session_key):
            if session.expire_date > timezone.now():
                return session
        self._session_key = None  # as Django does with a key that is unknown or too old
        return None

    def save(self, must_create: bool = False) -> None:
        """Django takes any failure for a session that was deleted, and answers 400."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if is_outage(error):
                raise error.__context__ from None
            raise
