from django.urls import path

from . import export_views, heading_word_views, progress, views

app_name = "imports"

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("templates/<slug:kind>/", views.import_template, name="import_template"),
    path("samples/<slug:kind>/", export_views.import_sample, name="import_sample"),
    path("export/<slug:kind>/", export_views.import_export, name="import_export"),
    path("words/", heading_word_views.heading_words, name="heading_words"),
    path(
        "words/<int:pk>/remove/", heading_word_views.heading_word_remove, name="heading_word_remove"
    ),
    path("progress/", progress.import_progress, name="import_progress"),
    path("<int:pk>/", views.import_run, name="import_run"),
    path("<int:pk>/choose/", views.import_choose, name="import_choose"),
    path("<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("<int:pk>/discard/", views.import_discard, name="import_discard"),
    path("<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("<int:pk>/rejected/", views.import_rejected, name="import_rejected"),
]
