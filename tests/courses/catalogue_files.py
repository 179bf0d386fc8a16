"""A copy of the academy's catalogue for a test to change."""

import csv
import shutil
from pathlib import Path

from courses.models import Course, Expert, Lesson, ServiceItem, TeachingFormat, Track, TrainingClass

DEMO = Path(__file__).resolve().parents[2] / "demo"


def copy_of_the_catalogue(folder: Path) -> Path:
    return Path(shutil.copytree(DEMO / "catalogue", folder / "catalogue"))


def change(folder: Path, file: str, row: int, **values: str) -> None:
    """Change columns of the row with this number, counted as a spreadsheet does: the heading is row
    1.
    """
    path = folder / file
    with path.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    rows[row - 2] |= values
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def counts() -> list[int]:
    return [
        model.objects.count()
        for model in (Track, TeachingFormat, ServiceItem, Expert, Course, TrainingClass, Lesson)
    ]
