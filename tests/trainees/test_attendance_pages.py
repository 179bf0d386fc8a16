"""The coordinator's pages: the roll, the sign-in sheet, the roster, closing, reopening and
cancelling a class.
"""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from courses.models import ClassStatus, LessonTeacher, TeachingRole
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw, withdraw_late
from trainees.classes.changes import cancel_class
from trainees.models import AbsenceReason, Attendance, AttendanceChange, HourEntry

from ..factories import NOW, TraineeFactory, class_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(bookable, seated, campus):
    """A class at the coordinator's campus that was held yesterday; three people have a seat, one
    waits.
    """
    training_class = bookable(days=-1, seats=3, campus=campus)
    for _n in range(4):
        seated(TraineeFactory(), training_class)
    return training_class


@pytest.fixture
def page(client, branch_coordinator):
    client.force_login(branch_coordinator)
    return client


@pytest.fixture
def lesson(held):
    return held.lessons.get()


@pytest.fixture
def people(held):
    return list(held.enrolments.exclude(pool=None).order_by("pk"))


def address(name, of):
    return reverse(
        f"trainees:{name}", args=[of.pk if name in ("attendance", "sign_in_sheet") else of.code]
    )


def tap(page, lesson, action, nonce=None, **more):
    return page.post(
        address("attendance", lesson),
        {"action": action, "nonce": str(nonce or uuid.uuid4()), **more},
        follow=True,
    )


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def marks(lesson):
    return dict(Attendance.objects.filter(lesson=lesson).values_list("enrolment", "status"))


# --- The roll -------------------------------------------------------------------------------------


def test_the_roll_names_who_has_a_seat_and_nobody_is_present_by_default(page, lesson, people):
    context = page.get(address("attendance", lesson)).context

    assert {row.pk for row in context["rows"]} == {person.pk for person in people}
    assert (context["unmarked"], context["came"]) == (3, 0)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("曾国强", "zengguoqiang"),
        ("曾国强", "zgq"),
        ("曾国强", "ＺＧＱ"),
        ("曾国强", "曾國強"),
        ("曾国强", "cengguo"),
        ("曾国强", "曾国墙"),
        ("曾国强", "guoq"),
        ("单雨薇", "shan"),
        ("单雨薇", "syw"),
        ("单雨薇", "danyuwei"),
        ("吕绿", "lü"),
        ("吕绿", "lyu"),
        ("吕绿", "lvlv"),
        ("买买提·阿不都", "mmtabd"),
        ("买买提·阿不都", "买买提阿"),
        ("买买提·阿不都", "maimaiti abudu"),
        ("买买提·阿不都", "买买提‧阿"),
    ],
)
def test_a_person_on_the_roll_is_found_as_the_search_page_finds(page, lesson, people, name, typed):
    for person, other in zip(people, (name, "汪洋", "𠮷田"), strict=True):
        type(person.trainee.user).objects.filter(pk=person.trainee.user_id).update(name=other)

    found = page.get(address("attendance", lesson), {"q": typed})
    keys = page.get(address("attendance", lesson), {"q": typed, "answer": "keys"}).json()

    assert [row.pk for row in found.context["found"]] == keys["found"] == [people[0].pk]
    assert found.content.decode().count("data-person=") == 1
    assert found.context["unmarked"] == 3  # the figures stay those of the whole roll


def test_whom_nobody_is_called_is_said(page, lesson, people):
    found = page.get(address("attendance", lesson), {"q": "没有这个人"})

    assert found.context["found"] == []
    assert "这张名单里没有这个人" in found.content.decode()


def test_one_tap_for_all_then_the_exceptions(page, lesson, people):
    tap(page, lesson, "rest")
    response = tap(page, lesson, f"late:{people[0].pk}", **{f"minutes-{people[0].pk}": "100"})

    assert marks(lesson) == {people[0].pk: "late", people[1].pk: "present", people[2].pk: "present"}
    assert Attendance.objects.get(enrolment=people[0]).minutes == 100
    assert people[0].trainee.name in said(response)
    assert [row.pk for row in response.context["exceptions"]] == [people[0].pk]


def test_two_taps_on_one_page_are_two(page, lesson, people):
    """The second tap comes before the first has come back: both carry the nonce of the same
    page.
    """
    nonce = uuid.uuid4()
    for person, status in zip(people, ("late", "absent", "present"), strict=True):
        tap(page, lesson, f"{status}:{person.pk}", nonce)

    assert marks(lesson) == {people[0].pk: "late", people[1].pk: "absent", people[2].pk: "present"}


