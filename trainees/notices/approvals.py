"""What approvers are asked, and what people are told when a booking is approved or not."""

from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import full_day
from notices.kinds import NoticeKind, Value
from notices.models import Urgency

from .values import ABOUT, CLASS, REASON

LEVEL = Value("who", _("the level that decided"))
WORKDAYS = Value("days", _("workdays until the next level decides"))

APPROVAL_ASKED = NoticeKind(
    key="approval_asked",
    urgency=Urgency.SOON,
    title=_("Bookings wait for your approval: %(title)s"),
    body=_(
        "Seats and places are kept meanwhile. Without an answer the next level decides after"
        " %(days)d workdays."
    ),
    values=(CLASS, WORKDAYS),
)
APPROVAL_ASKED_LAST = NoticeKind(
    key="approval_asked",
    urgency=Urgency.SOON,
    wording="highest_level",
    title=_("Bookings wait for your approval: %(title)s"),
    body=_("Seats and places are kept meanwhile. Please answer before the class begins."),
    values=(CLASS,),
)
SEAT_APPROVED = NoticeKind(
    key="approval_decided",
    wording="seat",
    title=_("Approved: %(title)s"),
    body=_("Your seat is kept for you as before."),
    values=(CLASS,),
)
PLACE_APPROVED = NoticeKind(
    key="approval_decided",
    wording="waiting",
    title=_("Approved: %(title)s"),
    body=_("You keep your place in the queue and are told when a seat comes free."),
    values=(CLASS,),
)
NOT_APPROVED = NoticeKind(
    key="approval_decided",
    wording="refused",
    title=_("Not approved: %(title)s"),
    body=_(
        "%(who)s: %(reason)s. Your booking has ended. If this can be settled, speak to them; as"
        " long as booking is open you may book again."
    ),
    values=(CLASS, LEVEL, REASON),
)
NOMINATION_NOT_APPROVED = NoticeKind(
    key="nomination_not_approved",
    title=_("%(name)s is not approved: %(title)s"),
    body=_("%(who)s: %(reason)s. As long as booking is open you can send somebody else."),
    values=(CLASS, ABOUT, LEVEL, REASON),
)
DEPUTY_NAMED = NoticeKind(
    key="deputy_named",
    title=_("You stand in for %(name)s"),
    body=_("From %(first)s to %(last)s you approve bookings for them: %(reason)s"),
    values=(
        ABOUT,
        Value("first", _("the first day"), full_day),
        Value("last", _("the last day"), full_day),
        REASON,
    ),
)
