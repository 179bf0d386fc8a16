"""The sheets on which the people of a lesson sign."""

from dataclasses import dataclass

from courses.models import Lesson
from courses.schedule.teachers import in_words, teachers_of

from ..models import expected_in
from .roster import on_the_roll_of

ROWS_PER_SHEET = 22  # of the printed sign-in sheet; docs/rules.md R43
EMPTY_ROWS = 3  # for people who come without a booking


@dataclass(frozen=True)
class SignIn:
    """What is printed for one lesson: 22 rows to a page, in the order of strokes."""

    lesson: Lesson
    taught_by: str
    sheets: list[list[dict]]
    people: int


def sign_in_of(lesson: Lesson) -> SignIn:
    """The sheets of a lesson that has its class, room and teachers with it."""
    people = [
        {"name": person.trainee.user.name, "village": person.village.name, "position": person.post}
        for person in on_the_roll_of(lesson.training_class)
        .filter(expected_in(lesson))
        .order_by("trainee__stroke_key", "pk")
    ]
    rows = people + [{"name": "", "village": "", "position": ""}] * EMPTY_ROWS
    numbered = [{"number": number, **row} for number, row in enumerate(rows, start=1)]
    return SignIn(
        lesson=lesson,
        taught_by=in_words(teachers_of(lesson)),
        sheets=[
            numbered[start : start + ROWS_PER_SHEET]
            for start in range(0, len(numbered), ROWS_PER_SHEET)
        ],
        people=len(people),
    )
