"""The four jobs of the README go as they are written there, on any day that the data is loaded."""

import re
from urllib.parse import urlsplit

import pytest

from portal.demonstration.accounts import LOGINS
from portal.demonstration.year import MENTOR, SECONDEE

from .conftest import LONG, ROOT
from .on_the_day import OF_PICTURES
from .readme_walk import Walker, jobs

# in a long run, for each takes a minute; the day of the pictures is a Friday
OTHER_DAYS = (
    "2027-01-04",  # Monday
    "2027-03-02",  # Tuesday
    "2028-05-10",  # Wednesday
    "2027-07-15",  # Thursday
    "2027-08-21",  # Saturday
    "2027-04-18",  # Sunday
    "2026-12-31",  # the last day of a year
    "2027-10-01",  # a public holiday
)


@pytest.mark.parametrize("day", [OF_PICTURES, *OTHER_DAYS] if LONG else [OF_PICTURES])
def test_the_four_jobs_go_as_they_are_written(browser, site_of_the_day):
    walker = Walker(browser, site_of_the_day.base)
    for job in jobs("README.md"):
        for step in job:
            walker.take(step)
    walker.context.close()


@pytest.mark.parametrize("day", [OF_PICTURES])
def test_every_log_in_of_the_table_comes_from_the_front_page_to_its_work(browser, site_of_the_day):
    walker = Walker(browser, site_of_the_day.base)
    arrived = {}
    for phone in log_ins("README.md"):
        walker.log_in(phone)
        main = walker.page.locator("main")
        assert main.locator("h1").count() == 1
        # a page that has nothing to show says where to go on
        assert main.locator("a:visible, button:visible").count(), phone
        arrived[phone] = urlsplit(walker.page.url).path.split("/")[1]
    walker.context.close()
    assert set(arrived.values()) == {"", "me", "manage"}


def test_both_readmes_tell_the_same_steps():
    english = jobs("README.md")
    assert jobs("README.zh-CN.md") == english
    whole = {"log_in", "open", "press", "read"}
    assert [{step.act for step in job} >= whole for job in english] == [True] * 4


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_table_names_every_log_in(readme):
    phones = [login.phone for login in LOGINS] + [SECONDEE[0], MENTOR[0]]
    assert sorted(log_ins(readme)) == sorted(phones)


def log_ins(readme: str) -> list[str]:
    """The numbers in the table of log-ins."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    return re.findall(r"^\|.*\| (\d{11}) \|$", text, re.MULTILINE)
