"""Which kinds of table can be imported: each app lists its importers in `importers.py`."""

from datetime import datetime
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import models
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from ..access import is_office
from ..models import ImportRun
from .errors import UnknownImport
from .importer import Importer


@cache
def importers() -> dict[str, type[Importer]]:
    """kind → importer, from every app's `importers.py`."""
    found = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "importers"):
            for importer in import_module(f"{config.name}.importers").IMPORTERS:
                found[importer.kind] = importer
    return found


def importers_for(user) -> list[type[Importer]]:
    """Return what the person may import."""
    return [importer for importer in importers().values() if importer.may_use(user)]


def importer_of(kind: str) -> type[Importer]:
    """Raises UnknownImport."""
    try:
        return importers()[kind]
    except KeyError:
        raise UnknownImport(_("There is no import of this kind.")) from None


def runs_visible_to(user) -> models.QuerySet:
    """The sender's own runs; the office sees all.

    Nobody can show a run of a kind that is not read any more.
    """
    runs = ImportRun.objects.filter(kind__in=list(importers()))
    return runs if is_office(user) else runs.filter(user=user)


def importer_for(run: ImportRun, now: datetime) -> Importer:
    """Return the importer of a run, with its context and the answers given so far."""
    importer = importer_of(run.kind)(run.user, now, context=run.context, choices=run.choices)
    importer.run = run
    return importer
