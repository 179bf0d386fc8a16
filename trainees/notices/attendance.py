"""What people are told after a class: absences that count, and hours."""

from django.utils.translation import gettext_lazy as _

from academy.text.numbers import plain
from notices.kinds import NoticeKind, Value

from .values import CLASS

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
TRAINING = Value("training", _("the title of the training elsewhere"))
CLAIM_APPROVED = NoticeKind(
    key="hour_claim_decided",
    title=_("%(hours)s study hours counted: %(training)s"),
    body=_("The academy office has approved your claim; the hours are in."),
    values=(TRAINING, Value("hours", _("the hours"), plain)),
)
OUTSIDE_HOURS_COUNTED = NoticeKind(
    key="outside_hours_counted",
    title=_("%(hours)s study hours of another platform counted"),
    body=_("Trainings in the list: %(count)s. You need not hand them in yourself."),
    values=(Value("hours", _("the hours"), plain), Value("count", _("how many trainings"))),
)
OUTSIDE_HOURS_TAKEN_BACK = NoticeKind(
    key="outside_hours_taken_back",
    title=_("%(hours)s study hours of another platform are taken back"),
    body=_(
        "The academy office has taken back a list that was imported; trainings in it: %(count)s."
        " If it is imported again, you are told."
    ),
    values=(Value("hours", _("the hours"), plain), Value("count", _("how many trainings"))),
)
CLAIM_RETURNED = NoticeKind(
    key="hour_claim_decided",
    wording="returned",
    title=_("Your claim came back: %(training)s"),
    body="%(answer)s",
    values=(TRAINING, Value("answer", _("what the office answered"))),
)
