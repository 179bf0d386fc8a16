"""Every address × every role of docs/rules.md R11, own and foreign scope; an address without a row
fails.
"""

from dataclasses import replace
from urllib.parse import urlparse

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse

from academy.lists.registry import lists

from ..factories import NOW
from .conftest import ROWS
from .public_addresses import PUBLIC, THIRD_PARTY


def addresses(patterns=None, namespace=""):
    """(name with namespace, callback) of every address of the URLconf."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield (
                f"{namespace}{pattern.name}" if pattern.name else f"{namespace}{pattern.pattern}",
                pattern.callback,
            )


def is_public(callback) -> bool:
    return not getattr(callback, "login_required", True)


def is_third_party(name: str) -> bool:
    return name.startswith(THIRD_PARTY)


def plain_path(name: str) -> str:
    """The path of an address without arguments, or nothing."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def test_public_addresses_are_the_written_ones():
    public = {
        name
        for name, callback in addresses()
        if is_public(callback) and not name.startswith("admin:")
    }

    assert public == PUBLIC


def test_every_address_declares_who_may_open_it():
    declared = {row.name for row in ROWS}

    undeclared = {
        name for name, _callback in addresses() if name not in declared and not is_third_party(name)
    }

    assert undeclared == set()


def test_every_address_leads_to_its_own_view():
    """An address of one room must not be caught by a wider one of another: `manage/classes/new/` is
    no class called “new”.
    """
    led_astray = [
        (name, resolve(path).view_name)
        for name, callback in addresses()
        if not is_third_party(name)
        and (path := plain_path(name))
        and resolve(path).func != callback
    ]
    assert led_astray == []


def test_no_row_names_an_address_that_is_gone():
    assert {row.name for row in ROWS} - {name for name, _callback in addresses()} == set()


@pytest.fixture
def plain_refusals(monkeypatch):
    """To draw the page for each who is refused is a quarter of all the work. It is drawn in
    tests/academy/test_middleware.py and by the browser.
    """

    def without_a_page(status: int):
        return lambda request, exception: HttpResponse(status=status)

    for status in (403, 404):
        monkeypatch.setattr(f"academy.urls.handler{status}", without_a_page(status))


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row.method}-{row.name}{'-' + row.note if row.note else ''}"
)
def test_access(row, world, db, settings, plain_refusals):
    """All actors of a row in one test, each in a transaction that is rolled back."""
    settings.MEDIA_ROOT = world.media
    expected = row.outcomes()
    with time_machine.travel(NOW):
        found = {actor: outcome_for(actor, row, world) for actor in expected}

    assert found == expected


LIST_ROWS = [
    row
    for row in ROWS
    if row.method == "get" and row.name in {the_list.address for the_list in lists().values()}
]


@pytest.mark.parametrize("row", LIST_ROWS, ids=lambda row: f"{row.name}-{row.note}")
def test_a_step_of_a_list_is_for_those_who_see_it(row, world, db, settings, plain_refusals):
    """Without a tick every list answers with the way back; whoever may not see it is refused."""
    settings.MEDIA_ROOT = world.media
    sent = replace(row, method="post", data=lambda world: {"action": "export"})
    expected = {
        actor: 302 if outcome == 200 else outcome for actor, outcome in row.outcomes().items()
    }
    with time_machine.travel(NOW):
        found = {actor: outcome_for(actor, sent, world) for actor in expected}

    assert found == expected
    assert len(LIST_ROWS) > 20


def outcome_for(actor, row, world) -> int | str:
    """What the actor gets: a status code, or "login"; nothing of it stays."""
    cache.clear()  # limits count what the actor before did
    client = Client()
    client.cookies.update(world.cookies[actor])
    with transaction.atomic():
        response = getattr(client, row.method)(
            reverse(row.name, args=row.args(world)), row.data(world)
        )
        transaction.set_rollback(True)
    if response.streaming:
        list(response)  # read to the end, so that the file is closed
    if not (actor == "visitor" or row.name in PUBLIC or is_third_party(row.name)):
        assert "no-store" in response["Cache-Control"], "what concerns one person is stored nowhere"
    sent_to = urlparse(response.get("Location", "")).path
    return (
        "login"
        if response.status_code == 302 and sent_to == reverse("account_login")
        else response.status_code
    )
