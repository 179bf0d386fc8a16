"""Second thoughts after the deadline, exemptions, absences and the appeal: asked once, answered
once, carried out at once.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.booking.no_shows import standing_of
from trainees.classes.changes import start_due_classes
from trainees.errors import RequestRefused
from trainees.invariants import breaches
from trainees.models import (
    Decision,
    EnrolmentEvent,
    EnrolmentStatus,
    LateWithdrawal,
    NoShowAppeal,
    QueuePriority,
    RepeatExemption,
)
from trainees.petitions.requests import appeal, ask_for_exemption, ask_to_withdraw, decide
from trainees.record.attendance import mark
from trainees.record.closing import close_class

from ..factories import NOW, CourseFactory, EnrolmentFactory, LessonFactory, class_with
from .pasts import has_taken, was_absent
from .test_booking import state, take

pytestmark = pytest.mark.django_db

LATE = NOW + timedelta(days=8)  # after the deadline for cancelling, before the class


@pytest.fixture
def seat(cadre):
    training_class = class_with(seats=1)
    return take(cadre, training_class)


def ask(seat, now=LATE, reason="家里有事"):
    return ask_to_withdraw(enrolment=seat, reason=reason, by=seat.trainee.user, now=now)


def answer(asked, by, granted=True, words="好的", now=LATE):
    return decide(asked=asked, granted=granted, answer=words, by=by, now=now)


# --- Late withdrawal ------------------------------------------------------------------------------


def test_a_granted_withdrawal_frees_the_seat_and_it_is_offered_at_once(
    seat, cadre, colleague, district_staff
):
    waiting = take(colleague, seat.training_class)

    answer(ask(seat), district_staff)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.offer_ends_at) == (
        EnrolmentStatus.OFFERED,
        LATE + timedelta(hours=4),
    )
    assert state(seat.training_class)[0] == {colleague.pk: "offered"}
    assert (
        Notice.objects.get(kind="request_decided").title
        == f"取消报名已同意：{seat.training_class.title}"
    )
    assert seat.events.last().reason == "家里有事"


def test_until_it_is_answered_and_when_it_is_refused_the_seat_stays(seat, cadre, district_staff):
    asked = ask(seat)
    assert state(seat.training_class)[0] == {cadre.pk: "booked"}

    answer(asked, district_staff, granted=False, words="人手紧，请另找人代")

    assert state(seat.training_class)[0] == {cadre.pk: "booked"}
    assert Notice.objects.get(kind="request_decided").body == "人手紧，请另找人代"


def test_asked_twice_the_first_request_stands(seat):
    assert ask(seat) == ask(seat, reason="另一个原因")
    assert LateWithdrawal.objects.get().reason == "家里有事"


def test_a_request_is_answered_once(seat, district_staff):
    asked = ask(seat)
    answer(asked, district_staff)

    with pytest.raises(RequestRefused, match="已经有人答复"):
        answer(asked, district_staff, granted=False)


@pytest.mark.parametrize("closed", [False, True])
def test_once_the_class_has_begun_the_seat_stays_and_the_roll_says_who_came(
    seat, cadre, district_staff, closed
):
    asked, lesson = ask(seat), seat.training_class.lessons.get()
    start_due_classes(now=lesson.starts_at)
    mark(
        lesson=lesson,
        enrolments=[seat],
        status="absent" if closed else "present",
        by=district_staff,
        now=lesson.ends_at,
    )
    if closed:
        close_class(training_class=seat.training_class, by=district_staff, now=lesson.ends_at)

    with pytest.raises(RequestRefused, match="点名"):
        answer(asked, district_staff, now=lesson.ends_at)
    answer(asked, district_staff, granted=False, words="已经开课", now=lesson.ends_at)

    seat.refresh_from_db()
    assert (seat.status, seat.attendances.count(), list(breaches())) == ("booked", 1, [])


def test_a_refusal_says_why(seat, district_staff):
    with pytest.raises(RequestRefused, match="不同意请写原因"):
        answer(ask(seat), district_staff, granted=False, words="  ")


@pytest.mark.parametrize(
    ("moment", "words"), [(NOW, "还可以自行取消"), (NOW + timedelta(days=15), "请请假")]
)
def test_before_the_deadline_one_cancels_and_after_the_start_one_asks_for_leave(
    seat, moment, words
):
    with pytest.raises(RequestRefused, match=words):
        ask(seat, now=moment)


def test_a_request_has_its_reason(seat):
    with pytest.raises(RequestRefused, match="一句话"):
        ask(seat, reason=" ")


def test_the_page_of_late_cancelling_asks_for_the_reason_and_staff_answer_on_one_page(
    client, seat, cadre, district_staff, time_machine
):
    time_machine.move_to(LATE, tick=False)
    client.force_login(cadre.user)
    page = reverse("trainees:cancel", args=[seat.training_class.code])
    assert 'name="reason"' in client.get(page).content.decode()
    assert "一句话" in client.post(page, {"reason": ""}, follow=True).content.decode()
    client.post(page, {"reason": "家里有事"})
    assert "教务还没有答复" in client.get(page).content.decode()

    client.force_login(district_staff)
    assert "家里有事" in client.get(reverse("trainees:requests")).content.decode()
    assert "答复：过期取消申请" in client.get("/manage/").content.decode()
    asked = LateWithdrawal.objects.get()
    decide_page = reverse("trainees:decide_request", args=["withdrawal", asked.pk])
    for wrong in (
        {},
        {"decision": "maybe"},
        {"decision": "refused"},
        {"decision": "granted", "answer": "好" * 201},
    ):
        client.post(decide_page, wrong)
        asked.refresh_from_db()
        assert asked.is_pending
    client.post(decide_page, {"decision": "granted", "answer": ""})
    assert state(seat.training_class)[0] == {}


def test_a_tap_on_cancel_before_the_deadline_still_cancels(client, seat, cadre, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cadre.user)

    client.post(reverse("trainees:cancel", args=[seat.training_class.code]))

    assert state(seat.training_class)[0] == {}


# --- Exemption ------------------------------------------------------------------------------------


@pytest.fixture
def repeated(cadre):
    course = CourseFactory(title="加装电梯")
    has_taken(cadre, course)
    training_class = class_with(seats=2)
    version = training_class.lessons.get().course_version
    version.course = course
    version.number = 99
    version.save()
    return training_class


def test_an_exemption_keeps_what_was_taken_and_frees_a_seat_that_was_dispatched(
    repeated, cadre, district_staff
):
    book(trainee=cadre, training_class=repeated, by=district_staff, now=NOW, channel="dispatch")

    asked = ask_for_exemption(
        trainee=cadre, training_class=repeated, reason="去年刚上过", by=cadre.user, now=NOW
    )
    assert "加装电梯" in asked.earlier
    with translation.override("en"):
        answer(asked, district_staff)

    assert state(repeated)[0] == {}
    assert EnrolmentEvent.objects.last().reason == "免训", (
        "kept in the language of the portal, not of who answers"
    )


def test_there_is_no_exemption_from_what_is_new(cadre):
    with pytest.raises(RequestRefused, match="没有可免的内容"):
        ask_for_exemption(
            trainee=cadre, training_class=class_with(seats=1), reason="都会", by=cadre.user, now=NOW
        )


def test_the_page_of_the_exemption(client, repeated, cadre, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cadre.user)
    page = reverse("trainees:exemption", args=[repeated.code])

    assert "加装电梯" in client.get(page).content.decode()
    client.post(page, {"reason": "去年刚上过"})

    assert RepeatExemption.objects.get().reason == "去年刚上过"
    assert "教务还没有答复" in client.get(page).content.decode()
    assert (
        "没有可免的内容"
        in client.get(
            reverse("trainees:exemption", args=[class_with(seats=1).code])
        ).content.decode()
    )


# --- Absence without leave ------------------------------------------------------------------------


def test_two_days_within_90_days_put_a_person_after_the_others_and_nothing_else(
    cadre, colleague, outsider
):
    for days in (20, 40):
        was_absent(cadre, CourseFactory(), days_ago=days)
    full = class_with(seats=1)
    take(colleague, full)

    lowered, later = take(cadre, full), take(outsider, full)

    assert (lowered.priority, later.priority) == (QueuePriority.LATER, QueuePriority.USUAL)
    assert lowered.priority_reason == "2027年2月9日、2027年1月20日未请假缺课"
    assert take(cadre, class_with(seats=1, starts_at=NOW + timedelta(days=30))).holds_a_seat


@pytest.mark.parametrize("days", [[20], [20, 91], [91, 120]])
def test_once_or_long_ago_changes_nothing(cadre, days):
    for ago in days:
        was_absent(cadre, CourseFactory(), days_ago=ago)

    assert not standing_of(cadre, NOW).is_lowered


def test_two_lessons_of_one_day_are_one_absence(cadre):
    was_absent(cadre, CourseFactory(), days_ago=20)
    was_absent(cadre, CourseFactory(), days_ago=20)

    assert len(standing_of(cadre, NOW).absences) == 1


def test_a_class_that_is_not_closed_does_not_count_yet(cadre):
    for days in (20, 40):
        training_class = was_absent(cadre, CourseFactory(), days_ago=days)
    training_class.status = "running"
    training_class.save()

    assert not standing_of(cadre, NOW).is_lowered


def test_closing_a_class_tells_the_person_with_the_way_to_appeal(cadre, district_staff):
    was_absent(cadre, CourseFactory(), days_ago=40)
    training_class = was_absent(cadre, CourseFactory(), days_ago=20)
    training_class.status = "running"
    training_class.save()

    close_class(training_class=training_class, by=district_staff, now=NOW)

    notice = Notice.objects.get(kind="no_show")
    assert (notice.person, notice.link) == (cadre.user, reverse("trainees:my_absences"))
    assert "别的不受影响" in notice.body


def test_a_granted_appeal_resets_also_where_the_person_waits_already(
    cadre, colleague, district_staff
):
    for days in (20, 40):
        was_absent(cadre, CourseFactory(), days_ago=days)
    full = class_with(seats=1)
    take(colleague, full)
    waiting = take(cadre, full)

    answer(
        appeal(trainee=cadre, reason="那两天在防汛一线", by=cadre.user, now=NOW),
        district_staff,
        now=NOW,
    )

    waiting.refresh_from_db()
    assert (waiting.priority, waiting.priority_reason, standing_of(cadre, NOW).absences) == (
        QueuePriority.USUAL,
        "",
        (),
    )
    assert waiting.events.last().kind == "priority"


def test_a_refused_appeal_changes_nothing_and_may_be_made_again(cadre, district_staff):
    for days in (20, 40):
        was_absent(cadre, CourseFactory(), days_ago=days)
    answer(
        appeal(trainee=cadre, reason="忘了", by=cadre.user, now=NOW),
        district_staff,
        granted=False,
        words="请提前请假",
        now=NOW,
    )

    assert standing_of(cadre, NOW).is_lowered
    assert appeal(trainee=cadre, reason="有新情况", by=cadre.user, now=NOW).is_pending


def test_there_is_nothing_to_appeal_against_without_absences(cadre):
    with pytest.raises(RequestRefused, match="不用申诉"):
        appeal(trainee=cadre, reason="随便", by=cadre.user, now=NOW)


def test_the_page_says_what_counts_and_takes_the_appeal(client, cadre, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cadre.user)
    page = reverse("trainees:my_absences")
    assert "没有未请假的缺课" in client.get(page).content.decode()
    for days in (20, 40):
        was_absent(cadre, CourseFactory(), days_ago=days)

    assert "排在别人后面" in client.get(page).content.decode()
    client.post(page, {"reason": "那两天在防汛一线"})

    assert NoShowAppeal.objects.get().decision == Decision.PENDING
    assert "还没有答复" in client.get(page).content.decode()


def test_the_page_of_requests_costs_the_same_for_one_and_three(
    client, district_staff, django_assert_max_num_queries, time_machine
):
    time_machine.move_to(LATE, tick=False)
    client.force_login(district_staff)

    def one_more():
        training_class = class_with(seats=1)
        pool = training_class.pools.get()
        enrolment = EnrolmentFactory(
            training_class=training_class, pool=pool, status=EnrolmentStatus.BOOKED
        )
        pool.seats_taken = 1
        pool.save()
        ask(enrolment)

    one_more()
    with django_assert_max_num_queries(15) as one:
        client.get(reverse("trainees:requests"))
    for _number in range(2):
        one_more()
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("trainees:requests"))


def test_lessons_of_one_class_on_two_days_count_as_two(cadre):
    """A class missed on both of its days is two days without leave."""
    training_class = was_absent(cadre, CourseFactory(), days_ago=20)
    enrolment = training_class.enrolments.get()
    second = LessonFactory(
        training_class=training_class, number=2, starts_at=NOW - timedelta(days=19)
    )
    first_mark = enrolment.attendances.get()
    first_mark.pk, first_mark.lesson = None, second
    first_mark.save()

    assert [absence.on.day for absence in standing_of(cadre, NOW).absences] == [10, 9]
