"""The personal calendar, as three parsers read it."""

from datetime import timedelta
from itertools import pairwise
from urllib.parse import quote

import pytest
import time_machine
import vobject
from django.db.models import F
from django.urls import reverse
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from courses.models import ClassStatus, RemovedLesson, TrainingClass
from courses.schedule.class_plans import LessonPlan
from courses.schedule.lessons import save_lessons
from trainees.booking.enrolling import accept_offer, book
from trainees.booking.queue import expire_offers
from trainees.booking.withdrawing import withdraw, withdraw_late
from trainees.classes.changes import cancel_class, start_due_classes
from trainees.me.calendar_feed import calendar_for, feed_of, renew_address, switch_off
from trainees.models import CalendarFeed, EnrolmentStatus

from ..factories import NOW, class_with

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::FutureWarning:ics")]
SITE = "https://portal.example"


@pytest.fixture
def two_lessons():
    return class_with(seats=5, lessons=2)


def events(trainee, now=NOW) -> list:
    return Calendar.from_ical(calendar_for(trainee, now=now, site=SITE)).walk("VEVENT")


def booked(trainee, training_class, now=NOW):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=now)


def without_its_last_lesson(training_class, now):
    training_class.refresh_from_db()
    plans = [
        LessonPlan(
            lesson.course_version.course,
            lesson.venue,
            lesson.starts_at,
            lesson.ends_at,
            lesson.hours,
            pk=lesson.pk,
        )
        for lesson in training_class.lessons.order_by("starts_at")[:1]
    ]
    save_lessons(training_class=training_class, lessons=plans, now=now)


def test_every_lesson_of_a_booked_class_is_an_event(cadre, two_lessons):
    booked(cadre, two_lessons)

    found = events(cadre)

    lessons = list(two_lessons.lessons.order_by("starts_at"))
    assert [(event.decoded("dtstart"), event.decoded("dtend")) for event in found] == [
        (lesson.starts_at, lesson.ends_at) for lesson in lessons
    ]
    assert [str(event["summary"]) for event in found] == [lesson.title for lesson in lessons]
    assert {str(event["status"]) for event in found} == {"CONFIRMED"}
    assert lessons[0].venue.name in str(
        found[0]["location"]
    ) and f"{SITE}/classes/{two_lessons.code}/" in str(found[0]["description"])
    assert [alarm.decoded("trigger") for alarm in found[0].walk("VALARM")] == [
        -timedelta(days=1),
        -timedelta(hours=1),
    ]


def test_three_parsers_read_the_same(cadre, two_lessons):
    booked(cadre, two_lessons)
    text = calendar_for(cadre, now=NOW, site=SITE).decode()

    by_icalendar = {
        (str(event["uid"]), event.decoded("dtstart"))
        for event in Calendar.from_ical(text).walk("VEVENT")
    }
    by_vobject = {
        (event.uid.value, event.dtstart.value) for event in vobject.readOne(text).vevent_list
    }
    by_ical = {
        (event.uid, event.dtstart) for event in IcsCalendarStream.calendar_from_ics(text).events
    }

    assert by_icalendar == by_vobject == by_ical and len(by_icalendar) == 2


def test_lines_end_and_fold_as_the_standard_says(cadre, two_lessons):
    booked(cadre, two_lessons)
    lines = calendar_for(cadre, now=NOW, site=SITE).split(b"\r\n")

    assert max(map(len, lines)) <= 75 and not any(b"\n" in line for line in lines)


def test_a_place_in_the_queue_is_no_appointment(cadre, colleague):
    full = class_with(seats=1, lessons=1)
    booked(colleague, full)
    waiting = booked(cadre, full)
    assert events(cadre) == []

    withdraw(enrolment=waiting, by=cadre.user, now=NOW)

    assert events(cadre) == []


