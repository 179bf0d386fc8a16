"""The staff's pages of courses: the table with its filters, order and steps with many, one course
and its review.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from academy.network import load_network
from courses.catalogue import publishing
from courses.catalogue.drafts import drafted_content
from courses.loading.catalogue import load_catalogue
from courses.models import ClassStatus, Course, CourseStatus, TrainingClass
from courses.schedule.class_plans import ClassPlan, LessonPlan, SchedulingRefused
from courses.schedule.scheduling import create_class
from notices.models import Notice

from ..factories import (
    NOW,
    CampusFactory,
    CourseFactory,
    CourseVersionFactory,
    DepartmentFactory,
    LessonFactory,
    PositionFactory,
    ServiceItemFactory,
    TeachingFormatFactory,
    TrackFactory,
    VenueFactory,
    class_with,
)

MOST_QUERIES_OF_A_LIST = 15  # five of them are the frame, five the choices of the filters


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


@pytest.fixture
def track(db):
    return TrackFactory(prefix="SW", name="实务实训")


@pytest.fixture
def published(department, track):
    course = CourseFactory(
        code="QZ-001",
        title="楼道清零",
        summary="一起动手。",
        department=department,
        status=CourseStatus.DRAFT,
        track=track,
    )
    publishing.approve(course=course, by=None, now=NOW)
    return Course.objects.get(pk=course.pk)


def form_of(course: Course, **more) -> dict:
    return {
        "title": course.title,
        "track": course.track_id,
        "department": course.department_id,
        "hours": "3",
        "summary": course.summary,
        "save": "draft",
    } | more


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def codes(response) -> list[str]:
    return [course.code for course in response.context["page"]]


# --- A department changes what is published -------------------------------------------------------


def test_a_department_proposes_a_change_and_the_public_page_waits_for_the_office(
    client, department_staff, district_staff, published
):
    client.force_login(department_staff)
    client.post(
        "/manage/courses/QZ-001/edit/",
        form_of(published, title="楼道清零实训", change_note="改名", save="review"),
    )

    client.logout()
    assert "楼道清零实训" not in client.get("/courses/QZ-001/").text
    assert "楼道清零实训" not in client.get("/courses/").text

    client.force_login(district_staff)
    page = client.get("/manage/courses/QZ-001/")
    assert "实训</ins>" in page.text and "改名" in page.text
    client.post(
        "/manage/courses/QZ-001/publish/",
        {"seen": page.context["review_form"]["seen"].value(), "opinion": "同意"},
    )

    client.logout()
    assert "楼道清零实训" in client.get("/courses/QZ-001/").text
    assert list(published.versions.values_list("number", "title", "change_note")) == [
        (2, "楼道清零实训", "改名"),
        (1, "楼道清零", ""),
    ]
    assert (
        Notice.objects.filter(
            person=department_staff, kind="course_published", title="“楼道清零实训”已发布：第 2 版"
        ).count()
        == 1
    )


def test_the_form_goes_on_where_the_change_was_left(client, department_staff, published):
    client.force_login(department_staff)
    item, post = ServiceItemFactory(), PositionFactory(name="楼组长")
    client.post(
        "/manage/courses/QZ-001/edit/",
        form_of(
            published,
            title="楼道清零实训",
            service_items=[item.pk],
            audiences=[post.pk],
            change_note="改名",
        ),
    )

    form = client.get("/manage/courses/QZ-001/edit/").context["form"]

    assert (
        form["title"].value(),
        form["service_items"].value(),
        form["audiences"].value(),
        form["change_note"].value(),
    ) == ("楼道清零实训", [item.pk], [post.pk], "改名")
    assert Course.objects.get().title == "楼道清零"


def test_two_who_write_at_once_do_not_overwrite_each_other(
    client, department_staff, district_staff, published
):
    client.force_login(department_staff)
    seen = client.get("/manage/courses/QZ-001/edit/").context["form"].based_on
    client.post("/manage/courses/QZ-001/edit/", form_of(published, title="甲", based_on=seen))

    response = client.post(
        "/manage/courses/QZ-001/edit/", form_of(published, title="乙", based_on=seen)
    )

    assert response.status_code == 200
    assert "有人改过" in response.text and 'value="乙"' in response.text
    assert drafted_content(Course.objects.get())["title"] == "甲"


def test_what_is_in_review_is_not_edited(client, department_staff, department):
    course = CourseFactory(code="QZ-002", department=department, status=CourseStatus.IN_REVIEW)
    client.force_login(department_staff)

    response = client.post("/manage/courses/QZ-002/edit/", form_of(course, title="别的"))

    assert (response.status_code, response.url) == (302, "/manage/courses/QZ-002/")
    assert "正在审核" in said(response)[0]
    assert Course.objects.get(code="QZ-002").title == course.title


# --- Review ---------------------------------------------------------------------------------------


def test_sending_back_without_a_reason_says_so_at_the_field(office, department):
    CourseFactory(code="QZ-002", department=department, status=CourseStatus.IN_REVIEW)

    response = office.post("/manage/courses/QZ-002/return/", {"opinion": "  "})

    assert response.status_code == 200
    assert response.context["review_form"].errors["opinion"]
    assert Course.objects.get().status == CourseStatus.IN_REVIEW


def test_sending_back_shows_the_reason_to_the_department(
    office, client, department, department_staff
):
    CourseFactory(code="QZ-002", department=department, status=CourseStatus.IN_REVIEW)
    office.post("/manage/courses/QZ-002/return/", {"opinion": "补一个案例。"})

    client.force_login(department_staff)

    # on top, and in the timeline
    assert client.get("/manage/courses/QZ-002/").text.count("补一个案例。") == 2
    assert "补一个案例。" in client.get("/manage/").text


def test_the_second_reviewer_is_told(office, department):
    CourseFactory(code="QZ-002", summary="好", department=department, status=CourseStatus.IN_REVIEW)
    office.post("/manage/courses/QZ-002/publish/")

    response = office.post("/manage/courses/QZ-002/return/", {"opinion": "请补充"})

    assert "可能有同事刚刚办过" in said(response)[-1]
    assert Course.objects.get().status == CourseStatus.PUBLISHED


@pytest.mark.parametrize("wrong", [{"opinion": "长" * 501}, {"seen": "x" * 81}])
def test_an_opinion_too_long_is_shown_again(office, department, wrong):
    CourseFactory(code="QZ-002", summary="好", department=department, status=CourseStatus.IN_REVIEW)

    assert office.post("/manage/courses/QZ-002/publish/", wrong).status_code == 200
    assert Course.objects.get().status == CourseStatus.IN_REVIEW


# --- Retired --------------------------------------------------------------------------------------


def test_a_retired_course_says_so_to_everybody_and_names_its_successor(office, client, published):
    heir = CourseFactory(code="QZ-900", title="楼道治理")
    office.post("/manage/courses/QZ-001/retire/", {"reason": "政策已变", "successor": "QZ-900"})

    client.logout()
    response = client.get("/courses/QZ-001/")

    assert response.status_code == 200
    assert "已停用" in response.text and "政策已变" in response.text and heir.title in response.text
    assert "QZ-001" not in client.get("/courses/").text
    assert client.get("/courses/QZ-001/versions/1/").status_code == 200


def test_without_a_successor_the_nearest_courses_are_named(office, client, published):
    item, post = ServiceItemFactory(), PositionFactory()
    published.service_items.add(item)
    published.audiences.add(post)
    by_item, by_track, far = (
        CourseFactory(title="同一事项"),
        CourseFactory(title="同一板块", track=published.track),
        CourseFactory(title="毫不相干"),
    )
    by_item.service_items.add(item)
    by_track.audiences.add(post)
    office.post("/manage/courses/QZ-001/retire/", {"reason": "政策已变"})

    client.logout()
    response = client.get("/courses/QZ-001/")

    assert response.context["retirement"].nearest == [by_item, by_track]
    assert far.title not in response.text


def test_retiring_needs_a_reason_and_a_course_that_exists(office, published):
    for wrong in (
        {"reason": ""},
        {"reason": "旧", "successor": "NONE"},
        {"reason": "旧", "successor": "QZ-001"},
    ):
        assert office.post("/manage/courses/QZ-001/retire/", wrong).context["retire_form"].errors
    assert Course.objects.get().status == CourseStatus.PUBLISHED


def test_a_retired_course_stays_in_records_and_is_planned_no_more(office, client, published):
    version = published.versions.get()
    old, planned = class_with(seats=3, status=ClassStatus.CLOSED), class_with(seats=3)
    for training_class in (old, planned):
        LessonFactory(training_class=training_class, course_version=version, number=9)
    publishing.retire(course=published, reason="政策已变", by=None, now=NOW)

    assert (
        codes(office.get("/manage/courses/?status=retired"))
        == codes(office.get("/manage/courses/?q=清零"))
        == ["QZ-001"]
    )
    for training_class in (old, planned):
        assert "楼道清零" in client.get(f"/classes/{training_class.code}/").text

    starts_at = NOW + timedelta(days=30)
    venue = VenueFactory(capacity=30)
    lesson = LessonPlan(
        course=Course.objects.get(pk=published.pk),
        venue=venue,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    )
    plan = ClassPlan(
        title="新班",
        campus=CampusFactory(),
        capacity=10,
        booking_opens_at=NOW,
        booking_closes_at=NOW + timedelta(days=9),
        lessons=[lesson],
    )
    with pytest.raises(SchedulingRefused, match="已停用"):
        create_class(plan=plan, by=None, now=NOW)
    assert TrainingClass.objects.count() == 2
    assert "QZ-001" not in office.get("/manage/classes/new/").text


# --- The table ------------------------------------------------------------------------------------


@pytest.fixture
def table(track, department):
    """Courses that differ in everything the table filters by."""
    now = timezone.now()
    plain = CourseFactory(code="QZ-100", title="甲", hours=Decimal(2), track=track)
    own = CourseFactory(code="QZ-101", title="乙", hours=Decimal(8), department=department)
    own.formats.add(TeachingFormatFactory(code="F07"))
    own.service_items.add(ServiceItemFactory())
    LessonFactory(
        training_class=class_with(seats=3),
        course_version=CourseVersionFactory(course=own, number=1),
        number=9,
        starts_at=now,
    )
    CourseFactory(
        code="QZ-102", title="丙", hours=Decimal(4), status=CourseStatus.IN_REVIEW, summary="好"
    )
    returned = CourseFactory(
        code="QZ-103", title="丁", hours=Decimal(3), status=CourseStatus.IN_REVIEW
    )
    publishing.return_for_changes(course=returned, reason="补", by=None, now=NOW)
    CourseFactory(code="QZ-104", title="戊", hours=Decimal(1), status=CourseStatus.DRAFT)
    return plain, own


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("track=SW", ["QZ-100"]),
        ("format=F07", ["QZ-101"]),
        ("status=draft", ["QZ-104"]),
        ("status=returned", ["QZ-103"]),
        ("status=in_review", ["QZ-102"]),
        ("status=published&q=qz-10", ["QZ-100", "QZ-101"]),
        ("status=retired", []),
        ("status=changing", []),
        ("lacks=items&q=QZ-10", ["QZ-100", "QZ-102", "QZ-103", "QZ-104"]),
        ("lacks=lessons&q=QZ-10&sort=-code", ["QZ-104", "QZ-103", "QZ-102", "QZ-100"]),
        ("lacks=department&q=QZ-10&status=published", ["QZ-100"]),
        ("sort=hours&q=QZ-10", ["QZ-104", "QZ-100", "QZ-103", "QZ-102", "QZ-101"]),
        ("sort=-hours&q=QZ-10", ["QZ-101", "QZ-102", "QZ-103", "QZ-100", "QZ-104"]),
        ("sort=-taught&q=QZ-10&status=published", ["QZ-101", "QZ-100"]),
        ("track=NONE", []),
        ("department=NONE", []),
        ("status=gone", []),
        ("lacks=x", []),
        ("sort=x&q=QZ-10&status=published", ["QZ-100", "QZ-101"]),
        ("format=<b>", []),
    ],
)
def test_the_table_is_narrowed_and_put_in_order(office, table, query, found):
    response = office.get(f"/manage/courses/?{query}")

    assert response.status_code == 200
    assert codes(response) == found


def test_the_department_is_a_filter_too(office, table, department):
    assert codes(office.get(f"/manage/courses/?department={department.code}")) == ["QZ-101"]


def test_a_heading_turns_the_order_around(office, table):
    assert "sort=title" in office.get("/manage/courses/").text
    response = office.get("/manage/courses/?sort=title")

    assert 'aria-sort="ascending"' in response.text and "sort=-title" in response.text


def test_many_are_published_and_each_that_is_not_is_named(office, table):
    response = office.post(
        "/manage/courses/together/?status=in_review",
        {"action": "publish", "course": ["QZ-102", "QZ-104", "QZ-100", "NONE"]},
    )

    assert response.url == "/manage/courses/?status=in_review"
    assert said(response)[0] == "发布 1 门：QZ-102 丙"
    assert [line[:6] for line in said(response)[1:3]] == ["QZ-100", "QZ-104"]
    assert said(response)[3:] == ["有 1 行已经不在本表里。"]
    assert Course.objects.get(code="QZ-102").status == CourseStatus.PUBLISHED


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"action": "publish"}, "请先勾选课程。"),
        ({"course": "QZ-100"}, "请选择要怎么办。"),
        ({"action": "x", "course": "QZ-100"}, "请选择要怎么办。"),
    ],
)
def test_a_step_with_many_says_what_is_missing(office, table, data, line):
    assert said(office.post("/manage/courses/together/", data)) == [line]


def test_many_are_retired_with_one_reason(office, table):
    assert (
        "请写明停用原因"
        in said(office.post("/manage/courses/together/", {"action": "retire", "course": "QZ-100"}))[
            0
        ]
    )

    office.post(
        "/manage/courses/together/",
        {"action": "retire", "course": ["QZ-100", "QZ-101"], "reason": "合并"},
    )

    assert Course.objects.filter(status=CourseStatus.RETIRED).count() == 2


def test_a_department_hands_in_its_own_and_no_others(client, department_staff, department):
    client.force_login(department_staff)
    own, foreign = (
        CourseFactory(department=department, status=CourseStatus.DRAFT, summary="好"),
        CourseFactory(status=CourseStatus.DRAFT, summary="好"),
    )

    client.post(
        "/manage/courses/together/", {"action": "submit", "course": [own.code, foreign.code]}
    )

    assert set(Course.objects.values_list("code", "status")) == {
        (own.code, "in_review"),
        (foreign.code, "draft"),
    }


def queries(client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", ["/manage/courses/", "/courses/", "/services/"])
def test_a_list_costs_the_same_with_ten_and_with_a_thousand_courses(office, track, address):
    """docs/rules.md R44."""
    department, post, teaching, item = (
        DepartmentFactory(),
        PositionFactory(),
        TeachingFormatFactory(),
        ServiceItemFactory(),
    )

    def grow(first: int, count: int) -> None:
        made = Course.objects.bulk_create(
            Course(
                code=f"QZ-{number:04}",
                title=f"课{number}",
                track=track,
                department=department,
                hours=3,
                status=CourseStatus.PUBLISHED,
            )
            for number in range(first, first + count)
        )
        for model, field in (
            (Course.audiences.through, {"position": post}),
            (Course.formats.through, {"teachingformat": teaching}),
            (Course.service_items.through, {"serviceitem": item}),
        ):
            model.objects.bulk_create(model(course=course, **field) for course in made)

    grow(0, 10)
    ten = queries(office, address)
    grow(10, 990)

    thousand = queries(office, address)
    print(f"{address}: {ten} queries with 10 courses, {thousand} with 1,000")
    assert thousand == ten <= MOST_QUERIES_OF_A_LIST


def test_the_whole_catalogue_weighs_less_than_100_kilobytes(client, db, settings):
    """All 100 courses on one page, before it is compressed. Source: docs/rules.md R44."""
    load_network(settings.BASE_DIR / "demo" / "network", today=NOW.date())
    load_catalogue(settings.BASE_DIR / "demo" / "catalogue", now=NOW)

    answer = client.get(reverse("courses:course_list"), {"per_page": 100})

    assert answer.content.count(b'class="course-row"') == 100
    assert len(answer.content) <= 100_000
