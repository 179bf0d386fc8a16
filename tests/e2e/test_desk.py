"""The desk and the command box in a browser: rows on the first screen, nothing empty at the right,
keys only.
"""

import pytest

from .conftest import log_in
from .pages import OFFICE

ROWS_ON_THE_FIRST_SCREEN = 12
VISIBLE_ROWS = """() => [...document.querySelectorAll('.desk-row:not(.inner)')].filter(row => {
  const box = row.getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
}).map(row => Math.round(row.getBoundingClientRect().height))"""
RIGHTMOST = """() => Math.max(...[...document.querySelectorAll('main :is(section, .desk-list, tr)')]
  .map(part => part.getBoundingClientRect().right)) / innerWidth"""


@pytest.fixture
def desk(browser, demo_site):
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    log_in(context, f"{demo_site.base}/accounts/login/", OFFICE)
    page = context.new_page()

    def open_page(path: str, wide: int, high: int):
        page.set_viewport_size({"width": wide, "height": high})
        page.goto(demo_site.base + path)
        return page

    yield open_page
    context.close()


def test_twelve_things_stand_on_the_first_screen(desk):
    heights = desk("/manage/", 1280, 800).evaluate(VISIBLE_ROWS)

    assert len(heights) >= ROWS_ON_THE_FIRST_SCREEN
    assert set(heights) <= {44, 45}


@pytest.mark.parametrize(("wide", "high"), [(1280, 800), (1920, 1080)])
@pytest.mark.parametrize("path", ["/manage/", "/manage/lessons/", "/manage/nominations/"])
def test_no_right_third_is_empty(desk, path, wide, high):
    assert desk(path, wide, high).evaluate(RIGHTMOST) > 0.9


@pytest.mark.parametrize(("wide", "high"), [(1280, 800), (1920, 1080)])
@pytest.mark.parametrize("tab", ["", "people/", "attendance/", "quotas/", "message/", "records/"])
def test_no_tab_of_a_class_leaves_the_right_third_empty(desk, demo_site, tab, wide, high):
    code = demo_site.value(
        "SELECT code FROM courses_trainingclass WHERE status = 'running' ORDER BY starts_at"
    )

    assert desk(f"/manage/classes/{code}/{tab}", wide, high).evaluate(RIGHTMOST) > 0.9


def test_a_folded_row_opens_without_leaving_the_desk(desk):
    page = desk("/manage/", 1280, 800)
    row = page.locator(".folds").first
    assert not row.locator(".inner").first.is_visible()
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    assert row.locator(".inner").first.is_visible()


def test_a_person_is_found_and_opened_by_keys_alone(desk):
    """Ctrl-K, some letters, Enter: at most eight keys."""
    page = desk("/manage/classes/", 1280, 800)
    page.keyboard.press("Control+k")
    page.keyboard.type("xxj")
    box = page.locator("form[data-command] input")
    page.locator("#command-found [role=option]").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/manage/people/" in page.url


def test_escape_closes_the_box_and_keeps_what_was_typed(desk):
    page = desk("/manage/", 1280, 800)
    page.keyboard.press("Control+k")
    page.keyboard.type("jmq")
    page.locator("#command-found [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert not page.locator("#command-found").is_visible()
    assert page.locator("form[data-command] input").input_value() == "jmq"


def test_the_figures_come_to_a_page_that_was_drawn_without_them(desk):
    page = desk("/manage/", 1280, 800)
    page.request.post(page.url, fail_on_status_code=False)
    figure = page.locator(".side .hot")
    shown = figure.inner_text()
    page.goto(page.url + "imports/")
    figure.wait_for()
    assert figure.inner_text() == shown
