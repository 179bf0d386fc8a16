"""Who may open the catalogue and its staff pages: departments write their own drafts, campuses
schedule their own classes.
"""

from django.utils import timezone

from academy.models import CampusKind
from courses.models import CourseStatus

from ..access.table import OTHERS, Row
from ..factories import (
    CampusFactory,
    CourseFactory,
    CourseVersionFactory,
    ExpertFactory,
    ServiceItemFactory,
    TopicRequestFactory,
)

EDITORS = "department_staff district_staff administrator"
SCHEDULERS = f"branch_coordinator town_staff {EDITORS}"


OFFICE = "district_staff administrator"
STAFF = f"village_coordinator {SCHEDULERS}"


def published(course, status=CourseStatus.PUBLISHED):
    """The course with a version, as it stands after its publication."""
    CourseVersionFactory(course=course, number=1)
    course.status = status
    course.save()
    return course


def build(world) -> None:
    world.salon = CampusFactory(kind=CampusKind.SALON, town=world.town)
    world.course = CourseFactory()
    world.expert = ExpertFactory()
    world.hidden_expert = ExpertFactory(published=False)
    world.own_draft = CourseFactory(department=world.department, status=CourseStatus.DRAFT)
    world.foreign_draft = CourseFactory(status=CourseStatus.DRAFT)
    world.own_published = published(CourseFactory(department=world.department))
    world.own_in_review = CourseFactory(department=world.department, status=CourseStatus.IN_REVIEW)
    world.foreign_published = published(CourseFactory())
    world.retired = published(
        CourseFactory(department=world.department), status=CourseStatus.RETIRED
    )
    world.own_item = ServiceItemFactory(department=world.department)
    world.foreign_item = ServiceItemFactory()
    world.request_of_the_trainee = TopicRequestFactory(asked_by=world.cadre.user)
    world.request_of_a_stranger = TopicRequestFactory(asked_by=world.outsider.user)


