"""Dispatch: sending, answering, replacing, swapping, and how often people are called."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import TrainingClass
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.booking.queue import release_due
from trainees.booking.withdrawing import withdraw
from trainees.errors import AlreadyEnrolled, NotEligible
from trainees.invariants import breaches
from trainees.models import Enrolment, EnrolmentChannel, EnrolmentStatus, Nomination
from trainees.on_behalf.nominations import (
    Call,
    NominationRefused,
    answer,
    called_within_a_week,
    calls_ahead,
    free_unreplaced,
    nominate,
    replace,
    swap_classes,
)
from trainees.waiting import waiting_for

from ..factories import NOW, PositionFactory, TraineeFactory, VillageFactory, ask, class_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def training_class(town):
    return class_with(seats=5, town_seats={town: 2})


def send(trainees, training_class, town, by, now=NOW):
    return nominate(trainees=trainees, training_class=training_class, town=town, by=by, now=now)


@pytest.fixture
def nomination(cadre, training_class, town, town_staff):
    send([cadre], training_class, town, town_staff)
    return Nomination.objects.get()


def reason_of(outcomes) -> list[str]:
    return [outcome.kind for outcome in outcomes]


# --- Sending --------------------------------------------------------------------------------------


def test_a_nomination_holds_a_seat_of_the_town_and_asks_the_person(
    nomination, cadre, town, training_class
):
    assert (nomination.status, nomination.enrolment.status, nomination.enrolment.channel) == (
        "asked",
        EnrolmentStatus.BOOKED,
        EnrolmentChannel.DISPATCH,
    )
    assert nomination.enrolment.pool.town == town
    notice = Notice.objects.get(kind="nominated")
    assert (notice.person, notice.link) == (
        cadre.user,
        reverse("trainees:nomination", args=[nomination.pk]),
    )


def test_the_quota_is_the_limit_and_each_person_has_an_answer(
    village, training_class, town, town_staff
):
    people = [TraineeFactory(village=village) for _number in range(3)]

    outcomes = send(people, training_class, town, town_staff)

    assert reason_of(outcomes) == ["booked", "booked", "refused"]
    assert "名额已用完" in outcomes[2].refusal
    assert Enrolment.objects.count() == Nomination.objects.count() == 2
    assert list(breaches()) == []


def test_people_of_elsewhere_misfits_and_repeats(
    training_class, town, town_staff, outsider, cadre, nomination
):
    ask(training_class, audiences=[cadre.position])
    misfit = TraineeFactory(village=cadre.village, position=PositionFactory())

    outcomes = send([outsider, misfit, cadre], training_class, town, town_staff)

    assert reason_of(outcomes) == ["refused", "refused", "same"]
    assert Nomination.objects.count() == 1


# --- Answering ------------------------------------------------------------------------------------


def test_coming_twice_is_coming_once_and_the_mind_may_change(nomination):
    answer(nomination=nomination, comes=True, now=NOW)
    first = Nomination.objects.get().answered_at
    answer(nomination=nomination, comes=True, now=NOW + timedelta(hours=1))
    assert (Nomination.objects.get().status, Nomination.objects.get().answered_at) == (
        "coming",
        first,
    )

    answer(nomination=nomination, comes=False, reason="换届走访", now=NOW + timedelta(hours=2))

    assert (Nomination.objects.get().status, Nomination.objects.get().reason) == (
        "cannot",
        "换届走访",
    )


def test_who_cannot_come_says_why_and_the_town_is_told_while_the_seat_is_kept(
    nomination, town_staff
):
    with pytest.raises(NominationRefused, match="为什么来不了"):
        answer(nomination=nomination, comes=False, reason="  ", now=NOW)

    answer(nomination=nomination, comes=False, reason="换届走访", now=NOW)

    assert Notice.objects.get(kind="nomination_refused").person == town_staff
    nomination.enrolment.refresh_from_db()
    assert nomination.enrolment.status == EnrolmentStatus.BOOKED


def test_no_answer_after_the_start(nomination, training_class):
    with pytest.raises(NominationRefused):
        answer(nomination=nomination, comes=True, now=training_class.starts_at)


# --- Somebody else --------------------------------------------------------------------------------


def test_a_replacement_sits_on_the_same_seat_and_is_asked(nomination, town, town_staff, cadre):
    answer(nomination=nomination, comes=False, reason="换届走访", now=NOW)
    other = TraineeFactory(village__town=town)

    fresh = replace(nomination=nomination, trainee=other, by=town_staff, now=NOW)

    nomination.refresh_from_db()
    assert (nomination.status, fresh.status, fresh.replaces, fresh.trainee) == (
        "replaced",
        "asked",
        nomination,
        other,
    )
    assert (Enrolment.objects.live().get().trainee, fresh.enrolment.channel) == (
        other,
        EnrolmentChannel.DISPATCH,
    )
    assert set(
        Notice.objects.filter(kind__in=("nomination_replaced", "nominated")).values_list(
            "person", flat=True
        )
    ) == {cadre.user_id, other.user_id}
    with pytest.raises(NominationRefused):
        replace(
            nomination=nomination,
            trainee=TraineeFactory(village__town=town),
            by=town_staff,
            now=NOW,
        )
    with pytest.raises(NominationRefused):
        answer(nomination=nomination, comes=True, now=NOW)
    assert list(breaches()) == []


def test_whoever_gives_the_seat_back_is_asked_no_more_and_can_be_sent_again(
    nomination, training_class, town, town_staff, cadre
):
    withdraw(enrolment=nomination.enrolment, by=cadre.user, now=NOW)

    nomination.refresh_from_db()
    assert nomination.status == "released"
    assert reason_of(send([cadre], training_class, town, town_staff)) == ["booked"]
    assert list(Nomination.objects.order_by("pk").values_list("status", flat=True)) == [
        "released",
        "asked",
    ]


def test_who_cannot_replace(nomination, outsider, town_staff, training_class, town, cadre):
    seated = TraineeFactory(village__town=town)
    book(trainee=seated, training_class=training_class, by=seated.user, now=NOW)
    ask(training_class, audiences=[cadre.position])
    for wrong, error in (
        (outsider, Exception),
        (seated, AlreadyEnrolled),
        (TraineeFactory(village__town=town, position=PositionFactory()), NotEligible),
    ):
        with pytest.raises(error):
            replace(nomination=nomination, trainee=wrong, by=town_staff, now=NOW)

    nomination.refresh_from_db()
    assert nomination.status == "asked"


def test_two_people_swap_their_classes(nomination, town, town_staff, cadre):
    elsewhere = class_with(seats=5, town_seats={town: 1}, starts_at=NOW + timedelta(days=40))
    colleague = TraineeFactory(village__town=town)
    send([colleague], elsewhere, town, town_staff)
    second = Nomination.objects.get(training_class=elsewhere)

    swap_classes(first=nomination, second=second, by=town_staff, now=NOW)

    seats = set(Enrolment.objects.live().values_list("training_class", "trainee"))
    assert seats == {(nomination.training_class_id, colleague.pk), (elsewhere.pk, cadre.pk)}
    assert list(breaches()) == []


def test_an_unreplaced_seat_goes_to_who_waits_after_a_day(
    nomination, training_class, town, colleague
):
    answer(nomination=nomination, comes=False, reason="换届走访", now=NOW)
    for _number in range(4):
        other = TraineeFactory(village__town=town)
        book(trainee=other, training_class=training_class, by=other.user, now=NOW)
    waiting = book(trainee=colleague, training_class=training_class, by=colleague.user, now=NOW)
    assert waiting.is_waiting
    assert free_unreplaced(now=NOW + timedelta(hours=23)) == 0

    assert free_unreplaced(now=NOW + timedelta(hours=25)) == 1

    waiting.refresh_from_db()
    nomination.refresh_from_db()
    assert (waiting.status, nomination.status) == (EnrolmentStatus.BOOKED, "released")
    assert free_unreplaced(now=NOW + timedelta(hours=26)) == 0
    assert list(breaches()) == []


def test_the_town_sees_at_its_desk_whom_to_replace(nomination, town_staff, department_staff):
    (to_fill,) = waiting_for(town_staff, NOW)  # a seat of the town is still free
    assert "名额待用" in to_fill.title
    answer(nomination=nomination, comes=False, reason="换届走访", now=NOW)

    item, _to_fill = waiting_for(town_staff, NOW)

    assert (item.detail, item.url) == (
        "换届走访",
        reverse("trainees:nomination_replace", args=[nomination.pk]),
    )
    assert list(waiting_for(department_staff, NOW)) == []


# --- How often ------------------------------------------------------------------------------------


def test_calls_ahead_are_counted_for_thirty_days(
    nomination, cadre, training_class, django_assert_num_queries
):
    later = class_with(seats=5, starts_at=NOW + timedelta(days=31))
    book(trainee=cadre, training_class=later, by=cadre.user, now=NOW)
    with django_assert_num_queries(1):
        calls = calls_ahead([cadre], NOW)

    on = timezone.localdate(training_class.starts_at)
    assert calls == {cadre.pk: [Call(on, training_class.title, training_class.code, True)]}
    assert called_within_a_week(calls[cadre.pk], on + timedelta(days=7)) == calls[cadre.pk][0]
    assert called_within_a_week(calls[cadre.pk], on + timedelta(days=8)) is None


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def open_now(town):
    now = timezone.now()
    return class_with(
        seats=3,
        town_seats={town: 1},
        starts_at=now + timedelta(days=14),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=7),
    )


def page_of(training_class) -> str:
    return reverse("trainees:nominations", args=[training_class.code])


def test_the_whole_way_on_the_pages(client, town_staff, cadre, town, open_now):
    client.force_login(town_staff)
    page = client.post(page_of(open_now), {"people": [cadre.pk]}, follow=True)
    assert f"已安排 1 人，通知已发：{cadre.name}" in page.text
    assert page.context["quota"].seats_taken == 1  # counted after the one who was sent just now
    nomination = Nomination.objects.get()
    client.force_login(cadre.user)
    own = reverse("trainees:nomination", args=[nomination.pk])
    assert "我能来" in client.get(own).text
    assert client.post(own, {"wish": "cannot", "reason": ""}).context["form"].errors
    client.post(own, {"wish": "cannot", "reason": "换届走访"})
    other = TraineeFactory(village__town=town)
    client.force_login(town_staff)
    assert "换届走访" in client.get(page_of(open_now)).text

    response = client.post(
        reverse("trainees:nomination_replace", args=[nomination.pk]), {"to": other.pk}, follow=True
    )

    assert "办好了" in response.text and other.name in response.text


@pytest.mark.parametrize(
    "data", [{}, {"people": ["9" * 50]}, {"people": ["x"]}, {"town": "x", "village": "²"}]
)
def test_bad_input_is_told(client, town_staff, cadre, open_now, data):
    client.force_login(town_staff)

    assert client.post(page_of(open_now), data).status_code == 200
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("data", [{}, {"to": "9" * 50}, {"to": "x"}])
def test_a_replacement_must_be_somebody(client, town_staff, nomination, data):
    client.force_login(town_staff)

    assert (
        client.post(reverse("trainees:nomination_replace", args=[nomination.pk]), data)
        .context["form"]
        .errors
    )


def test_without_a_quota_the_page_says_so(client, town_staff, cadre):
    client.force_login(town_staff)

    assert "没有本街镇的名额" in client.get(page_of(class_with(seats=3))).text


def test_the_load_names_only_own_people_in_the_order_of_villages(
    client, town_staff, cadre, outsider, open_now
):
    for person in (cadre, outsider):
        book(trainee=person, training_class=open_now, by=person.user, now=timezone.now())
    client.force_login(town_staff)

    later = TraineeFactory(village=cadre.village)
    next_year = class_with(
        seats=3,
        starts_at=timezone.now() + timedelta(days=40),
        booking_opens_at=timezone.now() - timedelta(days=1),
        booking_closes_at=timezone.now() + timedelta(days=7),
    )
    book(trainee=later, training_class=next_year, by=later.user, now=timezone.now())

    page = client.get("/manage/load/")

    assert (
        cadre.name in page.text and outsider.name not in page.text and later.name not in page.text
    )
    assert client.get("/manage/load/?town=x&page=9999").status_code == 200


@pytest.fixture
def called(town, village, cadre, open_now):
    """Three people who are called: two of one village, one of another village of the town; and one
    of another town.
    """
    beside, elsewhere = (
        VillageFactory(town=town, code=str(int(village.code) + 500)),
        VillageFactory(),
    )
    found = {
        "cadre": cadre,
        "secretary": TraineeFactory(village=village, user__name="王小芳", stroke_key="9"),
        "beside": TraineeFactory(village=beside, user__name="张晓华"),
        "elsewhere": TraineeFactory(village=elsewhere, user__name="赵敏"),
    }
    for person in found.values():
        Enrolment.objects.create(
            trainee=person,
            training_class=open_now,
            status="booked",
            pool=open_now.pools.first(),
            village=person.village,
            position=person.position,
            queued_at=NOW,
            booked_by=person.user,
        )
    return found


def load_of(client, **query) -> list[str]:
    page = client.get("/manage/load/", query or {"q": ""})
    return [person.name for person in page.context["list"].page_rows]


def test_the_load_of_a_town_is_narrowed_to_a_village_and_searched(client, town_staff, called):
    client.force_login(town_staff)
    cadre, secretary, beside = (called[who] for who in ("cadre", "secretary", "beside"))

    assert load_of(client) == [cadre.name, secretary.name, beside.name]
    assert load_of(client, village=beside.village.code) == [beside.name]
    assert load_of(client, village=cadre.village.code, q="wxf") == [secretary.name]
    assert load_of(client, q=beside.user.phone) == [beside.name]
    assert (
        load_of(client, q="赵敏") == [] == load_of(client, village=called["elsewhere"].village.code)
    )
    assert "没有符合的" in client.get("/manage/load/", {"q": "赵敏"}).text
    for query in (
        {"village": called["elsewhere"].village.code},
        {"village": "x"},
        {"village": "x\r"},
        {"town": "x", "village": cadre.village.code},
    ):
        assert "没有这个筛选条件" in client.get("/manage/load/", query).text


def test_the_office_chooses_a_town_then_a_village_of_it(client, district_staff, called):
    client.force_login(district_staff)
    beside, elsewhere = called["beside"], called["elsewhere"]

    assert len(load_of(client)) == 4
    assert load_of(client, town=elsewhere.village.town.code) == [elsewhere.name]
    page = client.get("/manage/load/", {"town": beside.village.town.code})
    choices = dict(page.context["list"].form.fields["village"].choices)
    assert set(choices) == {"", beside.village.code, called["cadre"].village.code}
    assert load_of(client, village=beside.village.code) == [beside.name], "a link without the town"
    assert load_of(client, town=elsewhere.village.town.code, village=beside.village.code) == [
        elsewhere.name
    ], "the town was changed, the village is the old one"


def test_the_load_draws_one_page_and_asks_for_it_alone(client, town_staff, called, monkeypatch):
    monkeypatch.setattr("trainees.office_lists.LoadList.sizes", (2,))
    client.force_login(town_staff)
    client.get("/manage/load/")

    seen = []
    for number in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            names = load_of(client, page=number)
        seen.append((names, len(queries)))

    assert [names for names, _count in seen] == [
        [called["cadre"].name, called["secretary"].name],
        [called["beside"].name],
    ]
    assert seen[0][1] == seen[1][1] <= 12
    assert client.get("/manage/load/?q=").context["page"].paginator.count == 3


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client, town_staff, village, open_now, django_assert_max_num_queries, count
):
    for _number in range(count):
        TraineeFactory(village=village)
    client.force_login(town_staff)
    with django_assert_max_num_queries(20):
        client.get(page_of(open_now))
    with django_assert_max_num_queries(12):
        client.get("/manage/load/")
    assert TrainingClass.objects.count() == 1


def test_two_people_take_each_others_class_also_at_the_same_time(town, town_staff, cadre):
    other = TraineeFactory(village__town=town)
    one, two = (class_with(seats=5, town_seats={town: 1}) for _class in range(2))
    send([cadre], one, town, town_staff)
    send([other], two, town, town_staff)

    swap_classes(
        first=Nomination.objects.get(trainee=cadre),
        second=Nomination.objects.get(trainee=other),
        by=town_staff,
        now=NOW,
    )

    assert set(Enrolment.objects.live().values_list("training_class", "trainee")) == {
        (one.pk, other.pk),
        (two.pk, cadre.pk),
    }


def test_after_the_quota_is_released_the_town_still_finds_whom_it_sent(
    client, training_class, town, town_staff, cadre, time_machine
):
    send([cadre], training_class, town, town_staff)
    released = training_class.booking_closes_at - timedelta(hours=47)
    release_due(now=released)
    answer(nomination=Nomination.objects.get(), comes=False, reason="有防汛值守", now=released)
    time_machine.move_to(released, tick=False)
    client.force_login(town_staff)

    page = client.get(Notice.objects.get(kind="nomination_refused").link)

    assert (
        cadre.name in page.content.decode()
        and reverse("trainees:nomination_replace", args=[Nomination.objects.get().pk])
        in page.content.decode()
    )
    assert not page.context["is_open"]  # nobody is added: the seats are open to all by now


def test_once_the_class_has_begun_nobody_is_asked_to_send_somebody_else(
    training_class, town, town_staff, cadre
):
    send([cadre], training_class, town, town_staff)
    answer(
        nomination=Nomination.objects.get(),
        comes=False,
        reason="有防汛值守",
        now=training_class.starts_at - timedelta(hours=5),
    )

    def asked(now) -> list[str]:
        return [item.action for item in waiting_for(town_staff, now) if "nomination" in item.url]

    assert (
        len(asked(training_class.starts_at - timedelta(hours=4))),
        asked(training_class.starts_at),
    ) == (1, [])
