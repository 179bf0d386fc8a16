"""What the people to log in as have booked, and what they thought better of."""

from datetime import datetime, timedelta

from django.utils import timezone

from academy.errors import PortalError
from academy.models import Campus, CampusKind, User
from courses.models import ClassStatus, Course, Track, TrainingClass
from trainees.booking import enrolling
from trainees.booking.withdrawing import withdraw_late
from trainees.me.calendar_feed import feed_of
from trainees.me.follows import follow
from trainees.models import (
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentStatus,
    QueuePriority,
    Trainee,
)
from trainees.petitions import requests

from .accounts import HOME_TOWN, let_in
from .held_classes import WAITING_IN_THE_FULL_CLASS
from .leave import ask_for_some_leave


def make_own_bookings(now: datetime, logins: dict[str, User]) -> None:
    """The cadre who logs in waits for the full class and has one booked that can still be
    cancelled.
    """
    cadre = logins["19900009001"].trainee
    feed_of(cadre, now)
    for target in (
        Campus.objects.get(kind=CampusKind.SALON, town__code=HOME_TOWN),
        Track.objects.get(prefix="SW"),
        Course.objects.get(code="SW-001"),
    ):
        follow(trainee=cadre, target=target, now=now - timedelta(days=30))
    taken: set[str] = set()
    for item in TrainingClass.objects.filter(status=ClassStatus.OPEN, starts_at__gt=now).order_by(
        "-waiting_count", "starts_at"
    ):
        if not item.booking_is_open(now):
            continue
        try:
            taken.add(
                enrolling.book(
                    trainee=cadre, training_class=item, by=cadre.user, now=now - timedelta(hours=1)
                ).status
            )
        except PortalError:
            continue
        if EnrolmentStatus.BOOKED in taken:
            return


def have_second_thoughts(now: datetime, office: User, cadre: Trainee) -> None:
    """In the full class somebody was moved up with a reason and somebody is asked about a seat;
    somebody asks to withdraw late; a class has its day of decision today. Whoever was absent
    without leave last can look at what that means.
    """
    absent = Attendance.objects.filter(
        status=AttendanceStatus.ABSENT, lesson__training_class__status=ClassStatus.CLOSED
    )
    if (missed := absent.order_by("lesson__starts_at", "pk").last()) is not None:
        let_in(missed.enrolment.trainee.user)
    full = (
        TrainingClass.objects.filter(
            status=ClassStatus.OPEN, waiting_count__gte=WAITING_IN_THE_FULL_CLASS, starts_at__gt=now
        )
        .order_by("starts_at")
        .first()
    )
    if full is not None:
        # Offers of a whole day: whoever loads the demonstration in the evening finds this one still
        # open
        TrainingClass.objects.filter(pk=full.pk).update(
            cancel_until=now - timedelta(hours=1), offer_hours=24
        )
        seat = (
            Enrolment.objects.filter(training_class=full, status=EnrolmentStatus.BOOKED)
            .exclude(trainee=cadre)
            .order_by("pk")
            .first()
        )
        withdraw_late(enrolment=seat, by=office, now=now - timedelta(minutes=30), reason="岗位调动")
        asked = (
            Enrolment.objects.filter(training_class=full, status=EnrolmentStatus.OFFERED)
            .select_related("trainee__user")
            .first()
        )
        if asked is not None:
            let_in(asked.trainee.user)  # so that the offer can be tried
        favoured = (
            Enrolment.objects.waiting().filter(training_class=full).exclude(trainee=cadre).last()
        )
        enrolling.set_priority(
            enrolment=favoured,
            priority=QueuePriority.FIRST,
            reason="新任书记，半年内要轮训一次",
            by=office,
            now=now - timedelta(minutes=20),
        )
    others = Enrolment.objects.filter(
        status=EnrolmentStatus.BOOKED,
        training_class__status=ClassStatus.OPEN,
        training_class__starts_at__gt=now,
    )
    seat = (
        others.exclude(training_class__in=cadre.enrolments.values("training_class"))
        .exclude(training_class=full)
        .order_by("training_class__starts_at", "pk")
        .first()
    )
    if seat is not None:
        TrainingClass.objects.filter(pk=seat.training_class_id).update(
            cancel_until=now - timedelta(hours=4)
        )
        seat.refresh_from_db()
        requests.ask_to_withdraw(
            enrolment=seat,
            reason="那天街道有防汛值守，来不了",
            by=seat.trainee.user,
            now=now - timedelta(hours=3),
        )
    short = (
        TrainingClass.objects.filter(
            status=ClassStatus.OPEN,
            starts_at__gt=now + timedelta(days=1),
            booking_opens_at__lte=now,
        )
        .with_seats()
        .order_by("seats_taken_total", "code")
        .first()
    )
    if short is not None and short.seats_taken_total < short.capacity:
        TrainingClass.objects.filter(pk=short.pk).update(
            minimum_size=short.seats_taken_total + 1, decide_on=timezone.localdate(now)
        )
    ask_for_some_leave(now, office, cadre)
