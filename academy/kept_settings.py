"""What the office sets on /manage/settings/: every key with its type, in one place.

`setting(name)` is the one way to read them. The environment gives the first value, the page wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .kept import Kept
from .models import Setting, User

filing_label = RegexValidator(
    r"\A[^\s〔〕\[\]()（）0-9]+\Z", _("Write the label alone, without blanks, digits or brackets.")
)


@dataclass(frozen=True)
class Key:
    """A setting: its first value is that of the environment, `effect` says what a change does."""

    name: str
    label: str
    kind: str  # text, telephone, minutes or switch
    environment: str = ""  # name in the settings of the portal
    first: Any = ""  # where the environment has no say
    help: str = ""
    effect: str = ""
    longest: int = 120
    required: bool = True

    @property
    def first_value(self) -> Any:
        return getattr(settings, self.environment) if self.environment else self.first


KEYS = {
    key.name: key
    for key in (
        Key(
            "office_phone",
            _("Phone of the academy office"),
            "telephone",
            "OFFICE_PHONE",
            help=_("Stands at the foot of every page and in many messages."),
            effect=_("Every page and every message from now on shows the new number."),
        ),
        Key(
            "office_address",
            _("Address of the academy office"),
            "text",
            "OFFICE_ADDRESS",
            help=_("Stands at the foot of every page. May stay empty."),
            effect=_("Every page shows the new address from now on."),
            required=False,
        ),
        Key(
            "filing_label",
            _("Label of filing numbers"),
            "text",
            "FILING_NUMBER_LABEL",
            help=_("What stands before the year, as in 示例〔2027〕012号."),
            effect=_("Plans filed from now on get the new label; filed ones keep theirs."),
            longest=12,
        ),
        Key(
            "staff_idle_minutes",
            _("Minutes until staff are logged out"),
            "minutes",
            "STAFF_IDLE_MINUTES",
            help=_("From 5 to 480 minutes without a request. Others stay logged in for 14 days."),
            effect=_("Holds at once, also for those who are logged in now."),
        ),
        Key(
            "start_list",
            _("Show the start list among what is to do"),
            "switch",
            first=True,
            help=_("The steps of the first day. It stays at its address either way."),
            required=False,
        ),
    )
}


def _read() -> dict[str, Any]:
    return dict(Setting.objects.values_list("key", "value"))


KEPT: Kept[dict[str, Any]] = Kept(_read)


def setting(name: str) -> Any:
    """The value that holds; asks the database once in ten seconds at most."""
    return _of(KEPT(), name)


def known_setting(name: str) -> Any:
    """The value as it was known last, for a page that must not ask the database."""
    return _of(KEPT.last or {}, name)


def _of(values: Mapping[str, Any], name: str) -> Any:
    return values.get(name, KEYS[name].first_value)


def present_values() -> dict[str, Any]:
    """Every key with the value that holds now, read anew."""
    values = _read()
    return {name: _of(values, name) for name in KEYS}


@transaction.atomic
def change_settings(*, values: Mapping[str, Any], by: User | None, now: datetime) -> list[str]:
    """Keep the values; returns the names of those that are others now.

    A value that the environment has as well is not kept, so that it follows the environment.
    """
    before = present_values()
    changed = [name for name, value in values.items() if value != before[name]]
    for name in changed:
        if values[name] == KEYS[name].first_value:
            Setting.objects.filter(key=name).delete()
        else:
            Setting.objects.update_or_create(
                key=name,
                defaults={"value": values[name], "changed_at": now, "changed_by": by},
            )
    transaction.on_commit(KEPT.forget)
    KEPT.forget()
    return changed
