"""Two people, one form: whoever saves second sees what the first one saved, and chooses.

A form that changes a row carries what its fields held when its page was opened. Before it saves,
under the lock of the row, this is compared with what they would hold now. Where somebody else has
changed a field that the person left alone, the form takes the new value over; where both changed
it, the form keeps what was typed and asks. Nothing is saved until the person has seen it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django import forms
from django.contrib import admin
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..errors import InvalidTransition

BASED_ON, CHOICE = "based_on", "choice-"  # names of what a page sends with the fields
MINE, THEIRS = "mine", "theirs"
SALT = "academy.web.concurrent_edits"

Value = (
    str | list[str] | None
)  # of a field as a page sends it; None where a row of fields is not there


class ChangedMeanwhile(InvalidTransition):
    """Somebody else has saved the same thing since the page was opened."""


class GoneMeanwhile(InvalidTransition):
    """Somebody else has taken the row out since the page was opened."""


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed: what it was, what it is, what was typed, all in words."""

    name: str
    label: str
    opened: str
    now: str
    typed: str
    is_conflict: bool  # both changed it; otherwise the form has taken the new value over
    is_gone: bool = False  # a row that the other one took out

    @property
    def choice_name(self) -> str:
        return f"{CHOICE}{self.name}"


class ConcurrentEdit:
    """Mix into a form that changes a row.

    Its page includes `components/changed_meanwhile.html`, and its view calls `refuse_if_changed`
    in the transaction that saves.
    """

    not_of_the_row: tuple[str, ...] = ()  # names of fields that hold nothing of the row

    def __init__(self, *args, **kwargs) -> None:
        self.differences: list[Difference] = []
        self.changed_by = ""
        super().__init__(*args, **kwargs)

    # --- What a kind of form may say otherwise ----------------------------------------------------

    @property
    def changes_a_row(self) -> bool:
        return self.instance.pk is not None

    def locked_row(self) -> models.Model | None:
        """The row as it stands, locked until the transaction ends, or nothing when it is gone."""
        rows = type(self.instance)._base_manager.select_for_update(no_key=True)
        return rows.filter(pk=self.instance.pk).order_by("pk").first()

    def opened_on(self, row: models.Model) -> Self:
        """The same form as it would open now."""
        return type(self)(instance=row)

    def values_shown(self) -> dict[str, Value]:
        """What the fields hold when the page is opened."""
        return {
            name: again(field, sent(field, self.get_initial_for_field(field, name)))
            for name, field in self._compared()
        }

    def values_typed(self) -> dict[str, Value]:
        read = self.data, self.files
        return {
            name: again(field, field.widget.value_from_datadict(*read, self.add_prefix(name)))
            for name, field in self._compared()
        }

    def put(self, name: str, value: Value) -> None:
        """Fill a value into what was sent."""
        self.data = self.data.copy()
        put(self.data, self.add_prefix(name), value)

    def who_changed(self, row: models.Model) -> str:
        """The name of whoever saved the row last, where it is known."""
        return ""

    def put_back(self, name: str) -> None:
        """A row that the other one took out is kept as a new one."""

    def label_of(self, name: str) -> str:
        return str(self[name].label)

    def words_of(self, name: str, value: Value) -> str:
        return in_words(self.fields[name], value)

    # --- What all do the same way -----------------------------------------------------------------

    def _compared(self) -> list[tuple[str, forms.Field]]:
        return [
            (name, field)
            for name, field in self.fields.items()
            if not (isinstance(field, forms.FileField) or name in self.not_of_the_row)
        ]

    def full_clean(self) -> None:
        if self.is_bound:
            self.take_what_was_chosen()
        super().full_clean()

    @property
    def based_on(self) -> str:
        """For the page to send back: signed, so that it is what the portal showed."""
        if not self.changes_a_row:
            return ""
        if self.is_bound:
            return self.data.get(BASED_ON, "")
        return signing.dumps(self.values_shown(), salt=self._salt, compress=True)

    @property
    def _salt(self) -> str:
        return f"{SALT}.{type(self).__name__}.{self.instance.pk}"

    def _base(self) -> dict[str, Value]:
        """What the page showed.

        Nothing where that cannot be told: every difference is asked about.
        """
        try:
            return signing.loads(self.data.get(BASED_ON, ""), salt=self._salt)
        except signing.BadSignature:
            return {}

    def take_what_was_chosen(self) -> None:
        """Put the value that the page showed as the present one where the person chose it."""
        chosen = [key for key in self.data if key.startswith(CHOICE)]
        if not chosen:
            return
        base = self._base()
        wanted = [key.removeprefix(CHOICE) for key in chosen if self.data[key] == THEIRS]
        self.data = self.data.copy()
        for key in chosen:
            del self.data[key]
        for name in wanted if base else ():
            self.put(name, base.get(name))

    def refuse_if_changed(self) -> None:
        """Call in the transaction that saves, before anything is written.

        A request that says nothing of what it is based on is let through. Raises ChangedMeanwhile,
        with the form ready to be shown again, and GoneMeanwhile.
        """
        if not self.changes_a_row or not self.data.get(BASED_ON):
            return
        row = self.locked_row()
        if row is None:
            raise GoneMeanwhile(
                _(
                    "Somebody else has taken this out since you opened the page. Copy what you"
                    " still need, then leave the page."
                )
            )
        present, base = self.opened_on(row), self._base()
        now, typed = present.values_shown(), self.values_typed()
        changed = compare(base=base, now=now, typed=typed)
        if not changed:
            return
        self.changed_by = self.who_changed(row)
        self.differences = [
            Difference(
                name=name,
                label=present.label_of(name) if name in now else self.label_of(name),
                opened=self.words_of(name, base.get(name)) if base else "",
                now=present.words_of(name, now.get(name)),
                typed=self.words_of(name, typed.get(name)),
                is_conflict=is_conflict,
                is_gone=name not in now,
            )
            for name, is_conflict in changed.items()
        ]
        for item in self.differences:
            if not item.is_conflict:
                self.put(item.name, now.get(item.name))
            elif item.is_gone:
                self.put_back(item.name)
        self.data = self.data.copy()
        self.data[BASED_ON] = present.based_on
        self._look_again()
        raise ChangedMeanwhile(
            _(
                "Not saved yet: somebody else has saved this since you opened it. Nothing that you"
                " typed is lost; see what differs, then save again."
            )
        )

    def _look_again(self) -> None:
        self._errors = None  # what is shown again is read again


