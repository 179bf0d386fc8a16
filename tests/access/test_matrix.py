"""Every address × every role of DESIGN.md §6, own and foreign scope; an address without a row fails. Source: issue 2, line 10."""

import importlib
from types import SimpleNamespace
from urllib.parse import urlparse

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse

from academy.models import Role

from ..conftest import QUICK_HASHERS, grant
from ..factories import NOW, CampusFactory, DepartmentFactory, TownFactory, TraineeFactory, VillageFactory
from .public_addresses import PUBLIC, THIRD_PARTY
from .table import ACTORS

APPS = ("academy", "notices", "courses", "trainees", "practicums", "plans", "portal")
TABLES = [importlib.import_module(f"tests.{app}.access_table") for app in APPS]
ROWS = [row for table in TABLES for row in table.ACCESS]


def addresses(patterns=None, namespace=""):
    """(name with namespace, callback) of every address of the URLconf."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield (f"{namespace}{pattern.name}" if pattern.name else f"{namespace}{pattern.pattern}", pattern.callback)


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
    public = {name for name, callback in addresses() if is_public(callback) and not name.startswith("admin:")}

    assert public == PUBLIC


def test_every_address_declares_who_may_open_it():
    declared = {row.name for row in ROWS}

    undeclared = {name for name, _callback in addresses() if name not in declared and not is_third_party(name)}

    assert undeclared == set()


def test_every_address_leads_to_its_own_view():
    """An address of one room must not be caught by a wider one of another: `manage/classes/new/` is no class called “new”."""
    led_astray = [
        (name, resolve(path).view_name)
        for name, callback in addresses()
        if not is_third_party(name) and (path := plain_path(name)) and resolve(path).func != callback
    ]
    assert led_astray == []


def test_no_row_names_an_address_that_is_gone():
    assert {row.name for row in ROWS} - {name for name, _callback in addresses()} == set()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Everybody and everything, made once for all rows in a transaction that the last one takes back: making it is what costs."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=QUICK_HASHERS), transaction.atomic():
        with time_machine.travel(NOW):
            world = cast_of_all()
            world.media = media
            for table in TABLES:
                table.build(world)
            world.cookies = {actor: cookies_of(user) for actor, user in world.cast.items()}
        yield world
        transaction.set_rollback(True)


def cast_of_all() -> SimpleNamespace:
    town, other_town, department = TownFactory(), TownFactory(), DepartmentFactory()
    village, campus = VillageFactory(town=town), CampusFactory(town=town)
    cadre, outsider = TraineeFactory(village=village), TraineeFactory()
    granted = {
        "village_coordinator": grant(Role.VILLAGE_COORDINATOR, village=village), "branch_coordinator": grant(Role.BRANCH_COORDINATOR, campus=campus),
        "town_staff": grant(Role.TOWN_STAFF, town=town), "department_staff": grant(Role.DEPARTMENT_STAFF, department=department),
        "district_staff": grant(Role.DISTRICT_STAFF), "administrator": grant(Role.ADMINISTRATOR), "auditor": grant(Role.AUDITOR),
    }  # fmt: skip
    return SimpleNamespace(
        town=town, other_town=other_town, village=village, campus=campus, department=department, cadre=cadre, outsider=outsider,
        cast={"visitor": None, "trainee": cadre.user, **granted},
    )  # fmt: skip


def cookies_of(user):
    """What a browser keeps of somebody who has logged in: done once, it would be a fifth of all."""
    client = Client()
    if user:
        client.force_login(user)
    return client.cookies


@pytest.mark.xdist_group("access")  # in one process, so that the world is made once
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method}-{row.name}{'-' + row.note if row.note else ''}")
def test_access(row, world, db, settings):
    """All actors of a row in one test, each in a transaction that is rolled back."""
    settings.MEDIA_ROOT = world.media
    with time_machine.travel(NOW):
        found = {actor: outcome_for(actor, row, world) for actor in ACTORS}

    assert found == row.outcomes()


def outcome_for(actor, row, world) -> int | str:
    """What the actor gets: a status code, or "login"; nothing of it stays."""
    cache.clear()  # limits count what the actor before did
    client = Client()
    client.cookies.update(world.cookies[actor])
    with transaction.atomic():
        response = getattr(client, row.method)(reverse(row.name, args=row.args(world)), row.data(world))
        transaction.set_rollback(True)
    if response.streaming:
        list(response)  # read to the end, so that the file is closed
    sent_to = urlparse(response.get("Location", "")).path
    return "login" if response.status_code == 302 and sent_to == reverse("account_login") else response.status_code
