"""The staff's pages: drafts and versions of courses, classes with rows that need no JavaScript,
errors beside their fields.
"""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academy.search.index import rebuild, search
from courses.forms.lesson_rows import LessonChoices
from courses.models import ClassStatus, Course, CourseStatus, TrainingClass
from trainees.booking.enrolling import book
from trainees.models import Enrolment, EnrolmentStatus

from ..factories import (
    NOW,
    CampusFactory,
    CourseFactory,
    CourseVersionFactory,
    DepartmentFactory,
    ExpertFactory,
    LessonFactory,
    ServiceItemFactory,
    TrackFactory,
    TraineeFactory,
    TrainingClassFactory,
    VenueFactory,
    class_with,
)


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


@pytest.fixture
def track(db):
    return TrackFactory(prefix="SW", name="实务实训")


def course_form(track, **more) -> dict:
    return {
        "title": "楼道清零",
        "track": track.pk,
        "hours": "2.5",
        "summary": "一起动手。",
        "save": "draft",
    } | more


# --- Courses --------------------------------------------------------------------------------------


def test_a_draft_gets_the_next_code_of_its_track(office, track):
    CourseFactory(code="SW-041", track=track)

    response = office.post("/manage/courses/new/", course_form(track))

    course = Course.objects.get(title="楼道清零")
    assert (course.code, course.status, course.versions.count()) == (
        "SW-042",
        CourseStatus.DRAFT,
        0,
    )
    assert response.url == "/manage/courses/SW-042/"
    assert search("楼道清零", kinds=["course"]) == []


def test_publishing_makes_a_version_and_lets_it_be_found(office, track):
    office.post(
        "/manage/courses/new/",
        course_form(track, save="publish", code="sw-077", change_note="第一版"),
    )

    course = Course.objects.get(code="SW-077")
    assert course.status == CourseStatus.PUBLISHED
    assert [(version.number, version.change_note) for version in course.versions.all()] == [
        (1, "第一版")
    ]
    assert [entry.code for entry in search("ldql", kinds=["course"])] == ["SW-077"]
    office.post(
        "/manage/courses/SW-077/edit/", course_form(track, title="楼道清零实训", save="publish")
    )
    assert course.versions.count() == 2


def test_publishing_the_same_again_makes_no_version(office, track):
    for _time in range(2):
        address = (
            "/manage/courses/SW-077/edit/" if Course.objects.exists() else "/manage/courses/new/"
        )
        office.post(address, course_form(track, save="publish", code="SW-077"))

    assert Course.objects.get().versions.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "长" * 81),
        ("hours", "0"),
        ("hours", "-1"),
        ("hours", "1.1"),
        ("hours", "许多"),
        ("hours", "NaN"),
        ("track", "99999"),
        ("track", "x"),
        ("code", "SW-001"),
        ("code", "ZZ-001"),
        ("code", "<b>"),
        ("audiences", "abc"),
        ("is_immersive", "on"),
    ],
)
def test_a_wrong_course_is_shown_again_with_the_error_at_its_field(office, track, field, value):
    CourseFactory(code="SW-001", track=track)

    response = office.post("/manage/courses/new/", course_form(track) | {field: value})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert "没有保存" in response.text or "没保存" in response.text
    assert Course.objects.count() == 1


def test_a_department_writes_its_own_drafts_and_cannot_publish(
    client, department_staff, department, track
):
    client.force_login(department_staff)
    client.post(
        "/manage/courses/new/", course_form(track, department=department.pk, save="publish")
    )

    course = Course.objects.get()
    assert (course.status, course.department) == (CourseStatus.DRAFT, department)
    client.post(
        f"/manage/courses/{course.code}/edit/",
        course_form(track, department=department.pk, save="review"),
    )
    course.refresh_from_db()
    assert course.status == CourseStatus.IN_REVIEW


def test_a_department_cannot_write_for_another(client, department_staff, track):
    client.force_login(department_staff)

    response = client.post(
        "/manage/courses/new/", course_form(track, department=DepartmentFactory().pk)
    )

    assert response.context["form"].errors["department"]
    assert not Course.objects.exists()


