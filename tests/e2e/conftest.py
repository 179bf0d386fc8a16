"""A real browser for the end-to-end tests, and whole sites of demonstration data to look at."""

import fcntl
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from portal.demonstration.accounts import PASSWORD as DEMO_PASSWORD

from ..empty_database import begin_with_it
from .on_the_day import OF_PICTURES

# Playwright's sync API runs a loop in the thread that uses the database
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

ROOT = Path(django_settings.BASE_DIR)
PASSWORD = "demo-Password-1"  # of tests/factories.py
WIDTHS = {"phone": (390, 844), "pc": (1280, 900)}
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# People walk on a phone, the office on a PC, and in a long run each on both; how a page is drawn at
# both widths is asked of every page.
LONG = bool(os.environ.get("LONG"))
ON_A_PHONE, ON_A_PC = (list(WIDTHS), list(WIDTHS)) if LONG else (["phone"], ["pc"])
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # a script runs for a moment: to compile it well takes longer than it saves
    "--lang=zh-CN",
    "--js-flags=--no-turbofan --no-maglev",
]

expect.set_options(timeout=15_000)


def chromium_path() -> str:
    found = os.environ.get("CHROMIUM") or next(
        filter(
            None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))
        ),
        None,
    )
    assert found, "Chromium is not installed"
    return found


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=ON_A_PHONE)
def width(request) -> str:
    return request.param


@dataclass
class Visitor:
    """One person's browser window on the test's live server."""

    context: BrowserContext
    page: Page
    base: str

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def be(self, user) -> "Visitor":
        """As somebody who has logged in before; the log-in page itself is walked through where that
        is the journey.
        """
        client = Client()
        client.force_login(user)
        self.context.add_cookies(
            [
                {"name": key, "value": morsel.value, "url": self.base}
                for key, morsel in client.cookies.items()
            ]
        )
        return self

    def log_in(self, user, password: str = PASSWORD) -> "Visitor":
        """Through the log-in page, as a person does."""
        self.open("/accounts/login/")
        self.page.locator("input[name=login]").fill(user.phone)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main form[method=post] button.btn-primary").first.click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self


def pick(page: Page, selector: str, typed: str) -> None:
    """Choose in a list that is typed into: the best answer to what is typed. A few choices are a
    plain list.
    """
    field = page.locator(selector)
    if field.evaluate("field => field.tagName") == "SELECT":
        option = field.locator("option").filter(has_text=typed)
        value = option.first.get_attribute("value") if option.count() else typed
        field.select_option(value)
        return
    field.focus()
    field.fill(typed)
    expect(field).to_have_attribute("aria-activedescendant", re.compile("pick-"))
    field.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "false")


