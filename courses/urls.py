from django.urls import path

from .views import (
    batch,
    browse,
    catalogue_file,
    course_life,
    experts,
    manage,
    manage_courses,
    requests,
    rooms,
    season,
    services,
    versions,
)

app_name = "courses"

urlpatterns = [
    path("courses/", browse.course_list, name="course_list"),
    path("courses/<code:code>/", browse.course, name="course"),
    path("courses/<code:code>/versions/", versions.course_versions, name="course_versions"),
    path(
        "courses/<code:code>/versions/<int:number>/", versions.course_version, name="course_version"
    ),
    path("services/", services.service_list, name="service_list"),
    path("services/cards/", services.service_cards, name="service_cards"),
    path("services/<code:code>/", services.service_item, name="service_item"),
    path("services/<code:code>/card/", services.service_card, name="service_card"),
    path("manage/services/gaps/", services.service_gaps, name="service_gaps"),
    path("manage/services/<code:code>/edit/", services.service_edit, name="service_edit"),
    path("manage/courses/", manage_courses.manage_courses, name="manage_courses"),
    path("manage/courses/together/", manage_courses.course_bulk, name="course_bulk"),
    path("manage/courses/export/", catalogue_file.export_courses, name="export_courses"),
    path("manage/courses/new/", course_life.course_create, name="course_create"),
    path("manage/courses/<code:code>/", course_life.manage_course, name="manage_course"),
    path("manage/courses/<code:code>/edit/", course_life.course_edit, name="course_edit"),
    path("manage/courses/<code:code>/submit/", course_life.course_submit, name="course_submit"),
    path(
        "manage/courses/<code:code>/take-back/",
        course_life.course_take_back,
        name="course_take_back",
    ),
    path(
        "manage/courses/<code:code>/drop-change/",
        course_life.course_drop_change,
        name="course_drop_change",
    ),
    path("manage/courses/<code:code>/discard/", course_life.course_discard, name="course_discard"),
    path("manage/courses/<code:code>/return/", course_life.course_return, name="course_return"),
    path("manage/courses/<code:code>/publish/", course_life.course_publish, name="course_publish"),
    path("manage/courses/<code:code>/retire/", course_life.course_retire, name="course_retire"),
    path(
        "manage/courses/<code:code>/bring-back/",
        course_life.course_bring_back,
        name="course_bring_back",
    ),
    path("manage/classes/", manage.manage_classes, name="manage_classes"),
    path("manage/classes/new/", manage.class_create, name="class_create"),
    path("manage/season/", season.season_now, name="season_now"),
    path("manage/season/<code:code>/", season.season, name="season"),
    path("manage/season/<code:code>/batch/", batch.season_batch, name="season_batch"),
    path("manage/season/<code:code>/clone/", batch.season_clone, name="season_clone"),
    path("manage/rooms/", rooms.rooms, name="rooms"),
    path("manage/experts/", experts.manage_experts, name="manage_experts"),
    path("manage/experts/new/", experts.expert_create, name="expert_create"),
    path("manage/experts/<code:code>/edit/", experts.expert_edit, name="expert_edit"),
    path("experts/<code:code>/", experts.expert, name="expert"),
    path("requests/", requests.topic_requests, name="topic_requests"),
    path("requests/<int:pk>/withdraw/", requests.withdraw_request, name="withdraw_request"),
    path("manage/requests/", requests.manage_requests, name="manage_requests"),
    path("manage/requests/<int:pk>/", requests.answer_request, name="answer_request"),
]
