"""The list of what waits for an approver, and where the person and whoever runs the class see how
it stands.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from notices.models import Notice
from trainees.booking.approvals import decide_step
from trainees.classes.roster_export import COLUMNS
from trainees.eligibility.reasons import reasons_for
from trainees.models import Approval, ApprovalStep, Enrolment

from ..factories import (
    NOW,
    EnrolmentFactory,
    RoleGrantFactory,
    TraineeFactory,
    UserFactory,
    class_with,
)
from ..page_text import squeezed
from .test_approvals import take, waiting_step

pytestmark = pytest.mark.django_db

PAGE = "/manage/approvals/"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def training_class():
    return class_with(seats=1, approval="chain")


@pytest.fixture
def asked(
    client, training_class, cadre, colleague, village_coordinator, town_staff, district_staff
):
    """One with a seat, one who waits; the coordinator has logged in."""
    enrolments = [take(person, training_class) for person in (cadre, colleague)]
    client.force_login(village_coordinator)
    return [waiting_step(enrolment) for enrolment in enrolments]


def send(client, steps, decision="approve", opinion="", **more):
    return client.post(
        PAGE,
        {
            "steps": [getattr(step, "pk", step) for step in steps],
            "decision": decision,
            "opinion": opinion,
        },
        **more,
    )


def decisions(steps):
    return [ApprovalStep.objects.get(pk=step.pk).decision for step in steps]


# --- The list -------------------------------------------------------------------------------------


def test_the_list_says_who_from_where_for_what_and_on_which_place(
    client, asked, cadre, colleague, training_class
):
    shown = client.get(PAGE).content.decode()

    for words in (
        cadre.name,
        colleague.name,
        cadre.village.name,
        cadre.position.name,
        training_class.title,
        "已有名额",
        "第 1 位",
        "3月3日 周三 10:00前审批",
    ):
        assert words in shown
    assert cadre.user.phone not in shown


def test_several_are_approved_with_one_tap_and_the_town_is_asked(client, asked, town_staff):
    answer = send(client, asked, follow=True).content.decode()

    assert ("已同意 2 条报名" in answer, "没有等您审批的报名" in answer) == (True, True)
    assert set(Approval.objects.values_list("status", "level")) == {("pending", "town")}
    client.force_login(town_staff)
    shown = client.get(PAGE).content.decode()
    assert "居村：同意" in shown


def test_one_is_refused_with_a_reason_and_the_next_moves_up(client, asked, colleague):
    answer = send(client, asked[:1], "refuse", "换届期间走不开", follow=True).content.decode()

    assert "1 条报名未通过" in answer
    assert Enrolment.objects.get(trainee=colleague).status == "booked"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"decision": "approve"}, "还没有勾选"),
        ({"decision": "refuse", "ticked": True}, "不同意请写一句原因"),
        ({"ticked": True}, "请点“同意”或“不同意”"),
        ({"decision": "maybe", "ticked": True}, "请点“同意”或“不同意”"),
        ({"decision": "refuse", "ticked": True, "opinion": "长" * 201}, "最多 200 字"),
        ({"decision": "approve", "steps": ["x", "-1", "²", "9" * 30]}, "选择"),
    ],
)
def test_a_form_that_is_not_complete_comes_back_with_what_was_typed(client, asked, sent, words):
    if sent.pop("ticked", False):
        sent["steps"] = [asked[0].pk]

    answer = client.post(PAGE, sent)

    shown = squeezed(answer)
    assert (answer.status_code, words in shown, decisions(asked)) == (
        200,
        True,
        ["pending", "pending"],
    )
    assert sent.get("opinion", "") in shown
    if sent.get("steps") == [asked[0].pk]:
        assert f'value="{asked[0].pk}" checked' in shown


def test_too_many_at_once_are_said(client, asked):
    assert (
        "一次最多"
        in client.post(PAGE, {"steps": list(range(1, 70)), "decision": "approve"}).content.decode()
    )


def test_what_is_not_theirs_is_not_there(client, asked, outsider, training_class, town_staff):
    elsewhere = UserFactory()
    RoleGrantFactory(user=elsewhere, role="village_coordinator", village=outsider.village)
    foreign = waiting_step(take(outsider, training_class))

    assert outsider.name not in client.get(PAGE).content.decode()
    assert send(client, [foreign]).status_code == 404
    assert send(client, [asked[0], foreign]).status_code == 404  # nor together with an own one
    assert send(client, [foreign.pk + 99]).status_code == 404
    client.force_login(town_staff)
    assert send(client, asked[:1]).status_code == 404  # another level's
    assert decisions([*asked, foreign]) == ["pending"] * 3


def test_of_two_approvers_the_second_is_told_kindly_and_the_rest_is_done(client, asked, village):
    other = UserFactory(name="示例乙")
    RoleGrantFactory(user=other, role="village_coordinator", village=village)
    decide_step(step=asked[0], approved=False, opinion="走不开", by=other, now=NOW)

    answer = send(client, asked, follow=True).content.decode()

    assert ("示例乙已经没有同意这条报名" in answer, "已同意 1 条报名" in answer) == (True, True)
    assert decisions(asked) == ["refused", "approved"]


def test_a_double_click_is_one_decision(client, asked):
    for _click in range(2):
        answer = send(client, asked[:1], follow=True)

    assert "已同意 1 条报名" in answer.content.decode()
    assert ApprovalStep.objects.filter(approval=asked[0].approval).count() == 2


def test_what_waits_counts_in_the_page_of_what_waits(client, asked, training_class):
    shown = client.get("/manage/").content.decode()

    assert f"审批报名：{training_class.title}" in shown
    assert "2 人等您审批，最早从3月1日等起" in shown
    send(client, asked)
    assert "审批报名" not in client.get("/manage/").content.decode()


def test_the_list_costs_the_same_for_one_and_many(
    client, asked, cadre, django_assert_max_num_queries
):
    def one_more():
        take(TraineeFactory(village=cadre.village), class_with(seats=1, approval="chain"))

    with django_assert_max_num_queries(16) as few:
        client.get(PAGE)
    for _number in range(3):
        one_more()
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)


# --- Where the person sees it ---------------------------------------------------------------------


def test_the_person_reads_where_it_stands(
    client, asked, cadre, colleague, training_class, village_coordinator
):
    client.force_login(cadre.user)
    for page in (training_class.get_absolute_url(), reverse("portal:me")):
        assert "3月1日起等居村审批" in client.get(page).content.decode()
    client.force_login(colleague.user)
    assert "3月1日起等居村审批" in client.get(reverse("portal:me")).content.decode()

    decide_step(
        step=asked[0], approved=False, opinion="换届期间走不开", by=village_coordinator, now=NOW
    )

    client.force_login(cadre.user)
    assert (
        "您上次报名没有通过审批。居村意见：换届期间走不开"
        in client.get(training_class.get_absolute_url()).content.decode()
    )
    assert Notice.objects.get(kind="approval_decided").link == training_class.get_absolute_url()


def test_before_booking_the_page_says_who_will_be_asked(cadre):
    training_class = class_with(seats=1, approval="chain", approval_town=False)

    reason = next(
        reason for reason in reasons_for(cadre, training_class, NOW) if reason.rule == "approval"
    )

    assert (reason.ok, reason.hint, reason.fact) == (
        True,
        True,
        "依次审批：居村 → 区级；审批期间名额或候补位置都给您留着",
    )


def test_the_roster_shows_how_each_stands(client, asked, training_class, district_staff):
    client.force_login(district_staff)

    shown = client.get(
        reverse("trainees:class_roster", args=[training_class.code])
    ).content.decode()

    assert shown.count("等待审批：居村") == 2  # on the seat and in the queue
    assert "还有 2 条报名没有审批" in shown


def test_the_exported_roster_has_a_column_for_it(asked):
    enrolment = Enrolment.objects.select_related("approval").get(pk=asked[0].approval.enrolment_id)

    assert COLUMNS["approval"].value(enrolment) == "等待审批：居村"
    assert COLUMNS["approval"].value(EnrolmentFactory()) == ""


def test_after_the_tap_the_person_reads_who_is_asked(
    client, cadre, village_coordinator, training_class
):
    client.force_login(cadre.user)

    assert (
        "3月1日起等居村审批"
        in client.post(f"{training_class.get_absolute_url()}book/", follow=True).content.decode()
    )


def test_the_list_of_own_bookings_costs_no_more_with_approvals(
    client, cadre, village_coordinator, django_assert_max_num_queries
):
    client.force_login(cadre.user)
    take(cadre, class_with(seats=1, approval="chain"))
    with django_assert_max_num_queries(25) as one:  # one of them asks for evaluations to give
        client.get(reverse("portal:me"))
    for days in (20, 30):
        take(cadre, class_with(seats=1, approval="chain", starts_at=NOW + timedelta(days=days)))
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("portal:me"))