@pytest.fixture
def window(browser: Browser, live_server, width, request):
    """Opens windows of the test's width: `window()` for a visitor, `window(user)` for somebody
    logged in, `of` another browser than that of the run.
    """
    opened: list[BrowserContext] = []
    wide, high = WIDTHS[width]

    def open_window(user=None, *, javascript: bool = True, of: Browser | None = None) -> Visitor:
        context = (of or browser).new_context(
            viewport={"width": wide, "height": high},
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        visitor = Visitor(context, context.new_page(), live_server.url)
        return visitor.be(user) if user else visitor

    open_window.base = live_server.url
    yield open_window
    for context in opened:
        context.close()


# --- Sites that live as long as the tests ---------------------------------------------------------


@dataclass
class Site:
    """A running portal with a database of its own."""

    base: str
    database: Path

    def row(self, query: str, *arguments) -> tuple:
        """The first row of a query on the site's database, to build addresses with."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            row = connection.execute(query, arguments).fetchone()
        assert row, f"the demonstration data lacks what this asks for: {query}"
        return row

    def value(self, query: str, *arguments) -> str:
        return str(self.row(query, *arguments)[0])


def _built(
    folder: Path, commands: list[list[str]], *, day: str, after: Path | None = None
) -> dict[str, str]:
    """Set a site up once for all test processes of a run; the others wait for the one that does it.
    Returns its variables.

    A site that goes on where another one stands (`after`) begins with a copy of it.
    """
    variables = {
        **os.environ,
        "PORTAL_VAR_DIR": str(folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DJANGO_DEBUG": "1",
        "SITE_DAY": day,
    }
    variables.pop("DJANGO_SETTINGS_MODULE", None)
    ready = folder / "ready"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            if after:
                shutil.copytree(after, folder, ignore=shutil.ignore_patterns("ready"))
            else:
                folder.mkdir(exist_ok=True)
                begin_with_it(folder / "portal.sqlite3")  # `migrate` finds nothing left to do then
            (folder / "static").mkdir(exist_ok=True)
            for command in commands:
                done = subprocess.run(
                    [sys.executable, *ON_THE_DAY, *command],
                    cwd=ROOT,
                    env=variables,
                    capture_output=True,
                    text=True,
                    timeout=300,
                )
                assert done.returncode == 0, f"{command}: {done.stderr[-2000:]}"
            ready.touch()
    return variables


def _loaded(folder: Path, day: str) -> Path:
    """The demonstration of a day. Nobody uses it, so that sites can begin with a copy of it."""
    prepared, loaded = folder / "prepared-site", folder / f"loaded-{day}"
    _built(prepared, PREPARE, day=OF_PICTURES)
    _built(loaded, LOAD, day=day, after=prepared)
    return loaded


@contextmanager
def _served(
    folder: Path, commands: list[list[str]] | None = None, *, after: Path, day: str = OF_PICTURES
):
    variables = _built(folder, commands or [], day=day, after=after)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            sys.executable,
            *ON_THE_DAY,
            "gunicorn",
            "academy.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "1",
            "--threads",
            "4",
            "--log-level",
            "error",
        ],
        cwd=ROOT,
        env=variables,
        start_new_session=True,
    )
    try:
        patience = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
                break
            except (urllib.error.URLError, OSError):
                assert server.poll() is None and time.monotonic() < patience, (
                    "the site does not start"
                )
                time.sleep(0.1)
        yield Site(f"http://127.0.0.1:{port}", folder / "portal.sqlite3")
    finally:
        server.terminate()
        server.wait(timeout=20)


ON_THE_DAY = ["-m", "tests.e2e.on_the_day"]
LOAD = [["manage.py", "load_demo"], ["manage.py", "send_due_notices"]]
PREPARE = [
    ["manage.py", "build_assets"],
    ["manage.py", "collectstatic", "--noinput", "-v", "0"],
    ["manage.py", "migrate", "-v", "0"],
]


@pytest.fixture(scope="session")
def sites_folder(tmp_path_factory) -> Path:
    """One folder for all processes of a test run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def demo_site(sites_folder):
    """The portal with the whole demonstration year."""
    with _served(sites_folder / "demo-site", after=_loaded(sites_folder, OF_PICTURES)) as site:
        yield site


@pytest.fixture
def site_of_the_day(sites_folder, day):
    """The portal on the day that the demonstration was loaded, for one test to change."""
    with _served(sites_folder / f"site-{day}", after=_loaded(sites_folder, day), day=day) as site:
        yield site


@pytest.fixture(scope="session")
def bare_site(sites_folder):
    """The portal with its network and log-ins, and nothing else: every list is empty."""
    prepared = sites_folder / "prepared-site"
    _built(prepared, PREPARE, day=OF_PICTURES)
    bare = [["manage.py", "load_demo", "--bare"]]
    with _served(sites_folder / "bare-site", bare, after=prepared) as site:
        yield site


# --- People who look at them ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def sessions(browser):
    """One logged-in window for each site and person: a new one for each row would start a process
    of the browser each time.
    """
    kept: dict = {}

    def window_for(site, who: str, *, large: bool = False):
        key = (site.base, who, large)
        if key not in kept:
            context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            context.add_init_script(AXE)  # sent once, not to each page
            if who:
                log_in(context, f"{site.base}/accounts/login/", who)
            if large:
                context.request.get(f"{site.base}/large-print/on/?next=/")
            kept[key] = context.new_page()
        return kept[key]

    yield window_for
    for page in kept.values():
        page.context.close()


def log_in(context, address: str, who: str) -> None:
    """By the form and without drawing it: people log in by hand in the journeys."""
    context.request.get(address)
    token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken")
    form = {"login": who, "password": DEMO_PASSWORD, "csrfmiddlewaretoken": token}
    assert (
        context.request.post(
            address, form=form, headers={"Referer": address}, max_redirects=0
        ).status
        == 302
    )


def fill_in(page, row) -> None:
    for field, text in row.fill:
        control = page.locator(field).first
        if control.get_attribute("type") == "file":
            control.set_input_files(text)
        else:
            control.fill(text)
