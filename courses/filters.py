"""Filters of the class lists; the parameters are named after the fields (DESIGN.md §7)."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Campus, Position, Town
from academy.search import search

from .models import ClassStatus, Track, TrainingClass

ANY = pgettext_lazy("filter", "Any")


def _choice(queryset, to_field: str, field: str, label, **more) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(queryset=queryset, to_field_name=to_field, field_name=field, label=label, empty_label=ANY, **more)


class ClassFilter(django_filters.FilterSet):
    """A value that does not exist makes the form invalid: the page then shows an empty list and says so."""

    q = django_filters.CharFilter(method="find", label=_("Words, pinyin or first letters"))
    campus = _choice(Campus.objects.filter(ended_on__isnull=True), "code", "campus", _("Campus"))
    town = _choice(Town.objects.filter(ended_on__isnull=True), "code", "campus__town", _("Street-town"))
    season = django_filters.CharFilter(field_name="season", label=_("Season"), widget=forms.TextInput(attrs={"placeholder": "2027Q1"}))
    audience = _choice(Position.objects.filter(active=True), "name", "audiences", _("For which post"))
    track = _choice(Track.objects.filter(active=True), "prefix", "lessons__course_version__course__track", pgettext_lazy("of courses", "Track"), distinct=True)

    class Meta:
        model = TrainingClass
        fields = ["q", "campus", "town", "season", "audience", "track"]

    def find(self, queryset, name: str, value: str):
        return queryset.filter(code__in=[entry.code for entry in search(value, kinds=["class"], limit=500)])


class ManagedClassFilter(ClassFilter):
    q = django_filters.CharFilter(method="find", label=_("Title or code"))
    status = django_filters.ChoiceFilter(choices=ClassStatus, label=_("State"), empty_label=ANY)

    class Meta(ClassFilter.Meta):
        fields = ["q", "status", "campus", "season"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("town", "audience", "track"):
            self.filters.pop(name, None)

    def find(self, queryset, name: str, value: str):
        """Staff also find drafts, which the public index does not have."""
        return queryset.filter(title__icontains=value) | queryset.filter(code__icontains=value)
