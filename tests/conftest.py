"""A small cast with roles, the settings every test runs under, and the database as other processes
find it.
"""

import gc
import os
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.management import create_contenttypes
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate

from academy.models import Role
from academy.office_settings import CACHE_KEY
from trainees.models.mark_labels import CACHE_KEY as MARK_LABELS

from .asked_once import only_database_of
from .empty_database import own_copy
from .factories import (
    CampusFactory,
    DepartmentFactory,
    RoleGrantFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
)
from .first_rows import put_first_rows
from .sharing_out import ByFile, rank_of
from .unguarded import without_guard

# a real one takes 0.3 s for every person made
QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


SAME_FOR_ALL = {"auth_permission", "django_content_type"}
ASKS_THE_DATABASE = {"db", "transactional_db", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In random order, but the longest first."""
    for item in items:
        if item.get_closest_marker("django_db") or ASKS_THE_DATABASE.intersection(
            item.fixturenames
        ):
            item.add_marker("database")
        if name := only_database_of(item.nodeid):
            item.add_marker(name)
    items.sort(key=lambda item: rank_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """In the order of the line above: not the file with the most tests first."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_finish() -> None:
    """Do not look through what is there to the end again and again: modules, and thousands of
    collected tests.
    """
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A copy of the empty database for this process.

    On PostgreSQL tables are emptied by DELETE: TRUNCATE makes new files for each of some hundred
    tables and indexes, after every test with a server. The kinds of rows and their permissions
    stay: they are the same for every test, and Django would look for them again.
    """
    # for every connection: a browser's tests have one of their own
    operations = type(connection.ops)
    emptied_by_django = operations.sql_flush

    def emptied(self, style, tables, **how):
        tables = [table for table in tables if table not in SAME_FOR_ALL]
        if self.connection.vendor == "postgresql":
            return [f"DELETE FROM {self.quote_name(table)};" for table in tables]
        return emptied_by_django(self, style, tables, **how)

    operations.sql_flush = lambda *args, **how: without_guard(emptied(*args, **how))
    post_migrate.connect(put_first_rows)
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(own_copy(os.environ.get("PYTEST_XDIST_WORKER", "alone")))
        post_migrate.disconnect(create_contenttypes)
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        yield
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture(autouse=True)
def _plain_settings(settings, tmp_path):
    """Unhashed static files, a cache and a media folder of one's own, passwords that cost
    nothing.
    """
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(tmp_path),
        }
    }
    # nothing is set on the page of settings; who sets something deletes it
    cache.set(CACHE_KEY, {}, None)
    cache.set(MARK_LABELS, {}, None)
    # looks for a file when it is asked for, instead of reading the folder for every client
    settings.WHITENOISE_AUTOREFRESH = True
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = QUICK_HASHERS


@pytest.fixture
def own_processes(transactional_db, tmp_path) -> dict[str, str]:
    """The environment of processes that work on the test's own database: its file of SQLite, or its
    database on PostgreSQL.
    """
    parts = {
        name: quote(str(connection.settings_dict[name]), safe="/")
        for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")
    }
    url = (
        "sqlite:///{NAME}"
        if connection.vendor == "sqlite"
        else "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}"
    )
    return os.environ | {
        "DATABASE_URL": url.format(**parts),
        "REDIS_URL": django_settings.REDIS_URL,
        "PORTAL_VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "academy.settings",
        "PYTHONWARNINGS": "default",
    }


@pytest.fixture
def town(db):
    return TownFactory()


@pytest.fixture
def other_town(db):
    return TownFactory()


@pytest.fixture
def village(town):
    return VillageFactory(town=town)


@pytest.fixture
def campus(town):
    return CampusFactory(town=town)


@pytest.fixture
def department(db):
    return DepartmentFactory()


@pytest.fixture
def cadre(village):
    """A trainee of `village` in `town`."""
    return TraineeFactory(village=village)


@pytest.fixture
def colleague(village, cadre):
    """A second trainee of the same village and post."""
    return TraineeFactory(village=village, position=cadre.position)


@pytest.fixture
def outsider(db):
    """A trainee of another village in another town."""
    return TraineeFactory()


def grant(role, **scope):
    user = UserFactory()
    RoleGrantFactory(user=user, role=role, **scope)
    return user


@pytest.fixture
def village_coordinator(village):
    return grant(Role.VILLAGE_COORDINATOR, village=village)


@pytest.fixture
def branch_coordinator(campus):
    return grant(Role.BRANCH_COORDINATOR, campus=campus)


@pytest.fixture
def town_staff(town):
    return grant(Role.TOWN_STAFF, town=town)


@pytest.fixture
def department_staff(department):
    return grant(Role.DEPARTMENT_STAFF, department=department)


@pytest.fixture
def district_staff(db):
    return grant(Role.DISTRICT_STAFF)


@pytest.fixture
def administrator(db):
    return grant(Role.ADMINISTRATOR)


@pytest.fixture
def auditor(db):
    return grant(Role.AUDITOR)
