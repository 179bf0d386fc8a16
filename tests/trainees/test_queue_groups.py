"""People of one village who wait together: all or nobody, or as many as fit.

And priorities with their reason.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from trainees.booking.enrolling import book_group, set_priority
from trainees.booking.queue import release_due
from trainees.booking.withdrawing import withdraw
from trainees.classes.changes import change_seats
from trainees.errors import GroupRefused, NothingToCancel
from trainees.invariants import breaches
from trainees.models import Enrolment, EnrolmentStatus, QueuePriority

from ..factories import NOW, TraineeFactory, VillageFactory, class_with
from .test_booking import events_of, give_back, state, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(village, cadre, colleague):
    return [cadre, colleague, TraineeFactory(village=village)]


@pytest.fixture
def coordinator(village_coordinator):
    return village_coordinator


def statuses(trainees):
    return [
        Enrolment.objects.live().filter(trainee=trainee).values_list("status", flat=True).first()
        for trainee in trainees
    ]


def join(trainees, training_class, coordinator, *, together, now=NOW):
    return book_group(
        trainees=trainees, training_class=training_class, together=together, by=coordinator, now=now
    )


def test_a_group_that_fits_gets_its_seats_at_once(three, coordinator):
    training_class = class_with(seats=3)

    join(three, training_class, coordinator, together=True)

    assert statuses(three) == ["booked"] * 3
    assert not training_class.queue_groups.exists()


def test_all_or_nobody_waits_as_a_whole_and_leaves_the_seats_to_others(
    three, coordinator, outsider
):
    training_class = class_with(seats=2)

    join(three, training_class, coordinator, together=True)

    assert (statuses(three), state(training_class)[2]) == (["waitlisted"] * 3, 3)
    assert take(outsider, training_class).status == EnrolmentStatus.BOOKED


def test_as_many_as_fit_share_what_there_is(three, coordinator):
    training_class = class_with(seats=2)

    join(three, training_class, coordinator, together=False)

    assert statuses(three) == ["booked", "booked", "waitlisted"]


def test_all_or_nobody_moves_up_together_and_is_passed_over_until_then(
    three, coordinator, outsider
):
    training_class = class_with(seats=1)
    seat = take(TraineeFactory(), training_class)
    group = join(three, training_class, coordinator, together=True)
    behind = take(outsider, training_class)

    give_back(seat)
    behind.refresh_from_db()
    assert (statuses(three), behind.status) == (["waitlisted"] * 3, EnrolmentStatus.BOOKED)
    assert events_of(group[0]) == ["waitlisted", "skipped"]
    assert group[0].events.last().reason == "名额不够一组人: 空出 1 席，一组 3 人一起候补"

    change_seats(training_class=training_class, capacity=4, town_seats={}, by=coordinator, now=NOW)
    assert statuses(three) == ["booked"] * 3


def test_a_group_uses_seats_of_the_own_town_and_open_ones(three, coordinator, town):
    training_class = class_with(seats=3, town_seats={town: 2})

    join(three, training_class, coordinator, together=True)

    assert statuses(three) == ["booked"] * 3


def test_a_group_that_shrinks_may_fit(three, coordinator):
    training_class = class_with(seats=2)
    group = join(three, training_class, coordinator, together=True)

    withdraw(enrolment=group[1], by=coordinator, now=NOW)

    assert statuses(three) == ["booked", None, "booked"]


def test_one_who_may_not_come_holds_up_a_whole_group(three, coordinator):
    training_class = class_with(seats=1)
    seat = take(TraineeFactory(), training_class)
    join(three[:2], training_class, coordinator, together=True)
    take(three[1], class_with(seats=1))  # at the same hour

    change_seats(training_class=training_class, capacity=3, town_seats={}, by=coordinator, now=NOW)

    assert statuses(three[:1]) == ["waitlisted"]
    assert seat.holds_a_seat


def test_a_group_is_of_one_village_and_names_no_one_twice(three, coordinator, outsider):
    training_class = class_with(seats=5)

    for people in ([*three, outsider], [three[0], three[0]], []):
        with pytest.raises(GroupRefused, match="同一个居村"):
            join(people, training_class, coordinator, together=True)


def test_a_group_with_one_refusal_says_whose_and_books_nobody(three, coordinator):
    training_class = class_with(seats=5)
    take(three[1], training_class)

    with pytest.raises(GroupRefused) as refusal:
        join(three, training_class, coordinator, together=False)

    assert list(refusal.value.refused) == [three[1]]
    assert statuses(three) == [None, "booked", None]


def test_the_audit_knows_that_a_whole_group_waits_rightly(three, coordinator, time_machine):
    time_machine.move_to(NOW)
    training_class = class_with(seats=2)
    join(three, training_class, coordinator, together=True)

    assert list(breaches()) == []
    training_class.queue_groups.update(village=VillageFactory())
    assert [breach.text for breach in breaches()] == [
        "waits in a group of another class or village"
    ] * 3


def test_the_sweep_moves_nobody_of_a_group_that_does_not_fit(three, coordinator):
    training_class = class_with(seats=2)
    join(three, training_class, coordinator, together=True)

    assert release_due(now=NOW + timedelta(minutes=1)) == 0


# --- Priority -------------------------------------------------------------------------------------


def test_a_priority_goes_first_and_keeps_who_when_and_why(
    cadre, colleague, outsider, district_staff
):
    training_class = class_with(seats=1)
    seat = take(colleague, training_class)
    first, favoured = take(cadre, training_class), take(outsider, training_class)

    set_priority(
        enrolment=favoured,
        priority=QueuePriority.FIRST,
        reason="新任书记，半年内要上",
        by=district_staff,
        now=NOW,
    )
    give_back(seat)

    favoured.refresh_from_db()
    first.refresh_from_db()
    event = favoured.events.get(kind="priority")
    assert (favoured.status, first.status) == (EnrolmentStatus.BOOKED, EnrolmentStatus.WAITLISTED)
    assert (event.by, event.at, event.reason) == (district_staff, NOW, "-1: 新任书记，半年内要上")


def test_only_who_waits_has_a_place_to_change(cadre, district_staff):
    with pytest.raises(NothingToCancel):
        set_priority(
            enrolment=take(cadre, class_with(seats=1)),
            priority=QueuePriority.FIRST,
            reason="急",
            by=district_staff,
            now=NOW,
        )


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_priority_without_a_reason_is_refused(cadre, colleague, district_staff, reason):
    training_class = class_with(seats=1)
    take(colleague, training_class)

    with pytest.raises(ValueError, match="reason"):
        set_priority(
            enrolment=take(cadre, training_class),
            priority=QueuePriority.FIRST,
            reason=reason,
            by=district_staff,
            now=NOW,
        )


# --- The page -------------------------------------------------------------------------------------


def test_the_page_shows_the_queue_with_its_history_and_moves_people(
    client, cadre, colleague, district_staff
):
    training_class = class_with(seats=1)
    take(colleague, training_class)
    waiting = take(cadre, training_class)
    client.force_login(district_staff)
    page = reverse("trainees:queue", args=[training_class.code])

    assert cadre.name in client.get(page).content.decode()
    assert (
        "请写原因"
        in client.post(
            page, {"person": waiting.pk, "priority": "-1", "reason": ""}, follow=True
        ).content.decode()
    )
    content = client.post(
        page, {"person": waiting.pk, "priority": "-1", "reason": "新任书记"}, follow=True
    ).content.decode()

    assert "调整好了" in content and "新任书记" in content and district_staff.name in content


@pytest.mark.parametrize("person", ["", "abc", "9" * 5000, "0", "-1", "²"])
def test_a_wrong_person_gets_a_sentence(client, district_staff, person):
    training_class = class_with(seats=1)
    client.force_login(district_staff)

    response = client.post(
        reverse("trainees:queue", args=[training_class.code]),
        {"person": person, "priority": "-1", "reason": "x"},
        follow=True,
    )

    assert (response.status_code, "不在本班候补名单里" in response.content.decode()) == (200, True)


@pytest.mark.parametrize("priority", ["", "5", "first", "9" * 5000])
def test_a_wrong_priority_gets_a_sentence_and_moves_nobody(
    client, cadre, colleague, district_staff, priority
):
    training_class = class_with(seats=1)
    take(colleague, training_class)
    waiting = take(cadre, training_class)
    client.force_login(district_staff)

    response = client.post(
        reverse("trainees:queue", args=[training_class.code]),
        {"person": waiting.pk, "priority": priority, "reason": "x"},
        follow=True,
    )

    waiting.refresh_from_db()
    assert (response.status_code, waiting.priority) == (200, 0)


def test_the_page_costs_the_same_for_one_and_three(
    client, cadre, colleague, district_staff, django_assert_max_num_queries
):
    training_class = class_with(seats=1)
    take(colleague, training_class)
    client.force_login(district_staff)
    page = reverse("trainees:queue", args=[training_class.code])
    take(cadre, training_class)
    with django_assert_max_num_queries(15) as one:
        client.get(page)
    for _number in range(2):
        take(TraineeFactory(), training_class)
    with django_assert_max_num_queries(len(one)):
        client.get(page)
