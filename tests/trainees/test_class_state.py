"""What a class is for a person: one row for each state, with its badge, headline and actions."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone

from courses.models import ClassStatus, SeatPool, TrainingClass
from trainees.errors import Reason
from trainees.me.class_state import Seen
from trainees.me.class_state_words import STATES, class_state
from trainees.models import Enrolment
from trainees.seats.chances import Chance
from trainees.seats.counting import Place

NOW = timezone.make_aware(datetime(2027, 3, 1, 9, 0))
SOMEBODY = SimpleNamespace(is_authenticated=True)
PASSES = Reason(True, "面向居民区书记", rule="position")
FAILS = Reason(False, "只面向网格员", rule="position")
TAKEN = Reason(False, "已经学过", rule="repeat")
NO_SEAT = Reason(False, "没有名额", rule="seat")


def a_class(*, seats: int = 10, taken: int = 3, starts: int = 20, **fields) -> TrainingClass:
    starts_at = NOW + timedelta(days=starts)
    values = {
        "code": "PX-1",
        "status": ClassStatus.OPEN,
        "capacity": seats,
        "has_waiting_list": True,
        "waiting_count": 2,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=3),
        "booking_opens_at": NOW - timedelta(days=5),
        "booking_closes_at": starts_at - timedelta(days=7),
    } | fields
    training_class = TrainingClass(**values)
    training_class.seats_taken_total = taken
    return training_class


def a_trainee(*, is_light: bool = False) -> SimpleNamespace:
    return SimpleNamespace(
        is_light=is_light,
        position=SimpleNamespace(name="居民区书记"),
        village=SimpleNamespace(town_id=7),
    )


def seen(training_class: TrainingClass | None = None, **given) -> Seen:
    """A trainee who looks at an open class; `pools` follow its seats."""
    training_class = training_class or a_class()
    values = {
        "user": SOMEBODY,
        "trainee": a_trainee(),
        "reasons": [PASSES],
        "pools": [
            SeatPool(seats=training_class.capacity, seats_taken=training_class.seats_taken_total)
        ],
        "address": "/classes/PX-1/",
    } | given
    return Seen(training_class, NOW, **values)


def booked(status: str = "booked", **fields) -> Enrolment:
    return Enrolment(status=status, **fields)


FULL = {"seats": 3, "taken": 3}
VISITOR = {"user": AnonymousUser(), "trainee": None, "reasons": []}
LESSON = SimpleNamespace(starts_at=NOW + timedelta(days=20))
OFFERED = booked("offered", offer_ends_at=NOW + timedelta(days=1))
ROWS = {
    "booked": (
        seen(enrolment=booked(), next_lesson=LESSON),
        "已报上",
        "2027年3月21日 周日 9:00 见",
        ["看我的班", "取消报名"],
    ),
    "waitlisted": (
        seen(enrolment=booked("waitlisted"), place=Place(2, 2)),
        "候补第 2 位",
        "正在候补",
        ["看我的班", "退出候补"],
    ),
    "offered": (
        seen(enrolment=OFFERED),
        "为您留着",
        "为您留到 2027年3月2日 9:00",
        ["要这个名额", "来不了"],
    ),
    "completed": (seen(enrolment=booked("completed")), "已完成", "这个班您已上完", ["我的学时"]),
    "gauging": (
        seen(a_class(gauges_interest=True)),
        "",
        "日期还没定",
        ["有兴趣"],
    ),
    "not_yet": (
        seen(a_class(booking_opens_at=NOW + timedelta(days=1))),
        "还没开始报名",
        "",
        ["看我能报的班"],
    ),
    "booking_closed": (
        seen(a_class(booking_closes_at=NOW)),
        "报名已截止",
        "",
        ["看我能报的班"],
    ),
    "running": (seen(a_class(starts=-1)), "进行中", "", ["看我能报的班"]),
    "closed": (seen(a_class(status=ClassStatus.CLOSED)), "已结班", "", ["看我能报的班"]),
    "cancelled": (seen(a_class(status=ClassStatus.CANCELLED)), "已取消", "", ["看我能报的班"]),
    "draft": (seen(a_class(status=ClassStatus.DRAFT)), "草稿", "", ["看我能报的班"]),
    "book": (seen(), "", "可以报名", ["报名"]),
    "wait": (seen(a_class(**FULL)), "", "已经满员，可以候补", ["排队候补"]),
    "repeat": (seen(reasons=[PASSES, TAKEN]), "上过了", "同样的内容上过了", ["看看怎么办"]),
    "refused": (
        seen(reasons=[PASSES, FAILS]),
        "暂时报不了",
        "这个班您暂时报不了",
        ["看我能报的班"],
    ),
    "full": (
        seen(a_class(**FULL, has_waiting_list=False), reasons=[NO_SEAT]),
        "已满",
        "",
        ["看我能报的班"],
    ),
    "no_profile": (seen(trainee=None, reasons=[]), "", "正在报名", []),
    "log_in": (seen(**VISITOR), "", "正在报名", ["登录后报名"]),
    "log_in_to_wait": (seen(a_class(**FULL), **VISITOR), "", "已经满员，可以候补", ["登录后候补"]),
}


def test_every_state_has_its_row():
    assert set(ROWS) == set(STATES)


@pytest.mark.parametrize("name", ROWS)
def test_state(name):
    looked_at, badge, headline, actions = ROWS[name]

    state = class_state(looked_at)

    assert (
        state.name,
        state.badge.words if state.badge else "",
        state.headline,
        [action.words for action in state.actions],
    ) == (name, badge, headline, actions)


def drawn(state, **more) -> str:
    return render_to_string(
        "trainees/_class_state.html",
        {"state": state, "training_class": a_class(campus=None), **more},
    )


@pytest.mark.parametrize("name", ROWS)
def test_both_places_offer_the_same(name):
    """But for what only has room beside the class."""
    state = class_state(ROWS[name][0])

    for page in (drawn(state), drawn(state, at_foot=True)):
        assert all(action.words in page for action in state.actions)
        assert ("<form" in page) == bool(state.form)
    assert state.headline in drawn(state)
    assert state.brief in drawn(state, at_foot=True)


def test_too_late_to_cancel_asks_the_coordinator():
    soon = a_class(starts=1)

    state = class_state(seen(soon, enrolment=booked(), next_lesson=LESSON))

    assert state.is_too_late
    assert [action.words for action in state.actions] == ["看我的班", "申请取消报名"]
    assert "申请取消报名" not in drawn(state, at_foot=True)


def test_the_last_lesson_is_over():
    state = class_state(seen(a_class(starts=-1), enrolment=booked()))

    assert (state.headline, len(state.actions)) == ("课都上完了", 1)


def test_the_reason_at_the_foot_is_one_that_stands_against_it():
    assert class_state(ROWS["refused"][0]).brief == FAILS.title


def test_seats_kept_for_other_towns():
    kept = {"pools": [SeatPool(seats=10, seats_taken=3, town_id=8)]}

    assert class_state(seen(**kept)).headline == "可以排队候补"
    no_list = a_class(has_waiting_list=False)
    assert class_state(seen(no_list, reasons=[NO_SEAT], **kept)).badge.words == "暂无名额"


def test_a_place_in_the_queue_says_what_it_is_for():
    waiting = seen(enrolment=booked("waitlisted"), place=Place(1, 4, "大场镇"))

    assert "大场镇" in class_state(waiting).facts[0]


def test_the_chance_and_the_priority_are_told_apart():
    late = booked("waitlisted", priority=1, priority_reason="两次无故缺席")
    looked_at = seen(enrolment=late, place=Place(2, 2), chance=Chance(3, 8))

    state = class_state(looked_at)

    assert len(state.asides) == 2 and "两次无故缺席" in state.asides[1]
    assert state.meaning_of_absences
    preferred = booked("waitlisted", priority=-1, priority_reason="上次开班取消")
    assert not class_state(replace(looked_at, enrolment=preferred)).meaning_of_absences


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"is_interested": True}, ["不感兴趣了"]),
        ({"trainee": None}, []),
        (VISITOR, ["登录后登记"]),
    ],
)
def test_a_class_without_a_date_asks_for_interest(given, words):
    state = class_state(seen(a_class(gauges_interest=True), **given))

    assert [action.words for action in state.actions] == words


def test_a_visitor_may_join_where_groups_may_book():
    state = class_state(seen(**VISITOR, is_for_groups=True))

    assert [action.url for action in state.actions] == [
        "/accounts/login/?next=/classes/PX-1/",
        "/join/?next=/classes/PX-1/",
    ]


def test_a_resident_sees_what_residents_can_book():
    state = class_state(seen(a_class(booking_closes_at=NOW), trainee=a_trainee(is_light=True)))

    assert state.actions[0].url.endswith("?bookable=1")
