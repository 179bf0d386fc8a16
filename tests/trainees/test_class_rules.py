"""The rules of a class on one form; what makes it take place; where else it is taught; the chances
of a place; the command.
"""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from academy.waiting import gather
from courses.models import ClashRule, ClassApproval, ClassStatus, TrainingClass
from courses.schedule.class_plans import SchedulingRefused
from notices.models import Notice
from trainees.booking.seat_ledger import record
from trainees.classes.booking_rules import ClassRules, change_rules
from trainees.models import EnrolmentEventKind, EnrolmentStatus
from trainees.people.class_staff import owners_of
from trainees.reminders import ClassIsShort
from trainees.seats.chances import Chance, chances_of
from trainees.seats.counting import Place

from ..factories import (
    NOW,
    CourseFactory,
    EnrolmentFactory,
    PositionFactory,
    ProgrammeFactory,
    StageFactory,
    TownFactory,
    ask,
    class_with,
)
from .test_booking import give_back, state, take

pytestmark = pytest.mark.django_db

LOCAL = "%Y-%m-%dT%H:%M"


def rules_of(training_class, **changes):
    return ClassRules(
        booking_opens_at=training_class.booking_opens_at,
        booking_closes_at=training_class.booking_closes_at,
        **changes,
    )


def filled(training_class, **changes):
    """What the form sends when nothing was changed, but for the changes."""
    moment = timezone.localtime
    return {
        "booking_opens_at": moment(training_class.booking_opens_at).strftime(LOCAL),
        "booking_closes_at": moment(training_class.booking_closes_at).strftime(LOCAL),
        "approval": "none",
        "approval_village": "on",
        "approval_town": "on",
        "approval_district": "on",
        "approval_days": "2",
        "clash_rule": "block",
        "guards_repeats": "on",
        "has_waiting_list": "on",
        "offer_within_hours": "48",
        "offer_hours": "4",
        "queue_ends_hours": "2",
        "minimum_size": "0",
        "decide_on": "",
        "cancel_until": "",
    } | changes


