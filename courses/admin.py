from django.contrib import admin

from academy.search import index
from academy.web.concurrent_edits import ConcurrentAdmin

from .catalogue.index import words_have_changed
from .models import Expert, Programme, ServiceItem, TeachingFormat, Track


class ShownAdmin(ConcurrentAdmin):
    """Rows that visitors see: with every change the search index is written anew, and the catalogue
    drawn anew.
    """

    searched_as: tuple[str, ...] = ("course",)

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        self._show()

    def delete_model(self, request, obj) -> None:
        super().delete_model(request, obj)
        self._show()

    def delete_queryset(self, request, queryset) -> None:
        super().delete_queryset(request, queryset)
        self._show()

    def _show(self) -> None:
        index.rebuild(self.searched_as)
        words_have_changed()


@admin.register(Track)
class TrackAdmin(ShownAdmin):
    list_display = ["name", "prefix", "css_class", "sort_order", "active"]


@admin.register(TeachingFormat)
class TeachingFormatAdmin(ShownAdmin):
    list_display = ["name", "code", "suggested_group_size", "sort_order", "active"]
    search_fields = ["name", "code"]


@admin.register(Programme)
class ProgrammeAdmin(ConcurrentAdmin):
    list_display = ["name", "sort_order", "active"]


@admin.register(ServiceItem)
class ServiceItemAdmin(ShownAdmin):
    searched_as = ("course", "service")
    list_display = ["code", "name", "department"]
    list_filter = ["department"]
    list_select_related = ["department"]
    search_fields = ["code", "name", "keywords"]


@admin.register(Expert)
class ExpertAdmin(ShownAdmin):
    """The name of a published expert is public; the number is not and stays out of the list."""

    searched_as = ("class", "expert")
    list_display = ["code", "name", "category", "organisation", "published"]
    list_filter = ["category", "published"]
    search_fields = ["code", "name", "specialities"]
    raw_id_fields = ["village", "user"]
