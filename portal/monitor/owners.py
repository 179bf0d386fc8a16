"""Which unit answers for each indicator: set by the office, named beside the figure."""

from datetime import datetime

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from academy.models import Campus, CampusKind, Department

from ..models import IndicatorOwner
from .indicators import INDICATORS

NOBODY = ("", _("Nobody yet"))


def units() -> list[Department | Campus]:
    """Who may answer for an indicator: the college, the branches, the departments, by code."""
    campuses = Campus.objects.filter(ended_on__isnull=True).exclude(kind=CampusKind.SALON)
    departments = Department.objects.filter(ended_on__isnull=True)
    return [*campuses.order_by("code"), *departments.order_by("code")]


def owners() -> dict[str, Department | Campus]:
    """Slug of an indicator → its unit; one query."""
    rows = IndicatorOwner.objects.select_related("department", "campus")
    return {row.indicator: row.unit for row in rows}


class OwnersForm(forms.Form):
    """A unit for each indicator; empty takes it away."""

    def __init__(self, data=None) -> None:
        self.units = {unit.code: unit for unit in units()}
        held = owners()
        self.units |= {unit.code: unit for unit in held.values()}  # also one that has ended
        super().__init__(data, initial={slug: unit.code for slug, unit in held.items()})
        choices = [NOBODY, *((code, unit.name) for code, unit in self.units.items())]
        for indicator in INDICATORS:
            self.fields[indicator.slug] = forms.ChoiceField(
                label=indicator.title, choices=choices, required=False
            )

    @property
    def wanted(self) -> dict[str, Department | Campus | None]:
        return {slug: self.units.get(code) for slug, code in self.cleaned_data.items()}


@transaction.atomic
def set_owners(*, wanted: dict[str, Department | Campus | None], by, now: datetime) -> int:
    """Write what differs and return how many indicators changed."""
    held, changed = owners(), 0
    for slug, unit in wanted.items():
        if unit == held.get(slug):
            continue
        changed += 1
        if unit is None:
            IndicatorOwner.objects.filter(indicator=slug).delete()
            continue
        is_campus = isinstance(unit, Campus)
        IndicatorOwner.objects.update_or_create(
            indicator=slug,
            defaults={
                "campus": unit if is_campus else None,
                "department": None if is_campus else unit,
                "set_by": by,
                "set_at": now,
            },
        )
    return changed
