from django.contrib import admin

from .models import Expert, Programme, ServiceItem, TeachingFormat, Track


@admin.register(Track)
class TrackAdmin(admin.ModelAdmin):
    list_display = ["name", "prefix", "css_class", "sort_order", "active"]


@admin.register(TeachingFormat)
class TeachingFormatAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "suggested_group_size", "sort_order", "active"]
    search_fields = ["name", "code"]


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ["name", "sort_order", "active"]


@admin.register(ServiceItem)
class ServiceItemAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "department"]
    list_filter = ["department"]
    list_select_related = ["department"]
    search_fields = ["code", "name", "keywords"]


@admin.register(Expert)
class ExpertAdmin(admin.ModelAdmin):
    """The name of a published expert is public; the number is not and stays out of the list."""

    list_display = ["code", "name", "category", "organisation", "published"]
    list_filter = ["category", "published"]
    search_fields = ["code", "name", "specialities"]
    raw_id_fields = ["village", "user"]
