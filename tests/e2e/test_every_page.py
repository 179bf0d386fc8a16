"""Every row of pages.py on a phone and a PC: no sideways scroll, no console error, 0 axe-core
violations.

axe-core is most of the work: it asks at the width its people use, the office on a PC and all others
on a phone, and with LONG=1 at both. LONG=1 also takes a picture of each at each width.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings

from ..factories import UserFactory
from .conftest import AXE, LONG, PASSWORD, ROOT, WIDTHS, fill_in
from .pages import (
    ADMIN,
    DEPARTMENT,
    EMPTY,
    OFFICE,
    PAGES,
    TOWN,
    WRONG,
    PageState,
)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# none of these rules reads style sheets
OPTIONS = {"runOnly": RULES, "reporter": "no-passes", "preload": False}
ANCHORS_TO_NOWHERE = (
    "[...document.querySelectorAll('a[href^=\"#\"]')].map(link => link.hash.slice(1)).filter(id =>"
    " !document.getElementById(id))"
)
# Dots between two facts that are drawn though what follows, or comes before, is on another line.
LONELY_DOTS = """() => [...document.querySelectorAll(".sep")].filter(dot => {
  const drawn = [...dot.getClientRects()].filter(rect => rect.width >= 1)[0];
  if (!drawn || !dot.checkVisibility({visibilityProperty: true})) return false;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const beside = step => {
    texts.currentNode = step === "nextNode" ? dot.lastChild : dot;
    let text = texts[step]();
    while (text && (!text.data.trim() || text.parentElement.closest(".sep"))) text = texts[step]();
    const range = document.createRange();
    range.selectNodeContents(text);
    const rects = [...range.getClientRects()].filter(rect => rect.width);
    return step === "nextNode" ? rects[0] : rects.at(-1);
  };
  return ["nextNode", "previousNode"].some(step => {
    const rect = beside(step);
    return rect && (drawn.bottom < rect.top || drawn.top > rect.bottom);
  });
}).map(dot => dot.parentElement.textContent.replace(/\\s+/g, " ").slice(0, 80))"""
PICTURES = ROOT / "screenshots"


def look_at(page, name: str, width: str, complaints: list[str], *, with_axe: bool = True) -> None:
    """No sideways scroll, nothing on the console but a refused address, nothing that axe finds if
    it is asked; and in a long run the picture.
    """
    resize(page, width)
    if LONG:
        PICTURES.mkdir(exist_ok=True)
        # half the work of a png
        page.screenshot(
            path=PICTURES / f"{name}-{WIDTHS[width][0]}.jpg",
            full_page=True,
            type="jpeg",
            quality=80,
        )
    assert (
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        == 0
    ), f"scrolls sideways ({width})"
    assert [text for text in complaints if "status of 4" not in text] == []
    assert page.evaluate(ANCHORS_TO_NOWHERE) == []
    assert page.evaluate(LONELY_DOTS) == [], width
    violations = found_by_axe(page) if with_axe else []
    assert [
        (item["id"], [node["html"][:160] for node in item["nodes"][:3]]) for item in violations
    ] == [], width


def found_by_axe(page) -> list[dict]:
    """What is wrong with the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate("async options => (await axe.run(document, options)).violations", OPTIONS)


@contextmanager
def listening_to(page) -> Iterator[list[str]]:
    """What the page complains of on the console from now on."""
    complaints: list[str] = []

    def on_console(message) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def on_error(error) -> None:
        complaints.append(str(error))

    page.on("console", on_console)
    page.on("pageerror", on_error)
    try:
        yield complaints
    finally:
        page.remove_listener("console", on_console)
        page.remove_listener("pageerror", on_error)


def resize(page, width: str) -> None:
    """A window of this width, and as high as the page: else the picture has it laid out twice more,
    and axe scrolls from text to text.
    """
    wide, high = WIDTHS[width]
    page.set_viewport_size({"width": wide, "height": high})
    page.set_viewport_size(
        {"width": wide, "height": max(high, page.evaluate("document.documentElement.scrollHeight"))}
    )


@pytest.mark.parametrize("row", PAGES, ids=lambda row: f"{row.name}-{row.state}")
def test_page(row, sessions, request):
    """Opened on a phone and then drawn wider: the page is one and the same, and no script of ours
    looks at the width.
    """
    site = request.getfixturevalue("bare_site" if row.state == EMPTY else "demo_site")
    page = sessions(site, row.phone(site))
    page.set_viewport_size(dict(zip(("width", "height"), WIDTHS["phone"], strict=True)))
    if row.large:
        page.goto(f"{site.base}/large-print/on/?next={row.address(site)}")
    try:
        with listening_to(page) as complaints:
            response = page.goto(site.base + row.address(site))
            if row.press:
                fill_in(page, row)
                page.locator("main form").evaluate_all(
                    "forms => forms.forEach(form => form.setAttribute('novalidate', ''))"
                )
                if row.answer:
                    page.locator(row.press).last.click()
                    page.locator(row.answer).wait_for()
                else:
                    with page.expect_navigation() as moved:
                        page.locator(row.press).last.click()
                    response = moved.value
            assert response.status < (500 if row.state == WRONG else 400)
            asked = WIDTHS if LONG else [width_of(row)]
            for width in WIDTHS:
                name = f"{row.name}-{row.state}"
                look_at(page, name, width, complaints, with_axe=width in asked)
    finally:
        if row.large:
            page.goto(f"{site.base}/large-print/off/")


