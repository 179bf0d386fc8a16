"""The portal's WSGI application with a stopwatch: each answer says in a Server-Timing header how
long each step of a booking took.

Only `bench.booking` starts it, and only for the round that shares out the time; the rates are
measured without it.
"""

import functools
import threading
import time
from collections import Counter

from academy.wsgi import application as portal  # first: it sets Django up

# isort: split
from django.db.backends.base.base import BaseDatabaseWrapper

from academy.accounts.backends import PhoneBackend
from academy.accounts.sessions import SessionStore
from trainees.booking import enrolling
from trainees.views import booking as pages

REST = "middleware, routing, the rest"
STEPS = {
    "session and user": [(SessionStore, "load"), (PhoneBackend, "get_user")],
    "person": [(pages, "require_trainee")],
    "facts of eligibility": [(enrolling, "_refuse_before_the_lock")],
    "wait for the lock": [(enrolling, "lock")],
    "queue and pools": [
        (enrolling, "release_pools"),
        (enrolling, "may_promote"),
        (enrolling, "promote_into"),
        (enrolling, "towns_that_wait"),
        (enrolling, "_seat_for"),
    ],
    "lock and times of the person": [(enrolling, "lock_people"), (enrolling, "_refuse_unfit")],
    "seat, enrolment, history": [(enrolling, "take"), (enrolling, "enrol")],
    "commit": [(BaseDatabaseWrapper, "commit")],
    "message and redirect": [(pages, "_booked_in_words"), (pages, "redirect")],
}
running = threading.local()


def _timed(step: str, function):
    """Counts the time in the function for the step, without that of the steps within it."""

    @functools.wraps(function)
    def timed(*args, **kwargs):
        if not hasattr(running, "spent"):
            return function(*args, **kwargs)
        outer, running.within, began = running.within, 0.0, time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            whole = time.perf_counter() - began
            running.spent[step] += whole - running.within
            running.within = outer + whole

    return timed


for _step, _places in STEPS.items():
    for _home, _name in _places:
        setattr(_home, _name, _timed(_step, getattr(_home, _name)))


def application(environ, start_response):
    running.spent, running.within, began = Counter(), 0.0, time.perf_counter()

    def start(status, headers, *more):
        running.spent[REST] = time.perf_counter() - began - running.within
        timing = ", ".join(
            f'step;desc="{step}";dur={seconds * 1000:.3f}'
            for step, seconds in running.spent.items()
        )
        return start_response(status, [*headers, ("Server-Timing", timing)], *more)

    return portal(environ, start)
