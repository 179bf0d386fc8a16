"""A database with all tables and nothing in them: migrated once and copied for each process of a
test run, for to migrate takes as long as some hundred tests.

`python -m tests.empty_database` makes it beforehand; else whoever asks first does.
"""

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

APPS = ("academy", "notices", "courses", "trainees", "practicums", "plans", "portal")


def key_of_the_code() -> int:
    """Changes with every file of the portal and with the packages, for migrations call functions;
    it fits into the number that a file of SQLite may carry.
    """
    found = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            found.update(str(path).encode() + path.read_bytes())
    return int(found.hexdigest()[:7], 16)


def key_of_the_database(name: str) -> int | None:
    """With which it was marked when it was ready, or nothing."""
    if connection.vendor == "sqlite":
        if not Path(name).exists():
            return None
        with closing(sqlite3.connect(name)) as file:
            return file.execute("PRAGMA user_version").fetchone()[0]
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        said = cursor.fetchone()
    return int(said[0]) if said and said[0] else None


def mark(name: str, key: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA user_version = {key}")
        else:
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"COMMENT ON DATABASE {quoted} IS '{key}'")


def lead_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


@contextmanager
def made() -> Iterator[str]:
    """Its name. Inside, the connection leads to it and no other process makes it anew."""
    name, key = connection.creation._get_test_db_name(), key_of_the_code()
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "test-database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if key_of_the_database(name) != key:
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            mark(name, key)
        lead_to(name)
        yield name


def begin_with_it(path: Path) -> None:
    """Where there is one of SQLite, a site need not migrate its own."""
    if connection.vendor == "sqlite":
        name = connection.creation._get_test_db_name()
        if key_of_the_database(name) == key_of_the_code():
            shutil.copy(name, path)


@contextmanager
def own_copy(process: str) -> Iterator[None]:
    """The connection leads to a copy, which goes when the process is done."""
    creation, real = connection.creation, connection.settings_dict["NAME"]
    with made():
        copy = creation.get_test_db_clone_settings(process)["NAME"]
        for left_over in (f"{copy}-wal", f"{copy}-shm"):
            Path(left_over).unlink(missing_ok=True)
        creation.clone_test_db(process, verbosity=0, autoclobber=True)
    lead_to(copy)
    yield
    creation.destroy_test_db(real, verbosity=0)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings")
    django.setup()
    with made():
        pass
