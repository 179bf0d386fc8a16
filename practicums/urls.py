from django.urls import path

from .views import cases, discussions, drafts, files, manage, mentoring, mine, teaching
from .views.board import board

app_name = "practicums"

urlpatterns = [
    path("cases/", cases.case_list, name="case_list"),
    path("cases/<code:code>/", cases.case, name="case"),
    path("manage/cases/", cases.manage_cases, name="manage_cases"),
    path("manage/cases/new/", cases.case_create, name="case_create"),
    path("manage/cases/<code:code>/", cases.manage_case, name="manage_case"),
    path("manage/cases/<code:code>/edit/", cases.case_edit, name="case_edit"),
    path("manage/cases/<code:code>/submit/", cases.case_submit, name="case_submit"),
    path("manage/cases/<code:code>/take-back/", cases.case_take_back, name="case_take_back"),
    path("manage/cases/<code:code>/return/", cases.case_return, name="case_return"),
    path("manage/cases/<code:code>/publish/", cases.case_publish, name="case_publish"),
    path("manage/cases/<code:code>/take-down/", cases.case_take_down, name="case_take_down"),
    path(
        "manage/secondments/<code:code>/case/",
        cases.case_from_secondment,
        name="case_from_secondment",
    ),
    path(
        "classes/<code:code>/discussion/<int:number>/case/",
        discussions.case_from_sheet,
        name="case_from_sheet",
    ),
    path("me/secondment/", mine.my_secondment, name="my_secondment"),
    path("me/secondment/<code:code>/<slug:kind>/", mine.my_item, name="my_item"),
    path("me/secondment/<code:code>/<slug:kind>/hand-in/", mine.hand_in_item, name="hand_in"),
    path("me/mentoring/", mentoring.mentoring, name="mentoring"),
    path("me/teaching/statement/", teaching.my_teaching_statement, name="my_teaching_statement"),
    path("manage/people/<int:pk>/teaching/", teaching.person_teaching, name="person_teaching"),
    path("manage/experts/<code:code>/teaching/", teaching.expert_teaching, name="expert_teaching"),
    path("me/secondment/<code:code>/<slug:kind>/take-back/", mine.take_item_back, name="take_back"),
    path("me/secondment/<code:code>/<slug:kind>/draft/", drafts.save_draft, name="save_draft"),
    path("me/secondment/<code:code>/<slug:kind>/files/", drafts.add_file, name="add_file"),
    path(
        "me/secondment/<code:code>/<slug:kind>/files/<uuid:key>/",
        drafts.draft_picture,
        name="draft_picture",
    ),
    path("manage/secondments/", board, name="board"),
    path("manage/secondments/<code:code>/", manage.secondment, name="secondment"),
    path("manage/secondments/<code:code>/close/", manage.close_secondment, name="close"),
    path("manage/secondments/<code:code>/withdraw/", manage.withdraw_secondment, name="withdraw"),
    path("manage/secondments/<code:code>/items/<slug:kind>/", manage.item, name="item"),
    path("manage/secondments/<code:code>/items/<slug:kind>/sign/", manage.sign_item, name="sign"),
    path(
        "manage/secondments/<code:code>/items/<slug:kind>/send-back/",
        manage.send_item_back,
        name="send_back",
    ),
    path(
        "manage/secondments/<code:code>/items/<slug:kind>/evidence/",
        manage.add_record,
        name="add_record",
    ),
    path(
        "manage/secondments/<code:code>/items/<slug:kind>/due/",
        manage.change_due_day,
        name="change_due",
    ),
    path("manage/secondments/<code:code>/appraisal/", manage.appraisal, name="appraisal"),
    path(
        "secondments/evidence/<uuid:key>/picture/", files.evidence_picture, name="evidence_picture"
    ),
    path("secondments/evidence/<uuid:key>/", files.evidence_file, name="evidence_file"),
]
