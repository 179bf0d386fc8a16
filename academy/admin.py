from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group

from .models import LearnerGroup
from .web.concurrent_edits import ConcurrentAdmin

# nobody logs in by e-mail, and roles say who may do what
admin.site.unregister([EmailAddress, Group])


@admin.register(LearnerGroup)
class LearnerGroupAdmin(ConcurrentAdmin):
    """A group out of use is offered to nobody who joins; who is in it stays in it."""

    list_display = ["name", "sort_order", "active"]


# the pages of the portal are for staff; what is left here is for whoever keeps the server
admin.site.has_permission = lambda request: request.user.is_active and request.user.is_superuser
