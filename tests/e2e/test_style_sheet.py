"""Every rule of the style sheet is for something: an element of some drawn page, or a state that
the pages of pages.py do not reach and SELDOM names.
"""

import re

from .conftest import fill_in, log_in
from .pages import EMPTY, PAGES

# What the pages below do not show, by a word of the selector.
SELDOM = {
    ":lang(en)": "the pages in English",
    "[data-bs-theme": "what Bootstrap calls the root",
    ".suggestions": "static/js/suggest.js makes them while somebody types",
    "[hidden]": "static/js/roll.js hides who was not searched for",
    "[open]": "opened by the reader",
    ".from-": "columns of the board of a season, as its classes fall",
    ".to-": "columns of the board of a season, as its classes fall",
    ".weeks-": "columns of the board of a season, as its quarter falls",
    ".season-months": "a quarter of which one month is shown",
    ".repeat-ways": "whoever has taken the same before",
    ".find-people": "more colleagues than fit on a page",
    ".quota-fields": "a class that keeps seats for towns",
    "#quotas": "a class that keeps seats for towns",
    ".rowset": "two people changed one form",
    ".other-secondments": "somebody who was seconded twice",
    ".turned": "a list sorted upwards",
    ".retired .key": "a retired course without a successor",
    ".notice h2 a": "a notice that was read",
    ".batch": "rows with a choice, or that clash",
    ".say + .say": "two messages at once",
    ".say.good": "what is said after a step that went well",
    ".clash legend": "two entries of one person with bookings at one time",
    ".find + .chips": "a search narrowed to one kind",
    ".tally + .empty": "a roll without people",
    ".draft-file": "files chosen for a draft",
    ".draft-saved.bad": "a draft that could not be saved",
    ".draft [aria-invalid=true]": "a draft with a row that lacks its day",
    ".thumbs img": "photos of a draft that is looked over",
    ".evidence-file": "a file that was handed in",
    ".first-for-me": "a secondment with something to sign",
    ".ready small": "what nobody has opened yet",
    ".group-classes li": "a group with classes",
    ".group-classes small": "a group with classes",
    ":nth-child(8)": "the filters of the office",
}
# states of an element, and parts that no element is
STATES = re.compile(r"::[\w-]+|:(?:hover|focus-visible|focus-within|focus|checked)\b")
SELECTORS = """() => {
  const found = new Set();
  const read = rules => { for (const rule of rules) {
    if (rule instanceof CSSStyleRule) found.add(rule.selectorText);
    if (rule.cssRules) read(rule.cssRules);
  } };
  for (const sheet of document.styleSheets)
    if (sheet.href.includes("/portal")) read(sheet.cssRules);
  return [...found];
}"""
MATCHED = """([html, selectors]) => {
  const page = html ? new DOMParser().parseFromString(html, "text/html") : document;
  return selectors.filter(selector => page.querySelector(selector));
}"""


def parts_of(selector: str) -> list[str]:
    """The selectors of a list, without the states of elements; commas in brackets do not part."""
    parts, depth = [""], 0
    for sign in selector:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [STATES.sub("", part).strip() or "*" for part in parts]


def is_seldom(selector: str) -> bool:
    return any(word in selector for word in SELDOM)


def drawn(rows, site, browser):
    """The HTML of each row's page, without drawing it where nothing is pressed."""
    windows: dict = {}
    for row in rows:
        who = row.phone(site)
        if who not in windows:
            context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            if who:
                log_in(context, f"{site.base}/accounts/login/", who)
            windows[who] = context
        context, address = windows[who], site.base + row.address(site)
        if row.large:
            context.request.get(f"{site.base}/large-print/on/?next=/")
        if not row.press:
            yield context.request.get(address).text()
            continue
        page = context.new_page()
        page.goto(address)
        fill_in(page, row)
        page.locator("main form").evaluate_all(
            "forms => forms.forEach(form => form.setAttribute('novalidate', ''))"
        )
        with page.expect_navigation():
            page.locator(row.press).last.click()
        yield page.content()
        page.close()
    for context in windows.values():
        context.close()


def test_no_rule_is_for_nothing(demo_site, bare_site, browser):
    page = browser.new_page()
    page.goto(demo_site.base)
    rules = {rule: parts_of(rule) for rule in page.evaluate(SELECTORS)}
    left = {part for parts in rules.values() for part in parts}
    assert len(left) > 500
    for site, is_bare in ((demo_site, False), (bare_site, True)):
        rows = [row for row in PAGES if (row.state == EMPTY) == is_bare]
        for html in drawn(rows, site, browser):
            left -= set(page.evaluate(MATCHED, [html, sorted(left)]))
    page.close()

    assert {part for part in left if not is_seldom(part)} == set()


def test_commas_in_brackets_do_not_part():
    assert parts_of(".a:hover > :is(.b, :has(.c, .d)), .e::before") == [
        ".a > :is(.b, :has(.c, .d))",
        ".e",
    ]
