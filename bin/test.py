"""Set up and test the portal: lint, contracts, migrations, deployment, translations, then all tests
on each database.
"""

import os
import random
import shutil
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

from workshop import BIN, PYTHON, ROOT, Stop, finish, install, main, prepare, say, var_dir

# the first needs half the time for a page
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
DONE_ON_SQLITE = ("e2e/test_every_page.py", "e2e/test_style_sheet.py", "tooling")
# Walks by a browser through what other tests ask of both databases; the seats that people fight
# over are walked to on both.
DONE_ON_BOTH_WHEN_LONG = [
    f"e2e/test_{name}.py"
    for name in ("finding", "joining", "office_journeys", "refusals", "service_items")
]
# Draws every page once more; tests/tooling/test_style_sheet.py knows the names without drawing.
DONE_WHEN_LONG = ("e2e/test_style_sheet.py",)
NO_TESTS = 5  # pytest's exit code
DEPLOYED = {
    "DJANGO_DEBUG": "0",
    "DJANGO_SECRET_KEY": "check-" + "0123456789abcdef" * 4,
    "DJANGO_ALLOWED_HOSTS": "portal.example",
    "SMS_GATEWAY_URL": "https://sms.example/send",
}


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def leave_out(what: str) -> None:
    """Say aloud what this run does not test; in CI nothing may be left out."""
    if in_ci():
        raise Stop(f"{what} With CI=true nothing may be left out.")
    say(f"!! {what}")


def step(title: str, command: list, *, fine: tuple[int, ...] = (0,), **more: str) -> None:
    say(f"== {title}")
    began = time.monotonic()
    code, _said = finish(command, **more)
    if code not in fine:
        raise Stop(f"== {title}: failed.")
    say(f"== {title}: {time.monotonic() - began:.0f} s")


def tests(title: str, arguments: list[str], *, fine: tuple[int, ...] = (0,), **more: str) -> None:
    report = var_dir() / "junit.xml"
    command = [
        PYTHON,
        "-m",
        "pytest",
        "-n",
        os.environ.get("TEST_PROCESSES", "2"),
        f"--junitxml={report}",
    ]
    step(title, [*command, *arguments], fine=fine, **more)
    if in_ci():
        skipped = sum(
            int(suite.get("skipped", 0)) for suite in ET.parse(report).getroot().iter("testsuite")
        )
        if skipped:
            raise Stop(f"== {title}: {skipped} skipped. With CI=true nothing may be left out.")


def browser_for_tests() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def has_servers() -> bool:
    """Whether a test can start a Redis and a PostgreSQL of its own; Debian keeps initdb out of the
    PATH.
    """
    postgresql = shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return bool(shutil.which("redis-server") and postgresql)


def test() -> int:
    began = time.monotonic()
    chosen = [argument for argument in sys.argv[1:] if argument != "--long"]
    arguments = [*chosen]
    more = {"LONG": "1"} if "--long" in sys.argv[1:] else {}
    # a portal that runs from this checkout keeps its own files
    os.environ["PORTAL_VAR_DIR"] = str(var_dir() / "test")

    database, redis = os.environ.get("TEST_DATABASE_URL"), os.environ.get("TEST_REDIS_URL")
    missing = [name for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL") if not os.environ.get(name)]
    if missing:
        leave_out(
            f"{' and '.join(missing)} not set: the tests on PostgreSQL and Redis are left out."
        )
    chromium = browser_for_tests()
    if chromium:
        more["CHROMIUM"] = chromium
    else:
        leave_out("Chromium is not installed: the end-to-end tests in tests/e2e are left out.")
        arguments += ["--ignore", "tests/e2e"]
    servers = has_servers()
    if not servers:
        leave_out(
            "The programs redis-server, initdb and postgres are not all installed: the test of"
            " outages is left out."
        )
        arguments += ["--ignore", "tests/races/test_outages.py"]
    if not shutil.which("xgettext"):
        leave_out(
            "gettext is not installed: whether each sentence of the code is in the catalogue is"
            " left out."
        )

    install(for_tests=True)
    prepare()
    step("Lint", [BIN / "ruff", "check", "."])
    step("Formatted", [BIN / "ruff", "format", "--check", "--quiet", "."])
    templates = sorted((ROOT / "templates").rglob("*.html"))
    step("Templates are indented", [BIN / "djhtml", "--check", "--tabwidth", "2", *templates])
    step("The house in order", [PYTHON, "bin/house.py"])
    step("Imports point one way", [BIN / "lint-imports"])
    step("Migrations are written", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"])
    step(
        "Fit for deployment",
        [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        **DEPLOYED,
    )
    step("Translations are complete", [PYTHON, "manage.py", "check_translations"])

    seed = os.environ.get("RACE_SEED") or str(random.SystemRandom().randrange(10**6))
    say(
        f"== Seed of random order, races and generated input: {seed}; repeat with RACE_SEED={seed}"
        f" bin/test {' '.join(sys.argv[1:])}".rstrip()
    )
    more["RACE_SEED"] = seed
    arguments = [f"--randomly-seed={seed}", f"--hypothesis-seed={seed}", *arguments]
    if not (chosen or more.get("LONG")):
        for done in DONE_WHEN_LONG:
            arguments += ["--ignore", f"tests/{done}"]
    tests("Tests on SQLite", arguments, DATABASE_URL="", REDIS_URL="", **more)
    if not missing:
        # What has a database of its own whatever these variables say, or asks none, is not done
        # twice.
        arguments += ["-m", "database"]
        for done in (
            DONE_ON_SQLITE if more.get("LONG") else (*DONE_ON_SQLITE, *DONE_ON_BOTH_WHEN_LONG)
        ):
            arguments += ["--ignore", f"tests/{done}"]
        fine = (0, NO_TESTS) if chosen else (0,)  # of a chosen few perhaps none asks the database
        tests(
            "Tests on PostgreSQL and Redis",
            arguments,
            fine=fine,
            DATABASE_URL=database,
            REDIS_URL=redis,
            **more,
        )
    if more.get("LONG"):
        step("docs/deploy.md from end to end", [PYTHON, "bin/walk_deploy.py"])
    left_out = (
        ""
        if not missing and chromium and servers
        else " Not all was tested: see the lines above that begin with !!."
    )
    say(f"== Everything passed in {(time.monotonic() - began) / 60:.1f} minutes.{left_out}")
    return 0


if __name__ == "__main__":
    main(test)
