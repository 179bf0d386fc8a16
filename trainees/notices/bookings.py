"""Approvals, the queue, absences and hours: what people are told of their own bookings."""

from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import full_day, moment_in_words
from academy.text.numbers import plain
from notices.kinds import NoticeKind, Value

from .values import ABOUT, CLASS, REASON

LEVEL = Value("who", _("the level that decided"))
WORKDAYS = Value("days", _("workdays until the next level decides"))

# --- Approvals ------------------------------------------------------------------------------------

APPROVAL_ASKED = NoticeKind(
    key="approval_asked",
    title=_("Bookings wait for your approval: %(title)s"),
    body=_(
        "Seats and places are kept meanwhile. Without an answer the next level decides after"
        " %(days)d workdays."
    ),
    values=(CLASS, WORKDAYS),
)
APPROVAL_ASKED_LAST = NoticeKind(
    key="approval_asked",
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

# --- The queue ------------------------------------------------------------------------------------

PROMOTED = NoticeKind(
    key="promoted",
    title=_("You have a seat: %(title)s"),
    body=_(
        "A seat came free and it is yours. If you cannot come, please cancel by %(moment)s, so"
        " that the next person gets it."
    ),
    values=(CLASS, Value("moment", _("until when one can cancel"), moment_in_words)),
)
SEAT_OFFERED = NoticeKind(
    key="seat_offered",
    title=_("A seat is free for you until %(moment)s: %(title)s"),
    body=_(
        "It is held for you until %(moment)s. One tap takes it; if you decline or do not"
        " answer, it goes to the next person."
    ),
    values=(CLASS, Value("moment", _("until when the seat is held"), moment_in_words)),
)
OFFER_EXPIRED = NoticeKind(
    key="offer_expired",
    title=_("The offered seat has gone to the next person: %(title)s"),
    body=_(
        "There was no answer in time. If you still want to come, call the campus; for another"
        " date see the list of classes."
    ),
    values=(CLASS,),
)

# --- Afterwards -----------------------------------------------------------------------------------

NO_SHOW = NoticeKind(
    key="no_show",
    title=_("Your place in queues comes after the others for a while"),
    body=_(
        "You were %(reason)s. Nothing else follows from it: you can book as before,"
        " only in a full class the others go first. If it is not right, say so."
    ),
    values=(Value("reason", _("the days of absence, in a sentence")),),
)
HOURS_POSTED = NoticeKind(
    key="hours_posted",
    title=_("%(hours)s study hours for %(title)s"),
    body=_("The class is closed and your hours are in. You need not register anything."),
    values=(CLASS, Value("hours", _("the hours"), plain)),
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
