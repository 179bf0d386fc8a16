"""The sample list of secondments, moved so that the second batch is under way on the day."""

import csv
import io
import tempfile
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from practicums.roster import load_secondments

FILE = Path(settings.BASE_DIR) / "demo" / "secondments.csv"
BEGINS = date(2026, 9, 1)  # the second batch
EARLIEST, USUAL, LATEST = 30, 88, 150  # days into its half year with something to do


def load_secondments_near(today: date) -> None:
    """Load the list, by whole weeks nearer to the day where the second batch would not be
    running.
    """
    shift = shift_for(today)
    if not shift:
        load_secondments(FILE, today=today)
        return
    with tempfile.TemporaryDirectory() as folder:
        moved = Path(folder) / FILE.name
        moved.write_text(_moved(FILE.read_text(encoding="utf-8"), shift), encoding="utf-8")
        load_secondments(moved, today=today)


def shift_for(today: date) -> timedelta:
    """How far the dates of the list move: whole weeks, none where they fit as they are."""
    days = (today - BEGINS).days
    if EARLIEST <= days <= LATEST:
        return timedelta()
    return timedelta(weeks=(days - USUAL) // 7)


def _moved(text: str, shift: timedelta) -> str:
    """The rows with their dates moved; a batch is then called by the month in which it begins."""
    rows = list(csv.DictReader(io.StringIO(text)))
    written = io.StringIO()
    writer = csv.DictWriter(written, fieldnames=rows[0].keys())
    writer.writeheader()
    for row in rows:
        start = date.fromisoformat(row["start"]) + shift
        end = date.fromisoformat(row["end"]) + shift
        batch = f"{start.year}年{start.month}月批"
        writer.writerow(row | {"start": start, "end": end, "batch": batch})
    return written.getvalue()
