"""The classes of a year: who came, and how full they are."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from academy.errors import PortalError
from academy.models import User
from courses.models import ClassStatus, Lesson, TrainingClass
from trainees.booking import enrolling
from trainees.booking.withdrawing import withdraw
from trainees.classes import changes
from trainees.classes.grouping import draw_groups
from trainees.models import AttendanceStatus, EnrolmentStatus, Trainee
from trainees.record import attendance, closing, roll_locks

from .certificates import issue_certificates
from .jobs import teaches_lifts

WAITING_IN_THE_FULL_CLASS = 3


def hold_a_year_of_classes(
    chance: random.Random, now: datetime, people: list[Trainee], office: User, *, cadre: Trainee
) -> None:
    """Past classes are closed but the last, whose last lesson waits for the coordinator's marks;
    running ones are marked so far.

    All are booked before the first one starts: classes overlap, and whoever is late finds a class
    that runs already. The cadre who logs in books what is for secretaries but lifts, and finds the
    next full class full.
    """
    begun = list(
        TrainingClass.objects.filter(starts_at__lte=now).order_by("booking_opens_at", "code")
    )
    for item in begun:
        share = item.capacity * 3 // 4 if item.ends_at < now else item.capacity * 4 // 5
        first = [] if teaches_lifts(item) else [cadre]
        _book_many(
            item, [*first, *chance.sample(people, len(people))], item.booking_opens_at, wanted=share
        )
    ended = sorted((item for item in begun if item.ends_at < now), key=lambda item: item.ends_at)
    for item in ended:
        changes.start_due_classes(now=item.starts_at)
        _mark_lessons(
            chance,
            item,
            (
                item.lessons.all()
                if item is not ended[-1]
                else item.lessons.order_by("number")[: item.lesson_count - 1]
            ),
            office,
        )
        if item is not ended[-1]:
            closing.close_class(
                training_class=TrainingClass.objects.get(pk=item.pk),
                by=office,
                now=item.ends_at + timedelta(days=1),
            )
        else:
            _lock_the_first_roll(item, office)
            draw_groups(
                training_class=item, groups=4, seed=2027, shown="", by=office, now=item.starts_at
            )
    changes.start_due_classes(now=now)
    for item in begun:
        if item not in ended:
            _mark_lessons(chance, item, item.lessons.filter(ends_at__lt=now), office)
    coming = list(
        TrainingClass.objects.filter(
            starts_at__gt=now, booking_opens_at__lte=now, status=ClassStatus.OPEN
        ).order_by("starts_at")
    )
    queued = [item for item in coming if item.has_waiting_list and item.booking_is_open(now)]
    issue_certificates(now, office, cadre)
    full = next(
        (item for item in queued if item.audiences.contains(cadre.position)),
        queued[0] if queued else None,
    )
    for item in coming:
        if item is full:
            _fill_with_a_queue(item, chance.sample(people, len(people)), now)
        else:
            first = [] if item.booking_is_open(now) or teaches_lifts(item) else [cadre]
            wanted = chance.randint(item.capacity // 3, item.capacity * 9 // 10)
            _book_many(
                item,
                [*first, *chance.sample(people, len(people))],
                now - timedelta(days=2),
                wanted=wanted,
            )


def _book_many(
    item: TrainingClass, candidates: Iterable[Trainee], at: datetime, *, wanted: int
) -> None:
    """Book up to `wanted` seats for people the class is for; who is refused is left out."""
    at = min(max(at, item.booking_opens_at), item.booking_closes_at - timedelta(minutes=1))
    audience = set(item.audiences.values_list("pk", flat=True))
    booked = 0
    for candidate in candidates:
        if booked >= wanted:
            return
        if audience and candidate.position_id not in audience:
            continue
        try:
            enrolment = enrolling.book(
                trainee=candidate, training_class=item, by=candidate.user, now=at
            )
        except PortalError:
            continue
        at = min(at + timedelta(minutes=1), item.booking_closes_at - timedelta(minutes=1))
        if enrolment.status == EnrolmentStatus.WAITLISTED:
            withdraw(enrolment=enrolment, by=candidate.user, now=at)
        else:
            booked += 1


def _fill_with_a_queue(item: TrainingClass, candidates: list[Trainee], now: datetime) -> None:
    """Fill the class to the last seat, so that a few people wait: first those who have not taken
    the course.
    """
    TrainingClass.objects.filter(pk=item.pk).update(first_timers_first=True)
    audience = set(item.audiences.values_list("pk", flat=True))
    fitting = [
        candidate for candidate in candidates if not audience or candidate.position_id in audience
    ]
    others = [candidate for candidate in candidates if candidate not in fitting]
    at, waiting = now - timedelta(days=2), 0
    for candidate in fitting + others:
        if waiting >= WAITING_IN_THE_FULL_CLASS:
            return
        if candidate in others:
            candidate.position_id = next(iter(audience))
            candidate.save(update_fields=["position"])
            candidate.refresh_from_db()
        try:
            enrolment = enrolling.book(
                trainee=candidate, training_class=item, by=candidate.user, now=at
            )
        except PortalError:
            continue
        at += timedelta(minutes=1)
        if enrolment.status == EnrolmentStatus.WAITLISTED:
            left = TrainingClass.objects.with_seats().get(pk=item.pk).seats_left
            if left:
                withdraw(enrolment=enrolment, by=candidate.user, now=at)
            else:
                waiting += 1


def _lock_the_first_roll(item: TrainingClass, by: User) -> None:
    """Its roll was locked, opened to correct a mark, and locked again."""
    lesson = item.lessons.order_by("number").first()
    if item.lesson_count < 2 or lesson is None:
        return
    at = lesson.ends_at + timedelta(minutes=10)
    roll_locks.lock_roll(lesson=lesson, by=by, now=at)
    roll_locks.reopen_roll(
        lesson=lesson, reason="签到表上有签名，点名漏了", by=by, now=at + timedelta(minutes=5)
    )
    attendance.mark(
        lesson=lesson,
        enrolments=list(item.enrolments.holding_a_seat().order_by("pk")[:1]),
        status=AttendanceStatus.PRESENT,
        by=by,
        now=at + timedelta(minutes=6),
    )
    roll_locks.lock_roll(lesson=lesson, by=by, now=at + timedelta(minutes=8))


def _mark_lessons(
    chance: random.Random, item: TrainingClass, lessons: Iterable[Lesson], by: User
) -> None:
    """All present, but for a few; nobody is left unmarked."""
    for lesson in lessons:
        enrolments = list(item.enrolments.holding_a_seat())
        if not enrolments:
            continue
        at = lesson.starts_at + timedelta(minutes=5)
        attendance.mark(
            lesson=lesson, enrolments=enrolments, status=AttendanceStatus.PRESENT, by=by, now=at
        )
        for enrolment in chance.sample(enrolments, min(3, len(enrolments))):
            status = chance.choice(
                [AttendanceStatus.LATE, AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT]
            )
            minutes = lesson.duration_minutes - 30 if status == AttendanceStatus.LATE else None
            attendance.mark(
                lesson=lesson,
                enrolments=[enrolment],
                status=status,
                minutes=minutes,
                by=by,
                now=at + timedelta(minutes=1),
            )
