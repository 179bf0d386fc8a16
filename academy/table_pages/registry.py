"""Which tables are kept on pages: each app lists its own in `kept_tables.py`."""

from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from .table import MasterTable


@cache
def tables() -> dict[str, MasterTable]:
    """Slug → table, the lower apps first."""
    found = {}
    for config in reversed(list(apps.get_app_configs())):
        if module_has_submodule(config.module, "kept_tables"):
            for table in import_module(f"{config.name}.kept_tables").TABLES:
                found[table.slug] = table()
    return found


def tables_of(area: str) -> list[MasterTable]:
    """Return the tables of an area in the order in which they are filled."""
    return [table for table in tables().values() if table.area == area]
