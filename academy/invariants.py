"""What must never break, checked on live data: each app says what it checks in `invariants.py` as
`breaches()`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class Breach:
    """One broken rule: its number in docs/rules.md, the model and key of the row, and what is wrong
    with it.
    """

    rule: int
    model: str
    key: int | str
    text: str


def audit() -> Iterator[Breach]:
    """Every breach that any app finds, app by app in the order of INSTALLED_APPS."""
    for config in apps.get_app_configs():
        if config.name != "academy" and module_has_submodule(config.module, "invariants"):
            yield from import_module(f"{config.name}.invariants").breaches()