def test_the_list_of_courses_is_ones_own(client, department_staff, department):
    client.force_login(department_staff)
    own, foreign = CourseFactory(department=department), CourseFactory()

    text = client.get("/manage/courses/").text

    assert own.title in text and foreign.title not in text


@pytest.mark.parametrize(
    "query", ["track=XX", "status=gone", "page=9999", "page=x", "q=" + "长" * 300]
)
def test_strange_filters_are_answered(office, track, query):
    assert office.get(f"/manage/courses/?{query}").status_code == 200
    assert office.get(f"/manage/classes/?{query}&campus=XX&season=<b>").status_code == 200


# --- Classes --------------------------------------------------------------------------------------


@pytest.fixture
def parts(db):
    """What a class is made of: a campus, a room with 30 seats, a course."""
    course = CourseVersionFactory(course=CourseFactory(code="SW-001")).course
    return CampusFactory(), VenueFactory(capacity=30), course


def class_form(parts, *, days: int = 20, lessons: int = 2, **more) -> dict:
    campus, venue, course = parts
    now = timezone.localtime()
    data = {
        "class-title": "协商班",
        "class-campus": campus.pk,
        "class-capacity": "20",
        "class-has_waiting_list": "on",
        "class-booking_opens_at": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "class-booking_closes_at": f"{now + timedelta(days=days - 5):%Y-%m-%dT%H:%M}",
        "lessons-TOTAL_FORMS": str(lessons),
        "lessons-INITIAL_FORMS": "0",
        "quotas-TOTAL_FORMS": "0",
        "quotas-INITIAL_FORMS": "0",
        "save": "open",
    }
    for number in range(lessons):
        data |= {
            f"lessons-{number}-course": course.code,
            f"lessons-{number}-venue": venue.code,
            f"lessons-{number}-day": f"{now + timedelta(days=days + number):%Y-%m-%d}",
            f"lessons-{number}-starts": "13:30",
            f"lessons-{number}-ends": "15:55",
        }
    return data | more


def test_a_class_with_two_lessons_is_opened(office, parts, town):
    more = {"quotas-TOTAL_FORMS": "1", "quotas-0-town": town.code, "quotas-0-seats": "3"}

    response = office.post("/manage/classes/new/", class_form(parts, **more))

    made = TrainingClass.objects.get()
    assert (made.status, made.lesson_count, made.season) == (ClassStatus.OPEN, 2, made.code[3:9])
    assert {pool.town: pool.seats for pool in made.pools.all()} == {town: 3, None: 17}
    assert response.url == f"/manage/classes/{made.code}/"
    assert "协商班" in office.get("/classes/").text
    assert [entry.code for entry in search("xieshang", kinds=["class"])] == [made.code]


def test_a_code_typed_in_small_or_wide_letters_is_read_as_it_was_meant(office, parts):
    office.post("/manage/classes/new/", class_form(parts, **{"class-code": " px－2027ｑ1-7"}))

    assert TrainingClass.objects.get().code == "PX-2027Q1-7"


def test_a_draft_is_kept_from_the_public(office, parts):
    office.post("/manage/classes/new/", class_form(parts, save="draft"))

    assert TrainingClass.objects.get().status == ClassStatus.DRAFT
    office.logout()
    assert "协商班" not in office.get("/classes/").text


def test_one_more_lesson_keeps_what_was_typed_and_complains_about_nothing(office, parts):
    response = office.post(
        "/manage/classes/new/", class_form(parts, add="lessons", **{"class-capacity": ""})
    )

    assert response.status_code == 200
    assert 'name="lessons-2-course"' in response.text
    assert 'value="协商班"' in response.text
    assert "invalid-feedback" not in response.text
    assert not TrainingClass.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"class-title": ""},
        {"class-capacity": "0"},
        {"class-capacity": "31"},
        {"class-capacity": "9" * 30},
        {"class-campus": "x"},
        {"class-booking_closes_at": "2020-01-01T00:00"},
        {"class-booking_opens_at": "0001-01-01T00:00"},
        {"class-booking_closes_at": "9999-12-31T23:59"},
        {"lessons-0-ends": "13:00"},
        {"lessons-0-day": "0001-01-01"},
        {"lessons-0-day": "gestern"},
        {"lessons-1-course": "XX-1"},
        {"lessons-1-venue": ""},
        {"lessons-0-hours": "1.1"},
        {"lessons-0-hours": "-1"},
        {"lessons-TOTAL_FORMS": "x"},
        {"lessons-TOTAL_FORMS": ""},
        {"quotas-TOTAL_FORMS": "1", "quotas-0-town": "X", "quotas-0-seats": "1"},
        {"lessons-0-pk": "7"},
        {"lessons-0-pk": "x"},
        {"class-code": "长" * 30},
        {"class-code": "2027/春-3"},
        {"class-code": "new"},
        {"class-code": ".."},
        {"class-code": "A\u202eB"},
        {"class-code": "?x"},
    ],
    ids=str,
)
def test_a_wrong_class_is_shown_again_and_nothing_is_written(office, parts, wrong):
    response = office.post("/manage/classes/new/", class_form(parts, **wrong))

    assert response.status_code == 200
    assert response.context["forms"].error_summary
    assert not TrainingClass.objects.exists()


