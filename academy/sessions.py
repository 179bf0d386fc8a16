"""Where log-in sessions are kept: Django's table, read with a query whose SQL is written once, for every page of a signed-in person asks it."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from .prepared import Prepared

BY_KEY = Prepared(lambda key: Session.objects.filter(session_key=key), texts=["key"])


class SessionStore(DatabaseSessionStore):
    def _get_session_from_db(self) -> Session | None:
        for session in BY_KEY(key=self.session_key):
            if session.expire_date > timezone.now():
                return session
        self._session_key = None  # as Django does with a key that is unknown or too old
        return None
