from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import setting_views, views
from .table import Area


class AreaConverter(StringConverter):
    """`<area:area>` in an address: only the areas that there are."""

    regex = "|".join(Area.values)


register_converter(AreaConverter, "area")

app_name = "tables"

urlpatterns = [
    path("settings/", setting_views.settings_page, name="settings"),
    path("<area:area>/", views.area, name="area"),
    path("<area:area>/<slug:slug>/", views.table_list, name="table_list"),
    path("<area:area>/<slug:slug>/new/", views.row_add, name="row_add"),
    path("<area:area>/<slug:slug>/<int:pk>/", views.row_edit, name="row_edit"),
    path("<area:area>/<slug:slug>/<int:pk>/retire/", views.row_retire, name="row_retire"),
    path(
        "<area:area>/<slug:slug>/<int:pk>/bring-back/", views.row_bring_back, name="row_bring_back"
    ),
    path("<area:area>/<slug:slug>/<int:pk>/move/", views.row_move, name="row_move"),
]
