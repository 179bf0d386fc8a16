"""Villages and campuses as the search finds them."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Campus, Village
from .search import Findable, SearchSource


class CampusSource(SearchSource):
    kind = "campus"
    label = _("Campus")

    def entries(self) -> Iterator[Findable]:
        for campus in Campus.objects.filter(ended_on__isnull=True).select_related("town"):
            yield Findable(campus.code, campus.name, campus.get_absolute_url(), [campus.town.name], topics=[campus.theme])


class VillageSource(SearchSource):
    kind = "village"
    label = pgettext_lazy("unit", "Village")

    def entries(self) -> Iterator[Findable]:
        today = timezone.localdate()  # one that ends today is left out: nothing writes the index anew tomorrow
        for village in Village.objects.current(today).exclude(valid_to=today).select_related("town"):
            yield Findable(village.code, village.name, reverse("portal:town", args=[village.town.code]), [village.town.name])


SOURCES = [CampusSource, VillageSource]
