"""Who may open the catalogue and its staff pages: departments write their own drafts, campuses schedule their own classes."""

from academy.models import CampusKind
from courses.models import CourseStatus

from ..access.table import OTHERS, Row
from ..factories import CampusFactory, CourseFactory, ExpertFactory, TopicRequestFactory

EDITORS = "department_staff district_staff administrator"
SCHEDULERS = f"branch_coordinator town_staff {EDITORS}"


def build(world) -> None:
    world.salon = CampusFactory(kind=CampusKind.SALON, town=world.town)
    world.course = CourseFactory()
    world.expert = ExpertFactory()
    world.hidden_expert = ExpertFactory(published=False)
    world.own_draft = CourseFactory(department=world.department, status=CourseStatus.DRAFT)
    world.foreign_draft = CourseFactory(status=CourseStatus.DRAFT)
    world.own_published = CourseFactory(department=world.department)
    world.request_of_the_trainee = TopicRequestFactory(asked_by=world.cadre.user)
    world.request_of_a_stranger = TopicRequestFactory(asked_by=world.outsider.user)


ACCESS = [
    Row("courses:course_list", {200: OTHERS}),
    Row("courses:course", {200: OTHERS}, args=lambda w: [w.course.code]),
    Row("courses:course", {200: EDITORS, 404: OTHERS}, args=lambda w: [w.own_draft.code], note="own draft"),
    Row("courses:course", {200: "district_staff administrator", 404: OTHERS}, args=lambda w: [w.foreign_draft.code], note="foreign draft"),
    Row("courses:class_list", {200: OTHERS}),
    Row("courses:manage_courses", {200: EDITORS, 403: OTHERS, "login": "visitor"}),
    Row("courses:course_create", {200: EDITORS, 403: OTHERS, "login": "visitor"}),
    Row("courses:course_create", {200: EDITORS, 403: OTHERS, "login": "visitor"}, method="post", note="empty form"),
    Row("courses:course_edit", {200: EDITORS, 404: OTHERS, "login": "visitor"}, args=lambda w: [w.own_draft.code], note="own draft"),
    Row("courses:course_edit", {200: "district_staff administrator", 404: OTHERS, "login": "visitor"}, args=lambda w: [w.foreign_draft.code], note="foreign draft"),
    Row("courses:course_edit", {200: "district_staff administrator", 403: OTHERS, "login": "visitor"}, args=lambda w: [w.own_published.code], note="published"),
    Row("courses:export_courses", {200: EDITORS, 403: OTHERS, "login": "visitor"}),
    Row("courses:manage_classes", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row("courses:class_create", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row("courses:class_create", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}, method="post", note="empty form"),
    Row("courses:topic_requests", {200: OTHERS, "login": "visitor"}),
    Row("courses:withdraw_request", {302: "trainee", 404: OTHERS, "login": "visitor"}, args=lambda w: [w.request_of_the_trainee.pk], method="post", note="own"),
    Row("courses:withdraw_request", {404: OTHERS, "login": "visitor"}, args=lambda w: [w.request_of_a_stranger.pk], method="post", note="foreign"),
    Row("courses:manage_requests", {200: "district_staff administrator", 403: OTHERS, "login": "visitor"}),
    Row("courses:answer_request", {200: "district_staff administrator", 403: OTHERS, "login": "visitor"}, args=lambda w: [w.request_of_a_stranger.pk]),
    Row("courses:season_now", {302: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row("courses:season", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}, args=lambda w: ["2027Q1"]),
    Row("courses:season_batch", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}, args=lambda w: ["2027Q1"]),
    Row("courses:season_batch", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}, args=lambda w: ["2027Q1"], method="post", note="empty form"),
    Row("courses:season_clone", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}, args=lambda w: ["2027Q1"]),
    Row("courses:season_clone", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}, args=lambda w: ["2027Q1"], method="post", note="empty form"),
    Row("courses:rooms", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row("courses:manage_experts", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row("courses:expert_create", {200: "district_staff administrator", 403: OTHERS, "login": "visitor"}),
    Row("courses:expert_create", {200: "district_staff administrator", 403: OTHERS, "login": "visitor"}, method="post", note="empty form"),
    Row("courses:expert_edit", {200: "district_staff administrator", 403: OTHERS, "login": "visitor"}, args=lambda w: [w.hidden_expert.code]),
    Row("courses:expert", {200: OTHERS}, args=lambda w: [w.expert.code], note="published"),
    Row("courses:expert", {200: SCHEDULERS, 404: OTHERS}, args=lambda w: [w.hidden_expert.code], note="not published"),
]