def test_a_tap_sent_twice_is_one_and_the_page_says_what_stands(page, lesson, people):
    nonce = uuid.uuid4()
    tap(page, lesson, f"late:{people[0].pk}", nonce)
    tap(page, lesson, f"present:{people[0].pk}")

    response = tap(page, lesson, f"late:{people[0].pk}", nonce)

    assert marks(lesson) == {people[0].pk: "present"}
    assert "到" in said(response) and "迟到" not in said(response)


def test_a_double_click_on_undo_takes_one_tap_back(page, lesson, people):
    tap(page, lesson, "rest")
    tap(page, lesson, f"absent:{people[0].pk}")
    nonce = uuid.uuid4()

    for _click in range(2):
        tap(page, lesson, "undo", nonce)

    assert marks(lesson) == dict.fromkeys((person.pk for person in people), "present")


def test_with_htmx_the_list_comes_back_in_place(page, lesson, people):
    response = page.post(
        address("attendance", lesson),
        {"action": f"present:{people[0].pk}", "nonce": str(uuid.uuid4())},
        headers={"HX-Request": "true"},
    )

    assert response.status_code == 200 and "<html" not in response.text
    assert response.context["said"] and not response.context["trouble"]


def test_enter_in_a_field_presses_no_button(page, lesson):
    """The first submit button of a form is what Enter presses: it must be one that does nothing."""
    text = page.get(address("attendance", lesson)).text
    form = text[text.index("data-roll-form") :]

    assert form.index('<button type="submit" disabled hidden>') < form.index('name="action"')


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"action": ""},
        {"action": "present"},
        {"action": "present:"},
        {"action": "present:x"},
        {"action": "present:-1"},
        {"action": "present:" + "9" * 5000},
        {"action": "unknown:1"},
        {"action": ":1"},
        {"action": "rest:1"},
        {"action": "clear:"},
        {"action": "present:²"},
    ],
    ids=str,
)
def test_a_tap_that_makes_no_sense_changes_nothing(page, lesson, people, data):
    response = page.post(address("attendance", lesson), data, follow=True)

    assert response.status_code == 200 and said(response)
    assert not AttendanceChange.objects.exists()


@pytest.mark.parametrize("minutes", ["0", "-5", "146", "x", "9" * 5000, "1.5", "²"])
def test_wrong_minutes_are_refused_in_words(page, lesson, people, minutes):
    response = tap(page, lesson, f"late:{people[0].pk}", **{f"minutes-{people[0].pk}": minutes})

    assert response.status_code == 200 and "145" in said(response)
    assert marks(lesson) == {}


@pytest.mark.parametrize("nonce", ["", "x", "0" * 5000])
def test_a_broken_nonce_does_not_lose_the_tap(page, lesson, people, nonce):
    page.post(address("attendance", lesson), {"action": "rest", "nonce": nonce})

    assert len(marks(lesson)) == 3


def test_a_nul_character_is_refused(page, lesson):
    assert page.post(address("attendance", lesson), {"action": "rest\x00"}).status_code == 400


def test_somebody_of_another_class_cannot_be_marked_here(page, lesson, bookable, seated):
    elsewhere = seated(TraineeFactory(), bookable())

    response = tap(page, lesson, f"present:{elsewhere.pk}")

    assert said(response) and not Attendance.objects.exists()


def test_a_lesson_to_come_cannot_be_marked_yet(page, bookable, seated, campus):
    lesson = bookable(campus=campus).lessons.get()
    seated(TraineeFactory(), lesson.training_class)

    shown, response = page.get(address("attendance", lesson)), tap(page, lesson, "rest")

    assert shown.context["too_early"] and 'value="rest"' not in shown.text
    assert said(response) and not Attendance.objects.exists()


@pytest.mark.parametrize("key", ["0", "999999999", "9" * 30])
def test_unknown_lessons_are_not_found(page, key):
    for name in ("attendance", "sign-in"):
        assert page.get(f"/manage/lessons/{key}/{name}/").status_code == 404


def test_the_coordinator_of_another_campus_sees_and_marks_nobody(
    client, lesson, people, village_coordinator, cadre
):
    for user in (village_coordinator, cadre.user, people[0].trainee.user):
        client.force_login(user)
        for response in (
            client.get(address("attendance", lesson)),
            client.get(address("sign_in_sheet", lesson)),
            client.post(address("attendance", lesson), {"action": "rest"}),
        ):
            assert response.status_code == 403
            assert not any(
                person.trainee.name in response.text
                for person in people
                if person.trainee.user != user
            )

    assert not Attendance.objects.exists()


