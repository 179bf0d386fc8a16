"""Deputies: named within the own unit for some days, who then decide what the approver could, and
for whom is written down.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from notices.models import Notice
from trainees.booking.approvals import NotYoursToDecide, decide_step
from trainees.models import Approval, ApprovalStep, Deputy
from trainees.people.approvers import DeputyRefused, end_deputy, name_deputy

from ..factories import (
    NOW,
    RoleGrantFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
    class_with,
)
from .test_approvals import take, waiting_step

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


@pytest.fixture
def deputy(colleague):
    """Somebody of the village, without any role."""
    return colleague.user


@pytest.fixture
def step(cadre, village_coordinator):
    return waiting_step(take(cadre, class_with(seats=2, approval="chain")))


def name(approver, person, first: date = TODAY, days=2, **changes):
    return name_deputy(
        **{
            "approver": approver,
            "phone": person.phone,
            "valid_from": first,
            "valid_to": first + timedelta(days=days),
            "reason": "外出学习",
            "now": NOW,
        }
        | changes
    )


def decide(step, by, now=NOW):
    return decide_step(step=step, approved=True, by=by, now=now)


# --- Deciding for somebody ------------------------------------------------------------------------


def test_a_deputy_decides_what_the_approver_could_and_the_step_says_for_whom(
    step, village_coordinator, deputy
):
    name(village_coordinator, deputy)

    decide(step, deputy)

    step.refresh_from_db()
    assert (step.decision, step.by, step.on_behalf_of) == ("approved", deputy, village_coordinator)
    notice = Notice.objects.get(kind="deputy_named")
    assert (notice.person, notice.title) == (deputy, f"请您代{village_coordinator.name}审批")


def test_the_approver_still_decides_in_the_own_name(step, village_coordinator, deputy):
    name(village_coordinator, deputy)

    decide(step, village_coordinator)

    step.refresh_from_db()
    assert (step.by, step.on_behalf_of) == (village_coordinator, None)


@pytest.mark.parametrize(
    ("first", "now", "may"), [(1, 0, False), (1, 1, True), (1, 3, True), (1, 4, False)]
)
def test_only_on_the_days_named_and_both_count(step, village_coordinator, deputy, first, now, may):
    name(village_coordinator, deputy, TODAY + timedelta(days=first))
    moment = NOW + timedelta(days=now)

    if may:
        decide(step, deputy, now=moment)
    else:
        with pytest.raises(NotYoursToDecide):
            decide(step, deputy, now=moment)


def test_a_deputy_who_was_ended_early_decides_no_more(step, village_coordinator, deputy):
    named = name(village_coordinator, deputy)
    end_deputy(deputy=named, now=NOW)
    end_deputy(deputy=named, now=NOW + timedelta(hours=1))

    with pytest.raises(NotYoursToDecide):
        decide(step, deputy)
    assert Deputy.objects.get().ended_at == NOW


def test_a_deputy_of_somebody_without_the_role_any_more_decides_nothing(
    step, village_coordinator, deputy
):
    name(village_coordinator, deputy)
    village_coordinator.grants.update(valid_to=TODAY - timedelta(days=1))

    with pytest.raises(NotYoursToDecide):
        decide(step, deputy)


def test_neither_on_the_own_booking_nor_on_that_of_the_approver(
    village_coordinator, village, colleague, deputy
):
    name(village_coordinator, deputy)
    other = UserFactory()
    RoleGrantFactory(user=other, role="village_coordinator", village=village)
    training_class = class_with(seats=5, approval="chain")
    own = waiting_step(take(colleague, training_class))
    of_the_approver = waiting_step(
        take(TraineeFactory(user=village_coordinator, village=village), training_class)
    )

    for step in (own, of_the_approver):
        with pytest.raises(NotYoursToDecide):
            decide(step, deputy)
        decide(step, other)


def test_a_deputy_hands_nothing_on(step, village_coordinator, deputy, village):
    name(village_coordinator, deputy)
    third = TraineeFactory(village=village).user
    Deputy.objects.create(
        approver=deputy,
        person=third,
        valid_from=TODAY,
        valid_to=TODAY,
        reason="硬塞进来",
        named_at=NOW,
    )

    with pytest.raises(NotYoursToDecide):
        decide(step, third)


def test_deputies_are_told_of_what_waits_as_well(
    village_coordinator, deputy, cadre, district_staff
):
    name(village_coordinator, deputy)

    take(cadre, class_with(seats=2, approval="chain"))

    assert set(Notice.objects.filter(kind="approval_asked").values_list("person", flat=True)) == {
        village_coordinator.pk,
        deputy.pk,
    }


# --- Naming ---------------------------------------------------------------------------------------


def test_whom_each_level_can_name(
    village_coordinator,
    town_staff,
    district_staff,
    administrator,
    auditor,
    town,
    village,
    colleague,
    outsider,
):
    of_the_town = UserFactory()
    RoleGrantFactory(
        user=of_the_town, role="village_coordinator", village=VillageFactory(town=town)
    )
    of_another_town = UserFactory()
    RoleGrantFactory(user=of_another_town, role="town_staff", town=TownFactory())
    everybody = [
        village_coordinator,
        town_staff,
        district_staff,
        administrator,
        auditor,
        colleague.user,
        outsider.user,
        of_the_town,
        of_another_town,
    ]

    def nameable(approver):
        named = set()
        for person in everybody:
            try:
                named.add(name(approver, person).person)
            except DeputyRefused as error:
                assert "本单位没有人用这个手机号登录" in str(error)
        return named

    assert nameable(village_coordinator) == {colleague.user}
    assert nameable(town_staff) == {village_coordinator, of_the_town}
    assert nameable(district_staff) == {administrator}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  "}, "代理原因"),
        ({"first": TODAY - timedelta(days=1)}, "最早从今天"),
        ({"days": -1}, "结束日期请选在"),
        ({"days": 93}, "92 天"),
        ({"phone": "19900099999"}, "本单位没有人"),
    ],
)
def test_what_is_wrong_is_said(village_coordinator, deputy, changes, words):
    with pytest.raises(DeputyRefused, match=words):
        name(village_coordinator, deputy, **changes)
    assert not Deputy.objects.exists()


def test_somebody_who_may_not_log_in_and_oneself_are_nobody(village_coordinator, deputy, village):
    TraineeFactory(user=village_coordinator, village=village)
    deputy.is_active = False
    deputy.save()
    for person in (deputy, village_coordinator):
        with pytest.raises(DeputyRefused, match="本单位没有人"):
            name(village_coordinator, person)


def test_the_same_days_twice_are_one_deputy(village_coordinator, deputy):
    first = name(village_coordinator, deputy)
    with pytest.raises(DeputyRefused, match="已经是您的代理人"):
        name(village_coordinator, deputy, TODAY + timedelta(days=2))
    end_deputy(deputy=first, now=NOW)
    name(village_coordinator, deputy)


@pytest.mark.parametrize(
    "change", [{"valid_to": TODAY - timedelta(days=1)}, {"reason": ""}, {"person": None}]
)
def test_the_database_refuses_deputies_that_are_none(village_coordinator, deputy, change):
    named = name(village_coordinator, deputy)

    with pytest.raises(IntegrityError), transaction.atomic():
        Deputy.objects.filter(pk=named.pk).update(
            **{"person": village_coordinator} if "person" in change else change
        )


# --- The pages ------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_naming_and_ending_on_the_page(client, village_coordinator, deputy):
    client.force_login(village_coordinator)
    page = reverse("trainees:deputies")
    sent = {
        "phone": f"+86 {deputy.phone[:3]} {deputy.phone[3:]}",
        "valid_from": "2027-03-02",
        "valid_to": "2027-03-05",
        "reason": "外出学习",
    }

    assert deputy.name in client.post(page, sent, follow=True).content.decode()
    again = client.post(page, sent)
    assert (again.status_code, "已经是您的代理人" in again.content.decode()) == (200, True)
    shown = client.get(page).content.decode()
    assert deputy.masked_phone in shown
    assert deputy.phone not in shown

    named = Deputy.objects.get()
    client.post(reverse("trainees:end_deputy", args=[named.pk]))
    shown = client.get(page).content.decode()
    assert ("现在没有代理人" in shown, "2027年3月1日提前结束" in shown) == (True, True)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "12", "11 位"),
        ("phone", "", "请填写代理人的姓名或手机号"),
        ("valid_from", "昨天", ""),
        ("valid_to", "", "请选结束日期"),
        ("reason", "", "代理原因"),
        ("reason", "长" * 201, ""),
        ("valid_to", "9999-12-31", "92 天"),
        ("valid_from", "0001-01-01", "最早从今天"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    client, village_coordinator, deputy, field, value, words
):
    client.force_login(village_coordinator)
    sent = {
        "phone": deputy.phone,
        "valid_from": "2027-03-02",
        "valid_to": "2027-03-05",
        "reason": "外出学习",
    } | {field: value}

    answer = client.post(reverse("trainees:deputies"), sent)

    assert (answer.status_code, words in answer.content.decode(), Deputy.objects.count()) == (
        200,
        True,
        0,
    )


def test_a_deputy_without_a_role_sees_the_list_on_the_days_only(
    client, step, village_coordinator, deputy, time_machine
):
    name(village_coordinator, deputy)
    client.force_login(deputy)
    page = reverse("trainees:approvals")

    shown = client.get(page).content.decode()
    assert (f"您代{village_coordinator.name}审批" in shown, "指定代理人" in shown) == (True, False)
    assert "审批报名" in client.get("/manage/").content.decode()
    client.post(page, {"steps": [step.pk], "decision": "approve"})
    assert ApprovalStep.objects.get(pk=step.pk).on_behalf_of == village_coordinator
    assert Approval.objects.get().status == "approved"

    time_machine.move_to(NOW + timedelta(days=3), tick=False)
    client.force_login(type(deputy).objects.get(pk=deputy.pk))
    assert client.get(page).status_code == 403
