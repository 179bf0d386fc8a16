"""Whoever cannot book reads why, and what to do next, on the page of the class on a phone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from courses.models import ClassStatus
from courses.schedule.holidays import is_workday
from trainees.booking.enrolling import book
from trainees.classes.changes import cancel_class
from trainees.models import Enrolment

from ..factories import (
    CourseFactory,
    LessonFactory,
    PositionFactory,
    StageFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    ask,
    class_with,
)
from ..practicums.factories import SecondmentFactory
from ..trainees.pasts import has_taken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("width", ["phone"])]

PHONE = 390  # px
SMALLEST_TARGET = 44  # px, of what a thumb presses; docs/rules.md R43


@dataclass
class Scene:
    """Somebody in front of a class that refuses them."""

    training_class: object
    user: object
    # what is offered to press next → where it leads
    links: dict[str, str] = field(default_factory=dict)


def bookable(**fields):
    now = timezone.now()
    window = {
        "booking_opens_at": now - timedelta(days=1),
        "booking_closes_at": now + timedelta(days=7),
    }
    return class_with(**{"seats": 5, "starts_at": now + timedelta(days=14)} | window | fields)


def for_my_post(trainee) -> dict[str, str]:
    return {"看我能报的班": f"/classes/?audience={quote(trainee.position.name)}"}


# --- The scenes -----------------------------------------------------------------------------------


def another_post() -> Scene:
    cadre, training_class = TraineeFactory(), bookable()
    ask(training_class, audiences=[PositionFactory(name="网格员")])
    return Scene(training_class, cadre.user, for_my_post(cadre))


def another_stage() -> Scene:
    cadre, training_class = TraineeFactory(stage=StageFactory(name="骨干")), bookable()
    ask(training_class, stages=[StageFactory(name="新任")])
    return Scene(training_class, cadre.user, for_my_post(cadre))


def another_town() -> Scene:
    cadre, training_class = TraineeFactory(village__town__name="顾村镇"), bookable()
    ask(training_class, towns=[TownFactory(name="月浦镇")])
    return Scene(training_class, cadre.user, for_my_post(cadre))


def something_first() -> Scene:
    cadre, training_class, basics = (
        TraineeFactory(),
        bookable(),
        CourseFactory(title="民主协商入门"),
    )
    ask(training_class, prerequisites=[basics])
    return Scene(
        training_class, cadre.user, {"民主协商入门": basics.get_absolute_url()} | for_my_post(cadre)
    )


def kept_for_the_interested() -> Scene:
    cadre, training_class = (
        TraineeFactory(),
        bookable(first_refusal_until=timezone.now() + timedelta(days=2)),
    )
    return Scene(training_class, cadre.user, for_my_post(cadre))


def not_open_yet() -> Scene:
    cadre, now = TraineeFactory(), timezone.now()
    return Scene(
        bookable(
            booking_opens_at=now + timedelta(days=1), booking_closes_at=now + timedelta(days=9)
        ),
        cadre.user,
        for_my_post(cadre),
    )


def not_open_and_not_for_me() -> Scene:
    """Told now, not when coming back for nothing."""
    scene = not_open_yet()
    ask(scene.training_class, audiences=[PositionFactory(name="网格员")])
    return scene


def no_longer_open() -> Scene:
    cadre, now = TraineeFactory(), timezone.now()
    return Scene(
        bookable(
            booking_opens_at=now - timedelta(days=9), booking_closes_at=now - timedelta(minutes=1)
        ),
        cadre.user,
        for_my_post(cadre),
    )


def has_begun() -> Scene:
    cadre, now = TraineeFactory(), timezone.now()
    opened = {
        "booking_opens_at": now - timedelta(days=9),
        "booking_closes_at": now - timedelta(days=1),
    }
    return Scene(
        bookable(starts_at=now - timedelta(hours=1), status=ClassStatus.RUNNING, **opened),
        cadre.user,
        for_my_post(cadre),
    )


def called_off() -> Scene:
    cadre, training_class = TraineeFactory(), bookable()
    other = bookable(title="另开的一班", starts_at=timezone.now() + timedelta(days=21))
    LessonFactory(
        training_class=other,
        number=9,
        course_version=training_class.lessons.get().course_version,
        starts_at=timezone.now() + timedelta(days=21),
    )
    cancel_class(
        training_class=training_class,
        reason="授课老师临时有抢险任务",
        by=UserFactory(),
        now=timezone.now(),
    )
    return Scene(
        training_class, cadre.user, {"另开的一班": other.get_absolute_url()} | for_my_post(cadre)
    )


def a_lesson_at_the_same_time() -> Scene:
    cadre, training_class, held = TraineeFactory(), bookable(), bookable(title="先报好的班")
    book(trainee=cadre, training_class=held, by=cadre.user, now=timezone.now())
    return Scene(
        training_class, cadre.user, {"先报好的班": held.get_absolute_url()} | for_my_post(cadre)
    )


def a_secondment_day() -> Scene:
    starts_at = timezone.now() + timedelta(days=14)
    while not is_workday(timezone.localdate(starts_at)):
        starts_at += timedelta(days=1)
    cadre, training_class = TraineeFactory(), bookable(starts_at=starts_at)
    day = timezone.localdate(starts_at)
    SecondmentFactory(
        trainee=cadre,
        host_name="区民政局",
        starts_on=day - timedelta(days=30),
        ends_on=day + timedelta(days=1),
    )
    return Scene(training_class, cadre.user, for_my_post(cadre))


def taken_before() -> Scene:
    cadre, training_class, advanced = TraineeFactory(), bookable(), CourseFactory(title="协商进阶")
    course = training_class.lessons.get().course_version.course
    advanced.prerequisites.add(course)
    has_taken(cadre, course, at=timezone.now() - timedelta(days=100))
    code = training_class.code
    return Scene(
        training_class,
        cadre.user,
        {
            "看看怎么办": "#ways",
            "协商进阶": advanced.get_absolute_url(),
            "申请免训": f"/classes/{code}/exemption/",
        },
    )


def full_without_a_queue() -> Scene:
    cadre, training_class = TraineeFactory(), bookable(seats=1, has_waiting_list=False)
    other = TraineeFactory()
    book(trainee=other, training_class=training_class, by=other.user, now=timezone.now())
    return Scene(training_class, cadre.user, for_my_post(cadre))


def kept_for_another_town() -> Scene:
    cadre, training_class = (
        TraineeFactory(),
        bookable(seats=2, town_seats={TownFactory(name="杨行镇"): 2}, has_waiting_list=False),
    )
    return Scene(training_class, cadre.user, for_my_post(cadre))


def not_on_the_roster() -> Scene:
    return Scene(bookable(), UserFactory())


REFUSALS: list[tuple[Callable[[], Scene], str, str]] = [  # the scene, why not, what to do next
    (another_post, "本班给网格员上", "请打电话给学院办公室"),
    (another_stage, "本班给新任上；登记的是“骨干”", "请街镇帮您改正"),
    (another_town, "本班给月浦镇上；所在居村属于顾村镇", "请本街镇办一个"),
    (something_first, "还没有上：民主协商入门", "请先上这门课"),
    (kept_for_the_interested, "现在只留给登记过有兴趣的人", "请到时再来"),
    (not_open_yet, "还没开始报名", "到时再来"),
    (not_open_and_not_for_me, "本班给网格员上", "到时再来"),
    (no_longer_open, "报名已截止", "请看看其他班"),
    (has_begun, "已经开课", "请报下一期"),
    (called_off, "授课老师临时有抢险任务", "同样的课，还有名额"),
    (a_lesson_at_the_same_time, "已报“先报好的班”", "先取消"),
    (a_secondment_day, "在区民政局挂职的日子", "请联络员帮您报名"),
    (taken_before, "同样的内容上过", "还是要报，因为"),
    (full_without_a_queue, "名额已用完，这个班不设候补", "有人取消时"),
    (kept_for_another_town, "余下的名额留给其他街镇", "未用名额全区放开，到时再来"),
    (not_on_the_roster, "您的账号不在学员花名册里", "请找街镇或学院办公室"),
]
WITHOUT_A_LINK = {"not_on_the_roster"}  # what helps is to call somebody


@pytest.mark.parametrize(
    ("scene", "why", "next_step"), REFUSALS, ids=[case[0].__name__ for case in REFUSALS]
)
def test_a_refusal_says_why_and_what_to_do_next(window, scene, why, next_step):
    found = scene()
    page = window(found.user).open(found.training_class.get_absolute_url())

    shown = page.locator("body").inner_text()
    assert (why in shown, next_step in shown) == (True, True), shown
    assert bool(found.links) != (scene.__name__ in WITHOUT_A_LINK)
    offered = {
        name: page.get_by_role("link", name=name).locator("visible=true").first
        for name in found.links
    }
    assert {name: link.get_attribute("href") for name, link in offered.items()} == found.links
    assert [
        name for name, link in offered.items() if link.bounding_box()["height"] < SMALLEST_TARGET
    ] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE  # no sideways scroll
    # nothing to press in vain
    assert (
        page.locator('form[action$="/book/"] button.btn-primary').locator("visible=true").count()
        == 0
    )
    assert not Enrolment.objects.filter(
        trainee__user=found.user, training_class=found.training_class
    ).exists()
