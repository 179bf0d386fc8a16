"""Walk-ins, tickets and photos of the sheet. Source: docs/rules.md R70, R71."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from academy.models import LearnerGroup
from academy.people_keys import keep_findable
from academy.uploads.kinds import FileRefused, examine
from courses.models import ClassStatus, TrainingClass
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.door.sheets import KEPT, TooManyPhotos, add_photo, delete_old_photos, delete_photo
from trainees.door.tickets import NoTicket, NotOfThisClass, check_ticket
from trainees.door.walk_ins import (
    DoorClosed,
    NobodyOfThisKind,
    ReasonNeeded,
    found_at_the_door,
    take_in,
    take_in_unknown,
)
from trainees.invariants import breaches
from trainees.me.ticket import signer
from trainees.models import Attendance, Enrolment, EnrolmentEvent, SheetPhoto, Trainee
from trainees.people.light_accounts import PhoneKnown
from trainees.record.attendance import mark
from trainees.record.mark_errors import RollClosed, TooEarly

from ..factories import NOW, PositionFactory, TraineeFactory, ask, class_with
from ..practicums.factories import picture

pytestmark = pytest.mark.django_db
STARTS = NOW.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=14)
TWO_PAST = STARTS + timedelta(minutes=2)


@pytest.fixture
def lesson(campus):
    return class_with(seats=2, starts_at=STARTS, campus=campus).lessons.get()


@pytest.fixture
def seat(lesson, cadre):
    return book(trainee=cadre, training_class=lesson.training_class, by=cadre.user, now=NOW)


def marks(lesson) -> list[tuple]:
    found = Attendance.objects.filter(lesson=lesson).order_by("pk")
    return list(found.values_list("enrolment__trainee", "status", "method"))


def come(person, lesson, by, *, now=TWO_PAST, **more):
    return take_in(trainee=person, lesson=lesson, by=by, now=now, **more)


def named(name: str, phone: str) -> Trainee:
    person = TraineeFactory(user__name=name, user__phone=phone)
    keep_findable([person.user])
    return person


# --- Walk-ins -------------------------------------------------------------------------------------


def test_a_person_is_found_by_number_or_by_the_sound_of_the_name_and_four_digits(lesson, seat):
    person = named("曾国强", "19900004321")
    named("曾国强", "19900004322")
    named("郑国强", "19900014321")

    def found(name, phone):
        return [row.trainee for row in found_at_the_door(name=name, phone=phone, lesson=lesson)]

    assert found("", "19900004321") == [person]
    assert found("曾国墙", "4321") == [person]
    assert found("曾国强", "19900014321") == [
        Trainee.objects.get(user__phone="19900014321"),
        person,
    ]
    assert found("曾国强", "9999") == []


def test_a_walk_in_gets_a_free_seat_and_is_marked(lesson, seat, colleague, branch_coordinator):
    mark_made, is_new = come(colleague, lesson, branch_coordinator)

    assert (mark_made.status, is_new) == ("present", True)
    assert marks(lesson) == [(colleague.pk, "present", "walk_in")]
    taken = Enrolment.objects.get(trainee=colleague)
    assert (taken.status, taken.channel, taken.booked_by) == (
        "booked",
        "walk_in",
        branch_coordinator,
    )
    assert list(breaches()) == []


def test_a_second_tap_and_a_booked_person_make_no_second_seat(
    lesson, seat, cadre, colleague, branch_coordinator
):
    answers = [
        come(person, lesson, branch_coordinator)[1]
        for person in (colleague, colleague, cadre, cadre)
    ]

    assert answers == [True, False, True, False]
    assert Enrolment.objects.count() == 2
    assert len(marks(lesson)) == 2


def test_in_a_full_class_whoever_runs_it_decides_and_says_why(
    lesson, seat, colleague, outsider, branch_coordinator
):
    come(colleague, lesson, branch_coordinator)
    with pytest.raises(ReasonNeeded, match="名额已满"):
        come(outsider, lesson, branch_coordinator)
    assert len(marks(lesson)) == 1

    come(outsider, lesson, branch_coordinator, reason="从外区赶来，加一把椅子")

    training_class = TrainingClass.objects.get()
    assert (training_class.capacity, training_class.pools.get().seats_taken) == (3, 3)
    assert EnrolmentEvent.objects.get(enrolment__trainee=outsider).reason == (
        "从外区赶来，加一把椅子"
    )
    assert list(breaches()) == []


def test_somebody_of_another_post_is_taken_in_with_a_reason(lesson, colleague, branch_coordinator):
    ask(lesson.training_class, audiences=[PositionFactory()])
    lesson.refresh_from_db()

    with pytest.raises(ReasonNeeded):
        come(colleague, lesson, branch_coordinator)
    come(colleague, lesson, branch_coordinator, reason="替村书记来")

    assert marks(lesson) == [(colleague.pk, "present", "walk_in")]


def test_who_waits_gets_the_seat_and_leaves_the_queue(
    lesson, seat, colleague, outsider, branch_coordinator
):
    for person in (colleague, outsider):
        book(trainee=person, training_class=lesson.training_class, by=person.user, now=NOW)

    come(outsider, lesson, branch_coordinator, reason="有人没来")

    assert TrainingClass.objects.get().waiting_count == 0
    assert Enrolment.objects.filter(trainee=outsider, status="booked").count() == 1
    assert list(breaches()) == []


def test_a_walk_in_needs_no_approval(campus, colleague, branch_coordinator):
    lesson = class_with(seats=2, starts_at=STARTS, campus=campus, approval="chain").lessons.get()

    come(colleague, lesson, branch_coordinator)

    assert Enrolment.objects.get().approval.status == "not_needed"
    assert list(breaches()) == []


@pytest.mark.parametrize(
    ("minutes", "refusal"), [(-61, TooEarly), (-60, None), (145, None), (146, DoorClosed)]
)
def test_the_door_is_open_from_an_hour_before_until_the_end(
    lesson, colleague, branch_coordinator, minutes, refusal
):
    now = STARTS + timedelta(minutes=minutes)
    if refusal:
        with pytest.raises(refusal):
            come(colleague, lesson, branch_coordinator, now=now)
        assert not Enrolment.objects.exists()
    else:
        come(colleague, lesson, branch_coordinator, now=now)
        assert marks(lesson)[0][1] == ("present" if minutes < 5 else "late")


def test_nobody_is_taken_into_a_cancelled_class(lesson, colleague, branch_coordinator):
    TrainingClass.objects.update(status=ClassStatus.CANCELLED)

    with pytest.raises(RollClosed):
        come(colleague, lesson, branch_coordinator)


def test_somebody_unknown_gets_a_light_account_where_the_class_is_open_to_the_group(
    lesson, village, branch_coordinator
):
    group = LearnerGroup.objects.first() or LearnerGroup.objects.create(name="志愿者")
    typed = {"name": "新面孔", "phone": "19900007777", "village": village, "group": group}
    more = {"lesson": lesson, "by": branch_coordinator, "now": TWO_PAST}
    with pytest.raises(NobodyOfThisKind, match="只面向干部"):
        take_in_unknown(**typed, **more)
    assert not Trainee.objects.filter(user__phone="19900007777").exists()

    ask(lesson.training_class, open_to_groups=[group])
    lesson.refresh_from_db()
    take_in_unknown(**typed, **more)

    assert Trainee.objects.get(user__phone="19900007777").learner_group == group
    assert [row[1:] for row in marks(lesson)] == [("present", "walk_in")]
    with pytest.raises(PhoneKnown):
        take_in_unknown(**typed, **more)


# --- Tickets --------------------------------------------------------------------------------------


def scan(lesson, code, by, *, minutes=2):
    return check_ticket(lesson=lesson, code=code, by=by, now=STARTS + timedelta(minutes=minutes))


def code_of(seat) -> str:
    return signer.sign(str(seat.pk))


def test_a_ticket_marks_its_holder_once(lesson, seat, cadre, branch_coordinator):
    first = scan(lesson, code_of(seat), branch_coordinator)
    again = scan(lesson, f" {code_of(seat)}\n", branch_coordinator, minutes=30)

    assert (first.is_new, again.is_new, again.mark.marked_at) == (True, False, TWO_PAST)
    assert marks(lesson) == [(cadre.pk, "present", "ticket")]


@pytest.mark.parametrize("code", ["", "1", "x:y", "1:AAAA", "𠮷", "https://example.org/"])
def test_what_is_no_ticket_is_refused(lesson, seat, branch_coordinator, code):
    with pytest.raises(NoTicket, match="不是本系统的入场单"):
        scan(lesson, code, branch_coordinator)


def test_a_ticket_of_somebody_not_booked_says_the_way_in(lesson, seat, cadre, branch_coordinator):
    other = class_with(seats=1, starts_at=STARTS + timedelta(days=3))
    elsewhere = book(trainee=cadre, training_class=other, by=cadre.user, now=NOW)
    withdraw(enrolment=seat, by=cadre.user, now=NOW)

    with pytest.raises(NotOfThisClass, match="已经不在这个班。人已经到场的，可以现场补录"):
        scan(lesson, code_of(seat), branch_coordinator)
    with pytest.raises(NotOfThisClass, match=other.title):
        scan(lesson, code_of(elsewhere), branch_coordinator)
    assert marks(lesson) == []


def test_a_ticket_does_not_change_a_mark_that_stands(lesson, seat, cadre, branch_coordinator):
    mark(lesson=lesson, enrolments=[seat], status="excused", by=branch_coordinator, now=STARTS)

    assert not scan(lesson, code_of(seat), branch_coordinator).is_new
    assert marks(lesson) == [(cadre.pk, "excused", "roll")]


# --- Photos of the sheet --------------------------------------------------------------------------


def photo(quality: int = 90):
    """Another quality is another photo."""
    return examine(SimpleUploadedFile("签到表.jpg", picture("JPEG", quality=quality)))


def stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).glob("sheets/*") if path.is_file()]


def keep(lesson, by, file=None):
    return add_photo(lesson=lesson, file=file or photo(), by=by, now=TWO_PAST)


def test_a_photo_is_kept_once_and_deleted_with_its_file(
    lesson, branch_coordinator, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    first, again = keep(lesson, branch_coordinator), keep(lesson, branch_coordinator)
    assert (first, len(stored())) == (again, 1)

    with django_capture_on_commit_callbacks(execute=True):
        delete_photo(photo=first)
        delete_photo(photo=first)

    assert (SheetPhoto.objects.count(), stored()) == (0, [])


def test_only_photos_are_taken_and_no_more_than_ten(lesson, branch_coordinator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(FileRefused):
        keep(lesson, branch_coordinator, examine(SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")))
    for number in range(10):
        keep(lesson, branch_coordinator, photo(50 + number))
    with pytest.raises(TooManyPhotos):
        keep(lesson, branch_coordinator, photo(70))

    assert len(stored()) == 10


def test_a_year_after_the_lesson_photos_are_deleted(
    lesson, branch_coordinator, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    keep(lesson, branch_coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_old_photos(now=lesson.ends_at + KEPT) == 0
        assert delete_old_photos(now=lesson.ends_at + KEPT + timedelta(seconds=1)) == 1

    assert stored() == []