ACCESS = [
    Row("courses:course_list", {200: OTHERS}),
    Row("courses:course", {200: OTHERS}, args=lambda w: [w.course.code]),
    Row(
        "courses:course",
        {200: EDITORS, 404: OTHERS},
        args=lambda w: [w.own_draft.code],
        note="own draft",
    ),
    Row(
        "courses:course",
        {200: "district_staff administrator", 404: OTHERS},
        args=lambda w: [w.foreign_draft.code],
        note="foreign draft",
    ),
    Row("courses:manage_courses", {200: EDITORS, 403: OTHERS, "login": "visitor"}),
    Row("courses:course_create", {200: EDITORS, 403: OTHERS, "login": "visitor"}),
    Row(
        "courses:course_create",
        {200: EDITORS, 403: OTHERS, "login": "visitor"},
        method="post",
        note="empty form",
    ),
    Row(
        "courses:course_edit",
        {200: EDITORS, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_draft.code],
        note="own draft",
    ),
    Row(
        "courses:course_edit",
        {200: "district_staff administrator", 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_draft.code],
        note="foreign draft",
    ),
    Row(
        "courses:course_edit",
        {200: EDITORS, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_published.code],
        note="published",
    ),
    Row(
        "courses:course_edit",
        {200: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_published.code],
        note="foreign published",
    ),
    Row("courses:course", {200: OTHERS}, args=lambda w: [w.retired.code], note="retired"),
    Row(
        "courses:course_version", {200: OTHERS}, args=lambda w: [w.retired.code, 1], note="retired"
    ),
    Row(
        "courses:course_version",
        {404: OTHERS},
        args=lambda w: [w.foreign_draft.code, 1],
        note="foreign draft",
    ),
    Row(
        "courses:course_versions",
        {200: STAFF, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_published.code],
        note="published",
    ),
    Row(
        "courses:course_versions",
        {200: OFFICE, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_draft.code],
        note="foreign draft",
    ),
    Row(
        "courses:manage_course",
        {200: EDITORS, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_draft.code],
        note="own draft",
    ),
    Row(
        "courses:manage_course",
        {200: OFFICE, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_draft.code],
        note="foreign draft",
    ),
    Row(
        "courses:manage_course",
        {200: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_published.code],
        note="foreign published",
    ),
    Row(
        "courses:course_submit",
        {302: EDITORS, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_draft.code],
        method="post",
        note="own",
    ),
    Row(
        "courses:course_submit",
        {302: OFFICE, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_draft.code],
        method="post",
        note="foreign",
    ),
    Row(
        "courses:course_take_back",
        {302: EDITORS, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_in_review.code],
        method="post",
        note="own",
    ),
    Row(
        "courses:course_take_back",
        {302: OFFICE, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_draft.code],
        method="post",
        note="foreign",
    ),
    Row(
        "courses:course_discard",
        {302: EDITORS, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_draft.code],
        method="post",
        note="own",
    ),
    Row(
        "courses:course_discard",
        {302: OFFICE, 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_draft.code],
        method="post",
        note="foreign",
    ),
    Row(
        "courses:course_drop_change",
        {302: EDITORS, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_published.code],
        method="post",
        note="own",
    ),
    Row(
        "courses:course_drop_change",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_published.code],
        method="post",
        note="foreign",
    ),
    Row(
        "courses:course_return",
        {302: OFFICE, 403: "department_staff", 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_in_review.code],
        method="post",
        data=lambda w: {"opinion": "补充案例"},
    ),
    Row(
        "courses:course_publish",
        {302: OFFICE, 403: "department_staff", 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_in_review.code],
        method="post",
    ),
    Row(
        "courses:course_retire",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_published.code],
        method="post",
        data=lambda w: {"reason": "政策已变"},
    ),
    Row(
        "courses:course_bring_back",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.retired.code],
        method="post",
    ),
    Row(
        "courses:course_bulk",
        {302: EDITORS, 403: OTHERS, "login": "visitor"},
        method="post",
        data=lambda w: {"action": "submit"},
        note="hand in",
    ),
    Row(
        "courses:course_bulk",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        method="post",
        data=lambda w: {"action": "publish"},
        note="publish",
    ),
    Row("courses:service_list", {200: OTHERS}),
    Row("courses:service_item", {200: OTHERS}, args=lambda w: [w.own_item.code]),
    Row("courses:service_card", {200: OTHERS}, args=lambda w: [w.own_item.code]),
    Row("courses:service_cards", {200: OTHERS}),
    Row("courses:service_gaps", {200: EDITORS, 403: OTHERS, "login": "visitor"}),
    Row(
        "courses:service_edit",
        {200: EDITORS, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_item.code],
        note="own",
    ),
    Row(
        "courses:service_edit",
        {200: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_item.code],
        note="foreign",
    ),
    Row("courses:export_courses", {200: EDITORS, 403: OTHERS, "login": "visitor"}),
    Row("courses:manage_classes", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row("courses:class_create", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row(
        "courses:class_create",
        {200: SCHEDULERS, 403: OTHERS, "login": "visitor"},
        method="post",
        note="empty form",
    ),
    Row("courses:topic_requests", {200: OTHERS, "login": "visitor"}),
    Row(
        "courses:withdraw_request",
        {302: "trainee", 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.request_of_the_trainee.pk],
        method="post",
        note="own",
    ),
    Row(
        "courses:withdraw_request",
        {404: OTHERS, "login": "visitor"},
        args=lambda w: [w.request_of_a_stranger.pk],
        method="post",
        note="foreign",
    ),
    Row(
        "courses:manage_requests",
        {200: "district_staff administrator", 403: OTHERS, "login": "visitor"},
    ),
    Row(
        "courses:answer_request",
        {200: "district_staff administrator", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.request_of_a_stranger.pk],
    ),
    Row("courses:season_now", {302: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row(
        "courses:season",
        {200: SCHEDULERS, 403: OTHERS, "login": "visitor"},
        args=lambda w: ["2027Q1"],
    ),
    Row(
        "courses:season_batch",
        {200: SCHEDULERS, 403: OTHERS, "login": "visitor"},
        args=lambda w: ["2027Q1"],
    ),
    Row(
        "courses:season_batch",
        {200: SCHEDULERS, 403: OTHERS, "login": "visitor"},
        args=lambda w: ["2027Q1"],
        method="post",
        note="empty form",
    ),
    Row(
        "courses:season_clone",
        {200: SCHEDULERS, 403: OTHERS, "login": "visitor"},
        args=lambda w: ["2027Q1"],
    ),
    Row(
        "courses:season_clone",
        {200: SCHEDULERS, 403: OTHERS, "login": "visitor"},
        args=lambda w: ["2027Q1"],
        method="post",
        note="empty form",
    ),
    Row("courses:rooms", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    *(
        Row(
            "courses:holidays",
            {200: "administrator", 403: OTHERS, "login": "visitor"},
            args=lambda w: [timezone.localdate().year],
            method=method,
        )
        for method in ("get", "post")
    ),
    Row("courses:manage_experts", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row(
        "courses:expert_create",
        {200: "district_staff administrator", 403: OTHERS, "login": "visitor"},
    ),
    Row(
        "courses:expert_create",
        {200: "district_staff administrator", 403: OTHERS, "login": "visitor"},
        method="post",
        note="empty form",
    ),
    Row(
        "courses:expert_edit",
        {200: "district_staff administrator", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.hidden_expert.code],
    ),
    Row("courses:expert", {200: OTHERS}, args=lambda w: [w.expert.code], note="published"),
    Row(
        "courses:expert",
        {200: SCHEDULERS, 404: OTHERS},
        args=lambda w: [w.hidden_expert.code],
        note="not published",
    ),
]
