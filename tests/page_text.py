"""The text of a page as a browser takes it."""

import re


def squeezed(response) -> str:
    """Return the page with one blank for each run of white space."""
    return re.sub(r"\s+", " ", response.content.decode())
