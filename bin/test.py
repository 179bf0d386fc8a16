"""Set up and test the portal: lint, contracts, migrations, deployment, translations, then all tests
on each database.
"""

import os
import random
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workshop import BIN, PYTHON, ROOT, Stop, end, finish, install, main, prepare, say, var_dir

# the first needs half the time for a page
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Whole sites in a browser, which have a database of SQLite, and the tools. CONTRIBUTING.md, "Which
# database is asked", says more; --long asks both of all.
DONE_ON_SQLITE = ("e2e/test_every_page.py", "e2e/test_style_sheet.py", "tooling")
DONE_ON_BOTH_WHEN_LONG = ("e2e",)
# Draws every page once more; tests/tooling/test_style_sheet.py knows the names without drawing.
# LibreOffice is installed for --long alone.
DONE_WHEN_LONG = ("e2e/test_style_sheet.py", "e2e/test_papers_in_libreoffice.py")
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


def side_by_side(steps: list[tuple]) -> None:
    """As many at a time as processes test; what each of them says comes when it has ended."""

    def one(title: str, command: list, more: dict[str, str]) -> bool:
        began = time.monotonic()
        code, said = finish(command, stdout=subprocess.PIPE, **more)
        result = "failed." if code else f"{time.monotonic() - began:.0f} s"
        say(f"{said}== {title}: {result}")
        return not code

    with ThreadPoolExecutor(int(processes())) as pool:
        try:
            fine = [*pool.map(lambda this: one(*this), steps)]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end()
            raise
    failed = [title for (title, _command, _more), ok in zip(steps, fine, strict=True) if not ok]
    if failed:
        raise Stop(f"== {', '.join(failed)}: failed.")


def processes() -> str:
    """One more than there are processors: a test waits for a browser, a server or the clock."""
    return os.environ.get("TEST_PROCESSES") or str((os.cpu_count() or 1) + 1)


def tests(title: str, arguments: list[str], *, fine: tuple[int, ...] = (0,), **more: str) -> None:
    report = var_dir() / "junit.xml"
    command = [
        PYTHON,
        "-m",
        "pytest",
        "-n",
        processes(),
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
    databases = [("SQLite", {"DATABASE_URL": "", "REDIS_URL": ""})]
    if not missing:
        databases.append(("PostgreSQL", {"DATABASE_URL": database, "REDIS_URL": redis}))
    templates = sorted((ROOT / "templates").rglob("*.html"))
    side_by_side(
        [
            *(
                (f"An empty database on {name}", [PYTHON, "-m", "tests.empty_database"], where)
                for name, where in databases
            ),
            ("Translations are complete", [PYTHON, "manage.py", "check_translations"], {}),
            ("The house in order", [PYTHON, "bin/house.py"], {}),
            ("Imports point one way", [BIN / "lint-imports"], {}),
            (
                "Migrations are written",
                [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
                {},
            ),
            (
                "Fit for deployment",
                [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
                DEPLOYED,
            ),
            (
                "Templates are indented",
                [BIN / "djhtml", "--check", "--tabwidth", "2", *templates],
                {},
            ),
            ("Lint", [BIN / "ruff", "check", "."], {}),
            ("Formatted", [BIN / "ruff", "format", "--check", "--quiet", "."], {}),
        ]
    )

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
    fine = (0, NO_TESTS) if chosen else (0,)  # of a chosen few perhaps none is asked here
    both = bool(more.get("LONG"))
    some = [] if missing or both else ["-m", "not (database and on_postgresql)"]
    tests("Tests on SQLite", [*arguments, *some], fine=fine, **databases[0][1], **more)
    if not missing:
        # What has a database of its own whatever these variables say, or asks none, is not done
        # twice.
        arguments += ["-m", "database" if both else "database and not on_sqlite"]
        for done in DONE_ON_SQLITE if both else (*DONE_ON_SQLITE, *DONE_ON_BOTH_WHEN_LONG):
            arguments += ["--ignore", f"tests/{done}"]
        tests("Tests on PostgreSQL and Redis", arguments, fine=fine, **databases[1][1], **more)
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
