"""Booking, cancelling and swapping for colleagues; one seat from hand to hand."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from courses.models import ClassStatus, TrainingClass
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.errors import AlreadyEnrolled, AlreadyStarted, NotEligible, NothingToCancel
from trainees.invariants import breaches
from trainees.models import Enrolment, EnrolmentChannel, EnrolmentEvent, EnrolmentStatus
from trainees.on_behalf.colleagues import (
    ALL_OR_NOBODY,
    AS_MANY_AS_FIT,
    MOST_AT_ONCE,
    SEPARATELY,
    NotAColleague,
    TooMany,
    book_colleagues,
    cancel_for_colleagues,
    people_of,
)
from trainees.on_behalf.passing_on import colleague_by_phone, pass_on
from trainees.views import colleagues as colleagues_page

from ..factories import NOW, PositionFactory, TraineeFactory, ask, class_with
from ..page_text import squeezed

pytestmark = pytest.mark.django_db


def seat(trainee, training_class, now=NOW):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=now)


def people(village, count: int, **fields) -> list:
    return [TraineeFactory(village=village, **fields) for _number in range(count)]


def book_for(trainees, training_class, by, manner=SEPARATELY):
    return book_colleagues(
        trainees=trainees, training_class=training_class, manner=manner, by=by, now=NOW
    )


def kinds(outcomes) -> list[str]:
    return [outcome.kind for outcome in outcomes]


# --- Whom -----------------------------------------------------------------------------------------


def test_a_coordinator_books_for_the_own_village_only(
    village_coordinator, cadre, colleague, outsider
):
    assert set(people_of(village_coordinator)) == {cadre, colleague}


def test_a_street_town_books_for_its_villages_and_the_office_for_all(
    town_staff, district_staff, cadre, outsider
):
    assert (set(people_of(town_staff)), set(people_of(district_staff))) == (
        {cadre},
        {cadre, outsider},
    )


def test_others_book_for_nobody(branch_coordinator, cadre):
    assert list(people_of(branch_coordinator)) == []


# --- Booking for many -----------------------------------------------------------------------------


def test_each_person_has_an_answer_and_no_refusal_costs_the_others(village, village_coordinator):
    fits = PositionFactory()
    training_class = class_with(seats=2)
    ask(training_class, audiences=[fits])
    first, second, third = people(village, 3, position=fits)
    misfit = TraineeFactory(village=village)

    outcomes = book_for([first, misfit, second, third], training_class, village_coordinator)

    assert kinds(outcomes) == ["booked", "refused", "booked", "waitlisted"]
    assert "岗位" in outcomes[1].refusal
    assert set(Enrolment.objects.values_list("channel", "booked_by")) == {
        (EnrolmentChannel.COORDINATOR, village_coordinator.pk)
    }
    assert set(Notice.objects.values_list("person", "kind")) == {
        (person.user_id, "booked_by_colleague") for person in (first, second, third)
    }


def test_sending_the_form_twice_changes_nothing(cadre, colleague, village_coordinator):
    training_class = class_with(seats=5)
    book_for([cadre, colleague], training_class, village_coordinator)

    outcomes = book_for([cadre, colleague], training_class, village_coordinator)

    assert kinds(outcomes) == ["same", "same"]
    assert (Enrolment.objects.count(), Notice.objects.count()) == (2, 2)


def test_as_many_as_fit_get_seats_and_the_others_wait_together(village, village_coordinator):
    training_class = class_with(seats=2)

    outcomes = book_for(people(village, 3), training_class, village_coordinator, AS_MANY_AS_FIT)

    assert kinds(outcomes) == ["booked", "booked", "waitlisted"]
    assert outcomes[2].enrolment.group is not None


def test_all_or_nobody_waits_together(village, village_coordinator):
    training_class = class_with(seats=2)

    outcomes = book_for(people(village, 3), training_class, village_coordinator, ALL_OR_NOBODY)

    assert kinds(outcomes) == ["waitlisted"] * 3
    assert len({outcome.enrolment.group_id for outcome in outcomes}) == 1


def test_a_group_of_which_one_is_refused_is_not_booked_and_says_why(village, village_coordinator):
    fits = PositionFactory()
    training_class = class_with(seats=5)
    ask(training_class, audiences=[fits])
    fitting, misfit = (
        TraineeFactory(village=village, position=fits),
        TraineeFactory(village=village),
    )

    outcomes = book_for([fitting, misfit], training_class, village_coordinator, AS_MANY_AS_FIT)

    assert kinds(outcomes) == ["refused", "refused"]
    assert "一起报" in outcomes[0].refusal and "岗位" in outcomes[1].refusal
    assert not Enrolment.objects.exists()


def test_more_than_sixty_are_refused_at_once(cadre, village_coordinator):
    with pytest.raises(TooMany, match="最多选 60 人"):
        book_for([cadre] * (MOST_AT_ONCE + 1), class_with(seats=5), village_coordinator)


def test_cancelling_for_many_tells_each_and_gives_the_seats_to_who_waits(
    cadre, colleague, outsider, village_coordinator
):
    training_class = class_with(seats=2)
    enrolments = [seat(cadre, training_class), seat(colleague, training_class)]
    waiting = seat(outsider, training_class)

    outcomes = cancel_for_colleagues(enrolments=enrolments, by=village_coordinator, now=NOW)

    waiting.refresh_from_db()
    assert (kinds(outcomes), waiting.status) == (["withdrawn", "withdrawn"], EnrolmentStatus.BOOKED)
    assert Notice.objects.filter(kind="cancelled_by_colleague").count() == 2
    assert kinds(cancel_for_colleagues(enrolments=enrolments, by=village_coordinator, now=NOW)) == [
        "refused",
        "refused",
    ]


# --- One seat from hand to hand -------------------------------------------------------------------


def test_a_seat_is_passed_on_in_one_step_and_the_quota_stays(cadre, colleague, town):
    training_class = class_with(seats=5, town_seats={town: 1})
    own = seat(cadre, training_class)
    pool = own.pool

    passed = pass_on(enrolment=own, to=colleague, by=cadre.user, now=NOW)

    own.refresh_from_db()
    pool.refresh_from_db()
    assert (own.status, own.pool, passed.trainee, passed.pool, passed.status) == (
        EnrolmentStatus.WITHDRAWN,
        None,
        colleague,
        pool,
        EnrolmentStatus.BOOKED,
    )
    assert pool.seats_taken == 1
    assert set(Notice.objects.values_list("person", "kind")) == {
        (cadre.user_id, "seat_passed_on"),
        (colleague.user_id, "seat_received"),
    }
    assert list(breaches()) == []


def test_what_is_kept_of_it_is_in_the_language_of_the_portal(cadre, colleague, village_coordinator):
    training_class = class_with(seats=1)
    own, waiting = seat(cadre, training_class), seat(colleague, training_class)

    with translation.override("en"):
        passed = pass_on(enrolment=own, to=colleague, by=cadre.user, now=NOW)
        cancel_for_colleagues(enrolments=[passed], by=village_coordinator, now=NOW)

    assert list(
        EnrolmentEvent.objects.exclude(reason="").order_by("pk").values_list("enrolment", "reason")
    ) == [
        (waiting.pk, "接了同事的名额"),
        (own.pk, "名额转给了同事"),
        (passed.pk, "接了同事的名额"),
        (passed.pk, f"由{village_coordinator.name}取消"),
    ]


def test_who_waits_does_not_get_in_between(cadre, colleague, outsider):
    training_class = class_with(seats=1)
    own, waiting = seat(cadre, training_class), seat(outsider, training_class)

    pass_on(enrolment=own, to=colleague, by=cadre.user, now=NOW)

    waiting.refresh_from_db()
    assert waiting.is_waiting
    assert list(breaches()) == []


def test_a_colleague_who_waited_leaves_the_queue(cadre, colleague):
    training_class = class_with(seats=1)
    own, waiting = seat(cadre, training_class), seat(colleague, training_class)

    pass_on(enrolment=own, to=colleague, by=cadre.user, now=NOW)

    waiting.refresh_from_db()
    assert waiting.status == EnrolmentStatus.WITHDRAWN
    assert TrainingClass.objects.get().waiting_count == 0
    assert list(breaches()) == []


def test_it_works_after_the_deadline_for_cancelling_but_not_after_the_start(cadre, colleague):
    training_class = class_with(seats=1)
    own = seat(cadre, training_class)
    with pytest.raises(AlreadyStarted):
        pass_on(enrolment=own, to=colleague, by=cadre.user, now=training_class.starts_at)

    passed = pass_on(
        enrolment=own,
        to=colleague,
        by=cadre.user,
        now=training_class.starts_at - timedelta(minutes=5),
    )

    assert passed.status == EnrolmentStatus.BOOKED


def test_what_cannot_be_passed_on(cadre, colleague, outsider):
    training_class = class_with(seats=2)
    own, theirs = seat(cadre, training_class), seat(colleague, training_class)

    with pytest.raises(NotAColleague):
        pass_on(enrolment=own, to=outsider, by=cadre.user, now=NOW)
    with pytest.raises(AlreadyEnrolled):
        pass_on(enrolment=own, to=colleague, by=cadre.user, now=NOW)
    third = TraineeFactory(village=cadre.village, position=cadre.position)
    pass_on(enrolment=theirs, to=third, by=colleague.user, now=NOW)
    with pytest.raises(NothingToCancel):
        pass_on(enrolment=theirs, to=third, by=colleague.user, now=NOW)


def test_the_rules_of_the_class_hold_for_whoever_gets_the_seat(cadre, village):
    training_class = class_with(seats=2)
    ask(training_class, audiences=[cadre.position])
    own = seat(cadre, training_class)

    with pytest.raises(NotEligible):
        pass_on(enrolment=own, to=TraineeFactory(village=village), by=cadre.user, now=NOW)

    own.refresh_from_db()
    assert own.status == EnrolmentStatus.BOOKED


def test_a_stranger_and_an_unknown_number_get_the_same_answer(cadre, colleague, outsider):
    seat = book(trainee=cadre, training_class=class_with(seats=1), by=cadre.user, now=NOW)
    assert colleague_by_phone(seat, colleague.user.phone) == colleague
    answers = set()
    for phone in (outsider.user.phone, "19900099999", cadre.user.phone):
        with pytest.raises(NotAColleague) as refused:
            colleague_by_phone(seat, phone)
        answers.add(str(refused.value))
    assert len(answers) == 1


# --- Pages ----------------------------------------------------------------------------------------


def address(training_class) -> str:
    return reverse("trainees:colleagues", args=[training_class.code])


@pytest.fixture
def open_now(cadre):
    """A class that takes bookings at the moment of the test."""
    now = timezone.now()
    return class_with(
        seats=3,
        starts_at=now + timedelta(days=14),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=7),
    )


def test_the_form_answers_with_a_line_for_each(
    client, village_coordinator, cadre, colleague, open_now
):
    client.force_login(village_coordinator)

    page = client.post(
        address(open_now),
        {"people": [cadre.pk, colleague.pk], "village": cadre.village.code, "book": "1"},
    )

    assert [outcome.kind for outcome, _badge in page.context["outcomes"]] == ["booked", "booked"]
    again = client.post(
        address(open_now), {"people": [cadre.pk], "village": cadre.village.code, "book": "1"}
    )
    assert "之前已报" in again.text
    cancelled = client.post(
        address(open_now), {"people": [cadre.pk], "village": cadre.village.code, "cancel": "1"}
    )
    assert [outcome.kind for outcome, _badge in cancelled.context["outcomes"]] == ["withdrawn"]


def test_seats_and_queue_are_counted_after_the_booking(
    client, village_coordinator, cadre, colleague, open_now
):
    other = TraineeFactory(village=cadre.village)
    open_now.pools.update(seats=1)
    type(open_now).objects.update(capacity=1)
    client.force_login(village_coordinator)
    sent = {
        "people": [cadre.pk, colleague.pk, other.pk],
        "village": cadre.village.code,
        "book": "1",
    }

    shown = client.post(address(open_now), sent).context["training_class"]

    assert (shown.seats_taken, shown.waiting_count) == (1, 2)


def test_a_foreign_person_cannot_be_ticked(client, village_coordinator, cadre, outsider, open_now):
    client.force_login(village_coordinator)

    page = client.post(address(open_now), {"people": [outsider.pk], "book": "1"})

    assert page.status_code == 200 and "已不在名单上" in page.text
    assert outsider.name not in page.text and not Enrolment.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"people": ["abc"]},
        {"people": ["²"]},
        {"people": ["9" * 50]},
        {"manner": "x"},
        {"village": "x"},
    ],
)
def test_bad_input_is_told_on_the_page(client, village_coordinator, cadre, open_now, data):
    client.force_login(village_coordinator)

    assert client.post(address(open_now), data).status_code == 200
    assert not Enrolment.objects.exists()


def test_a_street_town_chooses_a_village(client, town_staff, cadre, town, open_now):
    other = TraineeFactory(village__town=town)
    client.force_login(town_staff)

    page = client.get(address(open_now), {"village": other.village.code})

    assert [person for person, _enrolment, _ticked in page.context["rows"]] == [other]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client, village_coordinator, village, open_now, django_assert_max_num_queries, count
):
    people(village, count)
    client.force_login(village_coordinator)
    with django_assert_max_num_queries(12):
        client.get(address(open_now))


# A village of more people than a page holds: searched, shown by page, and nobody ticked is lost.


@pytest.fixture
def pages_of_two(monkeypatch):
    monkeypatch.setattr(colleagues_page, "PER_PAGE", 2)


@pytest.fixture
def five(village, cadre, pages_of_two) -> list:
    """Five people who stand before the cadre on the list of the village."""
    type(cadre).objects.update(stroke_key="9")
    # a made-up name ends with a running number, which a search for digits may find
    cadre.user.phone, cadre.user.name = "13900009999", "钱秀兰"
    cadre.user.save()
    names = ("丁一鸣", "王小芳", "张晓华", "李建国", "赵敏")
    return [
        TraineeFactory(
            village=village,
            stroke_key=f"{place}",
            user__name=name,
            user__phone=f"1390000{1230 + place}",
        )
        for place, name in enumerate(names)
    ]


def shown(page) -> list[tuple[str, bool]]:
    return [(person.name, ticked) for person, _enrolment, ticked in page.context["rows"]]


def elsewhere(page) -> list[str]:
    return [person.name for person, _enrolment, _ticked in page.context["elsewhere"]]


def ticked_fields(page) -> set[int]:
    return {
        int(key)
        for key in re.findall(r'name="people" value="(\d+)" id="p\d+" checked', squeezed(page))
    }


def test_a_large_village_is_shown_by_page_and_the_ticks_go_along(
    client, village_coordinator, cadre, five, open_now
):
    client.force_login(village_coordinator)
    first, second, third, fourth, fifth = five

    page = client.get(address(open_now))
    assert (shown(page), elsewhere(page)) == ([(first.name, False), (second.name, False)], [])
    page = client.post(
        address(open_now),
        {
            "people": [first.pk],
            "page": "1",
            "to_page": "2",
            "manner": AS_MANY_AS_FIT,
            "repeat_reason": "换了岗位",
        },
    )
    assert (shown(page), elsewhere(page)) == (
        [(third.name, False), (fourth.name, False)],
        [first.name],
    )
    page = client.post(
        address(open_now), {"people": [first.pk, fourth.pk], "page": "2", "to_page": "3"}
    )
    assert (shown(page), elsewhere(page), ticked_fields(page)) == (
        [(fifth.name, False), (cadre.name, False)],
        [first.name, fourth.name],
        {first.pk, fourth.pk},
    )
    page = client.post(
        address(open_now), {"people": [first.pk, fourth.pk], "page": "3", "to_page": "1"}
    )
    assert (shown(page), elsewhere(page)) == (
        [(first.name, True), (second.name, False)],
        [fourth.name],
    )
    assert not Enrolment.objects.exists(), "nobody is booked by looking around"

    page = client.post(
        address(open_now), {"people": [first.pk, fourth.pk], "page": "1", "book": "1"}
    )
    assert [outcome.trainee for outcome, _badge in page.context["outcomes"]] == [first, fourth]
    assert ticked_fields(page) == set()


def test_how_they_queue_and_why_is_kept_from_page_to_page(
    client, village_coordinator, five, open_now
):
    client.force_login(village_coordinator)

    page = client.post(
        address(open_now), {"to_page": "2", "manner": AS_MANY_AS_FIT, "repeat_reason": "换了岗位"}
    )

    assert not page.context["form"].errors
    assert 'value="换了岗位"' in page.text and re.search(
        rf'value="{AS_MANY_AS_FIT}"[^>]* checked', page.text
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("王小芳", ["王小芳"]),
        ("zxh", ["张晓华"]),
        ("jianguo", ["李建国"]),
        ("1232", ["张晓华"]),
        ("139 0000 1234", ["赵敏"]),
        ("00001230", []),
        ("230", []),
        ("没有", []),
        ("%", []),
    ],
)
def test_people_are_found_by_name_number_or_its_last_four_digits(
    client, village_coordinator, five, open_now, query, found
):
    client.force_login(village_coordinator)

    page = client.post(
        address(open_now), {"people": [five[0].pk], "q": query, "find": "1", "page": "3"}
    )

    assert [name for name, _ticked in shown(page)] == found
    assert elsewhere(page) == [five[0].name]
    assert page.status_code == 200 and (found or "没有找到这个人" in page.text)
    assert [name for name, _ticked in shown(client.get(address(open_now), {"q": query}))] == found


def test_where_nobody_is_shown_there_is_nothing_to_book_or_cancel(
    client, village_coordinator, five, open_now
):
    client.force_login(village_coordinator)

    nobody = client.get(address(open_now), {"q": "没有"}).text
    ticked = client.post(address(open_now), {"people": [five[0].pk], "q": "没有", "find": "1"}).text

    assert [name in nobody for name in ('name="book"', 'name="cancel"')] == [False, False]
    assert [name in ticked for name in ('name="book"', 'name="cancel"')] == [True, True]


def test_a_person_found_can_be_ticked_beside_those_of_another_page(
    client, village_coordinator, five, open_now
):
    client.force_login(village_coordinator)

    page = client.post(
        address(open_now),
        {"people": [five[0].pk, five[4].pk], "q": "赵敏", "page": "1", "book": "1"},
    )

    assert [outcome.kind for outcome, _badge in page.context["outcomes"]] == ["booked", "booked"]
    assert [name for name, _ticked in shown(page)] == ["赵敏"], "the search stands"


def test_all_of_a_page_are_ticked_but_for_whoever_is_booked(
    client, village_coordinator, five, open_now
):
    book(trainee=five[2], training_class=open_now, by=five[2].user, now=open_now.booking_opens_at)
    client.force_login(village_coordinator)

    page = client.post(address(open_now), {"people": [five[0].pk], "page": "2", "all": "1"})

    assert (shown(page), elsewhere(page)) == (
        [(five[2].name, False), (five[3].name, True)],
        [five[0].name],
    )


def test_whoever_is_refused_stays_ticked_on_whatever_page(
    client, village_coordinator, five, open_now
):
    ask(open_now, audiences=[five[1].position])
    client.force_login(village_coordinator)

    page = client.post(
        address(open_now), {"people": [five[1].pk, five[4].pk], "page": "1", "book": "1"}
    )

    assert [outcome.kind for outcome, _badge in page.context["outcomes"]] == ["refused", "booked"]
    assert (elsewhere(page), ticked_fields(page)) == (["赵敏"], {five[4].pk})


def test_a_search_finds_nobody_of_another_village(
    client, village_coordinator, five, outsider, open_now
):
    client.force_login(village_coordinator)

    for query in (outsider.name, outsider.user.phone, outsider.user.phone[-4:]):
        assert outsider.name not in client.post(
            address(open_now), {"q": query, "find": "1"}
        ).text.replace(f'value="{query}"', "")


def test_a_small_village_is_one_list_without_a_search(
    client, village_coordinator, cadre, colleague, open_now
):
    client.force_login(village_coordinator)

    page = client.get(address(open_now))

    assert len(page.context["rows"]) == 2
    own = page.text.partition("<main")[2]  # the command box above it is no search of the list
    assert 'name="q"' not in own and 'name="to_page"' not in own


def test_a_page_draws_as_many_people_however_large_the_village(
    client, village_coordinator, village, pages_of_two, open_now
):
    client.force_login(village_coordinator)
    seen = []
    for _round in range(2):
        people(village, 5)
        client.get(address(open_now))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address(open_now))
        seen.append((len(queries), page.text.count('name="people"'), len(page.context["rows"])))

    assert seen[0] == seen[1]
    assert seen[0][1:] == (2, 2)


def test_a_trainee_passes_the_seat_on_by_phone_and_sees_no_names(
    client, cadre, colleague, open_now
):
    book(trainee=cadre, training_class=open_now, by=cadre.user, now=open_now.booking_opens_at)
    client.force_login(cadre.user)
    page = reverse("trainees:pass_on", args=[open_now.code])
    assert colleague.name not in client.get(page).text
    assert "没有别人用这个手机号" in client.post(page, {"phone": "19900099999"}).text
    assert client.post(page, {"phone": "12"}).context["form"].errors

    assert "转好了" in client.post(page, {"phone": colleague.user.phone}, follow=True).text

    assert Enrolment.objects.live().get().trainee == colleague


def test_a_coordinator_swaps_on_the_page(client, village_coordinator, cadre, colleague, open_now):
    enrolment = book(
        trainee=cadre, training_class=open_now, by=cadre.user, now=open_now.booking_opens_at
    )
    client.force_login(village_coordinator)
    page = reverse("trainees:swap", args=[enrolment.pk])
    for wrong in ({}, {"to": "9" * 50}, {"to": "abc"}):
        assert client.post(page, wrong).context["form"].errors

    response = client.post(page, {"to": colleague.pk}, follow=True)

    assert "换好了" in response.text and Enrolment.objects.live().get().trainee == colleague
    assert "没有名额可以转" in client.post(page, {"to": colleague.pk}, follow=True).text


def test_a_class_that_has_started_has_no_seats_to_pass_on(client, cadre, open_now):
    book(trainee=cadre, training_class=open_now, by=cadre.user, now=open_now.booking_opens_at)
    TrainingClass.objects.update(status=ClassStatus.RUNNING)
    client.force_login(cadre.user)

    assert client.get(reverse("trainees:pass_on", args=[open_now.code])).status_code == 302


def test_a_seat_is_passed_on_in_the_village_that_has_it_though_the_person_has_moved(cadre, village):
    enrolment = book(trainee=cadre, training_class=class_with(seats=1), by=cadre.user, now=NOW)
    there, here = TraineeFactory(village=village), TraineeFactory(village__town=village.town)
    cadre.village = here.village
    cadre.save()

    with pytest.raises(NotAColleague):
        colleague_by_phone(enrolment, here.user.phone)
    passed = pass_on(
        enrolment=enrolment,
        to=colleague_by_phone(enrolment, there.user.phone),
        by=cadre.user,
        now=NOW,
    )

    assert (passed.trainee, passed.status) == (there, EnrolmentStatus.BOOKED)
