"""Two administrators at once, in real processes: on a file database of SQLite, or on the PostgreSQL the tests run on."""

import json
import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

PATIENCE = 120  # seconds


def run(arguments: list[str], database_url: str, var_dir) -> str:
    environment = os.environ | {"DATABASE_URL": database_url, "PORTAL_VAR_DIR": str(var_dir), "DJANGO_SETTINGS_MODULE": "academy.settings"}
    done = subprocess.run([sys.executable, *arguments], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def database_url(transactional_db, tmp_path):
    if connection.vendor == "sqlite":
        url = f"sqlite:///{tmp_path / 'race.sqlite3'}"
        run(["manage.py", "migrate", "--verbosity", "0"], url, tmp_path)
        return url
    options = connection.settings_dict
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**{key: quote(str(options[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")})


def file_at_once(processes: int, plans: int, database_url: str, tmp_path) -> dict:
    return json.loads(run(["-m", "tests.plans.filing_race", str(processes), str(plans)], database_url, tmp_path))


def test_two_administrators_at_once_one_files_and_the_other_is_told(database_url, tmp_path):
    assert file_at_once(2, 1, database_url, tmp_path) == {"outcomes": {"filed": 1, "told": 1}, "numbers": [1], "versions": 1}


def test_numbers_have_no_gap_when_many_plans_are_filed_at_once(database_url, tmp_path):
    assert file_at_once(6, 10, database_url, tmp_path) == {
        "outcomes": {"filed": 10, "told": 50}, "numbers": list(range(1, 11)), "versions": 10,
    }  # fmt: skip
