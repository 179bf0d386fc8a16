"""Everybody and everything that the tables of access speak of."""

import importlib
from types import SimpleNamespace

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings

from academy.models import Role

from ..conftest import QUICK_HASHERS, grant
from ..factories import (
    NOW,
    CampusFactory,
    DepartmentFactory,
    TownFactory,
    TraineeFactory,
    VillageFactory,
)

APPS = ("academy", "notices", "courses", "trainees", "practicums", "plans", "portal")
TABLES = [importlib.import_module(f"tests.{app}.access_table") for app in APPS]
ROWS = [row for table in TABLES for row in table.ACCESS]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Everybody and everything, made once for all rows in a transaction that the last one takes
    back: making it is what costs.
    """
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=QUICK_HASHERS),
        transaction.atomic(),
    ):
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
        "village_coordinator": grant(Role.VILLAGE_COORDINATOR, village=village),
        "branch_coordinator": grant(Role.BRANCH_COORDINATOR, campus=campus),
        "town_staff": grant(Role.TOWN_STAFF, town=town),
        "department_staff": grant(Role.DEPARTMENT_STAFF, department=department),
        "district_staff": grant(Role.DISTRICT_STAFF),
        "administrator": grant(Role.ADMINISTRATOR),
        "auditor": grant(Role.AUDITOR),
    }
    return SimpleNamespace(
        town=town,
        other_town=other_town,
        village=village,
        campus=campus,
        department=department,
        cadre=cadre,
        outsider=outsider,
        cast={"visitor": None, "trainee": cadre.user, **granted},
    )


def cookies_of(user):
    """What a browser keeps of somebody who has logged in: done once, it would be a fifth of all."""
    client = Client()
    if user:
        client.force_login(user)
    return client.cookies