def queries(page, path) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert page.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", ["attendance", "sign_in_sheet", "class_roster"])
def test_the_number_of_queries_does_not_grow_with_the_people(page, bookable, seated, campus, name):
    counts = []
    for number, size in ((0, 1), (5, 3)):
        training_class = bookable(days=-3 - number, seats=size, campus=campus)
        for _n in range(size):
            seated(TraineeFactory(), training_class)
        of = training_class if name == "class_roster" else training_class.lessons.get()
        page.get(address(name, of))
        counts.append(queries(page, address(name, of)))

    assert counts[0] == counts[1] <= 15


# --- The sign-in sheet ----------------------------------------------------------------------------


def test_the_sheet_has_22_rows_a_page_and_room_for_three_more(page, bookable, seated, campus):
    training_class = bookable(days=-1, seats=21, campus=campus)
    for _n in range(21):
        seated(TraineeFactory(), training_class)

    sheets = (
        page.get(address("sign_in_sheet", training_class.lessons.get())).context["paper"].sheets
    )

    assert [len(sheet) for sheet in sheets] == [22, 2]
    assert [row["number"] for sheet in sheets for row in sheet] == list(range(1, 25))
    assert [bool(row["name"]) for sheet in sheets for row in sheet] == [True] * 21 + [False] * 3


def test_the_sheet_of_a_class_without_people_is_empty_lines(page, bookable, campus):
    response = page.get(address("sign_in_sheet", bookable(campus=campus).lessons.get()))

    assert (response.status_code, [len(sheet) for sheet in response.context["paper"].sheets]) == (
        200,
        [3],
    )


# --- The class ------------------------------------------------------------------------------------


def shown_hours(page, training_class):
    return page.get(address("close_class", training_class)).context["to_post"]


