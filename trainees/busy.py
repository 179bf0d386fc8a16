"""When a trainee is busy with something other than lessons: each higher app declares it in
`busy.py` as `busy_times(trainee, spans)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.utils.module_loading import module_has_submodule

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Busy:
    """One stretch of time that is taken, and by what: a sentence's part, such as 在区民政局挂职."""

    starts_at: datetime
    ends_at: datetime
    title: str


def gather(trainee, spans: Sequence[Span]) -> list[Busy]:
    """Whatever any app knows that shares a moment with one of the spans."""
    found = (
        [busy for module in _sources() for busy in module.busy_times(trainee, spans)]
        if spans
        else []
    )
    return sorted(found, key=lambda busy: (busy.starts_at, busy.title))


@cache
def _sources() -> list[ModuleType]:
    """The modules that know of busy times; looked for once."""
    names = [
        config.name
        for config in apps.get_app_configs()
        if config.name != "trainees" and module_has_submodule(config.module, "busy")
    ]
    return [import_module(f"{name}.busy") for name in names]