def test_a_cancelled_booking_is_told_for_30_days_under_the_same_uid(cadre, two_lessons):
    enrolment = booked(cadre, two_lessons)
    before = events(cadre)
    withdraw(enrolment=enrolment, by=cadre.user, now=NOW)

    after = events(cadre)

    assert [str(event["uid"]) for event in after] == [str(event["uid"]) for event in before]
    assert {str(event["status"]) for event in after} == {"CANCELLED"}
    assert not after[0].walk("VALARM")
    assert len(events(cadre, NOW + timedelta(days=29))) == 2
    assert events(cadre, NOW + timedelta(days=31)) == []


def test_booking_again_revives_the_same_event(cadre, two_lessons):
    numbers, uids = [], set()
    for _round in range(2):
        enrolment = booked(cadre, two_lessons)
        numbers.append(events(cadre)[0]["sequence"])
        uids |= {str(event["uid"]) for event in events(cadre)}
        withdraw(enrolment=enrolment, by=cadre.user, now=NOW)
        numbers.append(events(cadre)[0]["sequence"])

    assert all(earlier < later for earlier, later in pairwise(numbers))
    assert len(uids) == 2


def test_a_change_of_the_class_raises_the_sequence(cadre, two_lessons):
    booked(cadre, two_lessons)
    before = events(cadre)[0]["sequence"]
    TrainingClass.objects.filter(pk=two_lessons.pk).update(sequence=F("sequence") + 1)

    assert events(cadre)[0]["sequence"] == before + 1


def test_a_cancelled_class_is_told(cadre, two_lessons, district_staff):
    booked(cadre, two_lessons)
    before = events(cadre)[0]["sequence"]
    cancel_class(training_class=two_lessons, reason="授课老师生病", by=district_staff, now=NOW)

    after = events(cadre)

    assert {str(event["status"]) for event in after} == {"CANCELLED"} and len(after) == 2
    assert after[0]["sequence"] > before
    assert [str(event["summary"]) for event in after] == [
        f"已取消：{lesson.title}" for lesson in two_lessons.lessons.order_by("starts_at")
    ]


@pytest.mark.parametrize("change", ["class cancelled", "booking cancelled", "lesson taken out"])
def test_the_stamp_of_an_event_moves_with_every_change(cadre, two_lessons, district_staff, change):
    enrolment = booked(cadre, two_lessons)
    later = NOW + timedelta(hours=1)
    before = events(cadre)[1]
    if change == "class cancelled":
        cancel_class(
            training_class=two_lessons, reason="授课老师生病", by=district_staff, now=later
        )
    elif change == "booking cancelled":
        withdraw(enrolment=enrolment, by=cadre.user, now=later)
    else:
        without_its_last_lesson(two_lessons, later)

    after = {str(event["uid"]): event for event in events(cadre, later)}[str(before["uid"])]

    assert (before.decoded("dtstamp"), after.decoded("dtstamp")) == (NOW, later)
    assert (str(after["status"]), str(after["summary"])) == (
        "CANCELLED",
        f"已取消：{before['summary']}",
    )
    assert after["sequence"] > before["sequence"]


def test_a_lesson_that_was_taken_out_is_told_as_cancelled_for_30_days_to_whoever_had_it(
    cadre, colleague, two_lessons
):
    booked(cadre, two_lessons)
    kept, gone = events(cadre)
    without_its_last_lesson(two_lessons, NOW)
    booked(colleague, two_lessons, NOW + timedelta(hours=1))

    told = {
        str(event["uid"]): (str(event["status"]), event.decoded("dtstart"), event["location"])
        for event in events(cadre)
    }

    assert told == {
        str(kept["uid"]): ("CONFIRMED", kept.decoded("dtstart"), kept["location"]),
        str(gone["uid"]): ("CANCELLED", gone.decoded("dtstart"), gone["location"]),
    }
    assert len(events(colleague, NOW + timedelta(hours=1))) == 1
    assert len(events(cadre, NOW + timedelta(days=29))) == 2
    assert len(events(cadre, NOW + timedelta(days=31))) == 1


