"""What the page of a person shows of other rooms: an app declares it in `person_parts.py` as
`parts_of(person, viewer, now)`.

A part holds only what the viewer may see.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class PersonLine:
    """One line of a part: what it is called, what is said of it, and where it leads."""

    title: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class PersonPart:
    """A titled part of the page of a person."""

    title: str
    lines: Sequence[PersonLine]


def parts_of(person, viewer, now: datetime) -> Iterator[PersonPart]:
    """The parts of every app, in the order of INSTALLED_APPS."""
    for config in apps.get_app_configs():
        if config.name != "academy" and module_has_submodule(config.module, "person_parts"):
            found: Iterable[PersonPart] = import_module(f"{config.name}.person_parts").parts_of(
                person, viewer, now
            )
            yield from found
