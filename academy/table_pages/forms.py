"""The form of a row of any kept table."""

import hashlib
import json
from datetime import date
from functools import cache

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..models import Campus, Department, Town, Village
from ..picking.widgets import PickOne
from ..web.concurrent_edits import ConcurrentEdit
from ..web.error_summary import ErrorSummaryMixin
from .table import MasterTable

PICKED = {Village: "village", Town: "town", Campus: "campus", Department: "department"}
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

    def _post_clean(self) -> None:
        """Check constraints on fields that the form leaves out as well, such as one salon a
        street-town among those in use.
        """
        super()._post_clean()
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except forms.ValidationError as error:
                self.add_error(None, error)

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
        if kind := PICKED.get(field.queryset.model):
            field.widget = PickOne(kind, by="key")
        field.queryset = field.queryset.filter(Q(**in_use) | Q(pk=present))


@cache
def form_for(table: MasterTable) -> type[RowForm]:
    """Return the form class of a table."""
    made = forms.modelform_factory(
        table.model, form=RowForm, fields=table.fields, help_texts=table.help_texts
    )
    made.table = table
    return made


class RetireForm(forms.Form):
    """From which day a row is out of use; a row with a switch asks nothing."""

    day = forms.DateField(
        label=_("Last day in use"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=dict.fromkeys(("required", "invalid"), _("Write a day such as 2027-03-01.")),
    )

    def __init__(self, *args, table: MasterTable, item: models.Model, today: date, **kwargs):
        super().__init__(*args, initial={"day": today}, **kwargs)
        self.first, self.today = getattr(item, "valid_from", None), today
        if not table.ends_on_a_day:
            del self.fields["day"]

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(
                _("The day lies ahead. Take it out of use when the day has come.")
            )
        if self.first and day < self.first:
            raise forms.ValidationError(_("The last day lies before the first day."))
        return day