class ConcurrentAdminForm(ConcurrentEdit, forms.ModelForm):
    """A form of /admin/, which saves in the transaction in which it checks."""

    def clean(self) -> dict:
        cleaned = super().clean()
        try:
            self.refuse_if_changed()
        except InvalidTransition as refused:
            raise ValidationError(str(refused)) from refused
        return cleaned

    def _look_again(self) -> None:
        """It is being read at this moment."""


class ConcurrentAdmin(admin.ModelAdmin):
    """Pages of /admin/ on which two people may change one row."""

    form = ConcurrentAdminForm
    change_form_template = "admin/concurrent_change_form.html"


def compare(
    *, base: Mapping[str, Value], now: Mapping[str, Value], typed: Mapping[str, Value]
) -> dict[str, bool]:
    """Fields that somebody else changed → whether the person typed something else into them.

    A field that both changed to the same is left out.
    """
    changed = [
        name for name in {**now, **base} if base.get(name) != now.get(name) != typed.get(name)
    ]
    return {name: typed.get(name) != base.get(name) for name in changed}


# --- Values ---------------------------------------------------------------------------------------


def sent(field: forms.Field, value) -> str | list[str]:
    """A value as a page sends it back."""
    value = field.prepare_value(value)
    if isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)):
        return sorted(str(item) for item in value or ())
    if isinstance(field, forms.BooleanField):
        return "on" if field.to_python(value) else ""
    if not isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        value = field.widget.format_value(value)
    return "" if value is None else str(value).replace("\r\n", "\n")


def again(field: forms.Field, value) -> str | list[str]:
    """What was sent, read and shown again: 3.50 and 3.5 are one number, spaces at the end are
    none.
    """
    if not isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        try:
            value = field.to_python(value)
        except ValidationError:
            return "" if value is None else str(value)
    return sent(field, value)


def put(data, name: str, value: Value) -> None:
    """Write a value into what was sent; a box without its tick is not sent."""
    if isinstance(value, list):
        data.setlist(name, value)
    else:
        data[name] = value or ""


def in_words(field: forms.Field, value: Value) -> str:
    """Return a value of a field as the person who edits it reads it; a field of a kind of its own
    says it itself, as `in_words`.
    """
    if hasattr(field, "in_words"):
        return field.in_words(value or "")
    if isinstance(field, forms.BooleanField):
        return pgettext("value of a field", "Yes") if value else pgettext("value of a field", "No")
    if not value:
        return pgettext("value of a field", "Empty")
    if isinstance(field, forms.ModelChoiceField):
        key = field.to_field_name or "pk"
        keys = value if isinstance(value, list) else [value]
        rows = field.queryset.model._default_manager.filter(
            **{f"{key}__in": [item for item in keys if len(item) < 19]}
        )
        return pgettext("between names", ", ").join(
            str(field.label_from_instance(row)) for row in rows
        )
    if isinstance(field, forms.ChoiceField):
        labels = {str(choice): str(label) for choice, label in flatten_choices(field.choices)}
        return labels.get(value, value)
    return value.replace("T", " ") if isinstance(field, forms.DateTimeField) else value
