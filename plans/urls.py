from django.urls import path
from django.views.generic import RedirectView

from .views import actual as actual_views
from .views import class_filing as class_filing_views
from .views import (
    consents,
    courses,
    exports,
    filing_steps,
    grid,
    hints,
    imports,
    items,
    last_year,
    lecture_fees,
    overlaps,
    paper,
    papers,
    plans,
    projects,
    reports,
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
    path("projects/", projects.project_list, name="project_list"),
    path("projects/<code:code>/", projects.project, name="project"),
    path("manage/projects/", projects.manage_projects, name="manage_projects"),
    path("manage/projects/new/", projects.project_create, name="project_create"),
    path("manage/projects/<code:code>/", projects.project_edit, name="project_edit"),
    path("manage/projects/<code:code>/remove/", projects.project_remove, name="project_remove"),
    path("manage/projects/<code:code>/restore/", projects.project_restore, name="project_restore"),
    path("manage/plans/actual/", actual_views.actual, name="actual"),
    path("manage/plans/actual/items/", actual_views.actual_items, name="actual_items"),
    path("manage/plans/actual/classes/", actual_views.actual_classes, name="actual_classes"),
    path("manage/plans/actual/people/", actual_views.actual_people, name="actual_people"),
    path("manage/plans/unfiled/", class_filing_views.unfiled_classes, name="unfiled_classes"),
    path("manage/plans/unfiled/hang/", class_filing_views.hang_classes, name="hang_classes"),
    path("manage/classes/<code:code>/plan/", class_filing_views.class_filing, name="class_filing"),
]

urlpatterns += [
    path("manage/plans/units/", filing_steps.unit_list, name="unit_list"),
    path("manage/plans/<int:pk>/opinion/", filing_steps.unit_opinion, name="unit_opinion"),
    path("manage/plans/<int:pk>/compare/", filing_steps.plan_compare, name="plan_compare"),
    path(
        "manage/plans/<int:pk>/items/<int:item_pk>/restore/",
        filing_steps.item_restore,
        name="item_restore",
    ),
    path("manage/plans/<int:pk>/report/", reports.report, name="report"),
    path("manage/plans/<int:pk>/report/export/", reports.report_export, name="report_export"),
    path("manage/plans/<int:pk>/report/accept/", reports.report_accept, name="report_accept"),
    path("manage/plans/<int:pk>/report/return/", reports.report_return, name="report_return"),
    path("manage/plans/<int:pk>/archive/", reports.plan_archive, name="plan_archive"),
    path("manage/plans/templates/", papers.paper_templates, name="paper_templates"),
    path("manage/plans/templates/<slug:kind>/", papers.paper_template, name="paper_template"),
    path(
        "manage/plans/templates/<slug:kind>/default/",
        papers.paper_template_default,
        name="paper_template_default",
    ),
    path("manage/plans/<int:pk>/courses/", courses.plan_courses, name="plan_courses"),
    path(
        "manage/plans/<int:pk>/items/<int:item_pk>/consent/",
        consents.item_consent,
        name="item_consent",
    ),
    path("manage/plans/<int:pk>/item-hints/", hints.item_hints, name="item_hints"),
]

FEES = "manage/lecture-fees/"
urlpatterns += [
    path(FEES, lecture_fees.fee_lists, name="fee_lists"),
    path(f"{FEES}new/", lecture_fees.fee_list_begin, name="fee_list_begin"),
    path(f"{FEES}<int:pk>/", lecture_fees.fee_list, name="fee_list"),
    path(f"{FEES}<int:pk>/refill/", lecture_fees.fee_list_refill, name="fee_list_refill"),
    path(f"{FEES}<int:pk>/correct/", lecture_fees.fee_list_correct, name="fee_list_correct"),
    path(f"{FEES}<int:pk>/drop/", lecture_fees.fee_list_drop, name="fee_list_drop"),
    path(f"{FEES}<int:pk>/check/", lecture_fees.fee_list_check, name="fee_list_check"),
    path(f"{FEES}<int:pk>/approve/", lecture_fees.fee_list_approve, name="fee_list_approve"),
    path(f"{FEES}<int:pk>/return/", lecture_fees.fee_list_return, name="fee_list_return"),
    path(f"{FEES}<int:pk>/recall/", lecture_fees.fee_list_recall, name="fee_list_recall"),
    path(f"{FEES}<int:pk>/received/", lecture_fees.fee_list_received, name="fee_list_received"),
    path(f"{FEES}<int:pk>/unsigned/", lecture_fees.fee_list_unsigned, name="fee_list_unsigned"),
    path(
        f"{FEES}<int:pk>/supplement/", lecture_fees.fee_list_supplement, name="fee_list_supplement"
    ),
    path(f"{FEES}<int:pk>/paper/", lecture_fees.fee_list_paper, name="fee_list_paper"),
    path(f"{FEES}<int:pk>/export/", lecture_fees.fee_list_export, name="fee_list_export"),
]
