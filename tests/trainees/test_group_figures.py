"""The figures of residents and other groups: by themselves, by year and quarter, true after
somebody became a cadre or left.
"""

from dataclasses import astuple
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from courses.models import ClassStatus
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.eligibility.repeats import recent_repeat_rate, repeat_rate
from trainees.models import (
    Attendance,
    Enrolment,
    EnrolmentChannel,
    EnrolmentStatus,
    HourEntry,
    LightAccount,
    Trainee,
)
from trainees.on_behalf.class_bookings import book_person
from trainees.on_behalf.moving import move_bookings
from trainees.people.group_figures import Period, figures_of
from trainees.people.light_accounts import become_cadre, leave

from ..factories import (
    NOW,
    SHANGHAI,
    EnrolmentFactory,
    LearnerGroupFactory,
    LightTraineeFactory,
    PositionFactory,
    TraineeFactory,
    ask,
    class_with,
)

NONE = (0, 0, 0, 0, 0, Decimal(0))


def figures(group, period=Period(2027), now=NOW + timedelta(days=60)):  # noqa: B008  (frozen)
    return next(astuple(row)[1:] for row in figures_of(period, now) if row.group == group)


def attend(trainee, training_class, *, came=True):
    """Booked and marked, with its hours posted, as closing leaves it."""
    pool = training_class.pools.get()
    enrolment = EnrolmentFactory(
        trainee=trainee, training_class=training_class, status=EnrolmentStatus.COMPLETED, pool=pool
    )
    lesson = training_class.lessons.get()
    Attendance.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        status="present" if came else "absent",
        marked_by=trainee.user,
        marked_at=NOW,
    )
    if came:
        HourEntry.objects.create(
            trainee=trainee,
            kind="lesson",
            hours=Decimal("3.00"),
            earned_on=lesson.starts_at.date(),
            enrolment=enrolment,
            lesson=lesson,
            closing=1,
            rule="示例",
            posted_at=NOW,
            posted_by=trainee.user,
        )
    return enrolment


@pytest.fixture
def group(db):
    return LearnerGroupFactory()


@pytest.fixture
def held(group):
    """A class of the first quarter, open to the group."""
    training_class = class_with(seats=9, status=ClassStatus.CLOSED)
    ask(training_class, open_to_groups=[group])
    return training_class


def test_each_group_is_counted_by_itself_and_no_cadre_among_them(group, held):
    other = LearnerGroupFactory()
    came, stayed_away = LightTraineeFactory.create_batch(2, learner_group=group)
    attend(came, held)
    attend(stayed_away, held, came=False)
    attend(LightTraineeFactory(learner_group=other), held)
    attend(TraineeFactory(), held)

    assert figures(group) == (1, 2, 2, 2, 1, Decimal("3.00"))
    assert figures(other) == (0, 1, 1, 1, 1, Decimal("3.00"))


@pytest.fixture
def to_come(group):
    """A class that can be booked, open to the group and to cadres, with a run of the same."""
    found = [class_with(seats=1, starts_at=NOW + timedelta(days=14 + n)) for n in range(2)]
    for item in found:
        ask(item, open_to_groups=[group])
    return found


def _by_oneself(person, first, second, office):
    return book(trainee=person, training_class=first, by=person.user, now=NOW)


def _at_the_desk(person, first, second, office):
    return book_person(trainee=person, training_class=first, by=office, now=NOW)


def _through_the_queue(person, first, second, office):
    seated = TraineeFactory()
    held = book(trainee=seated, training_class=first, by=seated.user, now=NOW)
    waits = book(trainee=person, training_class=first, by=person.user, now=NOW)
    assert waits.is_waiting
    withdraw(enrolment=held, by=seated.user, now=NOW)
    waits.refresh_from_db()
    return waits


def _moved(person, first, second, office):
    book(trainee=person, training_class=second, by=person.user, now=NOW)
    pk = person.enrolments.get().pk
    move_bookings(source=second, target=first, people=[pk], expected=[pk], by=office, now=NOW)
    return person.enrolments.get(training_class=first)


def _walked_in(person, first, second, office):
    return book(
        trainee=person,
        training_class=first,
        by=office,
        now=NOW,
        channel=EnrolmentChannel.WALK_IN,
    )


@pytest.mark.parametrize("way", [_by_oneself, _at_the_desk, _through_the_queue, _moved, _walked_in])
def test_a_group_is_counted_by_itself_whichever_way_its_people_were_booked(
    group, to_come, district_staff, way
):
    person = LightTraineeFactory(learner_group=group)
    enrolment = way(person, *to_come, district_staff)

    assert (enrolment.status, enrolment.learner_group) == (EnrolmentStatus.BOOKED, group)
    assert figures(group)[3] == 1, "the booking counts for the group"
    assert not Enrolment.objects.of_cadres().filter(trainee=person).exists()
    cadres = repeat_rate([to_come[0]]).bookings
    assert cadres == 0, "and in no figure of cadres"
    assert recent_repeat_rate(district_staff, NOW).bookings == 0