def width_of(row: PageState) -> str:
    """The width at which those who open the page mostly see it."""
    return "pc" if row.who in (TOWN, DEPARTMENT, OFFICE, ADMIN) else "phone"


def test_no_script_looks_at_the_width():
    """What `test_page` stands on."""
    scripts = [
        path
        for path in (ROOT / "static" / "js").glob("*.js")
        # it draws its pictures anew when the width changes
        if path.name != "charts.js"
        and re.search(
            r"matchMedia|innerWidth|clientWidth|ResizeObserver", path.read_text(encoding="utf-8")
        )
    ]
    assert scripts == []


@pytest.mark.parametrize("shown_on", ["phone", "pc"])
def test_what_one_of_the_widths_shows_is_asked_about(browser, shown_on):
    """The control: a picture without a text, and a text that cannot be read, on a page that shows
    them on one of the two.
    """
    page = browser.new_page()
    style = (
        f"@media ({'min' if shown_on == 'phone' else 'max'}-width: 62em) {{ div {{ display: none"
        " } b { color: #000 } }"
    )
    page.set_content(
        f'<html lang="zh"><title>一页</title><style>b {{ color: #ddd }} {style}</style><main>'
        '<h1>一页</h1><div><p>图：<img src="data:," width="9"></p></div><p><b>淡淡</b></p></main>'
    )
    found = {}
    for width in WIDTHS:
        resize(page, width)
        found[width] = sorted(item["id"] for item in found_by_axe(page))
    page.close()

    assert found == {"phone": [], "pc": []} | {shown_on: ["color-contrast", "image-alt"]}


@pytest.mark.parametrize(("is_space", "lonely"), [(True, 0), (False, 1)])
def test_a_dot_at_the_end_of_a_line_is_found_where_it_is_drawn(browser, is_space, lonely):
    """The control: a dot that is a space falls away where the line ends, another one does not."""
    page = browser.new_page()
    style = (ROOT / "styles" / "base.css").read_text(encoding="utf-8")
    dot = "" if is_space else ".sep::after { content: '·' }"
    page.set_content(
        f"<html lang=zh><style>{style}{dot} p {{ width: 6.6em; font-size: 20px }}</style>"
        "<p>治理学院总校<span class=sep>，</span>一次课<span class=sep>，</span>三学时</p>"
    )
    found = page.evaluate(LONELY_DOTS)
    page.close()

    assert len(found) == lonely


def test_no_two_rows_share_a_picture():
    names = [(row.name, row.state) for row in PAGES]
    assert sorted(names) == sorted(set(names))


# --- What only a broken request or a fault shows --------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_page_of_a_fault(window, width, monkeypatch):
    def fault(*arguments):
        raise RuntimeError("on purpose")

    monkeypatch.setattr("portal.views.network_of", fault)
    page = window().page

    with listening_to(page) as complaints:
        assert page.goto(f"{window.base}/network/").status == 500
        look_at(
            page, "fault-wrong", width, [text for text in complaints if "status of 500" not in text]
        )


@pytest.mark.parametrize("width", WIDTHS)
def test_page_of_a_request_too_large(window, width):
    page = window().open("/feedback/")
    more = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1
    page.locator("main form").last.evaluate(
        """(form, more) => {
          const field = document.createElement("input");
          Object.assign(field, { type: "hidden", name: "a", value: "1" });
          for (let at = 0; at < more; at += 1) form.append(field.cloneNode());
        }""",
        more,
    )
    page.locator("main form textarea").first.fill("灯不亮")

    with listening_to(page) as complaints:
        with page.expect_navigation() as moved:
            page.locator("main form button.btn-primary").last.click()
        assert moved.value.status == 400
        look_at(page, "bad-request-wrong", width, complaints)


@pytest.mark.parametrize("width", WIDTHS)
def test_page_of_a_form_that_waited_too_long(window, width):
    page = window().open("/feedback/")
    page.locator("main form input[name=csrfmiddlewaretoken]").evaluate("field => field.remove()")
    page.locator("main form textarea").first.fill("灯不亮")

    with listening_to(page) as complaints:
        with page.expect_navigation() as moved:
            page.locator("main form button.btn-primary").last.click()
        assert moved.value.status == 403
        look_at(page, "form-expired-wrong", width, complaints)


@pytest.mark.parametrize("width", WIDTHS)
def test_page_of_an_account_that_was_closed(window, width):
    user = UserFactory(is_active=False)
    page = window().open("/accounts/login/")
    page.locator("input[name=login]").fill(user.phone)
    page.locator("input[name=password]").fill(PASSWORD)

    with listening_to(page) as complaints:
        with page.expect_navigation() as moved:
            page.locator("main form button.btn-primary").first.click()
        assert moved.value.status == 403
        look_at(page, "account-closed-wrong", width, complaints)


def test_pictures_are_not_committed():
    assert (
        "/screenshots/"
        in (settings.BASE_DIR / ".gitignore").read_text(encoding="utf-8").splitlines()
    )