def test_hours_that_hardly_fit_are_asked_about_once(office, parts):
    typed = {"lessons-0-hours": "20"}
    response = office.post("/manage/classes/new/", class_form(parts, **typed))

    assert not TrainingClass.objects.exists()
    assert "20 学时？1 学时为 45 分钟" in response.text
    assert re.search(r'<input[^>]*type="checkbox"[^>]*name="lessons-0-hours_agreed"', response.text)
    # the second lesson of the course is left without hours
    agreed = {f"lessons-{number}-hours_agreed": "on" for number in (0, 1)}
    office.post("/manage/classes/new/", class_form(parts, **typed, **agreed))
    assert TrainingClass.objects.get().lessons.first().hours == 20


def test_a_class_announced_without_a_date_is_not_asked_when_booking_opens(office, parts):
    undated = class_form(
        parts,
        lessons=0,
        **{
            "class-gauges_interest": "on",
            "class-booking_opens_at": "",
            "class-booking_closes_at": "",
            "save": "draft",
        },
    )

    office.post("/manage/classes/new/", undated)

    announced = TrainingClass.objects.get()
    assert (announced.status, announced.gauges_interest) == (ClassStatus.DRAFT, True)
    form = office.get(f"/manage/classes/{announced.code}/edit/").context["forms"].form
    assert (form["booking_opens_at"].value(), form["booking_closes_at"].value()) == (
        None,
        None,
    ), "asked for with the date, not kept from before"
    without = (
        office.post("/manage/classes/new/", undated | {"class-gauges_interest": ""})
        .context["forms"]
        .error_summary
    )
    assert [field for field, _sentence in without if "booking" in field] == [
        "id_class-booking_opens_at",
        "id_class-booking_closes_at",
    ]


def test_quotas_above_the_seats_and_a_town_twice(office, parts, town, other_town):
    twice = {
        "quotas-TOTAL_FORMS": "2",
        "quotas-0-town": town.code,
        "quotas-0-seats": "1",
        "quotas-1-town": town.code,
        "quotas-1-seats": "1",
    }
    too_many = {
        "quotas-TOTAL_FORMS": "2",
        "quotas-0-town": town.code,
        "quotas-0-seats": "15",
        "quotas-1-town": other_town.code,
        "quotas-1-seats": "15",
    }

    for wrong in (twice, too_many):
        assert (
            office.post("/manage/classes/new/", class_form(parts, **wrong))
            .context["forms"]
            .error_summary
        )
    assert not TrainingClass.objects.exists()


def test_a_campus_schedules_for_itself(client, branch_coordinator, campus, parts):
    client.force_login(branch_coordinator)

    assert client.post("/manage/classes/new/", class_form(parts)).status_code == 200
    assert client.post("/manage/classes/new/", class_form((campus, *parts[1:]))).status_code == 302
    assert TrainingClass.objects.get().campus == campus


def test_the_list_of_classes_is_ones_own(client, branch_coordinator, campus):
    client.force_login(branch_coordinator)
    own, foreign = class_with(seats=3, campus=campus), class_with(seats=3)

    text = client.get("/manage/classes/").text

    assert own.code in text and foreign.code not in text


