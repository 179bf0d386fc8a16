from django.urls import path
from django.views.generic import RedirectView

from .views import (
    consents,
    courses,
    exports,
    grid,
    hints,
    imports,
    items,
    last_year,
    overlaps,
    paper,
    plans,
    steps,
)

app_name = "plans"

urlpatterns = [
    path("manage/plans/", plans.plan_list, name="plan_list"),
    path("manage/plans/new/", plans.plan_create, name="plan_create"),
    path("manage/plans/export/", exports.export_all, name="export_all"),
    path("manage/plans/import/", imports.import_upload, name="import_upload"),
    path(
        "manage/plans/imports/<int:pk>/",
        RedirectView.as_view(pattern_name="imports:import_run"),
        name="import_preview",
    ),
    path("manage/plans/overlaps/", overlaps.overlaps, name="overlaps"),
    path(
        "manage/plans/overlaps/<int:one>/<int:other>/",
        overlaps.overlap_answer,
        name="overlap_answer",
    ),
    path("manage/plans/<int:pk>/", plans.plan, name="plan"),
    path("manage/plans/<int:pk>/last-year/", last_year.last_year, name="last_year"),
    path("manage/plans/<int:pk>/items/new/", items.item_create, name="item_create"),
    path("manage/plans/<int:pk>/items/<int:item_pk>/", items.item_edit, name="item_edit"),
    path(
        "manage/plans/<int:pk>/items/<int:item_pk>/remove/", items.item_remove, name="item_remove"
    ),
    path("manage/plans/<int:pk>/rows/", grid.plan_rows, name="plan_rows"),
    path("manage/plans/<int:pk>/paper/", paper.plan_paper, name="plan_paper"),
    path("manage/plans/<int:pk>/recall/", steps.plan_recall, name="plan_recall"),
    path("manage/plans/<int:pk>/review/", steps.plan_review, name="plan_review"),
    path("manage/plans/<int:pk>/submit/", steps.plan_submit, name="plan_submit"),
    path("manage/plans/<int:pk>/return/", steps.plan_return, name="plan_return"),
    path("manage/plans/<int:pk>/file/", steps.plan_file, name="plan_file"),
    path("manage/plans/<int:pk>/amend/", steps.plan_amend, name="plan_amend"),
    path("manage/plans/<int:pk>/drop-change/", steps.plan_drop_change, name="plan_drop_change"),
    path("manage/plans/<int:pk>/export/", exports.plan_export, name="plan_export"),
    path("manage/plans/<int:pk>/versions/<int:number>/", plans.plan_version, name="plan_version"),
]

urlpatterns += [
    path("manage/plans/<int:pk>/courses/", courses.plan_courses, name="plan_courses"),
    path(
        "manage/plans/<int:pk>/items/<int:item_pk>/consent/",
        consents.item_consent,
        name="item_consent",
    ),
    path("manage/plans/<int:pk>/item-hints/", hints.item_hints, name="item_hints"),
]
