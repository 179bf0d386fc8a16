"""Telling the people of a class something: all with a seat, all who wait, or those absent from a
lesson. Each gets a notice of their own; nobody reads who else got one.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from academy.models import User
from academy.office_settings import office_setting
from courses.models import Lesson, TrainingClass
from notices.outbox import tell

from ..booking.class_lock import lock
from ..errors import BookingError
from ..models import AttendanceStatus, ClassMessage, MessageAudience
from ..notices.classes import CLASS_MESSAGE
from .roster import on_the_roll_of, queue_of


class NobodyToTell(BookingError):
    """The message would reach nobody."""


def people_to_tell(
    training_class: TrainingClass, audience: str, lesson: Lesson | None = None
) -> QuerySet[User]:
    """Return whom a message would reach now; `lesson` counts for those absent only."""
    match audience:
        case MessageAudience.WAITING:
            enrolments = queue_of(training_class)
        case MessageAudience.ABSENT:
            enrolments = on_the_roll_of(training_class).filter(
                attendances__lesson=lesson, attendances__status=AttendanceStatus.ABSENT
            )
        case _:
            enrolments = on_the_roll_of(training_class)
    return User.objects.filter(
        trainee__enrolments__in=enrolments.order_by().values("pk"), is_active=True
    ).distinct()


def send_message(
    *,
    training_class: TrainingClass,
    audience: str,
    lesson: Lesson | None,
    title: str,
    text: str,
    token: str,
    by: User,
    now: datetime,
) -> tuple[ClassMessage, bool]:
    """Tell everybody once; the same `token` again returns the message that was sent, and False.

    Raises NobodyToTell.
    """
    with transaction.atomic():
        lock(training_class)
        if sent := ClassMessage.objects.filter(token=token, training_class=training_class).first():
            return sent, False
        people = list(people_to_tell(training_class, audience, lesson))
        if not people:
            raise NobodyToTell(_("Nobody would get this message. Choose other people."))
        message = ClassMessage.objects.create(
            training_class=training_class,
            audience=audience,
            lesson=lesson,
            title=title,
            text=text,
            people=len(people),
            sent_by=by,
            sent_at=now,
            token=token,
        )
        values = _values(training_class, title, text)
        for person in people:
            tell(
                CLASS_MESSAGE,
                person,
                values=values,
                link=training_class.get_absolute_url(),
                subject=message,
                due_at=now,
            )
    return message, True


def body_of(training_class: TrainingClass, text: str) -> str:
    """The text as people read it: which class it is about, and whom to call."""
    return CLASS_MESSAGE.text(_values(training_class, "", text)).body


def _values(training_class: TrainingClass, heading: str, text: str) -> dict[str, str]:
    return {
        "heading": heading,
        "title": training_class.title,
        "text": text.strip(),
        "campus": training_class.campus.name,
        "phone": training_class.campus.phone or office_setting("office_phone"),
    }