def edit_form(made: TrainingClass, parts, **more) -> dict:
    data = class_form(parts, lessons=made.lessons.count(), save="keep") | {
        "lessons-INITIAL_FORMS": str(made.lessons.count())
    }
    for place, lesson in enumerate(made.lessons.all()):
        data |= {f"lessons-{place}-pk": lesson.pk}
    return data | more


def test_more_seats_go_to_whoever_waits_at_once(office, parts):
    office.post("/manage/classes/new/", class_form(parts, **{"class-capacity": "1"}))
    made = TrainingClass.objects.get()
    for trainee in TraineeFactory.create_batch(2):
        book(trainee=trainee, training_class=made, by=trainee.user, now=timezone.now())
    assert Enrolment.objects.waiting().count() == 1

    response = office.post(
        f"/manage/classes/{made.code}/edit/", edit_form(made, parts, **{"class-capacity": "2"})
    )

    assert response.status_code == 302
    assert not Enrolment.objects.waiting().exists()
    assert Enrolment.objects.filter(status=EnrolmentStatus.BOOKED).count() == 2


def test_fewer_seats_than_taken_are_refused_at_the_field(office, parts):
    office.post("/manage/classes/new/", class_form(parts))
    made = TrainingClass.objects.get()
    for trainee in TraineeFactory.create_batch(2):
        book(trainee=trainee, training_class=made, by=trainee.user, now=timezone.now())

    response = office.post(
        f"/manage/classes/{made.code}/edit/", edit_form(made, parts, **{"class-capacity": "1"})
    )

    assert response.context["forms"].form.errors["capacity"]
    made.refresh_from_db()
    assert made.capacity == 20


def test_a_room_taken_is_named_beside_the_lesson(office, parts):
    office.post("/manage/classes/new/", class_form(parts))

    response = office.post("/manage/classes/new/", class_form(parts, **{"class-title": "后来的班"}))

    assert "协商班" in str(response.context["forms"].lessons.forms[0].errors["venue"])
    assert TrainingClass.objects.count() == 1


def test_a_row_ticked_is_taken_out(office, parts):
    office.post("/manage/classes/new/", class_form(parts))
    made = TrainingClass.objects.get()

    office.post(
        f"/manage/classes/{made.code}/edit/", edit_form(made, parts, **{"lessons-0-DELETE": "on"})
    )

    made.refresh_from_db()
    assert made.lesson_count == 1


def test_a_class_that_is_over_is_not_edited(office):
    over = class_with(seats=3, status=ClassStatus.CLOSED)

    assert office.get(f"/manage/classes/{over.code}/edit/").url == f"/manage/classes/{over.code}/"


# --- What a page costs ----------------------------------------------------------------------------


