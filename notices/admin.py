from django.contrib import admin

from academy.web.concurrent_edits import ConcurrentAdmin

from .models import Delivery, Notice, ReminderRule


class ReadOnly:
    """The outbox is looked at here; only rules of the domain write it."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class DeliveryInline(ReadOnly, admin.TabularInline):
    model = Delivery
    extra = 0


@admin.register(Notice)
class NoticeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "person", "kind", "status", "due_at", "sent_at", "read_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["person"]
    search_fields = ["title", "person__name"]
    ordering = ["-due_at", "-pk"]
    inlines = [DeliveryInline]


@admin.register(ReminderRule)
class ReminderRuleAdmin(ConcurrentAdmin):
    """Rules come from the code and are written by the first sweep; staff change when they remind,
    or switch them off.
    """

    list_display = ["name", "days_before", "at_hour", "active"]
    fields = ["name", "days_before", "at_hour", "active"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