def test_one_person_who_comes_twice_is_one_person(group, held):
    second = class_with(seats=9)
    person = LightTraineeFactory(learner_group=group)
    attend(person, held)
    attend(person, second)

    assert figures(group) == (1, 1, 1, 2, 1, Decimal("6.00"))


def test_cancelled_classes_drafts_and_bookings_that_ended_are_not_counted(group, held):
    for status in (ClassStatus.CANCELLED, ClassStatus.DRAFT):
        ask(class_with(seats=5, status=status), open_to_groups=[group])
    EnrolmentFactory(
        trainee=LightTraineeFactory(learner_group=group),
        training_class=held,
        status=EnrolmentStatus.WITHDRAWN,
    )

    assert figures(group) == (1, 1, 1, 0, 0, Decimal(0))


def test_what_somebody_did_in_the_group_stays_there_after_they_became_a_cadre_or_left(group, held):
    promoted, gone = LightTraineeFactory.create_batch(2, learner_group=group)
    attend(promoted, held)
    attend(gone, held)

    become_cadre(
        trainee=promoted,
        village=promoted.village,
        position=PositionFactory(),
        on=date(2027, 4, 1),
        now=NOW + timedelta(days=40),
    )
    leave(trainee=gone, now=NOW + timedelta(days=41))

    assert figures(group) == (1, 0, 2, 2, 2, Decimal("6.00"))
    assert figures(group, now=NOW + timedelta(days=39))[1] == 2  # accounts in being on that day


def test_a_quarter_begins_and_ends_at_midnight_of_shanghai(group):
    account = LightTraineeFactory(learner_group=group).light_accounts.get()
    for moment, quarter in (
        (datetime(2027, 3, 31, 23, 59, tzinfo=SHANGHAI), 1),
        (datetime(2027, 4, 1, 0, 0, tzinfo=SHANGHAI), 2),
    ):
        LightAccount.objects.filter(pk=account.pk).update(joined_at=moment)
        assert [
            figures(group, Period(2027, number), NOW + timedelta(days=365))[2]
            for number in (1, 2, 3, 4)
        ] == [int(number == quarter) for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        (Period(2027), date(2027, 1, 1), date(2028, 1, 1)),
        (Period(2027, 1), date(2027, 1, 1), date(2027, 4, 1)),
        (Period(2027, 4), date(2027, 10, 1), date(2028, 1, 1)),
    ],
)
def test_periods(period, first, after):
    assert (period.first, period.after) == (first, after)


def test_groups_stand_in_the_order_of_the_vocabulary_whatever_their_figures(db):
    last, first = LearnerGroupFactory(sort_order=9002), LearnerGroupFactory(sort_order=9001)
    LightTraineeFactory.create_batch(3, learner_group=last)

    assert [row.group for row in figures_of(Period(2027), NOW)][-2:] == [first, last]


def test_a_group_out_of_use_is_shown_as_long_as_somebody_is_in_it(group):
    trainee = LightTraineeFactory(learner_group=group)
    group.active = False
    group.save()
    assert figures(group)[1] == 1

    LightAccount.objects.all().delete()
    Trainee.objects.filter(pk=trainee.pk).delete()
    assert all(row.group != group for row in figures_of(Period(2027), NOW))


def test_the_page_asks_as_many_questions_for_many_groups_as_for_one(
    client, district_staff, group, held, django_assert_max_num_queries
):
    client.force_login(district_staff)
    for count in (1, 5):
        for another in LearnerGroupFactory.create_batch(count):
            attend(LightTraineeFactory(learner_group=another), held)
        with django_assert_max_num_queries(14):
            assert client.get("/manage/groups/?year=2027&quarter=1").status_code == 200


@pytest.mark.parametrize(
    "query", ["year=1999", "year=x", "year=９９９９", "quarter=5", "quarter=x", "year=" + "9" * 40]
)
def test_a_time_that_is_none_is_an_empty_list_that_says_so(client, district_staff, query):
    client.force_login(district_staff)

    answer = client.get(f"/manage/groups/?{query}")

    assert answer.status_code == 200
    assert "没有这个筛选条件" in answer.content.decode()


@pytest.mark.django_db
def test_a_group_that_is_no_longer_in_use_keeps_who_joined():
    trainee = LightTraineeFactory()
    LightAccount.objects.update(ended_at=NOW + timedelta(days=5), end="left")
    type(trainee.learner_group).objects.update(active=False)

    assert [figures.joined for figures in figures_of(Period(2027), NOW + timedelta(days=10))] == [1]
