"""Each breach is planted behind the functions' back; the demonstration data has none."""

import json
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from courses.models import ClassStatus, SeatPool, TrainingClass
from trainees.booking.enrolling import book
from trainees.invariants import breaches
from trainees.models import Attendance, Enrolment, EnrolmentStatus, HourEntry
from trainees.record.attendance import mark, mark_rest
from trainees.record.closing import close_class, reopen_class

from ..factories import SHANGHAI, EnrolmentFactory, TownFactory, TraineeFactory, ask, class_with
from ..unguarded import unguarded

pytestmark = pytest.mark.django_db


def found() -> list[tuple]:
    return [(breach.rule, breach.model, breach.key) for breach in breaches()]


def audited(capsys) -> list[tuple]:
    """What the command says, which must end with 1."""
    with pytest.raises(SystemExit) as end:
        call_command("audit_invariants", "--json")
    assert end.value.code == 1
    return [(row["rule"], row["model"], row["key"]) for row in json.loads(capsys.readouterr().out)]


def open_class(*, days=14, **fields):
    """Bookable at this very moment: the audit asks the clock."""
    now = timezone.now()
    return class_with(
        starts_at=now + timedelta(days=days),
        booking_opens_at=now - timedelta(days=10),
        booking_closes_at=now + timedelta(days=7),
        **fields,
    )


def take(trainee, training_class):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=timezone.now())


@pytest.fixture
def full(cadre, colleague):
    """One seat, taken by the colleague; the cadre waits."""
    training_class = open_class(seats=1)
    take(colleague, training_class)
    take(cadre, training_class)
    return training_class


@pytest.fixture
def closed(cadre, colleague):
    """The cadre came, the colleague did not; closed, reopened and closed again."""
    training_class = open_class(seats=2, days=15)
    lesson = training_class.lessons.get()
    absent = [take(trainee, training_class) for trainee in (cadre, colleague)][1]
    mark(lesson=lesson, enrolments=[absent], status="absent", by=cadre.user, now=lesson.ends_at)
    mark_rest(lesson=lesson, status="present", by=cadre.user, now=lesson.ends_at)
    close_class(training_class=training_class, by=cadre.user, now=lesson.ends_at)
    reopen_class(training_class=training_class, reason="看一遍", by=cadre.user, now=lesson.ends_at)
    close_class(training_class=training_class, by=cadre.user, now=lesson.ends_at)
    return training_class


def standing():
    return HourEntry.objects.get(kind="lesson", reversed_by__isnull=True)


def post_again(entry, **fields):
    """A copy of a line, with something else in it."""
    values = {
        field.attname: getattr(entry, field.attname)
        for field in entry._meta.concrete_fields
        if field.name != "id"
    }
    return HourEntry.objects.create(**values | fields)


def test_sound_classes_have_none(full, closed, outsider):
    take(outsider, open_class(seats=2, town_seats={outsider.village.town: 1}))

    assert found() == []


def test_a_sound_house_ends_the_command_with_0(full, closed, capsys):
    call_command("audit_invariants", "--json")

    assert json.loads(capsys.readouterr().out) == []


# --- Rule 1: seats --------------------------------------------------------------------------------


@pytest.mark.parametrize("taken", [0, 2])
def test_a_count_of_seats_that_is_not_the_number_of_people(full, capsys, taken):
    SeatPool.objects.update(seats=2)
    type(full).objects.update(capacity=2, waiting_count=0)
    Enrolment.objects.filter(status=EnrolmentStatus.WAITLISTED).update(
        status=EnrolmentStatus.LAPSED
    )

    SeatPool.objects.update(seats_taken=taken)

    assert found() == audited(capsys) == [(1, "courses.SeatPool", full.pools.get().pk)]


def test_pools_that_do_not_add_up_to_the_capacity(full, capsys):
    type(full).objects.update(capacity=5)

    assert audited(capsys) == [(1, "courses.TrainingClass", full.pk)]


def test_a_seat_of_another_class(full, capsys, colleague):
    other = open_class(seats=1)
    seat = colleague.enrolments.get()
    SeatPool.objects.filter(training_class=other).update(seats_taken=F("seats_taken") + 1)
    Enrolment.objects.filter(pk=seat.pk).update(pool=other.pools.get())

    assert (1, "trainees.Enrolment", seat.pk) in audited(capsys)


def test_a_seat_of_another_town(outsider, capsys):
    training_class = open_class(seats=2, town_seats={TownFactory(): 1})
    seat = take(outsider, training_class)
    kept, open_pool = training_class.pools.exclude(town=None).get(), seat.pool
    SeatPool.objects.filter(pk=open_pool.pk).update(seats_taken=0)
    SeatPool.objects.filter(pk=kept.pk).update(seats_taken=1)
    Enrolment.objects.filter(pk=seat.pk).update(pool=kept)

    assert audited(capsys) == [(1, "trainees.Enrolment", seat.pk)]


# --- Rule 2: the queue ----------------------------------------------------------------------------


def test_somebody_waits_beside_a_free_seat(full, capsys, cadre):
    SeatPool.objects.update(seats=2)
    type(full).objects.update(capacity=2)

    assert audited(capsys) == [(2, "trainees.Enrolment", cadre.enrolments.get().pk)]


