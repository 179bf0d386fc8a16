"""What the form of each item asks: a list of tasks, milestones of a project, the parts of a case.

The answers are put together into the text that is handed in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ..models import ItemKind

MAIN = "text"  # the question that takes a text which was not typed in parts
A_DAY = re.compile(r"\d{1,2}\s*[月./-]\s*\d{1,2}")
DAY_LENGTH, LINE_LENGTH = 20, 120


@dataclass(frozen=True)
class Question:
    """One question of a form, answered in a line, in a text of so many `lines`, or in `rows` with a
    day and a line each.
    """

    name: str
    label: str  # lazily translated
    hint: str = ""
    lines: int = 1
    rows: int = 0

    def row_names(self) -> list[tuple[str, str]]:
        """The names of the answers of each row: its day, its line."""
        return [
            (f"{self.name}_{number}_day", f"{self.name}_{number}")
            for number in range(1, self.rows + 1)
        ]


class Answer(NamedTuple):
    """An answered question as it is read: a text, or rows with a day and a line."""

    label: str
    text: str
    rows: list[tuple[str, str]]


TITLE_OF_PROJECT = Question("title", gettext_lazy("Name of the project"))
TITLE_OF_CASE = Question("title", gettext_lazy("Title of the case"))

QUESTIONS: dict[str, tuple[Question, ...]] = {
    ItemKind.TASK_LIST: (
        Question(
            "tasks",
            gettext_lazy("Tasks, and by when"),
            gettext_lazy("Two or three are enough. What is agreed later is added later."),
            rows=5,
        ),
        Question(
            MAIN,
            pgettext_lazy("of a task list", "Anything else"),
            gettext_lazy("What you need from the host, say."),
            lines=3,
        ),
    ),
    ItemKind.MENTOR_PAIRING: (
        Question(
            "met",
            gettext_lazy("When and where you met"),
            gettext_lazy("For example: 8 March, at the host"),
        ),
        Question(MAIN, gettext_lazy("What you agreed"), lines=4),
    ),
    ItemKind.PRACTICAL_PROJECT: (
        TITLE_OF_PROJECT,
        Question("steps", gettext_lazy("Three milestones"), rows=3),
        Question(
            MAIN,
            gettext_lazy("What came of it"),
            gettext_lazy("Figures and what was done; three to five sentences are enough."),
            lines=4,
        ),
    ),
    ItemKind.GET_TOGETHER: (
        Question("people", gettext_lazy("Who met")),
        Question(MAIN, gettext_lazy("What you talked about or did together"), lines=3),
    ),
    ItemKind.WORK_CASE: (
        TITLE_OF_CASE,
        Question("problem", gettext_lazy("What was the matter"), lines=3),
        Question(MAIN, gettext_lazy("What you did"), lines=4),
        Question("result", gettext_lazy("What changed for residents"), lines=3),
        Question("lessons", gettext_lazy("What others can use"), lines=3),
    ),
    ItemKind.PRACTICE_REPORT: (
        Question("done", gettext_lazy("What was to be done, and what was done"), lines=6),
        Question(MAIN, gettext_lazy("What you learned"), lines=4),
        Question("home", gettext_lazy("What you take home"), lines=3),
    ),
    ItemKind.APPRAISAL: (),  # the host writes it on a page of its own
}


def names_of(kind: str) -> list[str]:
    """The names of all answers that the form of an item takes."""
    return [name for question in QUESTIONS[kind] for name in _names(question)]


def _names(question: Question) -> list[str]:
    if question.rows:
        return [name for pair in question.row_names() for name in pair]
    return [question.name]


def answered(kind: str, answers: Mapping[str, str]) -> list[Answer]:
    """The questions that have an answer, in their order, as the check page shows them."""
    return list(_answered(kind, answers))


def _answered(kind: str, answers: Mapping[str, str]) -> Iterator[Answer]:
    for question in QUESTIONS[kind]:
        rows = [(answers.get(day, ""), answers.get(line, "")) for day, line in question.row_names()]
        rows = [row for row in rows if any(row)]
        text = "" if question.rows else answers.get(question.name, "")
        if text or rows:
            yield Answer(str(question.label), text, rows)


def as_text(kind: str, answers: Mapping[str, str]) -> str:
    """The text of the evidence, in the language of the portal; nothing without an answer.

    A single answer of the main question is the text itself.
    """
    if [name for name, value in answers.items() if value] == [MAIN]:
        return answers[MAIN].strip()
    with translation.override(settings.LANGUAGE_CODE):
        return "\n\n".join(_paragraph(answer) for answer in answered(kind, answers)).strip()


def _paragraph(answer: Answer) -> str:
    colon = pgettext("after the label of an answer", ": ")
    if answer.rows:
        lines = [colon.join(filter(None, row)) for row in answer.rows]
        return "\n".join([f"{answer.label}{colon}".rstrip(), *lines])
    gap = "\n" if "\n" in answer.text or len(answer.text) > LINE_LENGTH else ""
    return f"{answer.label}{colon.rstrip() if gap else colon}{gap}{answer.text}"


def names_a_day(text: str) -> bool:
    """Whether it reads as a day: 11月20日, 11-20, 2027.11.20."""
    return bool(A_DAY.search(text))