def queries(client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_classes_stand_by_date_then_those_that_are_over_the_latest_first(office, monkeypatch):
    monkeypatch.setattr("courses.office_lists.ClassList.sizes", (3,))
    for days, status in (
        (-9, "closed"),
        (-2, "cancelled"),
        (5, "open"),
        (-30, "closed"),
        (1, "running"),
    ):
        TrainingClassFactory(
            code=f"{status.upper()}-{abs(days)}",
            status=status,
            starts_at=NOW + timedelta(days=days),
        )
    TrainingClassFactory(code="UNDATED", status="draft")
    TrainingClassFactory(code="DROPPED", status="cancelled")

    pages = [office.get(f"/manage/classes/?page={number}").context["page"] for number in (1, 2, 3)]

    assert [[row.code for row in page] for page in pages] == [
        ["UNDATED", "RUNNING-1", "OPEN-5"],
        ["CANCELLED-2", "CLOSED-9", "CLOSED-30"],
        ["DROPPED"],
    ]
    assert pages[0].paginator.count == 7


@pytest.mark.parametrize("address", ["/manage/courses/", "/manage/classes/"])
def test_a_list_costs_the_same_for_one_and_for_many(office, address):
    class_with(seats=3)
    one = queries(office, address)
    for _number in range(5):
        class_with(seats=3)

    assert queries(office, address) == one


def test_the_page_of_a_class_costs_the_same_for_one_and_for_many_lessons(office):
    few, many = class_with(seats=3, lessons=1), class_with(seats=3, lessons=6)

    assert queries(office, f"/manage/classes/{few.code}/edit/") == queries(
        office, f"/manage/classes/{many.code}/edit/"
    )


def test_a_town_without_a_salon_sees_an_empty_schedule_and_cannot_add(client, town_staff):
    client.force_login(town_staff)

    assert "/manage/classes/new/" not in client.get("/manage/classes/").text
    assert client.get("/manage/classes/new/").status_code == 403


def test_a_room_that_is_gone_is_offered_only_where_a_lesson_is_planned_in_it(db):
    gone, training_class = VenueFactory(ended_on=NOW.date()), class_with(seats=2)
    LessonFactory(training_class=training_class, venue=gone, number=9)

    assert gone.code not in LessonChoices.for_class(None).venues
    assert gone.code in LessonChoices.for_class(training_class).venues


def test_the_register_lists_an_expert_only_to_whom_the_experts_page_opens(
    client, town_staff, district_staff
):
    """Town staff of a town without a salon plan no classes there."""
    expert = ExpertFactory(published=False, name="示例未公开")
    seen = []
    for user in (town_staff, district_staff):
        client.force_login(user)
        seen.append(
            (
                expert.name in client.get("/manage/experts/").content.decode(),
                client.get(expert.get_absolute_url()).status_code,
            )
        )

    assert seen == [(False, 404), (True, 200)]


@pytest.mark.parametrize("field", ["audiences", "stages", "equivalents", "service_items"])
def test_a_key_that_no_database_can_hold_is_no_fault_of_ours(client, district_staff, field):
    client.force_login(district_staff)

    answer = client.post("/manage/courses/new/", {"title": "示例", field: "9" * 30})

    assert answer.status_code == (400 if connection.vendor == "sqlite" else 200)


# --- Search in the lists --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "typed", "found"),
    [
        ("/manage/courses/", "電梯", ["SW-001", "SW-002"]),
        ("/manage/courses/", "jzdt", ["SW-001", "SW-002"]),
        ("/manage/courses/", "sw001", ["SW-001"]),
        ("/manage/courses/", "sw2", ["SW-002"]),
        ("/manage/courses/", "加装电提", ["SW-001", "SW-002"]),
        ("/manage/courses/", "SW-0", ["SW-001", "SW-002"]),
        ("/manage/classes/", "jzdtb", ["PX-2027Q1-01", "PX-2027Q1-02"]),
        ("/manage/classes/", "px2027q11", ["PX-2027Q1-01"]),
        ("/manage/classes/", "ＰＸ－２０２７Ｑ１－０２", ["PX-2027Q1-02"]),
        ("/manage/classes/", "電梯", ["PX-2027Q1-01", "PX-2027Q1-02"]),
        ("/manage/experts/", "ouyang", ["JS-001", "JS-002"]),
        ("/manage/experts/", "古丽•买买提", ["JS-003"]),
        ("/manage/experts/", "js3", ["JS-003"]),
        ("/manage/experts/", "微更新", ["JS-002"]),
        ("/manage/experts/", "某某事务所", ["JS-002"]),
        ("/services/", "fw3", ["FW-03"]),
        ("/courses/", "FW 3", ["SW-001"]),
    ],
)
def test_lists_find_as_the_search_page_finds(office, path, typed, found):
    """One of each two is not public, so that the index of the public pages does not hold it."""
    course = CourseFactory(code="SW-001", title="加装电梯协商")
    course.service_items.add(ServiceItemFactory(code="FW-03", name="维修资金"))
    CourseFactory(code="SW-002", title="加装电梯政策", status=CourseStatus.DRAFT)
    TrainingClassFactory(code="PX-2027Q1-01", title="加装电梯班", status=ClassStatus.OPEN)
    TrainingClassFactory(code="PX-2027Q1-02", title="加装电梯班（二）", status=ClassStatus.DRAFT)
    ExpertFactory(code="JS-001", name="欧阳诗岚", published=True)
    ExpertFactory(
        code="JS-002",
        name="欧阳诗君",
        published=False,
        specialities="微更新",
        organisation="某某事务所",
    )
    ExpertFactory(code="JS-003", name="古丽·买买提", published=True)
    rebuild()

    response = office.get(path, {"q": typed})

    rows = (
        response.context["page"]
        if "page" in response.context
        else [offer.item for offer in response.context["offers"]]
    )
    assert sorted(row.code for row in rows) == found
