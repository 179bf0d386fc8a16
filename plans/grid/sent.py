"""Reading what the page of a table sends: JSON, every value of which is checked before use."""

import json

from django.utils.translation import gettext as _

from academy.errors import PortalError

from .cells import GRID_FIELDS
from .rows import MOST_ROWS, SentRow

LONGEST_TEXT = 5_000  # of one cell; the fields have limits of their own
GREATEST = 2**31


class NotRead(PortalError):
    """What came is not what the page sends."""


def rows_in(body: bytes) -> tuple[list[SentRow], bool]:
    """The rows, and whether they were sent before without an answer. Raises NotRead."""
    try:
        sent = json.loads(body)
        rows, again = sent["rows"], sent.get("again") is True
        if not isinstance(rows, list):
            raise NotRead(_not_read())
        if len(rows) > MOST_ROWS:
            raise NotRead(
                _("Paste at most %(most)d rows at once. Nothing was saved.") % {"most": MOST_ROWS}
            )
        return [_row(row) for row in rows], again
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotRead(_not_read()) from error


def _not_read() -> str:
    return _("The table could not be read. Reload the page and try again; nothing was saved.")


def _row(row: dict) -> SentRow:
    return SentRow(
        key=str(row["key"])[:40],
        pk=_whole(row.get("pk")),
        number=_whole(row.get("number")),
        was=_texts(row.get("was")),
        texts=_texts(row.get("texts")),
        merged=_texts(row.get("merged")),
        is_removed=row.get("removed") is True,
        like=_whole(row.get("like")),
        taken_out=str(row.get("taken_out") or "")[:LONGEST_TEXT],
    )


def _whole(value) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < GREATEST:
        raise ValueError(value)
    return value


def _texts(values: dict | None) -> dict[str, str]:
    if values is None:
        return {}
    return {
        name: text.replace("\x00", "")[:LONGEST_TEXT]
        for name, text in values.items()
        if name in GRID_FIELDS and isinstance(text, str)
    }
