"""The places of the office side: each app declares its own in `navigation.py`, a list `PLACES`.

A page without a row stands there once: who may open it, where it stands in the navigation, what it
is found by, which pages belong to it and which kinds of waiting things it counts.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import module_has_submodule
from django.utils.translation import pgettext_lazy


class Section(models.TextChoices):
    """The groups of the side navigation, in their order."""

    DESK = "desk", ""
    CLASSES = "classes", pgettext_lazy("navigation", "Running classes")
    COURSES = "courses", pgettext_lazy("navigation", "Courses and experts")
    PLANS = "plans", pgettext_lazy("navigation", "Plans and secondments")
    OFFICE = "office", pgettext_lazy("navigation", "Administration")


@dataclass(frozen=True)
class Place:
    """A page of the office side. Names of addresses are text, for they may be of a higher app."""

    url_name: str
    words: str
    permission: str
    section: Section | None = None  # none: not in the navigation, but to be found
    order: int = 0  # within its section
    names: str = ""  # what it is found by, apart by spaces; nothing: by its words alone
    # addresses of pages that belong to it, though theirs begin otherwise
    covers: tuple[str, ...] = ()
    icon: str = ""  # with one it is among the tabs of a phone
    tab_words: str = ""
    without_role: bool = False  # people without a role work there too

    @property
    def url(self) -> str:
        return address(self.url_name)

    def begins(self, path: str, view_name: str = "") -> int:
        """How much of the path the place or a page it covers stands for; 0 for none of it."""
        if view_name and (view_name in self.covers or view_name == self.url_name):
            return len(path) + 1
        urls = [self.url, *(address(name) for name in self.covers)]
        return max((len(url) for url in urls if url and path.startswith(url)), default=0)


@cache
def _known_address(url_name: str) -> str:
    return reverse(url_name)


def address(url_name: str) -> str:
    """The path of a URL name, or nothing while there is no such page without a row."""
    try:
        return _known_address(url_name)
    except NoReverseMatch:
        return ""


@cache
def places() -> tuple[Place, ...]:
    """Every declared place, section by section as they stand, then those that only are found."""
    found: list[Place] = []
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "navigation"):
            found.extend(import_module(f"{config.name}.navigation").PLACES)
    sections = [*Section, None]
    return tuple(sorted(found, key=lambda place: (sections.index(place.section), place.order)))
