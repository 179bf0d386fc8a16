"""Checking in by the code on the wall: whoever scans marks themselves, and nobody else.

Source: docs/rules.md R70, R72.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from academy.office_settings import office_setting
from academy.templatetags.portal_tags import clock, day
from courses.models import HELD, Lesson

from ..models import Attendance, AttendanceStatus, Enrolment, MarkMethod, WallScan, attended_by
from ..models.door import DEVICE_LETTERS
from ..record.attendance import OPENS_BEFORE_LESSON, on_the_roll
from ..record.first_marks import mark_unmarked
from ..record.mark_errors import AttendanceError
from .other_slots import OfAnotherSlot

SCANS_KEPT = timedelta(days=30)
MANY = 3  # people whom one browser marked in one lesson, before the roll says so
SALT = "trainees.door.device"


class NotBooked(AttendanceError):
    """The person has no seat in the class of the lesson."""


class ScannedTooEarly(AttendanceError):
    """The lesson is on another day."""


class ScannedTooLate(AttendanceError):
    """The lesson is over."""


@dataclass(frozen=True)
class CheckIn:
    """What came of a scan: the mark that stands, or none while an early scan waits."""

    mark: Attendance | None
    is_new: bool = False


def opens_at(lesson: Lesson) -> datetime:
    """From then on people are marked; a scan that comes before waits."""
    return lesson.starts_at - OPENS_BEFORE_LESSON


def seat_of(user, lesson: Lesson) -> Enrolment | None:
    """The person's seat in the class of the lesson."""
    seats = Enrolment.objects.taking_part().filter(training_class=lesson.training_class_id)
    return seats.filter(trainee__user=user).first()


def check_in(*, lesson: Lesson, user, scanned_at: datetime, device: str) -> CheckIn:
    """Mark the person as the moment of the scan says, or keep the scan until marking opens.

    A mark that stands is left alone. `device` is what the browser's cookie holds. Raises NotBooked,
    OfAnotherSlot, ScannedTooEarly, ScannedTooLate, RollClosed.
    """
    seat = seat_of(user, lesson)
    if seat is None:
        raise NotBooked(_not_booked(lesson, user))
    if not on_the_roll(lesson).filter(pk=seat.pk).exists():
        raise OfAnotherSlot(seat, lesson, said_to_them=True)
    if scanned_at > lesson.ends_at:
        raise ScannedTooLate(
            _(
                "The lesson ended at %(clock)s, so a scan counts no more. Whoever was there tells"
                " the coordinator, who marks it on the roll."
            )
            % {"clock": clock(lesson.ends_at)}
        )
    hashed = device_hash(device)
    scan = WallScan(lesson=lesson, enrolment=seat, device=hashed, at=scanned_at)
    if scanned_at < opens_at(lesson):
        return _keep_early(scan)
    status = status_at(lesson, scanned_at)
    mark, is_new = mark_unmarked(
        lesson=lesson,
        enrolment=seat,
        status=status,
        minutes=minutes_left(lesson, scanned_at) if status == AttendanceStatus.LATE else None,
        by=user,
        now=scanned_at,
        method=MarkMethod.QR,
        scan=scan,
    )
    return CheckIn(mark, is_new)


def _keep_early(scan: WallScan) -> CheckIn:
    lesson = scan.lesson
    if timezone.localdate(scan.at) != timezone.localdate(lesson.starts_at):
        raise ScannedTooEarly(
            _("This lesson is on %(day)s; a scan counts from %(clock)s of that day. Scan it then.")
            % {"day": day(lesson.starts_at), "clock": clock(opens_at(lesson))}
        )
    stands = Attendance.objects.filter(lesson=lesson, enrolment=scan.enrolment).first()
    if stands is None:
        WallScan.objects.bulk_create([scan], ignore_conflicts=True)
    return CheckIn(stands)


