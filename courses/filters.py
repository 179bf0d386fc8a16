"""Filters of the staff lists; the parameters are named after the fields (docs/rules.md R41)."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Campus
from academy.search.index import Findable, codes_found

from .models import FINDABLE_CLASSES, ClassStatus, TopicRequest, TopicRequestStatus, TrainingClass

ANY = pgettext_lazy("filter", "Any")


def _choice(queryset, to_field: str, field: str, label, **more) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        queryset=queryset,
        to_field_name=to_field,
        field_name=field,
        label=label,
        empty_label=ANY,
        **more,
    )


class ManagedClassFilter(django_filters.FilterSet):
    """A value that does not exist makes the form invalid: the page then shows an empty list and
    says so.
    """

    q = django_filters.CharFilter(method="find", label=_("Title or code"))
    status = django_filters.ChoiceFilter(choices=ClassStatus, label=_("State"), empty_label=ANY)
    campus = _choice(Campus.objects.filter(ended_on__isnull=True), "code", "campus", _("Campus"))
    season = django_filters.CharFilter(
        field_name="season",
        label=_("Season"),
        widget=forms.TextInput(attrs={"placeholder": "2027Q1"}),
    )

    class Meta:
        model = TrainingClass
        fields = ["q", "status", "campus", "season"]

    def find(self, queryset, name: str, value: str):
        unlisted = queryset.exclude(status__in=FINDABLE_CLASSES).values_list("code", "title")
        found = codes_found(
            value, kind="class", unlisted=(Findable(code, title, "") for code, title in unlisted)
        )
        return queryset.filter(Q(code__in=found) | Q(code__icontains=value))


class RequestFilter(django_filters.FilterSet):
    """At first the requests that wait for an answer."""

    status = django_filters.ChoiceFilter(
        choices=[
            choice
            for choice in TopicRequestStatus.choices
            if choice[0] != TopicRequestStatus.WITHDRAWN
        ],
        label=_("State"),
        empty_label=None,
    )

    class Meta:
        model = TopicRequest
        fields = ["status"]

    def __init__(self, data=None, *args, **kwargs) -> None:
        data = data.copy()
        data.setdefault("status", TopicRequestStatus.OPEN)
        super().__init__(data, *args, **kwargs)

    @property
    def qs(self):
        """Who has waited longest is answered first."""
        rows = super().qs
        is_open = self.data["status"] == TopicRequestStatus.OPEN
        return rows.order_by("asked_at", "pk") if is_open else rows