def test_somebody_waits_beside_a_free_seat_of_the_own_town(colleague, cadre, capsys):
    training_class = open_class(seats=2, town_seats={cadre.village.town: 1})
    waiting = EnrolmentFactory(trainee=cadre, training_class=training_class)
    stranger = EnrolmentFactory(training_class=training_class)
    SeatPool.objects.filter(training_class=training_class, town=None).update(seats=0)
    type(training_class).objects.update(capacity=1, waiting_count=2)

    assert audited(capsys) == [(2, "trainees.Enrolment", waiting.pk)]
    assert stranger.pk not in {key for _rule, _model, key in found()}


def test_who_waits_because_of_a_clash_is_no_breach(full, cadre):
    take(cadre, open_class(seats=1))
    SeatPool.objects.filter(training_class=full).update(seats=2)
    type(full).objects.filter(pk=full.pk).update(capacity=2)

    assert found() == []


def test_nobody_is_promoted_after_the_start_so_waiting_is_no_breach(full):
    SeatPool.objects.update(seats=2)
    type(full).objects.update(capacity=2, starts_at=timezone.now() - timedelta(minutes=1))

    assert found() == []


def test_an_offer_that_outlives_its_end(full, capsys, colleague):
    seat = colleague.enrolments.get()
    Enrolment.objects.filter(pk=seat.pk).update(
        status=EnrolmentStatus.OFFERED, offer_ends_at=timezone.now() - timedelta(hours=1)
    )

    assert audited(capsys) == [(2, "trainees.Enrolment", seat.pk)]


def test_a_count_of_who_waits_that_is_wrong(full, capsys):
    type(full).objects.update(waiting_count=7)

    assert audited(capsys) == [(2, "courses.TrainingClass", full.pk)]


# --- Rule 3: one enrolment, one attendance --------------------------------------------------------


@pytest.mark.parametrize("row", [{}, {"towns": [1]}])
def test_a_row_that_does_not_say_whom_the_class_is_for(full, capsys, cadre, row):
    ask(full, audiences=[cadre.position])
    assert found() == []

    TrainingClass.objects.filter(pk=full.pk).update(conditions=row)

    assert audited(capsys) == [(3, "courses.TrainingClass", full.pk)]


def test_an_attendance_of_another_class_lesson(full, capsys, colleague):
    lesson = open_class(seats=1).lessons.get()
    row = Attendance.objects.create(
        enrolment=colleague.enrolments.get(),
        lesson=lesson,
        status="present",
        marked_by=colleague.user,
        marked_at=timezone.now(),
    )

    assert audited(capsys) == [(3, "trainees.Attendance", row.pk)]


# --- Rule 5: hours --------------------------------------------------------------------------------


def test_hours_of_a_class_that_is_not_closed(closed, capsys):
    type(closed).objects.update(status=ClassStatus.RUNNING)

    assert audited(capsys) == [(5, "trainees.HourEntry", standing().pk)]


@pytest.mark.parametrize("status", ["absent", "excused"])
def test_hours_of_somebody_who_did_not_come(closed, capsys, cadre, status):
    with unguarded():
        Attendance.objects.filter(enrolment__trainee=cadre).update(status=status)

    assert audited(capsys) == [(5, "trainees.HourEntry", standing().pk)]


def test_hours_without_any_mark(closed, capsys, cadre):
    with unguarded():
        Attendance.objects.filter(enrolment__trainee=cadre).delete()

    assert audited(capsys) == [(5, "trainees.HourEntry", standing().pk)]


def test_hours_posted_twice(closed, capsys):
    entry = post_again(standing(), closing=9)

    assert audited(capsys) == [(5, "trainees.Enrolment", entry.enrolment_id)]


def test_hours_that_were_never_posted(closed, capsys, cadre):
    """A line that is rubbed out: the ledger is only ever added to."""
    with unguarded():
        standing().delete()

    assert audited(capsys) == [
        (5, "trainees.Attendance", Attendance.objects.get(enrolment__trainee=cadre).pk)
    ]


def test_hours_that_are_not_what_the_mark_earns(closed, capsys):
    with unguarded():
        HourEntry.objects.filter(pk=standing().pk).update(hours=Decimal("2.75"))

    assert audited(capsys) == [(5, "trainees.HourEntry", standing().pk)]


def test_a_correction_that_is_not_the_opposite(closed, capsys):
    correction = HourEntry.objects.get(kind="correction")
    with unguarded():
        HourEntry.objects.filter(pk=correction.pk).update(hours=-1)

    assert audited(capsys) == [(5, "trainees.HourEntry", correction.pk)]


def test_hours_of_another_person(closed, capsys):
    entry = standing()
    with unguarded():
        HourEntry.objects.filter(pk=entry.pk).update(trainee=TraineeFactory())

    assert audited(capsys) == [(5, "trainees.HourEntry", entry.pk)]


# --- The demonstration ----------------------------------------------------------------------------


def test_the_audit_finds_nothing_on_the_demonstration(settings, capsys, monkeypatch):
    settings.DEBUG = True
    today = timezone.localdate()
    call_command("load_demo", "--today", today.isoformat())
    assert Enrolment.objects.exists() and HourEntry.objects.exists()

    for hour in (0, 9, 13, 18, 23):
        moment = datetime.combine(today, time(hour, 59), SHANGHAI)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        capsys.readouterr()
        call_command("audit_invariants", "--json")

        assert json.loads(capsys.readouterr().out) == [], hour
