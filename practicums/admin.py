from django.contrib import admin

from .models import SecondmentBatch


@admin.register(SecondmentBatch)
class SecondmentBatchAdmin(admin.ModelAdmin):
    list_display = ["name", "programme", "starts_on", "ends_on", "approval"]
    list_filter = ["programme"]
    search_fields = ["name"]
