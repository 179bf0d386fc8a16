"""What the loaders of the catalogue share: its files, and a code that stands once."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from academy.imports.loading import LoadReport
from academy.spreadsheets.csv_files import Record

TERM_LENGTH = 40  # characters of a word of a vocabulary
MOST_LESSONS, MOST_YEARS, MOST_APPRENTICES, MOST_HOURS = 99, 99, 999, 1000


@dataclass(frozen=True)
class CatalogueFiles:
    """The rows of the five files, and of tracks.csv and topic_words.csv where the folder has
    them.
    """

    tracks: list[Record]
    topic_words: list[Record]
    formats: list[Record]
    items: list[Record]
    experts: list[Record]
    courses: list[Record]
    classes: list[Record]


def once(file: list[Record], column: str) -> None:
    """Refuse a code that stands twice."""
    seen: dict[str, int] = {}
    for record in file:
        code = record[column]
        if code in seen:
            raise record.wrong(
                column,
                _("“%(value)s” stands in row %(row)d already")
                % {
                    "value": code[:40],
                    "row": seen[code],
                },
            )
        seen[code] = record.row


def load_terms(model, file: list[Record], column: str, report: LoadReport) -> dict:
    """Words of a vocabulary: new ones are added at its end, known ones are staff's to edit and stay
    as they are.
    """
    known = {term.name: term for term in model.objects.all()}
    words: dict[str, Record] = {}
    for record in file:
        for name in record.parts(column):
            words.setdefault(name, record)
    for name, record in words.items():
        if len(name) > TERM_LENGTH:
            raise record.wrong(
                column,
                _("“%(value)s…” is longer than %(length)d characters")
                % {
                    "value": name[:10],
                    "length": TERM_LENGTH,
                },
            )
        if name in known:
            report.same += 1
        else:
            known[name] = model.objects.create(name=name, sort_order=len(known))
            report.new += 1
    return known
