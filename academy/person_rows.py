"""What becomes of the rows that name a person when two entries of one person are joined.

An app says it of its own tables in `person_rows.py`, for each field that leads to a person or to
a training profile: `MOVES` names those that go to the entry that stays, `STAYS` those that do not,
with the reason. A field that is in neither is a mistake that a test finds.

`LEFT` says which rows of a moving field stay after all, because the one who stays has the same
already; unique constraints are asked by themselves. `refusals(survivor, away)` yields sentences
that stand against joining the two, and `after_moving(field, keys, old, new)` brings in line what
else names the person.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import module_has_submodule

from .models import RoleGrant, User

ACTED = "who did it stays under the entry that did it"
ACCOUNT = "belongs to the account, which is closed"
# field → which rows stay, given the keys of the two that the field leads to
Left = Callable[[int, int], Q]

MOVES = ("academy.RoleGrant.user", "academy.ImportRun.user")
STAYS = {
    "academy.PersonKey.person": "made anew when the entry is parted",
    "academy.PersonChange.person": "the page of a person shows the history of both",
    "academy.PersonMerge.survivor": "what was joined earlier leads on by itself",
    "academy.PersonMerge.away": "what was joined earlier leads on by itself",
    "academy.PersonMerge.by": ACTED,
    "academy.PersonMerge.parted_by": ACTED,
    "academy.DifferentPeople.first": "speaks of the entry as it was looked at",
    "academy.DifferentPeople.second": "speaks of the entry as it was looked at",
    "academy.DifferentPeople.by": ACTED,
    "academy.User.merged_into": "what was joined earlier leads on by itself",
    "academy.User_groups.user": "roles say who may do what",
    "academy.User_user_permissions.user": "roles say who may do what",
    "academy.PersonChange.by": ACTED,
    "academy.RoleGrant.granted_by": ACTED,
    "academy.ImportRun.undone_by": ACTED,
    "academy.HeadingWord.added_by": ACTED,
    "academy.SettingChange.by": ACTED,
    "admin.LogEntry.user": ACTED,
    "account.EmailAddress.user": ACCOUNT,
}


def _same_role_on_the_same_days(survivor: int, away: int) -> Q:
    """The same role at the same place on some of the same days is held once: docs/rules.md R11."""
    held = RoleGrant.objects.filter(user=survivor, role=OuterRef("role"))
    for place in ("village", "campus", "town", "department"):
        held = held.filter(Q(**{place: OuterRef(place)}) | Q(**{f"{place}__isnull": True}))
    held = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("valid_from")))
    ended = held.filter(valid_from__lte=OuterRef("valid_to"))
    return Q(valid_to__isnull=True) & Q(Exists(held)) | Q(valid_to__isnull=False) & Q(Exists(ended))


LEFT: Mapping[str, Left] = {"academy.RoleGrant.user": _same_role_on_the_same_days}


def declared() -> Iterator[ModuleType]:
    """The modules of all apps that say what becomes of rows; that of this app is this one."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "person_rows"):
            yield import_module(f"{config.name}.person_rows")


def moving_fields() -> list[str]:
    """Every field that moves, as "app.Model.field", in the order of the apps."""
    return [field for module in declared() for field in module.MOVES]


def left_of(field: str) -> Left | None:
    """Which rows of the field stay beside those that a unique constraint keeps apart."""
    for module in declared():
        if field in getattr(module, "LEFT", {}):
            return module.LEFT[field]
    return None


def refusals(survivor: User, away: User) -> list[str]:
    """Every sentence of any app that stands against joining the two."""
    return [
        sentence
        for module in declared()
        if module.__name__ != __name__ and hasattr(module, "refusals")
        for sentence in module.refusals(survivor, away)
    ]


def after_moving(field: str, keys: list[int], old: int, new: int) -> None:
    """Tell the app of the field that these rows went from one person to another."""
    for module in declared():
        if module.__name__ != __name__ and field in module.MOVES:
            getattr(module, "after_moving", _nothing_else)(field, keys, old, new)


def _nothing_else(field: str, keys: list[int], old: int, new: int) -> None:
    """Most tables name the person once."""
