from django.contrib import admin

from academy.web.concurrent_edits import ConcurrentAdmin

from .models import SecondmentBatch


@admin.register(SecondmentBatch)
class SecondmentBatchAdmin(ConcurrentAdmin):
    list_display = ["name", "programme", "starts_on", "ends_on", "approval"]
    list_filter = ["programme"]
    search_fields = ["name"]
