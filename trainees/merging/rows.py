"""Moving the rows that name a person from one entry to another, and keeping which those were.

Which fields move is said by the apps in their `person_rows.py`. What would be there twice stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from academy.models import PersonMerge, User
from academy.person_rows import after_moving, left_of

from ..models import Posting, Trainee

NOBODY = Q(pk__in=[])


@dataclass
class Written:
    """What was moved and changed, as a `PersonMerge` keeps it."""

    moved: dict[str, list[int]] = field(default_factory=dict)
    given: dict[str, list[int]] = field(default_factory=dict)
    changed: list[dict] = field(default_factory=list)
    ended: list[dict] = field(default_factory=list)

    def put(self, row: models.Model, **values) -> None:
        """Give the row these values; what differs is kept with what it was."""
        new = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not new:
            return
        self.changed.append(
            {
                "model": row._meta.label,
                "key": row.pk,
                "old": {name: getattr(row, name) for name in new},
                "new": new,
            }
        )
        write(row, **new)

    def move(self, label: str, old: int, new: int) -> None:
        """Move what the field names from one entry to the other, but for what is there already."""
        if keys := move(label, old, new):
            self.moved[label] = self.moved.get(label, []) + keys


def write(row: models.Model, **values) -> None:
    """Write these fields and no other, on the row and in the object."""
    for name, value in values.items():
        setattr(row, name, value)
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def model_and_field(label: str) -> tuple[type[models.Model], str]:
    """academy.RoleGrant.user → the model and the name of its field."""
    model, _dot, name = label.rpartition(".")
    return apps.get_model(model), name


def keys_for(label: str, old: User, new: User) -> tuple[int, int] | None:
    """The keys of the two that the field leads to: those of the people or of their profiles.

    Nothing where it leads to a profile that one of them has not.
    """
    model, name = model_and_field(label)
    if model._meta.get_field(name).related_model is User:
        return old.pk, new.pk
    profiles = dict(Trainee.objects.filter(user__in=(old, new)).values_list("user", "pk"))
    return (profiles[old.pk], profiles[new.pk]) if len(profiles) == 2 else None


def move(label: str, old: int, new: int) -> list[int]:
    """Move rows of a field; returns their keys."""
    model, name = model_and_field(label)
    left = left_of(label)
    stays = there_already(model, name, new) | (left(new, old) if left else NOBODY)
    found = model._base_manager.filter(**{name: old}).exclude(stays)
    keys = sorted(found.values_list("pk", flat=True))
    put_to(label, keys, old, new)
    return keys


def put_to(label: str, keys: Iterable[int], old: int, new: int) -> None:
    """Give these rows to another entry."""
    model, name = model_and_field(label)
    keys = list(keys)
    model._base_manager.filter(pk__in=keys).update(**{name: new})
    after_moving(label, keys, old, new)


def there_already(model: type[models.Model], name: str, new: int) -> Q:
    """Rows that no unique constraint would let stand beside those of the new entry."""
    there = model._base_manager.filter(**{name: new})
    found = [Q(Exists(there))] if model._meta.get_field(name).unique else []
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and name in constraint.fields:
            condition = constraint.condition or Q()
            same = {other: OuterRef(other) for other in constraint.fields if other != name}
            found.append(condition & Q(Exists(there.filter(condition, **same))))
    return reduce(or_, found, NOBODY)


def counted(moved: dict[str, list[int]]) -> list[tuple[str, int]]:
    """What was moved in words: the name of each table and how many rows."""
    totals: dict[str, int] = {}
    for label, keys in moved.items():
        words = str(model_and_field(label)[0]._meta.verbose_name_plural)
        totals[words] = totals.get(words, 0) + len(keys)
    return list(totals.items())


def state_of(posting: Posting) -> list:
    """What a posting looks like, as a `PersonMerge` keeps it."""
    return [
        posting.village_id,
        posting.position_id,
        posting.is_extra,
        str(posting.valid_from),
        str(posting.valid_to or ""),
    ]


def is_beside(state: list) -> bool:
    """Whether a post of that state is held now, beside another."""
    return state[2] and not state[4]


def unparted(person: User) -> models.QuerySet[PersonMerge]:
    """What was joined with the person and still is."""
    return PersonMerge.objects.filter(survivor=person, parted_at__isnull=True)
