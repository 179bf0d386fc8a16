"""Telling the people of a class something: all with a seat, all who wait, or those absent from a
lesson. Each gets a notice of their own; nobody reads who else got one.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from academy.kept_settings import setting
from academy.models import User
from courses.models import Lesson, TrainingClass
from notices.outbox import notify

from ..booking.class_lock import lock
from ..errors import BookingError
from ..models import AttendanceStatus, ClassMessage, MessageAudience
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
        for person in people:
            notify(
                person=person,
                kind="class_message",
                subject=message,
                due_at=now,
                title=title,
                body=body_of(training_class, text),
                link=training_class.get_absolute_url(),
            )
    return message, True


def body_of(training_class: TrainingClass, text: str) -> str:
    """The text as people read it: which class it is about, and whom to call."""
    with translation.override(settings.LANGUAGE_CODE):
        return "\n".join(
            [
                _("About the class “%(title)s”:") % {"title": training_class.title},
                text.strip(),
                _("Questions? Call %(campus)s: %(phone)s.")
                % {
                    "campus": training_class.campus.name,
                    "phone": training_class.campus.phone or setting("office_phone"),
                },
            ]
        )