def test_a_lesson_taken_out_of_a_draft_was_in_no_calendar(two_lessons):
    TrainingClass.objects.filter(pk=two_lessons.pk).update(status=ClassStatus.DRAFT)
    without_its_last_lesson(two_lessons, NOW)

    assert two_lessons.lessons.count() == 1 and not RemovedLesson.objects.exists()


def test_the_calendar_says_its_name_and_how_often_to_look_again(cadre):
    lines = calendar_for(cadre, now=NOW, site=SITE).decode().split("\r\n")

    assert {
        "NAME:治理学院的课",
        "X-WR-CALNAME:治理学院的课",
        "X-PUBLISHED-TTL:PT1H",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    } <= set(lines)


@pytest.fixture
def offer(cadre, colleague):
    """A seat that is held for the cadre for four hours from the return value on."""
    full = class_with(
        seats=1, booking_closes_at=NOW + timedelta(days=14), cancel_until=NOW + timedelta(days=14)
    )
    seat, late = booked(colleague, full), full.starts_at - timedelta(hours=48)
    booked(cadre, full)
    withdraw(enrolment=seat, by=colleague.user, now=late)
    return late


@time_machine.travel(NOW, tick=False)
def test_an_offered_seat_is_tentative_and_says_until_when_in_every_parser(cadre, offer):
    text = calendar_for(cadre, now=offer, site=SITE).decode()
    event = Calendar.from_ical(text).walk("VEVENT")[0]
    by_vobject = vobject.readOne(text).vevent
    by_ical = IcsCalendarStream.calendar_from_ics(text).events[0]

    assert (str(event["status"]), by_vobject.status.value, by_ical.status) == (
        "TENTATIVE",
        "TENTATIVE",
        "TENTATIVE",
    )
    assert str(event["description"]) == by_vobject.description.value == by_ical.description
    # when the offer ends, in Shanghai
    assert "3月13日" in by_ical.description and "14:00" in by_ical.description
    assert not event.walk("VALARM")


def test_an_offer_that_lapsed_is_told_as_cancelled_for_30_days(cadre, offer):
    before = events(cadre, offer)[0]
    enrolment = cadre.enrolments.get()

    expire_offers(now=enrolment.offer_ends_at)

    text = calendar_for(cadre, now=offer + timedelta(hours=5), site=SITE).decode()
    after = Calendar.from_ical(text).walk("VEVENT")[0]
    assert (
        str(after["status"]),
        vobject.readOne(text).vevent.status.value,
        IcsCalendarStream.calendar_from_ics(text).events[0].status,
    ) == ("CANCELLED",) * 3
    assert after["uid"] == before["uid"] and after["sequence"] > before["sequence"]
    assert len(events(cadre, offer + timedelta(days=29))) == 1
    assert events(cadre, offer + timedelta(days=31)) == []


def test_a_taken_offer_is_certain_and_is_struck_when_it_is_given_back(cadre, offer):
    enrolment = cadre.enrolments.get()
    accept_offer(enrolment=enrolment, by=cadre.user, now=offer)
    assert str(events(cadre, offer)[0]["status"]) == "CONFIRMED"

    withdraw_late(enrolment=enrolment, by=cadre.user, now=offer, reason="防汛值守")

    assert [str(event["status"]) for event in events(cadre, offer)] == ["CANCELLED"]


def test_who_waited_in_vain_has_nothing_to_strike(cadre, colleague):
    full = class_with(seats=1)
    booked(colleague, full)
    booked(cadre, full)
    start_due_classes(now=full.starts_at)

    assert cadre.enrolments.get().status == EnrolmentStatus.LAPSED
    assert events(cadre, full.starts_at) == []


def test_the_number_of_queries_does_not_grow(cadre, django_assert_num_queries):
    for number in range(3):
        booked(cadre, class_with(seats=5, lessons=1, starts_at=NOW + timedelta(days=14 + number)))
    with django_assert_num_queries(7):
        calendar_for(cadre, now=NOW, site=SITE)


# --- One class as a file --------------------------------------------------------------------------


