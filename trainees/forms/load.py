"""What narrows the list of who is called when."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_office, towns_of, villages_of
from academy.models import Town, Village
from academy.search.index import MAX_QUERY_LENGTH


class LoadForm(forms.Form):
    """A unit of one's scope, and a person in it."""

    town = forms.ChoiceField(label=_("Street-town"), required=False)
    village = forms.ChoiceField(label=pgettext_lazy("unit", "Village"), required=False)
    q = forms.CharField(label=_("Find a person"), max_length=MAX_QUERY_LENGTH, required=False)

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        self.towns, self.villages = {}, {}
        if user:
            self._offer(user)
        self.fields["q"].widget.attrs["placeholder"] = _("Name or phone")
        for name, units, every in (
            ("town", self.towns, _("All street-towns")),
            ("village", self._villages_of_the_town(), _("All villages")),
        ):
            choices = [(code, unit.name) for code, unit in units.items()]
            self.fields[name].choices = [("", every), *choices]

    def _offer(self, user: Any) -> None:
        towns, villages = Town.objects.order_by("code"), Village.objects.order_by("code")
        if not is_office(user):
            mine = Q(pk__in=towns_of(user)) | Q(villages__in=villages_of(user))
            towns, villages = (
                towns.filter(mine).distinct(),
                villages.filter(pk__in=villages_of(user)),
            )
        self.towns = {town.code: town for town in towns}
        self.villages = {village.code: village for village in villages}

    @property
    def town_asked(self) -> Town | None:
        """The one asked for, that of the village, or the only one."""
        if town := self.towns.get(self.data.get("town", "")):
            return town
        asked = self.villages.get(self.data.get("village", ""))
        if asked is not None:
            return next((town for town in self.towns.values() if town.pk == asked.town_id), None)
        return next(iter(self.towns.values())) if len(self.towns) == 1 else None

    @property
    def village_asked(self) -> Village | None:
        """Nothing where another street-town was chosen since."""
        asked = self.villages.get(self.data.get("village", ""))
        town = self.town_asked
        return asked if asked and town and asked.town_id == town.pk else None

    def _villages_of_the_town(self) -> dict[str, Village]:
        town = self.town_asked
        asked = self.data.get("village", "")
        return {
            code: village
            for code, village in self.villages.items()
            if code == asked or (town and village.town_id == town.pk)
        }
