"""First-timers first in the queue of a scarce class, where its rules say so: docs/rules.md R88."""

import pytest
from django.urls import reverse

from courses.models import ClassStatus
from trainees.booking.enrolling import book_group, set_priority
from trainees.classes.booking_rules import change_rules
from trainees.models import (
    AttendanceStatus,
    Enrolment,
    EnrolmentStatus,
    MakeUp,
    MakeUpStatus,
    QueuePriority,
)
from trainees.seats.counting import place_to_come, places_of

from ..factories import (
    NOW,
    CourseFactory,
    CourseVersionFactory,
    LessonFactory,
    TraineeFactory,
    class_with,
)
from .pasts import has_taken, was_absent
from .test_booking import give_back, queue_place, take
from .test_class_rules import rules_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return CourseFactory(title="加装电梯")


def scarce(course, *, seats=1, **fields):
    """A class of the course that puts first-timers first."""
    fields = {"first_timers_first": True} | fields
    training_class = class_with(seats=seats, **fields)
    lesson = training_class.lessons.get()
    lesson.course_version = CourseVersionFactory(course=course)
    lesson.save()
    return training_class


def wait(trainee, training_class):
    return take(trainee, training_class, repeat_reason="再学一遍")


def made_up(trainee, course):
    """Missed, and made up in a lesson of another class of the course."""
    mark = was_absent(trainee, course, days_ago=40).enrolments.get().attendances.get()
    other = LessonFactory(course_version=CourseVersionFactory(course=course))
    return MakeUp.objects.create(
        enrolment=mark.enrolment,
        missed=mark.lesson,
        lesson=other,
        status=MakeUpStatus.CAME,
        booked_at=NOW,
        booked_by=trainee.user,
        marked_at=NOW,
        marked_by=trainee.user,
    )


def an_equal_one(trainee, course):
    other = CourseFactory()
    other.equivalents.add(course)
    has_taken(trainee, other)


def came_late(trainee, course):
    has_taken(trainee, course, status=AttendanceStatus.LATE)


def not_closed_yet(trainee, course):
    held = has_taken(trainee, course)
    held.status = ClassStatus.RUNNING
    held.save()


def not_come_to_the_make_up(trainee, course):
    make_up = made_up(trainee, course)
    make_up.status = MakeUpStatus.MISSED
    make_up.save()


@pytest.mark.parametrize(
    ("past", "counts"),
    [
        (has_taken, True),
        (came_late, True),
        (an_equal_one, True),
        (made_up, True),
        (lambda trainee, course: was_absent(trainee, course, days_ago=40), False),
        (lambda trainee, course: has_taken(trainee, CourseFactory()), False),
        (not_closed_yet, False),
        (not_come_to_the_make_up, False),
        (lambda trainee, course: None, False),
    ],
    ids=[
        "taken",
        "came late",
        "an equal one",
        "made up",
        "absent",
        "another course",
        "not closed yet",
        "not come to the make-up",
        "never",
    ],
)
def test_who_has_taken_the_course_waits_behind_who_has_not(cadre, colleague, course, past, counts):
    past(cadre, course)
    training_class = scarce(course)
    seat = take(TraineeFactory(), training_class)
    earlier, later = wait(cadre, training_class), wait(colleague, training_class)

    give_back(seat)

    earlier.refresh_from_db()
    later.refresh_from_db()
    assert (later.status == EnrolmentStatus.BOOKED) == counts
    assert (earlier.status == EnrolmentStatus.BOOKED) == (not counts)


def test_without_the_rule_time_alone_counts(cadre, colleague, course):
    has_taken(cadre, course)
    training_class = scarce(course, first_timers_first=False)
    take(TraineeFactory(), training_class)
    earlier, later = wait(cadre, training_class), wait(colleague, training_class)

    places = places_of([earlier, later])

    assert [queue_place(earlier), queue_place(later)] == [1, 2]
    assert not any(place.has_taken or place.comes_later for place in places.values())


def test_the_rule_is_switched_on_and_off_while_people_wait(
    cadre, colleague, course, district_staff
):
    has_taken(cadre, course)
    training_class = scarce(course, first_timers_first=False)
    take(TraineeFactory(), training_class)
    earlier, later = wait(cadre, training_class), wait(colleague, training_class)
    found = []

    for is_on in (True, False):
        change_rules(
            training_class=training_class,
            rules=rules_of(training_class, first_timers_first=is_on),
            by=district_staff,
            now=NOW,
        )
        found.append([queue_place(earlier), queue_place(later)])

    assert found == [[2, 1], [1, 2]]


def test_the_word_of_the_office_goes_before_the_rule(cadre, colleague, course, district_staff):
    has_taken(cadre, course)
    training_class = scarce(course)
    take(TraineeFactory(), training_class)
    earlier, later = wait(cadre, training_class), wait(colleague, training_class)

    set_priority(
        enrolment=earlier,
        priority=QueuePriority.FIRST,
        reason="新任书记",
        by=district_staff,
        now=NOW,
    )

    assert [queue_place(earlier), queue_place(later)] == [1, 2]


