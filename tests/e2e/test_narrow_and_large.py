"""A phone of 320 px with large print: nothing scrolls sideways, no word is cut, no two things to
press touch each other, 0 axe-core violations.

A few pages of each kind in an ordinary run, with LONG=1 every row of pages.py.
"""

import pytest

from .conftest import LONG, fill_in
from .pages import EMPTY, PAGES
from .test_every_page import found_by_axe

NARROW = {"width": 320, "height": 640}
# one page for each way in which something has once been too wide or too close
SOME = {
    ("home", "full"),
    ("search", "wrong"),
    ("classes", "full"),
    ("class-visitor", "full"),
    ("class-waiting", "full"),
    ("booked", "full"),
    ("me", "full"),
    ("courses", "full"),
    ("methods", "full"),
    ("secondment-own", "full"),
    ("start", "empty"),
    ("imports", "full"),
    ("approvals-village", "full"),
    ("roll", "full"),
    ("class-edit", "full"),
    ("class-copy-shown", "full"),
    ("manage-classes", "full"),
    ("manage-experts", "full"),
    ("board", "full"),
    ("roles", "full"),
}
ROWS = [row for row in PAGES if LONG or (row.name, row.state) in SOME]
# What is too wide, cut, or too close to its neighbour, in words. Links within a line of text are as
# high as the line. Distances in CSS pixels: 8 between buttons, less half a pixel of rounding.
COMPLAINTS = """() => {
  const complaints = [], page = document.documentElement;
  const words = one => String(one.innerText || one.placeholder || one.value).trim().slice(0, 20);
  const name = one => `${[one.localName, ...one.classList].join(".")} “${words(one)}”`;
  const all = selector => [...document.querySelectorAll(selector)].filter(one =>
    one.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && one.getBoundingClientRect().width > 2);
  const scrolls = style => /auto|scroll|hidden|clip/.test(style.overflowX + style.overflowY);

  const over = page.scrollWidth - page.clientWidth;
  if (over > 0) {
    const held = one => one.parentElement !== document.body
      && (scrolls(getComputedStyle(one.parentElement)) || held(one.parentElement));
    const far = all("body *").filter(one =>
      one.getBoundingClientRect().right > page.clientWidth && !held(one));
    complaints.push(`${over} px too wide: ${far.slice(0, 3).map(name).join(", ")}`);
  }

  const LABELS = ".btn, .status, .chip, .count, .tool, .tap, .track-tag, nav a, label, legend,"
    + " summary, h1, h2, h3";
  for (const one of all(LABELS)) {
    if (getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1)
      complaints.push(`cut: ${name(one)}`);
    if (!one.matches(".btn, .status")) continue;
    const right = one.getBoundingClientRect().right;
    for (let around = one.parentElement; around; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (scrolls(style)) break;
      if (style.display === "inline" || style.display === "contents") continue;
      if (right > around.getBoundingClientRect().right + 1.5) {
        complaints.push(`sticks out: ${name(one)}`);
        break;
      }
    }
  }
  const pen = document.createElement("canvas").getContext("2d");
  for (const one of all("input[placeholder]")) {
    const style = getComputedStyle(one, "::placeholder"), box = getComputedStyle(one);
    pen.font = style.font;
    const room = one.clientWidth - parseFloat(box.paddingLeft) - parseFloat(box.paddingRight);
    if (!one.value && pen.measureText(one.placeholder).width > room + 1)
      complaints.push(`cut hint: ${one.placeholder}`);
  }

  // what can be seen of a thing to press, and the bar it stays with when the page is scrolled
  const targets = all("a[href], button, input, select, textarea, summary").filter(one => {
    const style = getComputedStyle(one);
    return style.display !== "inline" && style.pointerEvents !== "none";
  }).map(one => {
    let {left, right, top, bottom} = one.getBoundingClientRect(), bar = null;
    for (let around = one; around; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (/fixed|sticky/.test(style.position)) bar ??= around;
      if (around === one || around.contains(document.body) || !scrolls(style)) continue;
      const box = around.getBoundingClientRect();
      left = Math.max(left, box.left);
      right = Math.min(right, box.right);
      top = Math.max(top, box.top);
      bottom = Math.min(bottom, box.bottom);
    }
    return {one, left, right, top, bottom, bar, isButton: one.matches(".btn"),
      group: one.closest(".btn-group, .input-group")};
  }).filter(seen => seen.right > seen.left && seen.bottom > seen.top);
  targets.forEach((a, at) => targets.slice(at + 1).forEach(b => {
    if (a.bar !== b.bar || a.one.contains(b.one) || b.one.contains(a.one)) return;
    const across = Math.max(a.left, b.left) - Math.min(a.right, b.right);
    const down = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
    const apart = Math.max(across, down);
    const both = `${name(a.one)} and ${name(b.one)}`;
    if (apart < -1) complaints.push(`one over the other: ${both}`);
    else if (a.isButton && b.isButton && apart < 7.5 && Math.min(across, down) < 0
      && !(a.group && a.group === b.group)) complaints.push(`close: ${both}`);
  }));
  return complaints;
}"""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.state}")
def test_page(row, sessions, request):
    site = request.getfixturevalue("bare_site" if row.state == EMPTY else "demo_site")
    page = sessions(site, row.phone(site), large=True)
    page.set_viewport_size(NARROW)
    page.goto(site.base + row.address(site))
    if row.press:
        fill_in(page, row)
        page.locator("main form").evaluate_all(
            "forms => forms.forEach(form => form.setAttribute('novalidate', ''))"
        )
        with page.expect_navigation():
            page.locator(row.press).last.click()

    assert page.evaluate(COMPLAINTS) == []
    assert [item["id"] for item in found_by_axe(page)] == []


def test_what_is_wrong_is_seen(browser):
    """The control: a page with one of each."""
    page = browser.new_page(viewport=NARROW)
    page.set_content(
        "<style>body { margin: 0 } .btn { display: block; height: 40px } .far { width: 400px }"
        " .narrow { width: 40px } .status { display: inline-block; white-space: nowrap }</style>"
        "<main><a class='btn' href='/'>一</a><a class='btn' href='/'>二</a>"
        "<p class='far'>很宽</p><input class='narrow' placeholder='一句话放不下'>"
        "<p class='narrow'><b class='status'>八个字的状态在此</b></p>"
        "<a class='btn' href='/' style='margin-top: -60px; height: 80px'>三</a></main>"
    )
    found = page.evaluate(COMPLAINTS)
    page.close()

    assert sorted({complaint.split(":")[0] for complaint in found}) == [
        "80 px too wide",
        "close",
        "cut hint",
        "one over the other",
        "sticks out",
    ]


def test_the_rows_are_there():
    assert LONG or {(row.name, row.state) for row in ROWS} == SOME


@pytest.mark.parametrize("name", ["home", "classes", "search", "class-visitor"])
def test_a_browser_that_writes_twice_as_large_does_not_scroll_sideways(name, demo_site, browser):
    row = next(row for row in PAGES if row.name == name)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
    context.new_cdp_session(page).send("Page.setFontSizes", sizes)
    page.goto(demo_site.base + row.address(demo_site))
    found = page.evaluate(COMPLAINTS)
    size = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    context.close()

    assert size == "32px"
    assert found == []