@pytest.fixture
def page(client, district_staff, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(district_staff)
    return lambda training_class: reverse("trainees:class_rules", args=[training_class.code])


# --- The form -------------------------------------------------------------------------------------


def test_the_form_sets_every_rule(client, page):
    training_class = class_with(seats=5)
    position, stage, town, course = (
        PositionFactory(),
        StageFactory(),
        TownFactory(),
        CourseFactory(),
    )

    response = client.post(
        page(training_class),
        filled(
            training_class,
            audiences=[position.pk],
            stages=[stage.pk],
            towns=[town.pk],
            prerequisites=[course.pk],
            approval="chain",
            clash_rule="warn",
            guards_repeats="",
            has_waiting_list="",
            offer_within_hours="24",
            offer_hours="2",
            queue_ends_hours="1",
            minimum_size="3",
            decide_on="2027-03-10",
            cancel_until="2027-03-05T12:00",
        ),
    )

    training_class.refresh_from_db()
    links = [
        list(getattr(training_class, name).all())
        for name in ("audiences", "stages", "towns", "prerequisites")
    ]
    numbers = (
        training_class.offer_within_hours,
        training_class.offer_hours,
        training_class.queue_ends_hours,
        training_class.minimum_size,
    )
    assert (response.status_code, links, numbers) == (
        302,
        [[position], [stage], [town], [course]],
        (24, 2, 1, 3),
    )
    assert (training_class.approval, training_class.clash_rule) == (
        ClassApproval.CHAIN,
        ClashRule.WARN,
    )
    assert (
        training_class.guards_repeats,
        training_class.has_waiting_list,
        str(training_class.decide_on),
    ) == (False, False, "2027-03-10")
    assert timezone.localtime(training_class.cancel_until).strftime(LOCAL) == "2027-03-05T12:00"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"booking_closes_at": "2027-01-01T00:00"}, "报名截止早于报名开始"),
        ({"booking_closes_at": "2027-03-20T00:00"}, "第一次课"),
        ({"cancel_until": "2027-03-20T00:00"}, "第一次课"),
        ({"cancel_until": "0001-01-01T00:00"}, "2020"),
        ({"minimum_size": "9"}, "本班只有 5 席"),
        ({"minimum_size": "2"}, "写明哪一天定开不开班"),
        ({"minimum_size": "2", "decide_on": "2027-03-20"}, "要在第一次课以前定"),
        ({"minimum_size": "2", "decide_on": "9999-12-31"}, "2020"),
        ({"minimum_size": "9" * 5000}, ""),
        ({"offer_hours": "0"}, "1"),
        ({"offer_within_hours": ""}, "开课前多少小时起"),
        ({"approval": "maybe"}, ""),
        ({"towns": ["abc"]}, ""),
        ({"towns": ["9" * 40]}, ""),
        ({"prerequisites": ["0"]}, ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(client, page, changes, words):
    training_class = class_with(seats=5)
    before = TrainingClass.objects.filter(pk=training_class.pk).values().get()

    response = client.post(
        page(training_class), filled(training_class, offer_within_hours="12") | changes
    )

    assert response.status_code == 200
    assert words in response.content.decode() and "is-invalid" in response.content.decode()
    assert TrainingClass.objects.filter(pk=training_class.pk).values().get() == before


def test_a_course_of_the_class_is_no_prerequisite_of_it():
    training_class = class_with(seats=2)
    own = training_class.lessons.get().course_version.course

    with pytest.raises(SchedulingRefused, match="不能再要求先上它"):
        change_rules(
            training_class=training_class,
            rules=rules_of(training_class, prerequisites=[own]),
            by=None,
            now=NOW,
        )


def test_who_has_a_seat_keeps_it_and_who_waits_is_looked_at_again(cadre, colleague, outsider):
    training_class = class_with(seats=1)
    seat, waiting = take(colleague, training_class), take(cadre, training_class)
    only = rules_of(training_class, audiences=[PositionFactory()])
    change_rules(training_class=training_class, rules=only, by=None, now=NOW)
    assert state(training_class)[0] == {colleague.pk: "booked", cadre.pk: "waitlisted"}
    give_back(seat)
    waiting.refresh_from_db()
    assert waiting.status == EnrolmentStatus.WAITLISTED

    assert change_rules(
        training_class=training_class, rules=rules_of(training_class), by=None, now=NOW
    ) == [waiting]


def test_a_closed_class_keeps_its_rules(client, page):
    training_class = class_with(seats=1, status=ClassStatus.CLOSED)

    assert (
        client.post(page(training_class), filled(training_class, minimum_size="1")).status_code
        == 302
    )
    with pytest.raises(SchedulingRefused):
        change_rules(
            training_class=training_class, rules=rules_of(training_class), by=None, now=NOW
        )


# --- Takes place or not ---------------------------------------------------------------------------


def test_on_the_day_of_decision_the_owner_of_a_short_class_is_told(
    cadre, branch_coordinator, campus
):
    today = NOW.date()
    short = class_with(seats=5, campus=campus, minimum_size=2, decide_on=today)
    take(cadre, short)
    full = class_with(
        seats=5, campus=campus, minimum_size=1, decide_on=today, starts_at=NOW + timedelta(days=30)
    )
    take(cadre, full)
    class_with(seats=5, campus=campus, minimum_size=2, decide_on=today + timedelta(days=9))

    drafts = list(ClassIsShort().due(NOW.replace(hour=9)))

    assert [(draft.person, draft.subject) for draft in drafts] == [(branch_coordinator, short)]
    assert "已报 1 人，最少 2 人" in drafts[0].text.title
    assert ["开不开班" in item.title for item in gather(branch_coordinator, NOW)] == [True]


def test_the_reminder_is_dropped_when_enough_have_booked_by_then(
    cadre, colleague, branch_coordinator, campus
):
    short = class_with(seats=5, campus=campus, minimum_size=2, decide_on=NOW.date())
    draft = next(iter(ClassIsShort().due(NOW.replace(hour=9))))
    notice = Notice(subject_id=short.pk, moment=NOW.replace(hour=23, minute=59))
    notice.subject = short

    take(cadre, short)
    assert ClassIsShort().still_true(notice) and draft.moment == NOW.date()
    take(colleague, short)
    assert not ClassIsShort().still_true(notice)


def test_owners_are_who_runs_the_class_and_the_office_where_nobody_does(
    branch_coordinator, department_staff, department, district_staff, campus
):
    assert owners_of(class_with(seats=1, campus=campus, department=department), NOW.date()) == [
        branch_coordinator,
        department_staff,
    ]
    assert owners_of(class_with(seats=1), NOW.date()) == [district_staff]


# --- Chances --------------------------------------------------------------------------------------


def past_class(programme, *, waited, seated, capacity=30):
    training_class = class_with(seats=capacity, programme=programme, status=ClassStatus.CLOSED)
    for number in range(waited):
        enrolment = EnrolmentFactory(training_class=training_class, status=EnrolmentStatus.LAPSED)
        record(enrolment, EnrolmentEventKind.WAITLISTED, NOW, None)
        if number < seated:
            record(enrolment, EnrolmentEventKind.PROMOTED, NOW, None)


def test_the_chance_of_a_place_is_what_happened_in_classes_of_the_like():
    programme = ProgrammeFactory()
    for waited, seated in ((5, 3), (3, 1), (2, 2)):
        past_class(programme, waited=waited, seated=seated)
    past_class(programme, waited=1, seated=1)  # its queue never went that far
    past_class(programme, waited=5, seated=5, capacity=200)  # another size
    past_class(ProgrammeFactory(), waited=5, seated=5)  # another kind
    training_class = class_with(seats=30, programme=programme)

    chance = chances_of({training_class.pk: Place(2, 2)}, [training_class])[training_class.pk]

    assert (chance, chance.is_known) == (Chance(reached=2, classes=3), True)


def test_too_few_classes_of_the_like_say_nothing(client, cadre, colleague, time_machine):
    time_machine.move_to(NOW, tick=False)
    training_class = class_with(seats=1)
    take(colleague, training_class)
    take(cadre, training_class)
    client.force_login(cadre.user)

    assert "暂无可比的班" in client.get(training_class.get_absolute_url()).content.decode()


# --- The command ----------------------------------------------------------------------------------


def test_the_command_says_what_the_page_says(cadre, capsys, time_machine):
    time_machine.move_to(NOW, tick=False)
    training_class = class_with(seats=2)

    call_command("can_book", cadre.user.phone, training_class.code, "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["can_book"] and [reason["rule"] for reason in answer["reasons"]] == [
        "window",
        "position",
        "repeat",
        "clash",
        "seat",
    ]

    ask(training_class, audiences=[PositionFactory()])
    with pytest.raises(SystemExit) as ended:
        call_command("can_book", cadre.user.phone, training_class.code)
    assert ended.value.code == 1
    assert capsys.readouterr().out.startswith("✕  岗位不在本班范围")


@pytest.mark.parametrize(("phone", "code"), [("13700000000", None), (None, "PX-none")])
def test_the_command_names_what_it_does_not_find(cadre, phone, code):
    with pytest.raises(CommandError, match="没有这个"):
        call_command("can_book", phone or cadre.user.phone, code or class_with(seats=1).code)
