from django.urls import path

from .views import batch, browse, catalogue_file, experts, manage, requests, rooms, season

app_name = "courses"

urlpatterns = [
    path("courses/", browse.course_list, name="course_list"),
    path("courses/<str:code>/", browse.course, name="course"),
    path("classes/", browse.class_list, name="class_list"),
    path("manage/courses/", manage.manage_courses, name="manage_courses"),
    path("manage/courses/export/", catalogue_file.export_courses, name="export_courses"),
    path("manage/courses/new/", manage.course_create, name="course_create"),
    path("manage/courses/<str:code>/edit/", manage.course_edit, name="course_edit"),
    path("manage/classes/", manage.manage_classes, name="manage_classes"),
    path("manage/classes/new/", manage.class_create, name="class_create"),
    path("manage/season/", season.season_now, name="season_now"),
    path("manage/season/<str:code>/", season.season, name="season"),
    path("manage/season/<str:code>/batch/", batch.season_batch, name="season_batch"),
    path("manage/season/<str:code>/clone/", batch.season_clone, name="season_clone"),
    path("manage/rooms/", rooms.rooms, name="rooms"),
    path("manage/experts/", experts.manage_experts, name="manage_experts"),
    path("manage/experts/new/", experts.expert_create, name="expert_create"),
    path("manage/experts/<str:code>/edit/", experts.expert_edit, name="expert_edit"),
    path("experts/<str:code>/", experts.expert, name="expert"),
    path("requests/", requests.topic_requests, name="topic_requests"),
    path("requests/<int:pk>/withdraw/", requests.withdraw_request, name="withdraw_request"),
    path("manage/requests/", requests.manage_requests, name="manage_requests"),
    path("manage/requests/<int:pk>/", requests.answer_request, name="answer_request"),
]
