from django.urls import path

from . import usual, views

app_name = "tables"

urlpatterns = [
    path("", views.index, name="index"),
    path("usual-words/", usual.usual_words, name="usual_words"),
    path("<slug:slug>/", views.table_list, name="table_list"),
    path("<slug:slug>/new/", views.row_add, name="row_add"),
    path("<slug:slug>/<int:pk>/", views.row_edit, name="row_edit"),
    path("<slug:slug>/<int:pk>/retire/", views.row_retire, name="row_retire"),
    path("<slug:slug>/<int:pk>/bring-back/", views.row_bring_back, name="row_bring_back"),
    path("<slug:slug>/<int:pk>/move/", views.row_move, name="row_move"),
]
