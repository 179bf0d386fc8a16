"""The office side of courses and the calendar."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.places import Place, Section

PLACES = [
    Place(
        "courses:manage_classes",
        pgettext_lazy("navigation", "Classes"),
        "courses.view_schedule",
        Section.CLASSES,
        20,
        names="排班 办班 班次 点名 结班 签到表 名额 候补",
        covers=(
            "trainees:message_to_classes",
            "trainees:classes_paper",
            "trainees:combine_classes",
            "trainees:swap",
            "trainees:change_booking",
            "trainees:change_material",
        ),
        icon="calendar3",
    ),
    Place(
        "courses:season_now",
        pgettext_lazy("navigation", "Season plan"),
        "courses.view_schedule",
        Section.CLASSES,
        30,
        names="季度排班 季划 赋能季划 开放报名",
    ),
    Place(
        "courses:manage_requests",
        pgettext_lazy("navigation", "Topics asked for"),
        "courses.answer_request",
        Section.CLASSES,
        70,
        names="点单 配菜",
        covers=("portal:unanswered",),
    ),
    Place(
        "courses:manage_courses",
        pgettext_lazy("navigation", "Courses"),
        "courses.change_course",
        Section.COURSES,
        10,
        names="课程管理 课程审核 发布课程",
    ),
    Place(
        "courses:service_gaps",
        pgettext_lazy("navigation", "Service items"),
        "courses.change_serviceitem",
        Section.COURSES,
        20,
        names="事项缺口 服务事项缺口",
        covers=("courses:service_edit",),
    ),
    Place(
        "courses:manage_experts",
        _("Experts"),
        "courses.view_schedule",
        Section.COURSES,
        30,
        names="师资 专家 老师 师资库",
    ),
    Place(
        "courses:rooms",
        _("Rooms"),
        "courses.view_schedule",
        Section.COURSES,
        40,
        names="教室 找教室 空教室",
    ),
]