def status_at(lesson: Lesson, moment: datetime) -> str:
    """到课, or 迟到 from so many minutes after the start as the office sets."""
    late_from = lesson.starts_at + timedelta(minutes=office_setting("on_time_minutes"))
    return AttendanceStatus.PRESENT if moment < late_from else AttendanceStatus.LATE


def minutes_left(lesson: Lesson, moment: datetime) -> int:
    """What somebody who comes at the moment is there for."""
    return max(1, int((lesson.ends_at - moment).total_seconds() // 60))


def _not_booked(lesson: Lesson, user) -> str:
    """What counts, what to do, and where the person is expected instead."""
    sentence = _(
        "You have no seat in “%(title)s”. Tell the coordinator at the door: they take in who came"
        " without booking, from an hour before the lesson."
    ) % {"title": lesson.training_class.title}
    begin = timezone.localtime(lesson.starts_at).replace(hour=0, minute=0, second=0, microsecond=0)
    expected = (
        Lesson.objects.filter(
            attended_by(OuterRef("training_class__enrolments")),
            training_class__enrolments__in=Enrolment.objects.taking_part().filter(
                trainee__user=user
            ),
            training_class__status__in=HELD,
            starts_at__range=(begin, begin + timedelta(days=1)),
        )
        .select_related("training_class", "venue__campus")
        .order_by("starts_at")
        .first()
    )
    if expected is None:
        return sentence
    where = _("Your lesson of that day is “%(title)s”, %(clock)s, %(campus)s %(venue)s.") % {
        "title": expected.training_class.title,
        "clock": clock(expected.starts_at),
        "campus": expected.venue.campus.name,
        "venue": expected.venue.name,
    }
    return f"{sentence} {where}"


# --- Scans that came early ------------------------------------------------------------------------


def count_early(*, now: datetime) -> int:
    """Mark whoever scanned before marking opened, as of the moment it did; returns how many.

    Whoever has a mark by then, or no seat any more, is left alone. Again it changes nothing.
    """
    counted = 0
    waiting = WallScan.objects.filter(
        counted_at__isnull=True, lesson__starts_at__lte=now + OPENS_BEFORE_LESSON
    ).select_related("lesson__training_class", "enrolment__trainee__user")
    for scan in waiting.order_by("pk"):
        opened = opens_at(scan.lesson)
        try:
            _mark, is_new = mark_unmarked(
                lesson=scan.lesson,
                enrolment=scan.enrolment,
                status=AttendanceStatus.PRESENT,
                by=scan.enrolment.trainee.user,
                now=opened,
                method=MarkMethod.QR,
            )
        except AttendanceError:
            is_new = False
        counted += is_new
        WallScan.objects.filter(pk=scan.pk, counted_at__isnull=True).update(counted_at=opened)
    return counted


# --- One browser for many people ------------------------------------------------------------------


def device_hash(cookie: str) -> str:
    """What is kept of the cookie of a browser: the cookie cannot be told from it."""
    return salted_hmac(SALT, cookie, algorithm="sha256").hexdigest()[:DEVICE_LETTERS]


def people_of_one_device(lesson: Lesson) -> list[list[str]]:
    """Names of those whom one browser marked, for each that marked MANY or more; one query, two
    where there is one.
    """
    scans = WallScan.objects.filter(lesson=lesson).order_by()
    devices = scans.values("device").annotate(people=Count("pk")).filter(people__gte=MANY)
    shared = [row["device"] for row in devices.order_by("device")]
    if not shared:
        return []
    names: dict[str, list[str]] = {device: [] for device in shared}
    found = scans.filter(device__in=shared).order_by("at", "pk")
    for device, name in found.values_list("device", "enrolment__trainee__user__name"):
        names[device].append(name)
    return list(names.values())


def forget_scans(*, now: datetime) -> int:
    """Delete scans that are older than SCANS_KEPT, and with them the hashes; returns how many."""
    return WallScan.objects.filter(at__lt=now - SCANS_KEPT).delete()[0]
