"""Rows of tables as they stand, kept as plain values, so that an import can be undone row for
row.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from ..errors import PortalError

Snapshot = dict[str, list[dict]]  # label of a model → its rows in the order of their keys


class StillUsed(PortalError):
    """Something points at a row that would have to go."""


def snapshot(tables: Iterable[models.QuerySet]) -> Snapshot:
    """The rows of the querysets, whole. Name tables that others point at first."""
    return {
        rows.model._meta.label: [
            {name: _plain(value) for name, value in row.items()}
            for row in rows.order_by("pk").values(
                *(field.attname for field in rows.model._meta.concrete_fields)
            )
        ]
        for rows in tables
    }


def digest(taken: Snapshot) -> str:
    """Return a hash that changes with any value of the rows."""
    return hashlib.sha256(
        json.dumps(taken, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


def restore(*, before: Snapshot, present: Snapshot) -> None:
    """Make the rows that are `present` what they were `before`: same keys, same values. Call inside
    a transaction.

    Raises StillUsed when a row that has to go is needed by one that is not part of the snapshot.
    """
    going = _going(before, present)
    for label, keys in going.items():
        for other, name in relations_to(apps.get_model(label)) if keys else ():
            users = other._base_manager.filter(**{f"{name}__in": keys}).exclude(
                pk__in=going.get(other._meta.label, ())
            )
            if users.exists():
                raise StillUsed(
                    _(
                        "What was imported is used by now (%(what)s), so the import cannot be"
                        " undone as a whole. Change it piece by piece."
                    )
                    % {"what": other._meta.verbose_name}
                )
    put_back(before=before, present=present)


def put_back(*, before: Snapshot, present: Snapshot) -> None:
    """The same for rows of which it is known that nothing else needs them."""
    going = _going(before, present)
    for label in reversed(going):
        # nothing points at them, so Django need not look: 0.2 s for 10,000 people instead of 12 s
        model = apps.get_model(label)
        for other, name in relations_to(model, derived=True):
            gone = other._base_manager.filter(**{f"{name}__in": going[label]})
            gone._raw_delete(gone.db)
        rows = model._base_manager.filter(pk__in=going[label])
        rows._raw_delete(rows.db)
    for label, rows in before.items():
        _write(
            apps.get_model(label),
            rows,
            {row[_key_of(label)]: row for row in present.get(label, [])},
        )


def _going(before: Snapshot, present: Snapshot) -> dict[str, set]:
    """Label → keys of the rows that were not there before."""
    return {
        label: _keys(label, rows) - _keys(label, before.get(label, []))
        for label, rows in present.items()
    }


def _write(model: type[models.Model], rows: list[dict], present: dict) -> None:
    key = model._meta.pk.attname
    missing = [row for row in rows if row[key] not in present]
    model._base_manager.bulk_create(model(**_decoded(model, row)) for row in missing)
    for row in rows:  # an update keeps `auto_now` fields as they are told, an insert does not
        if row != present.get(row[key]):
            model._base_manager.filter(pk=row[key]).update(
                **{name: value for name, value in _decoded(model, row).items() if name != key}
            )


def relations_to(
    model: type[models.Model], *, derived: bool = False
) -> Iterator[tuple[type[models.Model], str]]:
    """Each model that points at this one, and the name of its field: those that use its rows, or
    else those that are derived from them and go with them.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if (
            relation.auto_created
            and not relation.concrete
            and (relation.one_to_many or relation.one_to_one)
            and getattr(relation.related_model, "is_derived", False) == derived
        ):
            yield relation.related_model, relation.field.name


def _key_of(label: str) -> str:
    return apps.get_model(label)._meta.pk.attname


def _keys(label: str, rows: list[dict]) -> set:
    key = _key_of(label)
    return {row[key] for row in rows}


def _plain(value):
    """A value of the database as JSON keeps it without loss."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, (Decimal, UUID)) else value


def _decoded(model: type[models.Model], row: dict) -> dict:
    return {
        field.attname: field.to_python(row[field.attname]) for field in model._meta.concrete_fields
    }
