"""Writing rows of a file into tables, counting what was new, changed, the same, or has ended."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import models


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
    existing = {getattr(item, key): item for item in model._default_manager.filter(**{f"{key}__in": [row[key] for row in rows]})}
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


def _auto_now_fields(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if getattr(field, "auto_now", False)]


def end_vanished(queryset: models.QuerySet, field: str, day_or_moment: datetime, report: LoadReport) -> None:
    """Give an end date to the rows of the queryset that have none."""
    report.ended += queryset.filter(**{f"{field}__isnull": True}).update(**{field: day_or_moment})
