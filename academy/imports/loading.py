"""Writing rows of a file into tables, counting what was new, changed, the same, or has ended."""

import itertools
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from ..errors import PortalError


class NameTaken(PortalError):
    """A file and the database give one name two codes, and neither can have the other's."""


@dataclass
class LoadReport:
    """What a `load_*` command did. `changes` is 0 when a file is loaded a second time."""

    new: int = 0
    changed: int = 0
    same: int = 0
    ended: int = 0

    @property
    def changes(self) -> int:
        return self.new + self.changed + self.ended

    def as_dict(self) -> dict[str, int]:
        return asdict(self)

    def add(self, other: "LoadReport") -> None:
        for name, count in asdict(other).items():
            setattr(self, name, getattr(self, name) + count)


def upsert(model: type[models.Model], key: str, rows: Iterable[dict], report: LoadReport) -> dict:
    """Create, update or keep one object per row, matched by the field `key`; returns key → object.

    Call inside a transaction. Only fields named in a row are compared and written.
    """
    rows = list(rows)
    existing = {
        getattr(item, key): item
        for item in model._default_manager.filter(**{f"{key}__in": [row[key] for row in rows]})
    }
    to_create, to_update, touched, result = [], [], set(), {}
    for row in rows:
        item = existing.get(row[key])
        if item is None:
            item = model(**row)
            to_create.append(item)
            report.new += 1
        else:
            changed = [name for name, value in row.items() if getattr(item, name) != value]
            if changed:
                for name in changed:
                    setattr(item, name, row[name])
                touched.update(changed)
                to_update.append(item)
                report.changed += 1
            else:
                report.same += 1
        result[row[key]] = item
    model._default_manager.bulk_create(to_create)
    if to_update:
        for name in _auto_now_fields(model):
            touched.add(name)
        model._default_manager.bulk_update(to_update, sorted(touched))
    return result


def match_names(
    model: type[models.Model], key: str, rows: Iterable[dict], report: LoadReport
) -> None:
    """Give what is there under the name of a row the row's key, so that `upsert` finds it: whoever
    filled the table first.

    Call inside a transaction. Raises NameTaken when the key is that of something else, which the
    rows do not name.
    """
    wanted = {row["name"]: row[key] for row in rows}
    there = list(model._default_manager.all())
    moving = [
        item for item in there if item.name in wanted and getattr(item, key) != wanted[item.name]
    ]
    holders = {getattr(item, key): item for item in there if item not in moving}
    for item in moving:
        if holder := holders.get(wanted[item.name]):
            raise NameTaken(
                _(
                    "“%(name)s” is here as %(there)s and in the file as %(code)s, but %(code)s is"
                    " “%(other)s” here. Change one of the codes first."
                )
                % {
                    "name": item.name,
                    "there": getattr(item, key),
                    "code": wanted[item.name],
                    "other": holder.name,
                }
            )
    used = {getattr(item, key) for item in there} | set(wanted.values())
    free = (code for number in itertools.count() if (code := f"Z{number:03}") not in used)
    for item in moving:  # out of the way first: two may change places
        model._default_manager.filter(pk=item.pk).update(**{key: next(free)})
    for item in moving:
        model._default_manager.filter(pk=item.pk).update(**{key: wanted[item.name]})
    report.changed += len(moving)


def _auto_now_fields(model: type[models.Model]) -> list[str]:
    return [
        field.name for field in model._meta.concrete_fields if getattr(field, "auto_now", False)
    ]


def end_vanished(
    queryset: models.QuerySet, field: str, day_or_moment: datetime, report: LoadReport
) -> None:
    """Give an end date to the rows of the queryset that have none."""
    report.ended += queryset.filter(**{f"{field}__isnull": True}).update(**{field: day_or_moment})
