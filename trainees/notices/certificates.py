"""What people are told of their certificates."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import NoticeKind, Value

from .values import REASON

NUMBER = Value("number", _("the number of the certificate"))

ISSUED = NoticeKind(
    key="certificate_issued",
    title=_("Your certificate %(number)s is ready"),
    body=_("You find it under “My certificates”, to be printed or kept as a PDF."),
    values=(NUMBER,),
)
REVOKED = NoticeKind(
    key="certificate_revoked",
    title=_("Your certificate %(number)s was revoked"),
    body=_(
        "Reason: %(reason)s. It no longer counts, and whoever checks it is told so. If that is"
        " wrong, ask the office that issued it."
    ),
    values=(NUMBER, REASON),
)
