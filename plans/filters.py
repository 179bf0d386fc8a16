"""The filters of the list of plans: year, owner, status."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import FIRST_YEAR, IN_REVIEW, LAST_YEAR, AnnualPlan, Owner, PlanStatus
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
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            name: _("There are no plans for this year.")
            for name in ("invalid", "min_value", "max_value")
        },
    )
    status = django_filters.ChoiceFilter(
        choices=[
            *PlanStatus.choices,
            ("in_review", pgettext_lazy("of a plan", "Lies with the office")),
        ],
        method="of_status",
        label=pgettext_lazy("of a plan", "Status"),
        empty_label=pgettext_lazy("plans", "All"),
        error_messages={"invalid_choice": _("There is no such status of a plan.")},
    )
    owner = OwnerFilter(method="of_owner", label=_("Code of the unit"))

    class Meta:
        model = AnnualPlan
        fields = ["year", "status", "owner"]

    def of_status(self, rows, _name: str, status: str):
        wanted = IN_REVIEW if status == "in_review" else (status,)
        return rows.filter(status__in=wanted)

    def of_owner(self, rows, _name: str, owner: Owner):
        return rows.of_owner(owner)
