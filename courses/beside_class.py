"""What higher apps keep beside a class and ask before it is opened, such as its plan item: each app
may declare it in `beside_class.py`, for imports go one way.

Such a module has a function `cards_of(training_class, user)` that gives a list of Card, and a
function `question_of(known, user, data)` that gives a Question, or None where nothing is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from academy.models import Campus, Department

from .models import TrainingClass


@dataclass(frozen=True)
class Card:
    """A part of the page of a class: its template with what that needs."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownClass:
    """What is known of a class while it is typed; `texts` are its title and courses."""

    campus: Campus
    department: Department | None
    first_day: date
    texts: str
    training_class: TrainingClass | None = None  # one that is saved already


class Question(Protocol):
    """A few fields more in the form of a class, under a heading of their own.

    A form with an answer is asked to keep it in the transaction that saves the class.
    """

    heading: str
    form: Any

    def is_valid(self, *, opens: bool) -> bool:
        """Whether the class can be saved with this answer, or `opens` for booking."""

    def keep(self, training_class: TrainingClass, *, by, now) -> None:
        """Write the answer."""


@cache
def _declarations() -> list[ModuleType]:
    return [
        import_module(f"{config.name}.beside_class")
        for config in apps.get_app_configs()
        if config.name != "courses" and module_has_submodule(config.module, "beside_class")
    ]


def cards_of(training_class: TrainingClass, user) -> list[Card]:
    """What stands beside the class on its own page for whoever runs it."""
    return [
        card for declared in _declarations() for card in declared.cards_of(training_class, user)
    ]


def questions_of(known: KnownClass, user, data: Mapping | None) -> list[Question]:
    """What is asked about the class before it is opened."""
    asked = [declared.question_of(known, user, data) for declared in _declarations()]
    return [question for question in asked if question is not None]
