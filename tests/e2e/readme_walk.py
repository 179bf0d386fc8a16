"""Reads the four jobs of a README, and does them in a browser word by word."""

import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, Locator, expect

from portal.demonstration.accounts import PASSWORD

from .conftest import ROOT

OF_VISITORS = "难题从居村来"  # the heading of the front page for whoever has not logged in
JOB = re.compile(r"^\*\*\d\. [^*]+\*\*(.*?)\n\n", re.MULTILINE | re.DOTALL)
STEP = re.compile(
    r"`(?P<log_in>\d{11})`"
    r"|\[[^\]]+\]\((?P<open>http[^)]+)\)"
    r"|`(?P<choose>demo/[^`]+)`"
    r"|(?:write|写上)\s*“(?P<write>[^”]+)”"
    r"|(?:beside|找到)\s*“(?P<find>[^”]+)”"
    r"|\*\*(?P<press>[^*]+)\*\*"
    r"|“(?P<read>[^”]+)”"
)


class Step(NamedTuple):
    """What to do, by the name of the method of Walker, and with what."""

    act: str
    words: str


def jobs(readme: str) -> list[list[Step]]:
    """The steps of each of the four jobs, in the order of the text."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    return [steps(job) for job in JOB.findall(text)]


def steps(job: str) -> list[Step]:
    return [Step(found.lastgroup, found[found.lastgroup]) for found in STEP.finditer(job)]


class Walker:
    """Takes one step after the other on a site, as whoever logged in last."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.base = base
        self.seen_before, self.within = "", "main"

    def take(self, step: Step) -> None:
        getattr(self, step.act)(step.words)

    def log_in(self, phone: str) -> None:
        """By the link on the front page; from there everybody comes to their work, not back."""
        self.context.clear_cookies()
        self.page.goto(f"{self.base}/")
        self.page.locator("header a", has_text="登录").click()
        self.page.locator("input[name=login]").fill(phone)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form[method=post] button.btn-primary").first.click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        expect(self.page.locator("h1")).not_to_contain_text(OF_VISITORS)

    def open(self, address: str) -> None:
        parts = urlsplit(address)
        answer = self.page.goto(f"{self.base}{parts.path}?{quote(parts.query, safe='=&')}")
        assert answer.status == 200, f"{address} answers {answer.status}"
        self.seen_before = ""

    def choose(self, path: str) -> None:
        self.page.locator("main input[type=file]").set_input_files(ROOT / path)

    def write(self, words: str) -> None:
        self._shown(self.page.locator("main textarea")).fill(words)

    def find(self, words: str) -> None:
        """The one of a page's sections in which to press next."""
        self.within = f"main :is(section, .desk-row):has-text('{words}')"

    def press(self, words: str) -> None:
        """A link, a button or the label of a box, on which stands just this."""
        just_this = re.compile(rf"^\s*{re.escape(words)}\s*\*?\s*$")  # the star is not shown
        pressed = (
            self.page.locator(self.within).locator("a, button, label").filter(has_text=just_this)
        )
        self.seen_before = self.page.inner_text("body")
        self._shown(pressed).click()
        self.within = "main"
        self.page.wait_for_load_state()

    def read(self, words: str) -> None:
        """What the page shows now and did not before the press."""
        assert words not in self.seen_before
        expect(self._shown(self.page.get_by_text(words))).to_be_visible()

    @staticmethod
    def _shown(found: Locator) -> Locator:
        return found.locator("visible=true").first
