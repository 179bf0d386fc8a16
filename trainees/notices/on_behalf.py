"""What people are told when somebody else acts for them, or answers what they asked for."""

from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import clock, day, moment_in_words
from notices.kinds import NoticeKind, Value
from notices.models import Urgency

from .values import ABOUT, ACTOR, CAMPUS, CAMPUSES, CLASS, REASON, TOWN

# --- Colleagues and whoever runs the class --------------------------------------------------------

BOOKED_FOR_YOU = NoticeKind(
    key="booked_by_colleague",
    title=_("Booked for you: %(title)s"),
    body=_("%(name)s booked a seat for you. If you cannot come, cancel on the page of the class."),
    values=(CLASS, ACTOR),
)
QUEUED_FOR_YOU = NoticeKind(
    key="booked_by_colleague",
    wording="waiting",
    title=_("On the waiting list: %(title)s"),
    body=_("%(name)s put you on the waiting list. You are told when a seat comes free."),
    values=(CLASS, ACTOR),
)
CANCELLED_FOR_YOU = NoticeKind(
    key="cancelled_by_colleague",
    urgency=Urgency.SOON,
    title=_("Cancelled for you: %(title)s"),
    body=_("%(name)s cancelled your booking. If that is wrong, speak to them, or book again."),
    values=(CLASS, ACTOR),
)
CANCELLED_BY_STAFF = NoticeKind(
    key="cancelled_by_colleague",
    urgency=Urgency.SOON,
    wording="staff",
    title=_("Cancelled for you: %(title)s"),
    body=_(
        "%(name)s, who runs the class, ended your booking: %(reason)s. If that is wrong, call"
        " %(campus)s, or book again."
    ),
    values=(CLASS, ACTOR, REASON, CAMPUS),
)
SEAT_PASSED_ON = NoticeKind(
    key="seat_passed_on",
    title=_("Your seat is passed on: %(title)s"),
    body=_("A colleague of your village comes in your place; you need do nothing more."),
    values=(CLASS,),
)
SEAT_RECEIVED = NoticeKind(
    key="seat_received",
    urgency=Urgency.SOON,
    title=_("You have a colleague's seat: %(title)s"),
    body=_(
        "A colleague of your village cannot come and passed the seat on to you. If you cannot"
        " come either, cancel on the page of the class."
    ),
    values=(CLASS,),
)
BOOKING_MOVED = NoticeKind(
    key="booking_moved",
    urgency=Urgency.URGENT,
    title=_("Your booking was moved: %(title)s"),
    body=_(
        "%(name)s moved your booking from “%(before)s” to “%(after)s”, which begins on"
        " %(moment)s at %(campus)s. If that does not suit you, cancel on the page of the class."
    ),
    values=(
        CLASS,
        ACTOR,
        Value("before", _("the title of the class before")),
        Value("after", _("the title of the class now")),
        Value("moment", _("when the class begins"), moment_in_words),
        CAMPUS,
    ),
)

# --- Dispatch -------------------------------------------------------------------------------------

NOMINATED = NoticeKind(
    key="nominated",
    urgency=Urgency.SOON,
    title=_("%(town)s would like to send you: %(title)s"),
    body=_(
        "It begins on %(day)s %(clock)s at %(campus)s. Say with one tap whether you can"
        " come; if not, why."
    ),
    values=(
        CLASS,
        TOWN,
        Value("day", _("the day on which the class begins"), day),
        Value("clock", _("the hour at which the class begins"), clock),
        CAMPUSES,
    ),
)
NOMINATION_REFUSED = NoticeKind(
    key="nomination_refused",
    title=_("%(name)s cannot come: %(title)s"),
    body=_(
        "%(reason)s. Send somebody else within 24 hours; after that the seat goes to whoever waits."
    ),
    values=(CLASS, ABOUT, REASON),
)
NOMINATION_REPLACED = NoticeKind(
    key="nomination_replaced",
    title=_("Somebody else comes in your place: %(title)s"),
    body=_("%(town)s has sent somebody else; you need do nothing more."),
    values=(CLASS, TOWN),
)

# --- Requests -------------------------------------------------------------------------------------

ANSWER = Value("answer", _("the answer, as it was written"))

LATE_WITHDRAWAL_GRANTED = NoticeKind(
    key="request_decided",
    wording="withdrawal_granted",
    title=_("Your seat is given back: %(title)s"),
    body="%(answer)s",
    values=(CLASS, ANSWER),
)
LATE_WITHDRAWAL_REFUSED = NoticeKind(
    key="request_decided",
    wording="withdrawal_refused",
    title=_("Your seat stays yours: %(title)s"),
    body="%(answer)s",
    values=(CLASS, ANSWER),
)
EXEMPTION_GRANTED = NoticeKind(
    key="request_decided",
    wording="exemption_granted",
    title=_("You need not take this class: %(title)s"),
    body="%(answer)s",
    values=(CLASS, ANSWER),
)
EXEMPTION_REFUSED = NoticeKind(
    key="request_decided",
    wording="exemption_refused",
    title=_("Please take this class all the same: %(title)s"),
    body="%(answer)s",
    values=(CLASS, ANSWER),
)
APPEAL_GRANTED = NoticeKind(
    key="request_decided",
    wording="appeal_granted",
    title=_("The absences count no more"),
    body="%(answer)s",
    values=(ANSWER,),
)
APPEAL_REFUSED = NoticeKind(
    key="request_decided",
    wording="appeal_refused",
    title=_("The absences stay as they are"),
    body="%(answer)s",
    values=(ANSWER,),
)
