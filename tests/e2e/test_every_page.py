"""Every row of pages.py on a phone and a PC: a picture, no sideways scroll, no console error, 0 axe-core violations."""

import pytest
from django.conf import settings

from portal.demo import PASSWORD

from .conftest import ROOT, WIDTHS
from .pages import EMPTY, PAGES

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = ROOT / "screenshots"


@pytest.fixture(scope="session")
def sessions(browser):
    """One logged-in context for each site, person and width."""
    kept: dict = {}

    def context_for(site, who: str, width: str):
        key = (site.base, who, width)
        if key not in kept:
            wide, high = WIDTHS[width]
            context = browser.new_context(viewport={"width": wide, "height": high}, locale="zh-CN", timezone_id="Asia/Shanghai")
            if who:
                known = next((other for (base, name, _width), other in kept.items() if (base, name) == (site.base, who)), None)
                if known:
                    context.add_cookies(known.cookies())
                else:
                    page = context.new_page()
                    page.goto(f"{site.base}/accounts/login/")
                    page.locator("input[name=login]").fill(who)
                    page.locator("input[name=password]").fill(PASSWORD)
                    page.locator("main form[method=post] button.btn-primary").first.click()
                    page.wait_for_url(lambda url: "/accounts/login/" not in url)
                    page.close()
            kept[key] = context
        return kept[key]

    yield context_for
    for context in kept.values():
        context.close()


@pytest.mark.xdist_group("every-page")
@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("row", PAGES, ids=lambda row: f"{row.name}-{row.state}")
def test_page(row, width, sessions, request):
    site = request.getfixturevalue("bare_site" if row.state == EMPTY else "demo_site")
    page = sessions(site, row.who, width).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        if row.large:
            page.goto(f"{site.base}/large-print/on/?next={row.address(site)}")
        response = page.goto(site.base + row.address(site))
        if row.press:
            page.locator("main form").first.evaluate("form => form.setAttribute('novalidate', '')")
            with page.expect_navigation() as moved:
                page.locator(row.press).last.click()
            response = moved.value
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{row.name}-{row.state}-{WIDTHS[width][0]}.png", full_page=True)

        assert response.status < 500
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, "scrolls sideways"
        assert [text for text in complaints if "status of 4" not in text] == []
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        assert [(item["id"], [node["html"][:160] for node in item["nodes"][:3]]) for item in found["violations"]] == []
    finally:
        if row.large:
            page.goto(f"{site.base}/large-print/off/")
        page.close()


def test_pictures_are_not_committed():
    assert "/screenshots/" in (settings.BASE_DIR / ".gitignore").read_text(encoding="utf-8").splitlines()
