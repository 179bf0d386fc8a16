"""The form of a row of any kept table, and that of the settings."""

import hashlib
import json
from functools import cache
from types import SimpleNamespace

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import kept_settings
from ..kept_settings import KEYS
from ..models import Setting
from ..text.phones import TelephoneField
from ..web.concurrent_edits import ConcurrentEdit
from ..web.error_summary import ErrorSummaryMixin
from .table import MasterTable

CONFIRMED = "confirmed"  # what the page sends back when the effect was seen


class AsksFirst(ConcurrentEdit, ErrorSummaryMixin):
    """A form whose page shows what a change does before it is saved."""

    @property
    def seal(self) -> str:
        """Stands for what is typed: another word typed asks again."""
        typed = json.dumps(self.values_typed(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(typed.encode()).hexdigest()[:16]

    @property
    def is_confirmed(self) -> bool:
        return self.data.get(CONFIRMED) == self.seal


class RowForm(AsksFirst, forms.ModelForm):
    """A row of a kept table."""

    table: MasterTable

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.table.lasting:
                self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            if isinstance(field, forms.ModelChoiceField):
                self._offer_what_is_in_use(name, field)

    def _offer_what_is_in_use(self, name: str, field: forms.ModelChoiceField) -> None:
        """What a row may point at: what is in use, and what it points at already."""
        names = {item.name for item in field.queryset.model._meta.get_fields()}
        in_use = {
            ends: value
            for ends, value in (
                ("active", True),
                ("ended_on__isnull", True),
                ("valid_to__isnull", True),
            )
            if ends.split("__")[0] in names
        }
        present = getattr(self.instance, f"{name}_id", None)
        field.queryset = field.queryset.filter(Q(**in_use) | Q(pk=present))


@cache
def form_for(table: MasterTable) -> type[RowForm]:
    """Return the form class of a table."""
    made = forms.modelform_factory(
        table.model, form=RowForm, fields=table.fields, help_texts=table.help_texts
    )
    made.table = table
    return made


class SettingsForm(AsksFirst, forms.Form):
    """Every setting; `instance` names them all for the guard of concurrent edits."""

    instance = SimpleNamespace(pk="settings")

    def __init__(self, *args, **kwargs) -> None:
        present = kept_settings.present_values()
        super().__init__(*args, initial=present, **kwargs)
        for key in KEYS.values():
            self.fields[key.name] = _field_of(key)

    def locked_row(self):
        list(Setting.objects.select_for_update().order_by("pk"))
        return self.instance

    def opened_on(self, row) -> "SettingsForm":
        return SettingsForm()


def _field_of(key: kept_settings.Key) -> forms.Field:
    """The field of a setting, by its type."""
    common = {"label": key.label, "help_text": key.help, "required": key.required}
    if key.kind == "switch":
        return forms.BooleanField(**common)
    if key.kind == "minutes":
        return forms.IntegerField(
            **common, validators=[MinValueValidator(5), MaxValueValidator(480)]
        )
    field = (
        TelephoneField(**common)
        if key.kind == "telephone"
        else forms.CharField(
            **common,
            max_length=key.longest,
            validators=[kept_settings.filing_label] if key.name == "filing_label" else [],
        )
    )
    field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": key.label}
    return field
