"""Several people teach a lesson, each in a role."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from academy.models import Role, RoleGrant
from academy.search import index
from academy.search.index import search
from courses.experts import lessons_of, matching, with_load
from courses.loading.lesson_teachers import TeacherCells, UnknownTeacher
from courses.models import Expert, LessonTeacher, TeachingRole, TrainingClass
from courses.schedule.bulk_scheduling import judge, moved_plan
from courses.schedule.class_plans import ClassPlan, LessonPlan, SchedulingRefused
from courses.schedule.scheduling import create_class
from courses.schedule.season import Season
from courses.schedule.teachers import Teacher, in_words, shown, teachers_of, write_teachers

from ..factories import (
    NOW,
    CampusFactory,
    CourseVersionFactory,
    ExpertFactory,
    UserFactory,
    VenueFactory,
    class_with,
)

START = NOW + timedelta(days=20)
LECTURER, COMMENTATOR, CLASS_TEACHER = TeachingRole.values


@pytest.fixture
def staff(district_staff):
    """Somebody of the staff with a name of their own."""
    district_staff.name = "王五"
    district_staff.save()
    return district_staff


@pytest.fixture
def taught(staff):
    """A lesson with all three."""
    lesson = class_with(seats=5, starts_at=START, title="三人的班").lessons.get()
    write_teachers(
        lesson,
        [
            Teacher(ExpertFactory(name="张三")),
            Teacher(ExpertFactory(name="李四"), COMMENTATOR),
            Teacher(None, CLASS_TEACHER, staff),
        ],
    )
    return lesson


def plan_with(*teachers: Teacher) -> ClassPlan:
    """A class at the time of `taught`, in a room of its own."""
    course, venue = CourseVersionFactory().course, VenueFactory(capacity=30)
    return ClassPlan(
        title="协商班",
        campus=CampusFactory(),
        capacity=20,
        booking_opens_at=NOW - timedelta(days=1),
        booking_closes_at=NOW + timedelta(days=10),
        lessons=[LessonPlan(course, venue, START, START + timedelta(hours=2), teachers=teachers)],
    )


# --- What is written ------------------------------------------------------------------------------


def test_those_who_teach_keep_their_order_and_roles(taught):
    names = [(item.name, item.role) for item in teachers_of(taught)]
    assert names == [("张三", LECTURER), ("李四", COMMENTATOR), ("王五", CLASS_TEACHER)]
    assert in_words(teachers_of(taught)) == "张三、李四（点评专家）、王五（班主任）"


@pytest.mark.parametrize("wrong", ["nobody", "both", "person lectures", "role", "twice"])
def test_the_database_knows_who_can_stand_there(taught, staff, wrong):
    first = taught.teachers.first().expert
    fields = {
        "nobody": {"role": LECTURER},
        "both": {"role": CLASS_TEACHER, "expert": ExpertFactory(), "person": UserFactory()},
        "person lectures": {"role": LECTURER, "person": UserFactory()},
        "role": {"role": "guest", "expert": ExpertFactory()},
        "twice": {"role": COMMENTATOR, "expert": first},
    }[wrong]
    with pytest.raises(IntegrityError), transaction.atomic():
        LessonTeacher.objects.create(lesson=taught, **fields)


# --- One place at a time --------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("role", [CLASS_TEACHER, LECTURER])
def test_whoever_stands_with_a_lesson_is_taken_whatever_the_role(taught, place, role):
    there = teachers_of(taught)[place]
    if there.person and role != CLASS_TEACHER:
        return
    plan = plan_with(Teacher(ExpertFactory()), replace(there, role=role))

    with pytest.raises(SchedulingRefused, match=there.name) as caught:
        create_class(plan=plan, by=None, now=NOW)

    assert [problem.field for problem in caught.value.problems] == ["teachers"]
    (judged,) = judge([plan])
    assert [problem.sentence for problem in judged.problems] == [
        problem.sentence for problem in caught.value.problems
    ]


def test_two_classes_of_one_plan_cannot_share_a_class_teacher(staff):
    teacher = Teacher(None, CLASS_TEACHER, staff)
    first, second = judge([plan_with(teacher), plan_with(teacher)])
    assert first.is_fine
    assert ["王五" in problem.sentence for problem in second.problems] == [True]


def test_a_moved_class_takes_all_who_teach_along(taught):
    (lesson,) = moved_plan(taught.training_class, days=91).lessons
    assert lesson.teachers == teachers_of(taught)


# --- Experts --------------------------------------------------------------------------------------


def test_load_and_free_times_count_each_role(taught):
    commentator = teachers_of(taught)[1].expert
    found = with_load(Expert.objects.all(), Season.of(START.date())).get(pk=commentator.pk)
    assert (found.season_lessons, found.season_hours) == (1, taught.hours)
    free = matching(Expert.objects.all(), span=(START, START + timedelta(hours=1)))
    assert commentator not in free
    (own,) = lessons_of(commentator, now=NOW, drafts=False)
    assert (own, own.role) == (taught, COMMENTATOR)


def test_the_page_of_an_expert_says_in_which_role(client, taught):
    lecturer, commentator = (item.expert for item in teachers_of(taught)[:2])
    with time_machine.travel(NOW, tick=False):
        assert "点评专家" in client.get(commentator.get_absolute_url()).text
        assert "主讲" not in client.get(lecturer.get_absolute_url()).text


def test_a_class_is_found_by_who_comments(taught):
    index.rebuild(["class"])
    with time_machine.travel(NOW, tick=False):
        assert [entry.code for entry in search("李四", kinds=["class"])] == [
            taught.training_class.code
        ]


# --- Whose names are shown ------------------------------------------------------------------------


def test_names_are_shown_to_whom_they_may_be_shown(client, taught, cadre, staff):
    Expert.objects.filter(name="张三").update(published=False)
    address = taught.training_class.get_absolute_url()
    seen = {}
    for somebody in (None, cadre.user, staff):
        with time_machine.travel(NOW, tick=False):
            if somebody:
                client.force_login(somebody)
            page = client.get(address).text
        seen[somebody] = [name for name in ("张三", "李四", "王五（班主任）") if name in page]
    assert list(seen.values()) == [
        ["李四"],
        ["李四", "王五（班主任）"],
        ["张三", "李四", "王五（班主任）"],
    ]
    assert shown(taught, logged_in=True, plans=False) == "李四（点评专家）、王五（班主任）"


@pytest.mark.parametrize("page", ["attendance", "sign-in"])
def test_the_roll_and_the_paper_name_all(client, taught, staff, page):
    client.force_login(staff)
    address = {
        "attendance": f"/manage/lessons/{taught.pk}/attendance/",
        "sign-in": f"/manage/lessons/{taught.pk}/sign-in/",
    }[page]
    assert "张三、李四（点评专家）、王五（班主任）" in client.get(address).text


# --- The form -------------------------------------------------------------------------------------


def form_of(plan: ClassPlan, rows: int = 1, **more) -> dict:
    (lesson,) = plan.lessons
    day = timezone.localtime(lesson.starts_at)
    data = {
        "class-title": plan.title,
        "class-campus": plan.campus.pk,
        "class-capacity": "20",
        "class-booking_opens_at": "2027-02-28T09:00",
        "class-booking_closes_at": "2027-03-11T09:00",
        "lessons-TOTAL_FORMS": str(rows),
        "lessons-INITIAL_FORMS": "0",
        "quotas-TOTAL_FORMS": "0",
        "quotas-INITIAL_FORMS": "0",
        "save": "draft",
    }
    for row in range(rows):
        data |= {
            f"lessons-{row}-course": lesson.course.code,
            f"lessons-{row}-venue": lesson.venue.code,
            f"lessons-{row}-day": (day + timedelta(days=row)).date().isoformat(),
            f"lessons-{row}-starts": "13:30",
            f"lessons-{row}-ends": "15:30",
            f"lessons-{row}-hours": "2",
        }
    return data | more


@pytest.fixture
def office(client, staff):
    with time_machine.travel(NOW, tick=False):
        client.force_login(staff)
        yield client


def test_rows_of_the_form_become_teachers_and_an_empty_name_takes_one_out(office, staff):
    first, second = ExpertFactory(code="JS-001", name="张三"), ExpertFactory(code="JS-002")
    plan = plan_with()
    typed = {
        "lessons-0-teachers-who": ["JS-001", "", "JS-002", f"person-{staff.pk}"],
        "lessons-0-teachers-role": [LECTURER, LECTURER, COMMENTATOR, CLASS_TEACHER],
    }
    assert office.post("/manage/classes/new/", form_of(plan, **typed)).status_code == 302
    lesson = TrainingClass.objects.get().lessons.get()
    assert teachers_of(lesson) == (
        Teacher(first),
        Teacher(second, COMMENTATOR),
        Teacher(None, CLASS_TEACHER, staff),
    )

    address = f"/manage/classes/{lesson.training_class.code}/edit/"
    page = office.get(address).text
    assert page.count('name="lessons-0-teachers-who"') == 4  # three and an empty one
    typed = {
        "lessons-INITIAL_FORMS": "1",
        "lessons-0-pk": lesson.pk,
        "lessons-0-teachers-who": ["", "JS-002"],
        "lessons-0-teachers-role": [LECTURER, LECTURER],
    }
    assert office.post(address, form_of(plan, **typed)).status_code == 302
    lesson.refresh_from_db()
    assert [(item.expert, item.role) for item in lesson.teachers.all()] == [(second, LECTURER)]


@pytest.mark.parametrize(
    ("who", "role", "sentence"),
    [
        (["JS-001", "JS-001"], [LECTURER, COMMENTATOR], "重复"),
        (["JS-404"], [LECTURER], "列表"),
        (["JS-001"], ["guest"], "列表"),
        (["staff"], [LECTURER], "班主任"),
    ],
)
def test_wrong_teachers_are_named_beside_the_lesson(office, staff, who, role, sentence):
    ExpertFactory(code="JS-001", name="张三")
    who = [f"person-{staff.pk}" if item == "staff" else item for item in who]
    typed = {"lessons-0-teachers-who": who, "lessons-0-teachers-role": role}
    response = office.post("/manage/classes/new/", form_of(plan_with(), **typed))
    (errors,) = response.context["forms"].lessons.errors
    assert sentence in errors["teachers"][0]
    assert not TrainingClass.objects.exists()


def test_a_class_teacher_of_one_lesson_is_taken_over_to_the_others(office, staff):
    ExpertFactory(code="JS-001", name="张三")
    typed = {
        "add": "class-teachers:0",
        "lessons-0-teachers-who": ["JS-001", f"person-{staff.pk}"],
        "lessons-0-teachers-role": [LECTURER, CLASS_TEACHER],
    }
    response = office.post("/manage/classes/new/", form_of(plan_with(), rows=2, **typed))
    rows = response.context["forms"].lessons.rows_sent()
    assert [row["teachers"] for row in rows] == [
        f"lecturer JS-001;class_teacher person-{staff.pk}",
        f"class_teacher person-{staff.pk}",
    ]
    assert not response.context["forms"].error_summary


def test_somebody_without_a_role_or_suspended_is_no_class_teacher(office, staff, cadre):
    gone = UserFactory(name="停用的人", is_active=False)
    RoleGrant.objects.create(user=gone, role=Role.DISTRICT_STAFF, valid_from=NOW.date())
    page = office.get("/manage/classes/new/").text
    assert f'value="person-{staff.pk}"' in page
    assert f'value="person-{cadre.user.pk}"' not in page
    assert f'value="person-{gone.pk}"' not in page


# --- A cell of a file -----------------------------------------------------------------------------


@pytest.fixture
def cells(staff):
    ExpertFactory(code="JS-001", name="张三")
    ExpertFactory(code="JS-002", name="李四")
    for number in (7, 8):
        ExpertFactory(code=f"JS-00{number}", name="同名")
    return TeacherCells({item.code: item for item in Expert.objects.all()})


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("", []),
        ("JS-001", [("张三", LECTURER)]),
        ("张三（主讲）、李四（点评）", [("张三", LECTURER), ("李四", COMMENTATOR)]),
        (" 张三 ; 李四 (点评专家)", [("张三", LECTURER), ("李四", COMMENTATOR)]),
        ("张三\n王五（班主任）", [("张三", LECTURER), ("王五", CLASS_TEACHER)]),
        ("JS-007，JS-008", [("同名", LECTURER), ("同名", LECTURER)]),
    ],
)
def test_a_cell_names_several_with_their_roles(cells, cell, read):
    assert [(item.name, item.role) for item in cells.read(cell)] == read


@pytest.mark.parametrize("cell", ["同名", "赵六", "王五", "张三（嘉宾）", "张三、JS-001", "张三（"])
def test_a_cell_that_names_nobody_for_certain_is_refused(cells, cell):
    with pytest.raises(UnknownTeacher):
        cells.read(cell)
