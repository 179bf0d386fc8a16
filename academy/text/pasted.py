"""Text as people paste it from chats, web pages and workbooks."""

import re
import unicodedata

# control characters, and the marks that chats put around a number or between two letters
INVISIBLE = ("Cc", "Cf")


def plain(text: str) -> str:
    """One line of what can be seen: letters and digits of ordinary width, every space a plain
    one.
    """
    visible = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or not _is_invisible(character)
    )
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", visible)).strip()


def _is_invisible(character: str) -> bool:
    """Variation selectors only choose among shapes of the character before them."""
    return (
        unicodedata.category(character) in INVISIBLE
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )
