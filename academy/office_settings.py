"""What the office sets on a page: the environment gives the first value, the page wins.

Values are read on every page, so they are kept in Django's cache and forgotten when one is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from .days_of_year import DayOfYearField
from .errors import PortalError
from .models import SettingChange, User

CACHE_KEY, CACHE_SECONDS = "office-settings", 3600


class ChangedMeanwhile(PortalError):
    """Somebody saved settings after this page was opened."""


@dataclass(frozen=True)
class Setting:
    """One thing the office decides; `effect` says what a new value changes."""

    key: str
    field: Callable[[], forms.Field]
    first: Callable[[], object]
    effect: Callable[[object], str]

    def read(self, text: str) -> object:
        """The value that is stored as this text; the first one where the text fits no longer."""
        try:
            return self.field().clean(text)
        except ValidationError:
            return self.first()


def _hours(label, most: int) -> forms.Field:
    return forms.IntegerField(label=label, min_value=0, max_value=most)


def _days(label, most: int) -> forms.Field:
    return forms.IntegerField(label=label, min_value=1, max_value=most)


SETTINGS = (
    Setting(
        "office_phone",
        lambda: forms.RegexField(
            r"\A[0-9][0-9 -]{2,18}[0-9]\Z",
            label=gettext_lazy("Telephone of the academy office"),
            error_messages={"invalid": gettext_lazy("Write a number, such as 021-12345678.")},
        ),
        lambda: settings.OFFICE_PHONE,
        lambda value: (
            _("Every page and every refusal names this number: %(value)s.") % {"value": value}
        ),
    ),
    Setting(
        "office_address",
        lambda: forms.CharField(
            label=gettext_lazy("Address of the academy office"), max_length=80, required=False
        ),
        lambda: settings.OFFICE_ADDRESS,
        lambda value: (
            _("Stands at the foot of every page.")
            if value
            else _("No address stands at the foot of the pages.")
        ),
    ),
    Setting(
        "filing_label",
        lambda: forms.CharField(
            label=gettext_lazy("Word before filing numbers"),
            max_length=20,
            help_text=gettext_lazy(
                "The portal counts its own filings; it issues no official number."
            ),
        ),
        lambda: settings.FILING_NUMBER_LABEL,
        lambda value: (
            _(
                "Plans filed from now on read like %(value)s〔2027〕001号; filed ones stay as they"
                " are."
            )
            % {"value": value}
        ),
    ),
    Setting(
        "plan_due",
        lambda: DayOfYearField(label=gettext_lazy("Annual plans are handed in by")),
        lambda: "3月31日",
        lambda value: (
            _("A plan that is handed in after %(value)s of its year is marked late, never refused.")
            % {"value": value}
        ),
    ),
    Setting(
        "plan_report_due",
        lambda: DayOfYearField(
            label=gettext_lazy("Execution reports are handed in by (of the year after)")
        ),
        lambda: "3月31日",
        lambda value: (
            _("A report that comes after %(value)s is marked late, never refused.")
            % {"value": value}
        ),
    ),
    Setting(
        "plan_unit_opinions",
        lambda: forms.ChoiceField(
            label=gettext_lazy("Opinions a plan needs before it is handed in"),
            choices=[
                ("none", gettext_lazy("None is needed; what is missing is pointed out")),
                ("leader", gettext_lazy("That of the leader")),
                ("both", gettext_lazy("Those of finance and of the leader")),
            ],
        ),
        lambda: "none",
        lambda value: _("Holds for plans that are handed in from now on."),
    ),
    Setting(
        "staff_idle_minutes",
        lambda: forms.IntegerField(
            label=gettext_lazy("Staff are logged out after so many idle minutes"),
            min_value=5,
            max_value=480,
        ),
        lambda: settings.STAFF_IDLE_MINUTES,
        lambda value: (
            _("Holds at once, also for those who are logged in: %(value)d minutes.")
            % {"value": value}
        ),
    ),
    Setting(
        "on_time_minutes",
        lambda: forms.IntegerField(
            label=gettext_lazy("A scan is on time until so many minutes after the start"),
            min_value=0,
            max_value=60,
        ),
        lambda: 5,
        lambda value: (
            _("Whoever scans later is marked late: %(value)d minutes after the start.")
            % {"value": value}
        ),
    ),
    Setting(
        "quota_release_hours",
        lambda: _hours(
            gettext_lazy("Hours before booking closes when unused quotas go to all"), 720
        ),
        lambda: 48,
        lambda value: (
            _(
                "Classes release unused quotas %(value)d hours before booking closes; those that"
                " stand keep their time until they are changed."
            )
            % {"value": value}
        ),
    ),
    Setting(
        "evaluation_days",
        lambda: forms.IntegerField(
            label=gettext_lazy("Days in which a class can be evaluated"),
            min_value=3,
            max_value=60,
        ),
        lambda: 14,
        lambda value: (
            _(
                "Classes that end from now on can be evaluated for %(value)d days; those that are"
                " open keep their last day."
            )
            % {"value": value}
        ),
    ),
    Setting(
        "quiet_from",
        lambda: _hours(gettext_lazy("Quiet hours begin at (hour of the day)"), 23),
        lambda: 22,
        lambda value: (
            _("From %(value)d:00 on only urgent text messages go out; the inbox holds all at once.")
            % {"value": value}
        ),
    ),
    Setting(
        "quiet_until",
        lambda: _hours(gettext_lazy("Quiet hours end at (hour of the day)"), 23),
        lambda: 7,
        lambda value: (
            _("At %(value)d:00 what has waited goes out. The same hour twice: no quiet hours.")
            % {"value": value}
        ),
    ),
    Setting(
        "absence_appeal_days",
        lambda: _days(gettext_lazy("Days in which a mark “absent” can be appealed"), 60),
        lambda: 10,
        lambda value: (
            ngettext(
                "An appeal is possible until the end of the day after the mark was made.",
                "An appeal is possible until the end of the %(value)dth day after the mark was"
                " made.",
                value,
            )
            % {"value": value}
        ),
    ),
    Setting(
        "absences_in_a_row",
        lambda: _days(
            gettext_lazy("Absences in a row of which whoever runs the class is told"), 20
        ),
        lambda: 3,
        lambda value: (
            ngettext(
                "They are told of the first lesson that somebody is absent from without leave.",
                "They are told when somebody is absent from %(value)d lessons in a row without"
                " leave.",
                value,
            )
            % {"value": value}
        ),
    ),
    Setting(
        "waiting_list_by_default",
        lambda: forms.TypedChoiceField(
            label=gettext_lazy("New classes have a waiting list"),
            choices=[("1", pgettext_lazy("setting", "Yes")), ("", pgettext_lazy("setting", "No"))],
            coerce=bool,
            empty_value=False,
            required=False,
        ),
        lambda: True,
        lambda value: _("The form of a new class begins with this; each class may differ."),
    ),
)
BY_KEY = {setting.key: setting for setting in SETTINGS}


def office_setting(key: str) -> object:
    """The value that holds, of the type of its field.

    Without a database (its outage page) what the environment says.
    """
    setting = BY_KEY[key]
    try:
        stored = cache.get(CACHE_KEY)
        if stored is None:
            stored = _stored()
            cache.set(CACHE_KEY, stored, CACHE_SECONDS)
    except DatabaseError:
        return setting.first()
    return setting.read(stored[key]) if key in stored else setting.first()


def _stored() -> dict[str, str]:
    newest = SettingChange.objects.order_by().values("key").annotate(newest=Max("pk"))
    rows = SettingChange.objects.filter(pk__in=newest.values("newest"))
    return dict(rows.values_list("key", "value"))


def current_values() -> dict[str, object]:
    """Key → the value that holds."""
    return {key: office_setting(key) for key in BY_KEY}


def newest_change() -> int:
    """What a form was opened on: 0 before anything was set."""
    return SettingChange.objects.aggregate(newest=Max("pk"))["newest"] or 0


def changes_in(wanted: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """Key → (value that holds, wanted value), of those that differ."""
    return {
        key: (old, wanted[key])
        for key, old in current_values().items()
        if key in wanted and wanted[key] != old
    }


@transaction.atomic
def save_settings(
    *, wanted: Mapping[str, object], based_on: int, by, now: datetime
) -> dict[str, tuple[object, object]]:
    """Write what differs and return it. Raises ChangedMeanwhile."""
    # whoever saves locks the same row, so that two savers follow each other
    User.objects.select_for_update(no_key=True).order_by("pk").first()
    changes = changes_in(wanted)
    if changes and newest_change() != based_on:
        raise ChangedMeanwhile(
            _(
                "Somebody saved settings after you opened this page. What holds now stands below;"
                " make your change again."
            )
        )
    SettingChange.objects.bulk_create(
        SettingChange(key=key, value=_as_text(new), by=by, at=now)
        for key, (_old, new) in changes.items()
    )
    transaction.on_commit(lambda: cache.delete(CACHE_KEY))
    return changes


def _as_text(value: object) -> str:
    return ("1" if value else "") if isinstance(value, bool) else str(value)