def close(page, training_class, **more):
    """As the button of the closing page does, which sends what it showed."""
    sent = {"shown": shown_hours(page, training_class).fingerprint, **more}
    return page.post(address("close_class", training_class), sent, follow=True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_closing_shows_each_persons_hours_and_absences_before_it_posts(
    page, held, lesson, people, method
):
    """A request that does not say what was shown posts nothing."""
    here, late, absent = people
    for action in (f"present:{here.pk}", f"late:{late.pk}", f"absent:{absent.pk}"):
        tap(page, lesson, action)

    response = getattr(page, method)(address("close_class", held))

    to_post = response.context["to_post"]
    shown = {
        line.enrolment: (line.hours, [mark.status for _lesson, mark in line.exceptions])
        for line in to_post.people
    }
    assert shown[here] == (3, []) and shown[absent] == (0, ["absent"]) and 0 < shown[late][0] < 3
    assert (
        all(person.trainee.name in response.text for person in people) and "缺课" in response.text
    )
    assert not HourEntry.objects.exists()
    assert said(response) == ""

    close(page, held)

    posted = dict(HourEntry.objects.values_list("enrolment", "hours"))
    assert posted == {person.pk: hours for person, (hours, _marks) in shown.items() if hours}
    assert sum(posted.values()) == to_post.total


def test_who_is_unmarked_is_named_and_may_be_marked_absent_in_the_same_step(
    page, held, lesson, people
):
    tap(page, lesson, f"present:{people[0].pk}")

    response = page.get(address("close_class", held))
    assert {line.enrolment for line in response.context["to_post"].people if line.unmarked} == set(
        people[1:]
    )
    assert 'name="rest_absent"' in response.text and "未点名" in response.text
    refused = close(page, held)
    assert said(refused) and not HourEntry.objects.exists()

    close(page, held, rest_absent="1")

    held.refresh_from_db()
    assert held.status == ClassStatus.CLOSED
    assert [entry.trainee for entry in HourEntry.objects.all()] == [people[0].trainee]
    assert set(marks(lesson).values()) == {"present", "absent"}


def test_closing_twice_posts_once(page, held, lesson):
    tap(page, lesson, "rest")
    sent = {"shown": shown_hours(page, held).fingerprint}

    for _click in range(2):
        response = page.post(address("close_class", held), sent, follow=True)

    assert response.status_code == 200 and HourEntry.objects.count() == 3


@pytest.mark.parametrize("more", [{}, {"rest_absent": "1"}], ids=str)
def test_a_mark_that_changed_since_is_shown_before_anything_is_posted(
    page, held, lesson, people, more
):
    tap(page, lesson, "rest")
    sent = {"shown": shown_hours(page, held).fingerprint} | more
    tap(page, lesson, f"absent:{people[0].pk}")

    response = page.post(address("close_class", held), sent)

    assert response.status_code == 200 and "改过考勤" in response.text
    assert [line.enrolment for line in response.context["to_post"].people if not line.hours] == [
        people[0]
    ]
    assert not HourEntry.objects.exists()
    page.post(address("close_class", held), {"shown": response.context["to_post"].fingerprint})
    assert HourEntry.objects.count() == 2


def test_nobody_stays_absent_when_closing_is_refused_after_all(page, bookable, seated, campus):
    training_class = bookable(days=-1, lessons=3, campus=campus)
    seated(TraineeFactory(), training_class)

    response = page.post(
        address("close_class", training_class), {"rest_absent": "1", "shown": "x"}, follow=True
    )

    assert said(response) and not Attendance.objects.exists()


def test_reopening_needs_a_reason_and_takes_the_hours_back(page, held, lesson):
    tap(page, lesson, "rest")
    close(page, held)

    without = page.post(address("reopen_class", held), {"reason": " "}, follow=True)
    assert said(without) and HourEntry.objects.count() == 3

    page.post(address("reopen_class", held), {"reason": "看错了"})
    again = page.post(address("reopen_class", held), {"reason": "看错了"}, follow=True)

    held.refresh_from_db()
    assert (
        held.status,
        HourEntry.objects.count(),
        sum(entry.hours for entry in HourEntry.objects.all()),
    ) == (ClassStatus.RUNNING, 6, 0)
    assert again.status_code == 200


def test_a_cancelled_class_keeps_its_people_and_the_reason_on_every_page(
    page, bookable, seated, campus
):
    training_class = bookable(campus=campus, seats=2)
    first, second, waiting, gone = [seated(TraineeFactory(), training_class) for _n in range(4)]
    withdraw(
        enrolment=gone,
        by=gone.trainee.user,
        now=training_class.booking_opens_at + timedelta(days=1),
    )
    cancel_class(
        training_class=training_class,
        reason="老师生病",
        by=first.trainee.user,
        now=training_class.booking_opens_at + timedelta(days=2),
    )

    roster = page.get(address("class_roster", training_class))
    seen = [
        (person.trainee, str(person.state_in_words)) for person in roster.context["list"].page_rows
    ]
    assert sorted(seen, key=lambda line: line[0].pk) == [
        (first.trainee, "已报上"),
        (second.trainee, "已报上"),
        (waiting.trainee, "候补"),
    ]
    assert "老师生病" in roster.text and gone.trainee.name not in roster.text

    lesson = training_class.lessons.get()
    for name, of, people in (
        ("queue", training_class, [waiting]),
        ("attendance", lesson, [first, second]),
        ("sign_in_sheet", lesson, [first, second]),
    ):
        text = page.get(address(name, of)).text
        assert "老师生病" in text and all(person.trainee.name in text for person in people), name
    exported = page.get(
        address("export_roster", training_class), {"columns": ["name", "status"], "download": "1"}
    )
    cells = [
        cell
        for row in load_workbook(BytesIO(exported.content)).active.iter_rows(values_only=True)
        for cell in row
    ]
    assert {first.trainee.name, second.trainee.name, "已报上"} <= set(cells)
    listed = page.get("/manage/classes/").text
    assert "老师生病" in listed and "取消前 3 人报名或候补" in listed


def test_cancelling_needs_a_reason_and_is_done_once(page, bookable, seated, campus):
    training_class = bookable(campus=campus)
    seated(TraineeFactory(), training_class)
    path = address("cancel_class", training_class)
    for reason in ("", "  ", "长" * 201):
        assert said(page.post(path, {"reason": reason}, follow=True))
    preview = page.post(path, {"reason": "老师生病"})
    confirmed = {"reason": "老师生病", "confirmed": preview.context["fingerprint"]}
    training_class.refresh_from_db()
    assert training_class.status == ClassStatus.OPEN

    for data in (confirmed, confirmed, {"reason": "再来一次"}):
        assert page.post(path, data, follow=True).status_code == 200

    training_class.refresh_from_db()
    assert (training_class.status, training_class.cancelled_reason) == (
        ClassStatus.CANCELLED,
        "老师生病",
    )
    assert Notice.objects.filter(kind="class_cancelled").count() == 1


def test_a_class_with_attendance_shows_no_message_that_will_not_be_sent(page, held, lesson):
    tap(page, lesson, "rest")

    response = page.post(address("cancel_class", held), {"reason": "老师生病"}, follow=True)

    assert "点过名" in said(response) and not Notice.objects.exists()


def test_a_reason_with_markup_is_shown_as_text(page, client, bookable, campus):
    training_class = bookable(campus=campus)
    page.post(address("cancel_class", training_class), {"reason": "<script>alert(1)</script>"})

    assert "<script>alert" not in page.get(training_class.get_absolute_url()).text
    assert "<script>alert" not in page.get(address("class_roster", training_class)).text


@pytest.mark.parametrize(("name", "answer"), [("reopen_class", 200), ("cancel_class", 405)])
def test_a_get_changes_nothing(page, held, name, answer):
    assert page.get(address(name, held)).status_code == answer
    held.refresh_from_db()
    assert held.status == ClassStatus.OPEN


@pytest.mark.parametrize("status", ClassStatus.values)
def test_the_roster_has_a_page_in_every_state(page, held, lesson, status):
    type(held).objects.update(status=status)

    assert page.get(address("class_roster", held)).status_code == 200
    assert page.get(address("attendance", lesson)).status_code == 200


def test_a_seat_that_is_only_offered_is_not_on_the_roll(
    client, cadre, colleague, district_staff, time_machine
):
    training_class = class_with(seats=1, queue_ends_hours=0)
    seat, waiting = (
        book(trainee=person, training_class=training_class, by=person.user, now=NOW)
        for person in (cadre, colleague)
    )
    now = training_class.starts_at - timedelta(minutes=30)
    withdraw_late(enrolment=seat, by=district_staff, now=now, reason="家里有事")
    time_machine.move_to(now, tick=False)
    client.force_login(district_staff)
    lesson = training_class.lessons.get()

    pages = [
        client.get(reverse(name, args=[lesson.pk]))
        for name in ("trainees:attendance", "trainees:sign_in_sheet")
    ]
    roster = client.get(reverse("trainees:class_roster", args=[training_class.code]))

    waiting.refresh_from_db()
    assert waiting.is_offered
    assert [colleague.name in page.content.decode() for page in (*pages, roster)] == [
        False,
        False,
        True,
    ]
    assert roster.context["space"].figures.on_the_roll == 0


def test_a_reason_stands_on_the_roll_for_one_more_tap(page, lesson, people, held):
    reason = AbsenceReason.objects.get(name="公务")
    retired = AbsenceReason.objects.create(name="旧原因", active=False)
    one = people[0]
    assert "公务" not in page.get(address("attendance", lesson)).text
    tap(page, lesson, f"excused:{one.pk}")
    roll = page.get(address("attendance", lesson)).text
    assert roll.count(f'value="reason:{one.pk}:{reason.pk}"') == 1
    assert retired.name not in roll

    tap(page, lesson, f"reason:{one.pk}:{reason.pk}")
    assert "请假（公务）" in page.get(address("attendance", lesson)).text
    AbsenceReason.objects.filter(pk=reason.pk).update(active=False)
    assert "请假（公务）" in page.get(address("attendance", lesson)).text
    assert "请假（公务）" in page.get(address("close_class", held)).text

    tap(page, lesson, f"reason:{one.pk}:{retired.pk}")
    tap(page, lesson, f"reason:{one.pk}:x")
    assert Attendance.objects.get(enrolment=one).reason is None


def test_a_class_teacher_finds_the_lessons_of_classes_that_others_run(
    client, branch_coordinator, bookable
):
    elsewhere = bookable(title="班主任带的班").lessons.get()
    bookable(title="别人的班")
    LessonTeacher.objects.create(
        lesson=elsewhere, person=branch_coordinator, role=TeachingRole.CLASS_TEACHER
    )
    client.force_login(branch_coordinator)
    day = timezone.localdate(elsewhere.starts_at)

    week = client.get(reverse("trainees:lessons"), {"day": day.isoformat()}).text

    assert "班主任带的班" in week and "您是班主任" in week and "别人的班" not in week
    assert f'href="{elsewhere.training_class.get_absolute_url()}"' in week
    assert address("attendance", elsewhere) not in week
    assert client.get(address("attendance", elsewhere)).status_code in (403, 404)
    assert client.get(elsewhere.training_class.get_absolute_url()).status_code == 200
