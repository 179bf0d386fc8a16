from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    path("me/notices/", views.inbox, name="inbox"),
    path("me/notices/read/", views.mark_read, name="mark_read"),
    path("me/notices/settings/", views.preferences, name="preferences"),
    path("me/notices/<int:pk>/", views.open_notice, name="open"),
]
