"""What people in the queue are told of a seat that came free."""

from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import moment_in_words
from notices.kinds import NoticeKind, Value
from notices.models import Urgency

from .values import CLASS

PROMOTED = NoticeKind(
    key="promoted",
    urgency=Urgency.URGENT,
    title=_("You have a seat: %(title)s"),
    body=_(
        "A seat came free and it is yours. If you cannot come, please cancel by %(moment)s, so"
        " that the next person gets it."
    ),
    values=(CLASS, Value("moment", _("until when one can cancel"), moment_in_words)),
)
SEAT_OFFERED = NoticeKind(
    key="seat_offered",
    urgency=Urgency.URGENT,
    title=_("A seat is free for you until %(moment)s: %(title)s"),
    body=_(
        "It is held for you until %(moment)s. One tap takes it; if you decline or do not"
        " answer, it goes to the next person."
    ),
    values=(CLASS, Value("moment", _("until when the seat is held"), moment_in_words)),
)
OFFER_EXPIRED = NoticeKind(
    key="offer_expired",
    urgency=Urgency.SOON,
    title=_("The offered seat has gone to the next person: %(title)s"),
    body=_(
        "There was no answer in time. If you still want to come, call the campus; for another"
        " date see the list of classes."
    ),
    values=(CLASS,),
)
