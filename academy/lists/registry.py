"""All lists of the office: each app names its own in `office_lists.py`."""

from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from .listing import OfficeList


@cache
def lists() -> dict[str, type[OfficeList]]:
    """Slug → list, from `LISTS` of every app's `office_lists.py`."""
    found = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "office_lists"):
            for the_list in getattr(import_module(f"{config.name}.office_lists"), "LISTS", ()):
                found[the_list.slug] = the_list
    return found
