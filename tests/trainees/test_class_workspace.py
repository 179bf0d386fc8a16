"""The workspace of a class: its tabs, the matrix of attendance, what is to do next, the people."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from academy.models import User
from courses.models import ClassStatus, TrainingClass
from trainees.classes.changes import cancel_class
from trainees.models import Enrolment, EnrolmentStatus, HourEntry, Trainee
from trainees.on_behalf.nominations import nominate
from trainees.record.attendance import mark
from trainees.record.closing import close_class
from trainees.record.lesson_rolls import LessonRoll, with_roll
from trainees.workspace.frame import TABS, space_of
from trainees.workspace.matrix import matrix_of
from trainees.workspace.overview import next_steps, sent_people

from ..factories import EnrolmentFactory, TraineeFactory, class_with

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = {  # of a tab, the frame of the page included
    "class_overview": 16,
    "class_roster": 13,
    "class_attendance": 13,
    "class_quotas": 15,
    "class_rules": 18,
    "class_message": 12,
    "class_records": 17,
}


@pytest.fixture
def page(client, district_staff):
    client.force_login(district_staff)
    return client


@pytest.fixture
def held(bookable):
    """A class of two lessons that were held yesterday and the day before."""
    return bookable(days=-3, lessons=2, seats=40)


def take_part(training_class: TrainingClass, people: int = 1) -> list:
    pool = training_class.pools.get(town=None)
    found = [
        EnrolmentFactory(
            training_class=training_class,
            trainee=TraineeFactory(),
            pool=pool,
            status=EnrolmentStatus.BOOKED,
        )
        for _number in range(people)
    ]
    pool.seats_taken += people
    pool.save()
    return found


def address(name: str, training_class: TrainingClass) -> str:
    return reverse(f"trainees:{name}", args=[training_class.code])


def mark_all(training_class, people, by, *, status="present") -> None:
    for lesson in training_class.lessons.all():
        mark(lesson=lesson, enrolments=people, status=status, by=by, now=timezone.now())


# --- The frame ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ClassStatus.values)
@pytest.mark.parametrize("name", [url.partition(":")[2] for _tab, url, _words in TABS])
def test_every_tab_has_its_own_address_and_says_which_is_open(page, held, name, status):
    take_part(held)
    TrainingClass.objects.update(status=status)

    answer = page.get(address(name, held))

    assert answer.status_code == 200
    tabs = answer.context["space"].tabs
    assert [tab.url for tab in tabs if tab.is_here] == [address(name, held)]
    assert answer.text.count(f'href="{address(name, held)}" aria-current="page"') == 1
    assert 'href="/manage/classes/" aria-current="page"' in answer.text


def test_the_way_back_keeps_the_filters_of_the_list(page, held):
    page.get("/manage/classes/?status=open&sort=title")

    assert (
        'href="/manage/classes/?status=open&amp;sort=title"'
        in page.get(address("class_overview", held)).text
    )


def test_the_tabs_count_who_has_a_seat_and_which_towns_have_a_quota(town, cadre):
    training_class = class_with(seats=3, town_seats={town: 2})
    take_part(training_class, 1)

    tabs = {tab.name: tab.count for tab in space_of(training_class, "people").tabs}

    assert (tabs["people"], tabs["quotas"], tabs["messages"]) == (1, 1, None)


@pytest.mark.parametrize("people", [10, 1000])
def test_the_statements_of_a_tab_do_not_grow_with_its_people(
    page, bookable, people, district_staff
):
    training_class = bookable(days=-3, lessons=3, seats=people)
    take_part_at_once(training_class, people)
    page.get(address("class_overview", training_class))  # fills what is kept in the cache

    for name, most in MOST_STATEMENTS.items():
        with CaptureQueriesContext(connection) as asked:
            assert page.get(address(name, training_class)).status_code == 200
        assert len(asked) <= most, (name, len(asked))


def take_part_at_once(training_class: TrainingClass, people: int) -> None:
    """Many bookings of one village, written together."""
    first = take_part(training_class)[0]
    users = User.objects.bulk_create(
        User(phone=f"197{number:08d}", name=f"示例{number}") for number in range(people - 1)
    )
    made = Trainee.objects.bulk_create(
        Trainee(
            user=user,
            village=first.village,
            position=first.position,
        )
        for user in users
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            trainee=trainee,
            training_class=training_class,
            pool=first.pool,
            status=EnrolmentStatus.BOOKED,
            village=first.village,
            position=first.position,
            queued_at=first.queued_at,
            booked_by=first.booked_by,
        )
        for trainee in made
    )
    first.pool.seats_taken = people
    first.pool.save()


# --- What is to do next ---------------------------------------------------------------------------


def steps_of(training_class, staff="王老师"):
    now = timezone.now()
    rolls = [
        LessonRoll(lesson, lesson.on_the_roll, lesson.marked, now)
        for lesson in with_roll(training_class.lessons.all())
    ]
    return next_steps(
        training_class,
        figures=space_of(training_class, "overview").figures,
        rolls=rolls,
        sent=sent_people(training_class),
        staff=staff,
        now=now,
    )


def test_lessons_without_marks_are_due_and_then_the_closing(held, district_staff):
    people = take_part(held, 2)
    assert [step.words[:2] for step in steps_of(held) if step.is_due] == ["补点", "补点"]

    mark_all(held, people, district_staff)

    assert [(step.words, step.who) for step in steps_of(held)] == [("结班", "王老师")]


def test_quotas_answers_and_refusals_name_who_acts(bookable, town, cadre, colleague, town_staff):
    training_class = bookable(seats=6, town_seats={town: 2, TraineeFactory().village.town: 1})
    nominate(
        trainees=[cadre],
        training_class=training_class,
        town=town,
        by=town_staff,
        now=timezone.now(),
    )

    assert [(step.words, step.who) for step in steps_of(training_class)] == [
        ("答复调训", "本人"),
        ("报调训人选", "所属街镇"),
        ("下一次课", "王老师"),
    ]


def test_a_draft_is_opened_and_a_closed_class_leaves_nothing_to_do(bookable):
    draft = bookable(status=ClassStatus.DRAFT)
    assert [step.words for step in steps_of(draft)] == ["开放报名"]

    draft.status = ClassStatus.CLOSED
    assert steps_of(draft) == []


# --- The matrix -----------------------------------------------------------------------------------


def test_the_matrix_sums_minutes_and_hours_of_a_person_and_marks_of_a_lesson(held, district_staff):
    first, second = take_part(held, 2)
    one, other = held.lessons.order_by("starts_at")
    now = timezone.now()
    mark(lesson=one, enrolments=[first], status="present", by=district_staff, now=now)
    mark(lesson=one, enrolments=[second], status="late", minutes=30, by=district_staff, now=now)
    mark(lesson=other, enrolments=[first], status="absent", by=district_staff, now=now)

    matrix = matrix_of(held, now)

    rows = {row.enrolment: row for row in matrix.rows}
    assert (rows[first].minutes, rows[second].minutes) == (one.duration_minutes, 30)
    assert rows[first].hours == one.hours
    assert [[cell.status for cell in rows[item].cells] for item in (first, second)] == [
        ["present", "absent"],
        ["late", ""],
    ]
    assert [(head.came, head.absent, head.unmarked) for head in matrix.heads] == [
        (2, 0, 0),
        (0, 1, 1),
    ]
    assert matrix.unmarked == 1
    assert matrix.hours == rows[first].hours + rows[second].hours


def test_a_phone_shows_the_lesson_that_is_asked_for_else_the_last_that_has_begun(held):
    one, other = held.lessons.order_by("starts_at")

    def here(asked: str = "") -> list:
        return [
            head.lesson for head in matrix_of(held, timezone.now(), asked).heads if head.is_here
        ]

    assert here() == [other]
    assert here(str(one.pk)) == [one]
    assert here("x") == [other]


def test_each_cell_leads_to_the_person_on_the_roll_of_the_lesson(page, held):
    (person,) = take_part(held)

    text = page.get(address("class_attendance", held)).text

    for lesson in held.lessons.all():
        assert f'href="{reverse("trainees:attendance", args=[lesson.pk])}#p{person.pk}"' in text


def test_a_name_with_markup_is_shown_as_text(page, held):
    (person,) = take_part(held)
    User.objects.filter(pk=person.trainee.user_id).update(name="<b>示例</b>")

    text = page.get(address("class_attendance", held)).text

    assert "&lt;b&gt;示例" in text and "<b>示例" not in text


# --- The people -----------------------------------------------------------------------------------


def names(answer) -> list[str]:
    return [row.trainee.name for row in answer.context["list"].page_rows]


def test_the_people_are_narrowed_to_those_who_wait_were_absent_were_sent_or_left(
    page, bookable, seated, town, cadre, town_staff, district_staff
):
    training_class = bookable(seats=3, town_seats={town: 1})
    now = timezone.now()
    nominate(trainees=[cadre], training_class=training_class, town=town, by=town_staff, now=now)
    first, second, waits = [seated(TraineeFactory(), training_class) for _number in range(3)]
    gone = EnrolmentFactory(
        training_class=training_class, pool=None, status=EnrolmentStatus.WITHDRAWN
    )
    here = address("class_roster", training_class)

    def of(who: str) -> set[str]:
        return set(names(page.get(here, {"who": who, "sort": "person"})))

    assert of("called") == {cadre.name}
    assert of("waiting") == {waits.trainee.name}
    assert of("seat") == {cadre.name, first.trainee.name, second.trainee.name}
    assert of("left") == {gone.trainee.name}
    assert of("absent") == set()
    assert of("") == of("seat") | of("waiting")


def test_who_was_absent_once_is_found(page, held, district_staff):
    there, away = take_part(held, 2)
    mark_all(held, [there], district_staff)
    mark_all(held, [away], district_staff, status="absent")

    assert names(page.get(address("class_roster", held), {"who": "absent"})) == [away.trainee.name]


def test_ticked_people_end_with_a_reason_and_each_gets_a_result(page, bookable, seated):
    training_class = bookable(seats=3)
    first, second = [seated(TraineeFactory(), training_class) for _number in range(2)]
    here = address("class_roster", training_class)

    without = page.post(here, {"action": "withdraw", "row": [first.pk]}, follow=True)
    first.refresh_from_db()
    assert first.status == EnrolmentStatus.BOOKED and first.trainee.name in without.text

    page.post(
        here, {"action": "withdraw", "row": [first.pk, second.pk], "reason": "换届"}, follow=True
    )

    for enrolment in (first, second):
        enrolment.refresh_from_db()
        assert enrolment.status == EnrolmentStatus.WITHDRAWN


def test_ticked_people_are_taken_to_the_page_that_moves_them(page, bookable, seated):
    training_class = bookable(seats=3)
    enrolment = seated(TraineeFactory(), training_class)

    answer = page.post(
        address("class_roster", training_class), {"action": "move", "row": [enrolment.pk]}
    )

    assert answer["Location"] == f"{address('move_people', training_class)}?person={enrolment.pk}"


def test_the_people_are_a_workbook_and_a_sheet_of_paper(page, held):
    (person,) = take_part(held)
    here = address("class_roster", held)

    answer = page.get(here, {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active

    assert person.trainee.name in [cell.value for row in sheet.iter_rows() for cell in row]
    assert person.trainee.name in page.get(here, {"print": "1"}).text


# --- A cancelled class ----------------------------------------------------------------------------


def test_a_cancelled_class_keeps_its_reason_and_its_whole_roster(page, bookable, seated):
    training_class = bookable(seats=2)
    first, second, waits = [seated(TraineeFactory(), training_class) for _number in range(3)]
    cancel_class(
        training_class=training_class, reason="台风", by=first.trainee.user, now=timezone.now()
    )

    overview = page.get(address("class_overview", training_class))
    people = page.get(address("class_roster", training_class))

    assert "台风" in overview.text and overview.context["space"].figures.seated == 2
    assert set(names(people)) == {item.trainee.name for item in (first, second, waits)}


# --- Closing and taking it back -------------------------------------------------------------------


def test_closing_shows_who_gets_all_who_less_and_who_none(page, held, district_staff):
    full, less, none = take_part(held, 3)
    one, other = held.lessons.order_by("starts_at")
    mark_all(held, [full], district_staff)
    mark(lesson=one, enrolments=[less], status="present", by=district_staff, now=timezone.now())
    mark(lesson=other, enrolments=[less], status="excused", by=district_staff, now=timezone.now())
    mark_all(held, [none], district_staff, status="absent")

    to_post = page.get(address("close_class", held)).context["to_post"]

    assert [
        [item.enrolment for item in group]
        for group in (to_post.with_all, to_post.with_less, to_post.with_none)
    ] == [[full], [less], [none]]
    assert HourEntry.objects.count() == 0


def test_reopening_names_whose_hours_are_taken_back(page, held, district_staff):
    there, away = take_part(held, 2)
    mark_all(held, [there], district_staff)
    mark_all(held, [away], district_staff, status="absent")
    close_class(training_class=held, by=district_staff, now=timezone.now())

    shown = page.get(address("reopen_class", held))

    assert [(item.enrolment, item.lessons) for item in shown.context["people"]] == [(there, 2)]
    assert shown.context["total"] == sum(held.lessons.values_list("hours", flat=True), Decimal(0))
    page.post(address("reopen_class", held), {"reason": ""})
    held.refresh_from_db()
    assert held.status == ClassStatus.CLOSED
    page.post(address("reopen_class", held), {"reason": "少记一人"})
    held.refresh_from_db()
    assert held.status == ClassStatus.RUNNING
    assert page.get(address("reopen_class", held)).context["people"] == []


def test_the_records_say_what_happened_and_who_did_it(page, held, district_staff):
    people = take_part(held, 2)
    mark_all(held, people, district_staff)
    close_class(training_class=held, by=district_staff, now=timezone.now() + timedelta(minutes=1))

    history = page.get(address("class_records", held)).context["history"]

    posted = [entry for entry in history if entry.what.startswith("结班")]
    assert [(entry.about, entry.by) for entry in posted] == [("2 人", district_staff.name)]
    assert sum(entry.what == "改动 2 条考勤" for entry in history) == 2
