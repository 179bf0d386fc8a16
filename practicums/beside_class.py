"""The sheets of a class's structured discussion beside it, and the cases made of them.

Source: docs/rules.md R91.
"""

from collections.abc import Mapping

from courses.beside_class import Card, KnownClass
from courses.models import TrainingClass
from trainees.classes.discussions import sheets_of
from trainees.models import Discussion

from .models import PracticeCase


def cards_of(training_class: TrainingClass, user) -> list[Card]:
    """How many sheets are written, and of each that has a comment its case or the way to one."""
    discussion = Discussion.objects.filter(training_class=training_class).first()
    if discussion is None:
        return []
    sheets = list(sheets_of(training_class))
    cases = {case.sheet_id: case for case in PracticeCase.objects.filter(sheet__in=sheets)}
    commented = [(sheet, cases.get(sheet.pk)) for sheet in sheets if sheet.is_commented]
    context = {
        "training_class": training_class,
        "discussion": discussion,
        "sheets": len(sheets),
        "written": sum(sheet.is_written for sheet in sheets),
        "commented": commented,
    }
    return [Card("practicums/_discussion_card.html", context)]


def question_of(known: KnownClass, user, data: Mapping | None) -> None:
    """Nothing is asked before a class is opened."""
