"""What people are told: one template for each kind of notice, declared in every app's `notices.py`.

A template is written in the language of the portal, never in that of whoever acts.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy
from django.utils.module_loading import module_has_submodule

from .models import MAX_TITLE_LENGTH, Urgency

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")  # %(title)s or %(count)d


def _as_it_is(raw: Any) -> Any:
    return raw


@dataclass(frozen=True)
class Value:
    """What a placeholder stands for: its name, what it means to whoever edits the text, and how
    the raw value (a date, a number, a row) is written.

    `written` is called in the language of the portal.
    """

    name: str
    meaning: str  # lazily translated
    written: Callable[[Any], object] = _as_it_is


class NoticeText(NamedTuple):
    """What the person reads."""

    title: str
    body: str


@dataclass(frozen=True, kw_only=True, eq=False)
class NoticeKind:
    """A piece of news, with the template of its title and text.

    Rows carry the `key`, and a person is told it once for a subject. The same news in other words
    shares the key and has a `wording` of its own.
    """

    key: str
    wording: str = ""
    title: str  # lazily translated, with the placeholders of `values`
    body: str = ""
    values: tuple[Value, ...] = ()
    urgency: Urgency = Urgency.DAILY  # at first; staff edit it
    label: str = ""  # lazily translated: what staff call it where its title says too little
    is_suggestion: bool = False  # what a person follows, what might interest them

    @property
    def code(self) -> str:
        """The name of this one text: class_tomorrow/today."""
        return f"{self.key}/{self.wording}" if self.wording else self.key

    def words(self, values: Mapping[str, object]) -> dict[str, object]:
        """The placeholders filled from raw values. Raises KeyError when one is missing."""
        with translation.override(settings.LANGUAGE_CODE):
            return {item.name: item.written(values[item.name]) for item in self.values}

    def text(self, values: Mapping[str, object]) -> NoticeText:
        """Title and text for these raw values; a line that comes out empty is left out.

        Raises KeyError when a value is missing.
        """
        words = self.words(values)
        with translation.override(settings.LANGUAGE_CODE):
            lines = (line % words for line in str(self.body).split("\n"))
            return NoticeText(
                (str(self.title) % words)[:MAX_TITLE_LENGTH], "\n".join(filter(None, lines))
            )


def _joined(*parts: str) -> str:
    return "\n".join(map(str, parts))


# a body of several lines, each lazily translated or only a placeholder
lines = lazy(_joined, str)


def declared() -> Iterator[NoticeKind]:
    """Every kind of every app's `notices.py`, or of the modules of its package `notices/`."""
    found: dict[int, NoticeKind] = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "notices"):
            for module in _with_submodules(import_module(f"{config.name}.notices")):
                found |= {
                    id(thing): thing
                    for thing in vars(module).values()
                    if isinstance(thing, NoticeKind)
                }
    yield from found.values()


def _with_submodules(module: ModuleType) -> Iterator[ModuleType]:
    yield module
    for child in iter_modules(getattr(module, "__path__", ())):
        yield import_module(f"{module.__name__}.{child.name}")
