"""What higher rooms keep beside a course, such as cases: each app may declare it in `related.py`,
for imports go one way.

Such a module has a `LABEL` and a function `related_to(courses)` that takes keys of courses and
gives a short list of Related. With `LABEL_OF_CASES` and `related_to_cases(cases)` it says the same
of practice cases.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class Related:
    """One thing beside a course: a link and what it is about."""

    title: str
    url: str
    topic: str = ""


@cache
def _declarations() -> list[ModuleType]:
    return [
        import_module(f"{config.name}.related")
        for config in apps.get_app_configs()
        if config.name != "courses" and module_has_submodule(config.module, "related")
    ]


def related_to(courses: Collection[int]) -> list[tuple[str, list[Related]]]:
    """(heading, things) of each app that has some; one query for each app."""
    found = (
        [(declared.LABEL, declared.related_to(courses)) for declared in _declarations()]
        if courses
        else []
    )
    return [(label, things) for label, things in found if things]


def related_to_cases(cases: Collection[int]) -> list[tuple[str, list[Related]]]:
    """(heading, things) beside practice cases, of each app that has some."""
    found = [
        (declared.LABEL_OF_CASES, declared.related_to_cases(cases))
        for declared in _declarations()
        if cases and hasattr(declared, "related_to_cases")
    ]
    return [(label, things) for label, things in found if things]
