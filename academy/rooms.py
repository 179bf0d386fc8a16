"""What apps declare in modules of a fixed name, such as `reminders.py`: of the app itself and of
its rooms, so that what belongs to a room may stand there.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import apps


def declared_in(name: str, *, but: str) -> Iterator[ModuleType]:
    """The modules of this name of every app and room, in the order of the apps; `but` names the app
    that asks, whose own module of the name says how to declare.
    """
    return (import_module(module) for module in _modules_named(name, but))


@cache
def _modules_named(name: str, but: str) -> tuple[str, ...]:
    found = []
    for config in apps.get_app_configs():
        if config.name == but:
            continue
        if (Path(config.path) / f"{name}.py").exists():
            found.append(f"{config.name}.{name}")
        rooms = sorted(path.parent.name for path in Path(config.path).glob(f"*/{name}.py"))
        found += [f"{config.name}.{room}.{name}" for room in rooms]
    return tuple(found)
