"""Every form of the portal, sent with odd texts: each is answered, with a refusal or not, and never
fails.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, cycle, islice

import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from ..factories import NOW
from ..page_forms import Form, forms_of
from .conftest import ROWS
from .table import ACTORS

# Each in every text at once: all of them when the tests run long, else the next two for each form.
ODD = ("/", "..", "#", "?", "%2f", "\u202e\u2066长", "NEW")
AT_ONCE = len(ODD) if os.environ.get("LONG") else 2
# one after the other, in one text at a time
ODD_ALONE = (*ODD, "A/../B?x=1#%00%2f", "export", "<b>", "٣", "-1", "9" * 40)
SENSIBLE = {
    "date": "2027-03-{}",
    "time": "{}:00",
    "datetime-local": "2027-03-{}T09:00",
    "number": "1",
    "tel": "199000000{}",
}


def client_of(actor: str, world) -> Client:
    client = Client()
    client.cookies.update(world.cookies[actor])
    return client


def readers(row, outcome: int) -> list[str]:
    return [actor for actor in reversed(ACTORS) if row.outcomes()[actor] == outcome]


def forms(world) -> Iterator[tuple[str, Form]]:
    """(actor, form) of everything that can be sent: the forms on all pages, and the addresses that
    only take a POST.
    """
    seen = set()
    for row in ROWS:
        address = reverse(row.name, args=row.args(world))
        for actor in readers(row, 200 if row.method == "get" else 302)[:1]:
            if row.method == "post":
                fields = [
                    (name, value)
                    for name, value in row.data(world).items()
                    if isinstance(value, str)
                ]
                found = [Form(address, "post", fields, {name: "text" for name, _value in fields})]
            else:
                with transaction.atomic():
                    response = client_of(actor, world).get(address)
                    transaction.set_rollback(True)
                page = b"".join(response)  # to its end, so that a file is closed
                found = (
                    forms_of(page.decode())
                    if response["Content-Type"].startswith("text/html")
                    else []
                )
            for form in found:
                form = replace(form, action=form.action.split("#")[0] or address)
                key = (
                    resolve(form.action.split("?")[0]).view_name,
                    *sorted({*form.typed, *(name for name, _value in form.buttons)}),
                )
                if form.method == "post" and key not in seen:
                    seen.add(key)
                    yield actor, form


def filled(form: Form) -> dict[str, list[str]]:
    """The form with something sensible wherever it is empty, so that one odd text is all that is
    wrong.
    """
    sent, later = form.sent, count(10)  # each day and hour after the one before
    for name, kind in form.typed.items():
        if not any(sent[name]):
            sent[name] = [SENSIBLE.get(kind, "示例").format(next(later))]
    for name, values in form.choices.items():
        if not any(sent.get(name, [])):
            sent[name] = values[:1]
    return sent


def odd_ways(form: Form, odd: Iterator[str], alone: Iterator[str]) -> Iterator[dict]:
    """Everything that is typed as one odd text, each field alone, and what one cannot type."""
    buttons = cycle(form.buttons or [("", "")])
    if form.typed:
        for text in islice(odd, AT_ONCE):
            yield form.sent | dict([next(buttons)]) | dict.fromkeys(form.typed, text)
    for name in form.typed:
        yield filled(form) | dict([next(buttons)]) | {name: next(alone)}
    hidden = [name for name in form.sent if name not in form.typed]
    yield filled(form) | dict([next(buttons)]) | dict.fromkeys(hidden, next(alone))


def test_every_form_answers_odd_texts(world, db, settings):
    settings.MEDIA_ROOT = world.media
    taken, failed, odd, alone = [], [], cycle(ODD), cycle(ODD_ALONE)
    with time_machine.travel(NOW):
        for actor, form in forms(world):
            client = client_of(actor, world)
            client.raise_request_exception = False
            for sent in odd_ways(form, odd, alone):
                cache.clear()
                with transaction.atomic():
                    response = client.post(form.action, sent)
                    transaction.set_rollback(True)
                if response.streaming:
                    b"".join(response)  # to its end, so that a file is closed
                taken.append(response.status_code)
                if response.status_code >= 500:
                    failed.append((actor, form.action, sent, repr(response.exc_info[1])))

    assert failed == []
    # forms are reached, and what is done with their fields
    assert len(taken) > 500 and taken.count(302) > 100
