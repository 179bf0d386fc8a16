"""The grid of quotas: a number for each street-town, and three ways to fill it at once."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django import forms
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.models import Town
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.error_summary import ErrorSummaryMixin
from courses.forms.fields import MOST_SEATS, MomentField
from courses.models import TrainingClass

EACH, BY_VILLAGES, PASTED = "each", "by_villages", "pasted"
MOST_PASTED = 20_000  # characters
NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)


class QuotasForm(ConcurrentEdit, ErrorSummaryMixin, forms.Form):
    """The seats of a class and those kept for each street-town.

    `towns` are those whose quota can be changed.
    """

    capacity = forms.IntegerField(
        label=gettext_lazy("Seats of the class"),
        min_value=1,
        max_value=MOST_SEATS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, data=None, *, instance: TrainingClass) -> None:
        self.instance = instance
        pools = {pool.town_id: pool for pool in instance.pools.filter(town__isnull=False)}
        released = {key for key, pool in pools.items() if pool.released_at is not None}
        known = Town.objects.filter(ended_on__isnull=True) | Town.objects.filter(pk__in=pools)
        self.towns = {
            town.code: town for town in known.distinct().order_by("code") if town.pk not in released
        }
        initial = {"capacity": instance.capacity} | {
            f"seats-{code}": pools[town.pk].seats if town.pk in pools else 0
            for code, town in self.towns.items()
        }
        # only where seats are kept already: the others get the usual moment with their quota
        self.kept = {code: pools[town.pk] for code, town in self.towns.items() if town.pk in pools}
        if data is not None:  # a page opened before somebody gave these towns their quotas
            self.not_of_the_row = tuple(
                f"until-{code}" for code in self.kept if f"until-{code}" not in data
            )
        initial |= {f"until-{code}": pool.release_at for code, pool in self.kept.items()}
        super().__init__(data, initial=initial)
        for code in self.kept:
            label = _("Kept for %(town)s until") % {"town": self.towns[code].name}
            self.fields[f"until-{code}"] = field = MomentField(label=label, required=False)
            field.widget.attrs |= {"class": "form-control", "aria-label": label}
        for code, town in self.towns.items():
            self.fields[f"seats-{code}"] = forms.IntegerField(
                label=_("Seats kept for %(town)s") % {"town": town.name},
                min_value=0,
                max_value=MOST_SEATS,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages={"invalid": _("Write a whole number, such as 2.")},
            )

    def opened_on(self, row: TrainingClass) -> "QuotasForm":
        """Compared in the fields that the page had."""
        form = super().opened_on(row)
        form.not_of_the_row = self.not_of_the_row
        return form

    def clean_capacity(self) -> int:
        capacity = self.cleaned_data["capacity"]
        rooms = self.instance.lessons.aggregate(smallest=Min("venue__capacity"))
        if rooms["smallest"] is not None and capacity > rooms["smallest"]:
            raise forms.ValidationError(
                _("The smallest room of its lessons has %(seats)d seats.")
                % {"seats": rooms["smallest"]}
            )
        return capacity

    @property
    def town_seats(self) -> dict[Town, int]:
        return {town: self.cleaned_data[f"seats-{code}"] or 0 for code, town in self.towns.items()}

    @property
    def until(self) -> dict[Town, datetime | None]:
        """Until when the quotas are kept that could be changed; None for the usual moment. A form
        without these fields changes none.
        """
        return {
            self.towns[code]: self.cleaned_data[f"until-{code}"]
            for code in self.kept
            if f"until-{code}" in self.data
        }

    def until_of(self, code: str) -> forms.BoundField | None:
        return self[f"until-{code}"] if code in self.kept else None

    def of(self, code: str) -> forms.BoundField | None:
        """The field of a town, unless its quota is released."""
        return self[f"seats-{code}"] if code in self.towns else None

    def fill(self, seats: Mapping[str, object]) -> None:
        """Write numbers into the fields without saving anything."""
        self.data = self.data.copy()
        for code, number in seats.items():
            if code in self.towns:
                self.data[f"seats-{code}"] = str(number)
        self._errors = None


def read_pasted(text: str, towns: Sequence[Town]) -> tuple[dict[str, str], list[str]]:
    """A pasted column: (code of a town → what stands for it, sentences on lines without use).

    A line is a number for the next town in their order, or the name of a town with a number behind
    it. What is no number is kept as it stands, so that its field can say so.
    """
    by_name = {town.name: town for town in towns}
    found: dict[str, str] = {}
    unclear: list[str] = []
    lines = text[:MOST_PASTED].replace("\r\n", "\n").strip("\n").split("\n")
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
        if not cells:
            continue
        named = next((by_name[cell] for cell in cells if cell in by_name), None)
        if named is not None and len(cells) > 1:
            found[named.code] = cells[-1]
        elif len(cells) == 1 and named is None and number <= len(towns):
            found[towns[number - 1].code] = cells[0]
        else:
            unclear.append(
                _("Line %(number)d is not used: %(line)s") % {"number": number, "line": line[:60]}
            )
    return found, unclear
