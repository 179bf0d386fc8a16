"""What a person needs to know of a seat: the next lesson, the way, what follows, whom to call."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.signing import Signer
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.models import Campus
from academy.office_settings import office_setting
from academy.templatetags.portal_tags import hours, moment_in_words, short_day
from courses.models import Lesson, TrainingClass

from ..booking.withdrawing import may_cancel_seat
from ..models import Enrolment, lessons_of

# 高德地图 URI API: a map in the browser or in the app, without a key
MARKER, SEARCH = "https://uri.amap.com/marker", "https://uri.amap.com/search"
signer = Signer(salt="trainees.ticket")


@dataclass(frozen=True)
class Step:
    """One line of what follows."""

    title: str
    text: str
    is_done: bool = False


@dataclass(frozen=True)
class Contact:
    """Whom to call, and about what."""

    name: str
    about: str
    phone: str


@dataclass(frozen=True)
class Ticket:
    """A seat as the page after booking shows it."""

    lesson: Lesson  # the next one
    number: int
    others: list[Lesson]
    days_left: int
    map_address: str
    bring: list[str]
    steps: list[Step]
    contacts: list[Contact]
    may_cancel: bool
    code: str  # for the door; says nothing to whoever reads it


def ticket_of(seat: Enrolment, training_class: TrainingClass, now: datetime) -> Ticket | None:
    """The ticket of a seat; none where no lesson lies ahead. One query."""
    lessons = list(
        lessons_of(seat)
        .select_related("venue__campus", "course_version")
        .order_by("starts_at", "number")
    )
    ahead = [lesson for lesson in lessons if lesson.ends_at > now]
    if not ahead:
        return None
    lesson = ahead[0]
    campus = lesson.venue.campus
    may_cancel = may_cancel_seat(training_class, now)
    return Ticket(
        lesson=lesson,
        number=lessons.index(lesson) + 1,
        others=[other for other in lessons if other is not lesson],
        days_left=(timezone.localdate(lesson.starts_at) - timezone.localdate(now)).days,
        map_address=map_address(campus),
        bring=[line.strip() for line in training_class.bring.splitlines() if line.strip()],
        steps=_steps(seat, training_class, lesson, lessons[-1], now, may_cancel=may_cancel),
        contacts=_contacts(campus),
        may_cancel=may_cancel,
        code=signer.sign(str(seat.pk)),
    )


def map_address(campus: Campus) -> str:
    """Where a map shows the campus: by its coordinates, or else by its address or name."""
    if campus.latitude is not None:
        place = {"position": f"{campus.longitude},{campus.latitude}", "name": campus.name}
        return f"{MARKER}?{urlencode(place)}"
    wanted = _("Baoshan District, Shanghai %(place)s") % {"place": campus.address or campus.name}
    return f"{SEARCH}?{urlencode({'keyword': wanted})}"


def _steps(
    seat: Enrolment,
    training_class: TrainingClass,
    lesson: Lesson,
    last: Lesson,
    now: datetime,
    *,
    may_cancel: bool,
) -> list[Step]:
    steps = [
        Step(
            _("%(day)s, booked") % {"day": _day_or_today(seat.created_at, now)},
            _("All lessons are in “My classes”."),
            is_done=True,
        )
    ]
    if may_cancel:
        steps.append(
            Step(
                _("Until %(moment)s")
                % {"moment": moment_in_words(training_class.cancellable_until)},
                _("Whoever cannot come cancels with one tap; the seat goes to who waits."),
            )
        )
    day_before = lesson.starts_at - timedelta(days=1)
    if day_before > now:
        steps.append(
            Step(
                short_day(day_before),
                _("A reminder the day before. A new time or room is told at once."),
            )
        )
    steps.append(
        Step(
            _("After the last lesson, %(day)s") % {"day": short_day(last.ends_at)},
            _("%(hours)s study hours are posted when the class is closed; nothing to register.")
            % {"hours": hours(training_class.hours)},
        )
    )
    return steps


def _day_or_today(moment: datetime, now: datetime) -> str:
    day: date = timezone.localdate(moment)
    return _("Today") if day == timezone.localdate(now) else short_day(moment)


def _contacts(campus: Campus) -> list[Contact]:
    """The campus where the lesson is, then the academy office; each number once."""
    found = [
        Contact(campus.name, _("The room, the way, being late"), campus.phone),
        Contact(
            pgettext("whom to call", "Academy office"),
            _("Everything else about the class"),
            office_setting("office_phone"),
        ),
    ]
    by_phone = {contact.phone: contact for contact in reversed(found) if contact.phone}
    return [contact for contact in found if by_phone.get(contact.phone) is contact]