def test_a_booked_class_is_a_file_with_the_events_of_the_feed(client, cadre, two_lessons):
    other = class_with(seats=5, starts_at=NOW + timedelta(days=20))
    for training_class in (two_lessons, other):
        booked(cadre, training_class)
    with time_machine.travel(NOW, tick=False):
        client.force_login(cadre.user)
        response = client.get(reverse("trainees:class_file", args=[two_lessons.code]))
        page = client.get(two_lessons.get_absolute_url()).text
    found = Calendar.from_ical(response.content)

    assert [str(event["uid"]) for event in found.walk("VEVENT")] == [
        str(event["uid"]) for event in events(cadre)[:2]
    ]
    assert (response["Content-Type"], str(found["name"])) == (
        "text/calendar; charset=utf-8",
        two_lessons.title,
    )
    assert quote(f"{two_lessons.title}.ics") in response["Content-Disposition"]
    assert f"/classes/{two_lessons.code}/calendar.ics" in page


def test_only_a_seat_gives_the_file(client, cadre, colleague):
    full = class_with(seats=1)
    booked(colleague, full)
    booked(cadre, full)  # waits

    with time_machine.travel(NOW, tick=False):
        client.force_login(cadre.user)
        assert client.get(reverse("trainees:class_file", args=[full.code])).status_code == 404
        assert "calendar.ics" not in client.get(full.get_absolute_url()).text


# --- Address and page -----------------------------------------------------------------------------


def test_the_feed_needs_no_log_in_and_a_new_address_ends_the_old_one(client, cadre, two_lessons):
    booked(cadre, two_lessons)
    old = feed_of(cadre, NOW).token
    response = client.get(reverse("trainees:calendar_feed", args=[old]))
    assert (response.status_code, response["Content-Type"], response["X-Robots-Tag"]) == (
        200,
        "text/calendar; charset=utf-8",
        "noindex",
    )
    assert response["Cache-Control"] == "private, no-store"
    assert cadre.user.name not in response.text and cadre.user.phone not in response.text

    new = renew_address(trainee=cadre, now=NOW).token

    assert client.get(reverse("trainees:calendar_feed", args=[old])).status_code == 404
    assert client.get(reverse("trainees:calendar_feed", args=[new])).status_code == 200
    switch_off(trainee=cadre)
    assert client.get(reverse("trainees:calendar_feed", args=[new])).status_code == 404


def test_who_may_no_longer_log_in_has_no_feed(client, cadre):
    token = feed_of(cadre, NOW).token
    cadre.user.is_active = False
    cadre.user.save()

    assert client.get(reverse("trainees:calendar_feed", args=[token])).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 500, "²"])
def test_a_made_up_address_is_not_found(client, db, token):
    assert client.get(f"/me/calendar/{token}.ics").status_code == 404


def test_looking_at_the_page_makes_no_address(client, cadre):
    client.force_login(cadre.user)

    assert "生成我的地址" in client.get("/me/calendar/").text
    assert not CalendarFeed.objects.exists()


def test_the_page_makes_renews_and_ends_the_address(client, cadre):
    client.force_login(cadre.user)
    change = reverse("trainees:change_calendar")
    client.post(change, {"wish": "make"})
    first = CalendarFeed.objects.get().token
    client.post(change, {"wish": "make"})
    assert CalendarFeed.objects.get().token == first and first in client.get("/me/calendar/").text

    assert "新地址" in client.post(change, {"wish": "renew"}, follow=True).text
    assert CalendarFeed.objects.get().token != first
    client.post(change, {"wish": "<b>"})
    client.post(change, {"wish": "off"})
    assert not CalendarFeed.objects.exists()


def test_a_closed_class_stays_for_half_a_year(cadre, two_lessons):
    booked(cadre, two_lessons)
    TrainingClass.objects.filter(pk=two_lessons.pk).update(status=ClassStatus.CLOSED)

    last = two_lessons.lessons.order_by("ends_at").last().ends_at
    assert len(events(cadre, last + timedelta(days=100))) == 2
    assert events(cadre, last + timedelta(days=200)) == []
