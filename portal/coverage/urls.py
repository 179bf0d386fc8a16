from django.urls import path

from . import views

app_name = "coverage"

urlpatterns = [
    path("", views.towns, name="towns"),
    path("stages/", views.towns_by_stage, name="towns_by_stage"),
    path("towns/<code:code>/", views.villages, name="villages"),
    path("towns/<code:code>/stages/", views.villages_by_stage, name="villages_by_stage"),
    path("villages/<code:code>/", views.village, name="village"),
    path("quotas/", views.quotas, name="quotas"),
]
