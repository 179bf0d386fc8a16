"""What a phone fetches that has never been here: page, styles, scripts, icons, as the portal sends
them.
"""

import pytest

from .conftest import WIDTHS, log_in
from .pages import FULL, PAGES

LIMIT = 150_000  # bytes, with the headers; a web server in front that compresses pages saves more
ROWS = [
    row
    for row in PAGES
    if row.state == FULL
    and row.name
    in (
        "home",
        "own-home",
        "classes",
        "classes-bookable",
        "class-visitor",
        "class-booked",
        "booked",
        "me",
    )
]


def fetched_by(page, address: str) -> dict[str, int]:
    """Bytes of each answer, by address."""
    requests: list = []

    def on_answer(answer) -> None:
        requests.append(answer.request)

    page.on("response", on_answer)
    page.goto(address, wait_until="networkidle")
    sizes = {request.url: request.sizes() for request in requests}
    return {
        url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in sizes.items()
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_cold_phone_fetches_little(row, demo_site, browser):
    wide, high = WIDTHS["phone"]
    context = browser.new_context(viewport={"width": wide, "height": high})
    if who := row.phone(demo_site):
        log_in(context, f"{demo_site.base}/accounts/login/", who)
    found = fetched_by(context.new_page(), demo_site.base + row.address(demo_site))
    context.close()

    assert any(address.endswith(".css") for address in found)
    assert sum(found.values()) <= LIMIT, found


def test_every_page_of_the_list_is_there():
    assert len(ROWS) == 8
