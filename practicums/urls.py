from django.urls import path

from .views import files, manage, mine

app_name = "practicums"

urlpatterns = [
    path("me/secondment/", mine.my_secondment, name="my_secondment"),
    path("me/secondment/<str:code>/<str:kind>/", mine.my_item, name="my_item"),
    path("me/secondment/<str:code>/<str:kind>/hand-in/", mine.hand_in_item, name="hand_in"),
    path("manage/secondments/", manage.board, name="board"),
    path("manage/secondments/<str:code>/", manage.secondment, name="secondment"),
    path("manage/secondments/<str:code>/close/", manage.close_secondment, name="close"),
    path("manage/secondments/<str:code>/withdraw/", manage.withdraw_secondment, name="withdraw"),
    path("manage/secondments/<str:code>/items/<str:kind>/", manage.item, name="item"),
    path("manage/secondments/<str:code>/items/<str:kind>/sign/", manage.sign_item, name="sign"),
    path("manage/secondments/<str:code>/items/<str:kind>/send-back/", manage.send_item_back, name="send_back"),
    path("manage/secondments/<str:code>/items/<str:kind>/evidence/", manage.add_record, name="add_record"),
    path("manage/secondments/<str:code>/items/<str:kind>/due/", manage.change_due_day, name="change_due"),
    path("manage/secondments/<str:code>/appraisal/", manage.appraisal, name="appraisal"),
    path("secondments/evidence/<uuid:key>/", files.evidence_file, name="evidence_file"),
]
