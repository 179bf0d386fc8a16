"""The filters of the list of plans: year, owner, status."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from .models import FIRST_YEAR, LAST_YEAR, AnnualPlan, Owner, PlanStatus
from .owners import UnknownOwner, owner_named


class YearFilter(django_filters.Filter):
    field_class = forms.IntegerField


class OwnerField(forms.CharField):
    """A code that names a town, department or campus."""

    def clean(self, value):
        code = super().clean(value)
        try:
            return owner_named(code) if code else None
        except UnknownOwner as error:
            raise forms.ValidationError(str(error)) from error


class OwnerFilter(django_filters.Filter):
    field_class = OwnerField


class PlanFilter(django_filters.FilterSet):
    """An unknown value gives an empty list and a sentence, never an error page."""

    year = YearFilter(
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            name: _("There are no plans for this year.")
            for name in ("invalid", "min_value", "max_value")
        },
    )
    status = django_filters.ChoiceFilter(
        choices=PlanStatus.choices,
        error_messages={"invalid_choice": _("There is no such status of a plan.")},
    )
    owner = OwnerFilter(method="of_owner")

    class Meta:
        model = AnnualPlan
        fields = ["year", "status", "owner"]

    def of_owner(self, rows, _name: str, owner: Owner):
        return rows.of_owner(owner)

    @property
    def rows(self):
        """The plans that pass; none when a value makes no sense."""
        return self.qs if self.is_valid() else self.queryset.none()

    @property
    def error_summary(self) -> list[str]:
        return [str(sentence) for errors in self.form.errors.values() for sentence in errors]
