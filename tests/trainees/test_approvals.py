"""Approval of bookings: asked level by level, beside the seat; refused, passed on, changed, and
never asked twice.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.models import ApprovalLevel, ClassApproval, Programme
from courses.schedule.class_plans import ClassPlan
from courses.schedule.scheduling import create_class
from notices.models import Notice
from trainees import tasks
from trainees.booking.approval_state import approval_in_words, refusal_of
from trainees.booking.approvals import (
    DecisionRefused,
    NotYoursToDecide,
    begin,
    decide_step,
    pass_on_silent,
    workdays_later,
)
from trainees.booking.enrolling import accept_offer, book, book_group
from trainees.booking.withdrawing import withdraw
from trainees.classes.booking_rules import ClassRules, change_rules
from trainees.classes.changes import cancel_class, start_due_classes
from trainees.invariants import breaches
from trainees.models import Approval, ApprovalStep, Enrolment, EnrolmentStatus, Nomination
from trainees.on_behalf.colleagues import SEPARATELY, book_colleagues
from trainees.on_behalf.nominations import nominate, replace
from trainees.on_behalf.passing_on import pass_on

from ..factories import (
    NOW,
    CampusFactory,
    ProgrammeFactory,
    RoleGrantFactory,
    TraineeFactory,
    UserFactory,
    class_with,
)

pytestmark = pytest.mark.django_db

VILLAGE, TOWN, DISTRICT = ApprovalLevel.VILLAGE, ApprovalLevel.TOWN, ApprovalLevel.DISTRICT


@pytest.fixture
def training_class():
    return class_with(seats=1, approval=ClassApproval.CHAIN)


@pytest.fixture
def approvers(village_coordinator, town_staff, district_staff):
    """Whoever is asked, level by level, for people of `village` in `town`."""
    return {VILLAGE: village_coordinator, TOWN: town_staff, DISTRICT: district_staff}


def take(trainee, training_class, by=None, now=NOW, **more) -> Enrolment:
    return book(
        trainee=trainee, training_class=training_class, by=by or trainee.user, now=now, **more
    )


def waiting_step(enrolment) -> ApprovalStep:
    return ApprovalStep.objects.get(approval__enrolment=enrolment, decision="pending")


def decide(enrolment, by, approved=True, opinion="", now=NOW):
    return decide_step(
        step=waiting_step(enrolment), approved=approved, opinion=opinion, by=by, now=now
    )


def steps(enrolment) -> list[tuple]:
    return [
        (step.level, step.decision)
        for step in ApprovalStep.objects.filter(approval__enrolment=enrolment)
    ]


def stand(enrolment) -> tuple:
    """Status of the booking, of its approval, and who is asked."""
    enrolment = Enrolment.objects.select_related("approval").get(pk=enrolment.pk)
    return enrolment.status, enrolment.approval.status, enrolment.approval.level


# --- Asking ---------------------------------------------------------------------------------------


def test_a_booking_takes_its_seat_at_once_and_the_village_is_asked(
    training_class, cadre, approvers
):
    enrolment = take(cadre, training_class)

    assert stand(enrolment) == ("booked", "pending", "village")
    notice = Notice.objects.get(kind="approval_asked")
    assert (notice.person, notice.link, notice.title) == (
        approvers[VILLAGE],
        "/manage/approvals/",
        f"有报名等您审批：{training_class.title}",
    )
    assert list(breaches()) == []


def test_a_class_without_a_chain_asks_nobody(cadre, approvers):
    enrolment = take(cadre, class_with(seats=1))

    assert not hasattr(Enrolment.objects.get(pk=enrolment.pk), "approval")
    assert not Notice.objects.exists()


def test_who_waits_in_the_queue_is_asked_about_as_well_and_keeps_the_approval_when_promoted(
    training_class, cadre, colleague, approvers
):
    seat = take(colleague, training_class)
    waiting = take(cadre, training_class)
    assert stand(waiting) == ("waitlisted", "pending", "village")
    decide(waiting, approvers[VILLAGE])

    withdraw(enrolment=seat, by=colleague.user, now=NOW)

    assert stand(waiting) == ("booked", "pending", "town")
    assert steps(waiting) == [("village", "approved"), ("town", "pending")]


def test_all_levels_say_yes_one_after_the_other_and_the_person_is_told_once(
    training_class, cadre, approvers
):
    enrolment = take(cadre, training_class)
    for level in ApprovalLevel:
        assert stand(enrolment) == ("booked", "pending", level)
        decide(enrolment, approvers[level], opinion="同意")

    assert stand(enrolment) == ("booked", "approved", "")
    notice = Notice.objects.get(kind="approval_decided")
    assert (notice.person, notice.title) == (cadre.user, f"审批已通过：{training_class.title}")
    assert [
        (item.person, item.kind)
        for item in Notice.objects.filter(kind="approval_asked").order_by("pk")
    ] == [(approvers[level], "approval_asked") for level in ApprovalLevel]


def test_only_the_levels_that_the_class_names_are_asked(cadre, approvers):
    training_class = class_with(
        seats=1, approval=ClassApproval.CHAIN, approval_village=False, approval_district=False
    )
    enrolment = take(cadre, training_class)

    assert stand(enrolment) == ("booked", "pending", "town")
    decide(enrolment, approvers[TOWN])
    assert stand(enrolment) == ("booked", "approved", "")


def test_ten_bookings_of_a_day_are_one_notice_for_each_approver(cadre, colleague, approvers):
    training_class = class_with(seats=5, approval=ClassApproval.CHAIN)
    for person in (cadre, colleague):
        take(person, training_class)
    take(TraineeFactory(village=cadre.village), training_class, now=NOW + timedelta(days=1))

    assert Notice.objects.filter(kind="approval_asked", person=approvers[VILLAGE]).count() == 2


# --- What is known is not asked -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (VILLAGE, [("village", "known"), ("town", "pending")]),
        (TOWN, [("village", "known"), ("town", "known"), ("district", "pending")]),
        (DISTRICT, [("village", "known"), ("town", "known"), ("district", "known")]),
    ],
)
def test_whoever_books_from_a_level_has_approved_it_and_those_below(
    training_class, cadre, approvers, level, expected
):
    outcome = book_colleagues(
        trainees=[cadre],
        training_class=training_class,
        manner=SEPARATELY,
        by=approvers[level],
        now=NOW,
    )[0]

    assert steps(outcome.enrolment) == expected
    assert (stand(outcome.enrolment)[1] == "approved") == (level == DISTRICT)


def test_a_dispatch_of_the_town_asks_the_district_only(town, cadre, approvers):
    training_class = class_with(seats=2, town_seats={town: 1}, approval=ClassApproval.CHAIN)

    nominate(
        trainees=[cadre], training_class=training_class, town=town, by=approvers[TOWN], now=NOW
    )

    assert steps(Enrolment.objects.get()) == [
        ("village", "known"),
        ("town", "known"),
        ("district", "pending"),
    ]


def test_a_role_elsewhere_and_the_own_booking_count_for_nothing(
    training_class, cadre, approvers, outsider
):
    RoleGrantFactory(user=cadre.user, role="village_coordinator", village=cadre.village)
    RoleGrantFactory(user=outsider.user, role="village_coordinator", village=outsider.village)

    # the other coordinator is asked
    assert steps(take(cadre, training_class)) == [("village", "pending")]
    assert steps(
        take(
            TraineeFactory(village=cadre.village),
            class_with(seats=1, approval="chain"),
            by=outsider.user,
        )
    ) == [("village", "pending")]


def test_nobody_decides_on_the_own_booking(training_class, cadre, town_staff, district_staff):
    RoleGrantFactory(user=cadre.user, role="village_coordinator", village=cadre.village)

    enrolment = take(cadre, training_class)

    assert steps(enrolment) == [("village", "skipped"), ("town", "pending")]
    RoleGrantFactory(user=cadre.user, role="town_staff", town=cadre.village.town)
    with pytest.raises(NotYoursToDecide, match="不归您审批"):
        decide(enrolment, cadre.user)


def test_a_level_that_nobody_holds_is_left_out_and_noted(training_class, cadre, district_staff):
    RoleGrantFactory(user=UserFactory(is_active=False), role="town_staff", town=cadre.village.town)

    enrolment = take(cadre, training_class)

    assert steps(enrolment) == [
        ("village", "skipped"),
        ("town", "skipped"),
        ("district", "pending"),
    ]
    assert {step.opinion for step in ApprovalStep.objects.filter(decision="skipped")} == {
        "这一级没有审批人"
    }
    assert Notice.objects.get(kind="approval_asked").person == district_staff


def test_where_nobody_holds_any_level_the_booking_stands(training_class, cadre):
    assert stand(take(cadre, training_class)) == ("booked", "approved", "")


def test_without_district_staff_an_administrator_is_asked(training_class, cadre, administrator):
    enrolment = take(cadre, training_class)

    decide(enrolment, administrator)
    assert stand(enrolment) == ("booked", "approved", "")


def test_each_of_a_group_is_asked_about(village, approvers):
    training_class = class_with(seats=1, approval=ClassApproval.CHAIN)
    people = [TraineeFactory(village=village) for _number in range(2)]

    group = book_group(
        trainees=people, training_class=training_class, together=True, by=people[0].user, now=NOW
    )

    assert [stand(enrolment) for enrolment in group] == [("waitlisted", "pending", "village")] * 2


# --- Refusing -------------------------------------------------------------------------------------


def test_a_refusal_frees_the_seat_promotes_the_next_and_tells_the_person_what_to_do(
    training_class, cadre, colleague, approvers
):
    enrolment, waiting = take(cadre, training_class), take(colleague, training_class)

    decide(enrolment, approvers[VILLAGE], approved=False, opinion="换届期间走不开")

    assert (stand(enrolment), stand(waiting)[0]) == (("withdrawn", "refused", ""), "booked")
    assert enrolment.events.last().reason == "审批未通过：换届期间走不开"
    notice = Notice.objects.get(kind="approval_decided")
    assert (notice.person, notice.title) == (cadre.user, f"审批未通过：{training_class.title}")
    assert "换届期间走不开" in notice.body
    assert "可以再报" in notice.body
    assert refusal_of(cadre, training_class).opinion == "换届期间走不开"
    assert list(breaches()) == []


def test_a_refused_person_leaves_the_queue(training_class, cadre, colleague, approvers):
    take(colleague, training_class)
    enrolment = take(cadre, training_class)

    decide(enrolment, approvers[VILLAGE], approved=False, opinion="已有人参加")

    training_class.refresh_from_db()
    assert (stand(enrolment)[0], training_class.waiting_count) == ("withdrawn", 0)


def test_a_refusal_has_its_reason(training_class, cadre, approvers):
    with pytest.raises(DecisionRefused, match="写一句"):
        decide(take(cadre, training_class), approvers[VILLAGE], approved=False, opinion="  ")


def test_booking_again_after_a_refusal_asks_again(training_class, cadre, approvers):
    decide(take(cadre, training_class), approvers[VILLAGE], approved=False, opinion="先等等")

    assert stand(take(cadre, training_class)) == ("booked", "pending", "village")
    assert Approval.objects.count() == 2
    assert refusal_of(cadre, training_class) is None


def test_a_dispatched_person_who_is_refused_is_sent_no_more_and_the_town_is_told(
    town, cadre, approvers
):
    training_class = class_with(seats=2, town_seats={town: 1}, approval=ClassApproval.CHAIN)
    nominate(
        trainees=[cadre], training_class=training_class, town=town, by=approvers[TOWN], now=NOW
    )

    decide(Enrolment.objects.get(), approvers[DISTRICT], approved=False, opinion="本期已满三次")

    assert Nomination.objects.get().status == "released"
    assert Notice.objects.get(kind="nomination_not_approved").person == approvers[TOWN]


def test_an_offered_seat_is_refused_like_a_seat(cadre, colleague, approvers):
    late = NOW + timedelta(hours=30)
    training_class = class_with(
        seats=1,
        approval="chain",
        starts_at=NOW + timedelta(days=3),
        booking_closes_at=NOW + timedelta(days=2),
    )
    seat, waiting = take(colleague, training_class), take(cadre, training_class)
    withdraw(enrolment=seat, by=colleague.user, now=late)
    assert stand(waiting) == ("offered", "pending", "village")

    accept_offer(enrolment=waiting, by=cadre.user, now=late)
    decide(waiting, approvers[VILLAGE], approved=False, opinion="走不开", now=late)

    assert stand(waiting)[0] == "withdrawn"
    assert training_class.pools.get().seats_taken == 0


# --- Twice, too late, by somebody else ------------------------------------------------------------


def test_the_same_tap_twice_is_one_decision(training_class, cadre, approvers):
    step = waiting_step(take(cadre, training_class))
    for _tap in range(2):
        decide_step(step=step, approved=True, by=approvers[VILLAGE], now=NOW)

    assert steps(Enrolment.objects.get()) == [("village", "approved"), ("town", "pending")]


@pytest.mark.parametrize(("first", "words"), [(True, "已经同意"), (False, "已经没有同意")])
def test_of_two_approvers_the_first_one_decides_and_the_other_is_told_who(
    training_class, cadre, approvers, village, first, words
):
    other = UserFactory(name="示例乙")
    RoleGrantFactory(user=other, role="village_coordinator", village=village)
    step = waiting_step(take(cadre, training_class))
    decide_step(step=step, approved=first, opinion="好", by=other, now=NOW)

    with pytest.raises(DecisionRefused, match=f"示例乙{words}"):
        decide_step(step=step, approved=not first, opinion="不行", by=approvers[VILLAGE], now=NOW)


@pytest.mark.parametrize("who", ["other_level", "elsewhere", "nobody", "auditor"])
def test_other_levels_places_and_roles_decide_nothing(
    training_class, cadre, approvers, outsider, auditor, who
):
    RoleGrantFactory(user=outsider.user, role="village_coordinator", village=outsider.village)
    enrolment = take(cadre, training_class)
    person = {
        "other_level": approvers[TOWN],
        "elsewhere": outsider.user,
        "nobody": UserFactory(),
        "auditor": auditor,
    }[who]

    with pytest.raises(NotYoursToDecide):
        decide(enrolment, person)

    assert stand(enrolment) == ("booked", "pending", "village")


def test_a_role_that_has_ended_decides_nothing(training_class, cadre, approvers):
    enrolment = take(cadre, training_class)
    approvers[VILLAGE].grants.update(valid_to=NOW.date() - timedelta(days=1))

    with pytest.raises(NotYoursToDecide):
        decide(enrolment, approvers[VILLAGE])


def test_nothing_is_decided_of_a_booking_that_has_ended(training_class, cadre, approvers):
    enrolment = take(cadre, training_class)
    withdraw(enrolment=enrolment, by=cadre.user, now=NOW)

    with pytest.raises(DecisionRefused, match="报名已经结束"):
        decide(enrolment, approvers[VILLAGE], approved=False, opinion="走不开")


def test_nothing_is_decided_after_the_class_is_cancelled_or_has_begun(
    training_class, cadre, approvers
):
    enrolment = take(cadre, training_class)
    with pytest.raises(DecisionRefused, match="报名已经结束"):
        decide(enrolment, approvers[VILLAGE], now=training_class.starts_at)
    cancel_class(training_class=training_class, reason="老师生病", by=approvers[DISTRICT], now=NOW)
    with pytest.raises(DecisionRefused, match="报名已经结束"):
        decide(enrolment, approvers[VILLAGE])


# --- Silence --------------------------------------------------------------------------------------


def test_workdays_leave_weekends_and_holidays_out():
    friday = NOW + timedelta(days=4)
    assert workdays_later(friday, 1) == friday + timedelta(days=3)
    assert workdays_later(NOW, 2) == NOW + timedelta(days=2)


def test_after_two_silent_workdays_the_next_level_decides_once(training_class, cadre, approvers):
    enrolment = take(cadre, training_class)
    silent = NOW + timedelta(days=2)
    assert pass_on_silent(now=silent - timedelta(minutes=1)) == 0

    assert [pass_on_silent(now=silent), pass_on_silent(now=silent)] == [1, 0]

    assert steps(enrolment) == [("village", "silent"), ("town", "pending")]
    assert Notice.objects.filter(kind="approval_asked", person=approvers[TOWN]).count() == 1
    with pytest.raises(DecisionRefused, match="上一级"):
        decide_step(
            step=ApprovalStep.objects.get(level="village"),
            approved=True,
            by=approvers[VILLAGE],
            now=silent,
        )
    decide(enrolment, approvers[TOWN], now=silent)
    assert stand(enrolment) == ("booked", "pending", "district")


def test_the_highest_level_is_never_passed_over(training_class, cadre, approvers):
    enrolment = take(cadre, training_class)
    for days in range(1, 13):
        pass_on_silent(now=NOW + timedelta(days=days))

    assert stand(enrolment) == ("booked", "pending", "district")


def test_where_nobody_is_above_silence_approves_nothing(training_class, cadre, village_coordinator):
    enrolment = take(cadre, training_class)

    assert pass_on_silent(now=NOW + timedelta(days=3)) == 0

    assert steps(enrolment) == [("village", "pending")]
    decide(enrolment, village_coordinator, now=NOW + timedelta(days=4))
    assert stand(enrolment)[1] == "approved"


def test_on_the_last_day_the_highest_level_decides(cadre, approvers):
    training_class = class_with(
        seats=1,
        approval="chain",
        approval_days=20,
        starts_at=NOW + timedelta(days=3),
        booking_closes_at=NOW + timedelta(days=3),
    )
    enrolment = take(cadre, training_class)
    assert pass_on_silent(now=NOW + timedelta(days=1)) == 0

    assert pass_on_silent(now=NOW + timedelta(days=2)) == 1
    assert steps(enrolment) == [("village", "silent"), ("town", "skipped"), ("district", "pending")]

    late = take(
        TraineeFactory(village=cadre.village),
        class_with(
            seats=1,
            approval="chain",
            starts_at=NOW + timedelta(hours=20),
            booking_closes_at=NOW + timedelta(hours=9),
        ),
    )
    assert steps(late) == [("village", "skipped"), ("town", "skipped"), ("district", "pending")]


def test_the_sweep_of_the_worker_passes_on(training_class, cadre, approvers, time_machine):
    enrolment = take(cadre, training_class)
    time_machine.move_to(NOW + timedelta(days=2), tick=False)

    tasks.release_due_seat_pools()

    assert stand(enrolment) == ("booked", "pending", "town")


def test_bookings_that_have_ended_are_not_passed_on(training_class, cadre, approvers):
    withdraw(enrolment=take(cadre, training_class), by=cadre.user, now=NOW)

    assert pass_on_silent(now=NOW + timedelta(days=2)) == 0


def test_whoever_is_not_answered_when_the_class_begins_takes_part(training_class, cadre, approvers):
    enrolment = take(cadre, training_class)

    start_due_classes(now=training_class.starts_at)

    assert stand(enrolment) == ("booked", "unanswered", "")
    assert steps(enrolment) == [("village", "closed")]
    assert "照常参加" in approval_in_words(Approval.objects.get())
    assert list(breaches()) == []


# --- Other people on the seat, other rules --------------------------------------------------------


def test_a_seat_passed_on_is_asked_about_anew(training_class, cadre, colleague, approvers):
    seat = take(cadre, training_class)
    decide(seat, approvers[VILLAGE])

    passed = pass_on(enrolment=seat, to=colleague, by=cadre.user, now=NOW)

    assert stand(passed) == ("booked", "pending", "village")
    assert list(breaches()) == []


def test_whom_the_town_sends_instead_is_known_to_it(town, cadre, colleague, approvers):
    training_class = class_with(seats=2, town_seats={town: 1}, approval="chain")
    nominate(
        trainees=[cadre], training_class=training_class, town=town, by=approvers[TOWN], now=NOW
    )

    fresh = replace(
        nomination=Nomination.objects.get(), trainee=colleague, by=approvers[TOWN], now=NOW
    )

    assert steps(fresh.enrolment) == [
        ("village", "known"),
        ("town", "known"),
        ("district", "pending"),
    ]
    with pytest.raises(DecisionRefused, match="报名已经结束"):
        decide(Nomination.objects.order_by("pk").first().enrolment, approvers[DISTRICT])
    assert list(breaches()) == []


def rules_of(training_class, **fields) -> ClassRules:
    return ClassRules(
        booking_opens_at=training_class.booking_opens_at,
        booking_closes_at=training_class.booking_closes_at,
        **fields,
    )


def test_whoever_booked_before_the_rule_keeps_it_without_being_asked_about(
    cadre, colleague, approvers
):
    training_class = class_with(seats=1)
    seat, waiting = take(cadre, training_class), take(colleague, training_class)

    change_rules(
        training_class=training_class,
        rules=rules_of(training_class, approval="chain"),
        by=approvers[DISTRICT],
        now=NOW,
    )

    assert (stand(seat), stand(waiting)) == (
        ("booked", "not_needed", ""),
        ("waitlisted", "not_needed", ""),
    )
    assert list(breaches()) == []


def test_when_approval_is_needed_no_more_nobody_is_asked_any_more(training_class, cadre, approvers):
    enrolment = take(cadre, training_class)

    change_rules(
        training_class=training_class,
        rules=rules_of(training_class),
        by=approvers[DISTRICT],
        now=NOW,
    )

    assert (stand(enrolment), steps(enrolment)) == (
        ("booked", "not_needed", ""),
        [("village", "closed")],
    )
    assert list(breaches()) == []


def test_a_class_takes_the_approval_of_its_kind_over(db):
    kind = ProgrammeFactory(approval="chain", approval_village=False, approval_days=3)
    plan = ClassPlan(
        title="青年书记班",
        campus=CampusFactory(),
        capacity=10,
        booking_opens_at=NOW,
        booking_closes_at=NOW + timedelta(days=5),
        programme=kind,
    )

    made = create_class(plan=plan, by=UserFactory(), now=NOW)

    assert (made.approval_levels, made.approval_days) == ([TOWN, DISTRICT], 3)
    Programme.objects.update(approval="none")
    made.refresh_from_db()
    assert made.needs_approval


@pytest.mark.parametrize(
    "fields",
    [
        {"approval_village": False, "approval_town": False, "approval_district": False},
        {"approval_days": 0},
        {"approval": "maybe"},
    ],
)
def test_a_chain_has_a_level_and_gives_a_day(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeFactory(**{"approval": "chain"} | fields)


@pytest.mark.parametrize(
    "change",
    [
        {"decision": "refused", "opinion": ""},
        {"decision": "approved"},
        {"decision": "nonsense"},
        {"level": "street"},
        {"at": NOW},
    ],
)
def test_the_database_refuses_half_decisions(training_class, cadre, approvers, change):
    step = waiting_step(take(cadre, training_class))

    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalStep.objects.filter(pk=step.pk).update(**change)


def test_the_database_refuses_a_second_approval_and_a_second_level_at_a_time(
    training_class, cadre, approvers
):
    enrolment = take(cadre, training_class)
    for make in (
        lambda: begin(enrolment=enrolment, training_class=training_class, by=cadre.user, now=NOW),
        lambda: ApprovalStep.objects.create(
            approval=Approval.objects.get(), level="town", decision="pending", asked_at=NOW
        ),
        lambda: Approval.objects.update(level=""),
        lambda: Approval.objects.update(status="approved"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


# --- What the audit finds -------------------------------------------------------------------------


def test_each_breach_is_found(training_class, cadre, approvers):
    """Planted behind the functions' back."""
    enrolment = take(cadre, training_class)

    def found():
        return [(breach.rule, breach.model) for breach in breaches()]

    assert found() == []
    Approval.objects.update(status="refused", level="")
    assert found() == [
        (1, "trainees.Enrolment"),
        (3, "trainees.Approval"),
        (3, "trainees.Approval"),
    ]
    Approval.objects.update(status="pending", level="town")
    assert found() == [(3, "trainees.Approval")]
    ApprovalStep.objects.all().delete()
    Approval.objects.all().delete()
    assert found() == [(3, "trainees.Enrolment")]
    Enrolment.objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.WITHDRAWN, pool=None)
    training_class.pools.update(seats_taken=0)
    assert found() == []
