"""The filters of secondments: batch, host department, status, and what needs somebody."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Department

from .models import Secondment, SecondmentBatch, SecondmentStatus

ALL = "all"
HELP, MINE = "help", "mine"


class BoardFilter(django_filters.FilterSet):
    """An unknown value gives an empty board and a sentence, never an error page."""

    batch = django_filters.ModelChoiceFilter(
        queryset=SecondmentBatch.objects.all(),
        label=pgettext_lazy("of a batch", "batch"),
        empty_label=_("All batches"),
        error_messages={"invalid_choice": _("There is no such batch.")},
    )
    department = django_filters.ModelChoiceFilter(
        field_name="host_department",
        queryset=Department.objects.all(),
        to_field_name="code",
        label=_("Host department"),
        empty_label=_("All hosts"),
        error_messages={"invalid_choice": _("There is no such department.")},
    )
    status = django_filters.ChoiceFilter(
        choices=[*SecondmentStatus.choices, (ALL, pgettext_lazy("of a secondment", "All"))],
        label=_("Status"),
        empty_label=None,
        method="of_status",
        error_messages={"invalid_choice": _("There is no such status of a secondment.")},
    )
    show = django_filters.ChoiceFilter(
        choices=[(HELP, _("Where to lend a hand")), (MINE, _("What waits for me"))],
        label=_("Shown"),
        empty_label=_("Everybody"),
        method="as_it_is",
        error_messages={"invalid_choice": _("Choose one of the buttons above the list.")},
    )

    class Meta:
        model = Secondment
        fields = ["batch", "department", "status", "show"]

    def of_status(self, rows, _name: str, status: str):
        return rows if status == ALL else rows.filter(status=status)

    def as_it_is(self, rows, _name: str, _value: str):
        return rows  # needs the items: the list picks
