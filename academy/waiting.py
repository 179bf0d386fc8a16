"""What waits for a person at /manage/: each app declares it in `waiting.py` as `waiting_for(user,
now)`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class WaitingItem:
    """One thing to do: what, why, where, until when, and the word on its button."""

    title: str
    detail: str
    url: str
    due_on: date | None = None
    action: str = ""


def gather(user, now: datetime) -> list[WaitingItem]:
    """Everything that waits for the person, what is due first on top."""
    found: list[WaitingItem] = []
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "waiting") and config.name != "academy":
            source: Iterable[WaitingItem] = import_module(f"{config.name}.waiting").waiting_for(
                user, now
            )
            found.extend(source)
    return sorted(
        found, key=lambda item: (item.due_on is None, item.due_on or date.max, item.title)
    )