@pytest.mark.parametrize("together", [True, False])
def test_a_group_that_wants_all_or_nobody_has_taken_it_if_anybody_has(
    village, cadre, colleague, outsider, course, village_coordinator, together
):
    has_taken(colleague, course)
    training_class = scarce(course, seats=2)
    for _number in range(2):
        take(TraineeFactory(), training_class)
    first, second = book_group(
        trainees=[cadre, colleague],
        training_class=training_class,
        together=together,
        by=village_coordinator,
        now=NOW,
        repeat_reason="再学一遍",
    )
    alone = wait(outsider, training_class)

    places = places_of([first, second, alone])

    assert [places[item.pk].number for item in (first, second, alone)] == (
        [2, 3, 1] if together else [1, 3, 2]
    )
    assert [places[item.pk].has_taken for item in (first, second, alone)] == [False, True, False]
    assert [places[item.pk].comes_later for item in (first, second, alone)] == [
        together,
        True,
        False,
    ]


def test_who_has_left_the_group_no_longer_counts_for_it(
    cadre, colleague, outsider, course, village_coordinator
):
    has_taken(colleague, course)
    training_class = scarce(course, seats=2)
    for _number in range(2):
        take(TraineeFactory(), training_class)
    group = [cadre, colleague, TraineeFactory(village=cadre.village)]
    first, second, _third = book_group(
        trainees=group,
        training_class=training_class,
        together=True,
        by=village_coordinator,
        now=NOW,
        repeat_reason="再学一遍",
    )
    alone = wait(outsider, training_class)

    give_back(second)

    assert [queue_place(first), queue_place(alone)] == [1, 3]


# --- The forecast ---------------------------------------------------------------------------------


@pytest.mark.parametrize("first_timers_first", [True, False])
@pytest.mark.parametrize("newcomer_has_taken", [True, False])
def test_the_place_that_is_foretold_is_the_one_that_is_got(
    course, outsider, district_staff, first_timers_first, newcomer_has_taken
):
    training_class = scarce(course, first_timers_first=first_timers_first)
    take(TraineeFactory(), training_class)
    waiting = [TraineeFactory() for _number in range(4)]
    for trainee in (*waiting[:2], *[outsider] * newcomer_has_taken):
        has_taken(trainee, course)
    enrolments = [wait(trainee, training_class) for trainee in waiting]
    for enrolment, priority in ((enrolments[0], -1), (enrolments[3], 1)):
        set_priority(
            enrolment=enrolment, priority=priority, reason="说明", by=district_staff, now=NOW
        )
    training_class.refresh_from_db()

    foretold = place_to_come(outsider, training_class, QueuePriority.USUAL)

    enrolment = wait(outsider, training_class)

    assert foretold == places_of([enrolment])[enrolment.pk]
    assert foretold.number == (3 if first_timers_first and not newcomer_has_taken else 4)


# --- What is said ---------------------------------------------------------------------------------

RULE = "候补先安排没学过这门课的学员"


@pytest.fixture
def full(course, time_machine):
    time_machine.move_to(NOW, tick=False)
    training_class = scarce(course)
    take(TraineeFactory(), training_class)
    return training_class


def test_the_class_page_says_the_rule_and_the_place(client, cadre, course, full):
    waiting = TraineeFactory()
    has_taken(waiting, course)
    wait(waiting, full)
    client.force_login(cadre.user)

    before = client.get(full.get_absolute_url()).text
    booked = client.post(reverse("trainees:book", args=[full.code]), follow=True).text
    client.force_login(waiting.user)
    behind = client.get(full.get_absolute_url()).text

    first = f"{RULE}；您没学过，排在学过的学员前面。"
    assert "现在候补排<b>第 1 位</b>" in before and first in before
    assert "候补第 1 位" in booked and booked.count(first) == 2, "in the message and on the page"
    assert "候补第 2 位" in behind and f"{RULE}；您学过，排在他们后面。" in behind


def test_visitors_read_the_rule_and_nobody_where_it_does_not_hold(client, course, full):
    assert f"{RULE}。" in client.get(full.get_absolute_url()).text

    usual = scarce(course, first_timers_first=False)

    assert RULE not in client.get(usual.get_absolute_url()).text


def test_the_office_sees_why_somebody_stands_where(client, cadre, colleague, course, full, office):
    has_taken(cadre, course)
    wait(cadre, full)
    wait(colleague, full)
    client.force_login(office)

    page = client.get(reverse("trainees:queue", args=[full.code])).text

    assert page.index(colleague.user.name) < page.index(cadre.user.name)
    assert "没学过这门课的学员排在学过的前面。" in page
    assert page.count("学过这门课，最近一次是") == 1


@pytest.fixture
def office(district_staff):
    return district_staff


def test_the_queue_of_a_cancelled_class_is_shown_in_its_order(cadre, colleague, course, full):
    has_taken(cadre, course)
    earlier, later = wait(cadre, full), wait(colleague, full)
    Enrolment.objects.filter(pk__in=[earlier.pk, later.pk]).update(status=EnrolmentStatus.LAPSED)

    assert list(Enrolment.objects.filter(status=EnrolmentStatus.LAPSED).in_queue_order()) == [
        later,
        earlier,
    ]
