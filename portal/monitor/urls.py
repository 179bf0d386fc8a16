from django.urls import path

from . import views

app_name = "monitor"

urlpatterns = [
    path("", views.board, name="board"),
    path("owners/", views.owners, name="owners"),
    path("count/", views.count, name="count"),
    path("<slug:slug>/", views.indicator, name="indicator"),
    path("<slug:slug>/rows/", views.rows, name="rows"),
]
