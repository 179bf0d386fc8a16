"""What can be chosen by typing: each app declares its kinds in `pickers.py`, a list `PICKERS`.

A kind says who may ask and answers with the few choices that fit best, only what whoever asks may
choose. Whether a form takes a choice is the form's to say: nothing here is trusted there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from ..people_keys import keys_of_text
from ..search.index import MAX_QUERY_LENGTH
from ..search.spelling import normalised

MOST = 12  # choices shown at once
MOST_WORDS = 5  # of what is typed

FREE, TAKEN = "free", "taken"


@dataclass(frozen=True)
class Ask:
    """What was typed, and what the form says besides: the day of a lesson, its campus."""

    query: str = ""
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        return normalised(self.query[:MAX_QUERY_LENGTH]).split()[:MOST_WORDS]


@dataclass(frozen=True)
class Choice:
    """A row of the answer. Forms name it by its code or by its key; `state` is FREE or TAKEN where
    a time was given.
    """

    code: str
    key: int
    words: str
    detail: str = ""
    state: str = ""


class PickKind:
    """One kind of thing to choose."""

    name: str

    def may_ask(self, user) -> bool:
        raise NotImplementedError

    def choices(self, user, ask: Ask) -> list[Choice]:
        """Those that fit, the best first: at most MOST and one more, which says that there are
        more.
        """
        raise NotImplementedError


@cache
def kinds() -> dict[str, PickKind]:
    """name → kind, from every app's `pickers.py`."""
    found = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "pickers"):
            for kind in import_module(f"{config.name}.pickers").PICKERS:
                found[kind.name] = kind()
    return found


def rank(ask: Ask, code: str, texts: Iterable[str]) -> int | None:
    """How well a thing fits, the least first: its code as far as a digit, the beginning of what it
    is called, or anything it is called; nothing where a word is met by none. A word is met in
    Chinese, by spelling or by initials, from any character on.
    """
    words, texts = ask.words, list(texts)
    if not words:
        return 0
    typed = "".join(words)
    if any(map(str.isdecimal, typed)) and normalised(code).replace(" ", "").startswith(typed):
        return 0
    keys = [key for text in texts for key in keys_of_text(text)]
    if not all(
        any(word in normalised(text) for text in texts) or any(key.startswith(word) for key in keys)
        for word in words
    ):
        return None
    return 1 if normalised(texts[0]).startswith(words[0]) else 2
