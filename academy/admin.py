from django.contrib import admin

from .models import LearnerGroup


@admin.register(LearnerGroup)
class LearnerGroupAdmin(admin.ModelAdmin):
    """A group out of use is offered to nobody who joins; who is in it stays in it."""

    list_display = ["name", "sort_order", "active"]
