"""What secondees, mentors, hosts and authors of cases are told."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import day
from notices.kinds import NoticeKind, Value

from .models import CaseDecision, ItemKind

NAME = Value("name", _("the name of the secondee"))
ITEM = Value("item", _("which of the seven items"), lambda kind: ItemKind(kind).label)
COMMENT = Value("comment", _("the comment, as it was written"))
CASE = Value("title", _("the title of the case"))

# --- The seven items ------------------------------------------------------------------------------

ITEM_HANDED_IN = NoticeKind(
    key="secondment_handed_in",
    title=_("%(name)s handed in “%(item)s”: please look and sign"),
    values=(NAME, ITEM),
)
ITEM_SIGNED = NoticeKind(
    key="secondment_signed",
    title=_("“%(item)s” is signed"),
    body="%(comment)s",
    values=(ITEM, COMMENT),
)
APPRAISAL_ISSUED = NoticeKind(
    key="secondment_signed",
    wording="appraisal",
    title=_("Your appraisal is there to read"),
)
ITEM_SENT_BACK = NoticeKind(
    key="secondment_sent_back",
    title=_("“%(item)s” came back: have a look"),
    body="%(comment)s",
    values=(ITEM, COMMENT),
)
ITEM_IS_DUE = NoticeKind(
    key="secondment_item_is_due",
    title=_("“%(item)s” is due by %(day)s"),
    body=_(
        "Add a text or a photo on your phone and hand it in. If the day does not suit,"
        " call the academy office."
    ),
    values=(ITEM, Value("day", _("the day by which it is due"), day)),
)
SECONDMENT_CLOSED = NoticeKind(
    key="secondment_closed",
    title=_("The secondment is completed: all seven are done"),
)
SECONDMENT_WITHDRAWN = NoticeKind(
    key="secondment_withdrawn",
    title=_("The secondment has ended early"),
    body="%(reason)s",
    values=(Value("reason", _("the reason, as it was written")),),
)

# --- The case library -----------------------------------------------------------------------------

CASE_BEGUN = NoticeKind(
    key="case_begun",
    title=_("Your work case is a draft of the case library: %(title)s"),
    body=_("%(name)s took it over. Say in it what was done and what came of it, then hand it in."),
    values=(CASE, Value("name", _("the name of whoever took it over"))),
)


def _decided(decision: CaseDecision) -> NoticeKind:
    return NoticeKind(
        key=f"case_{decision}",
        label=format_lazy("{}：{}", _("A case of one's own"), decision.label),
        title=_("Your case “%(title)s”: %(decision)s"),
        body="%(opinion)s",
        values=(
            CASE,
            Value("decision", _("what was decided"), lambda decision: CaseDecision(decision).label),
            Value("opinion", _("the reason or the note, as it was written")),
        ),
    )


CASE_SUBMITTED = _decided(CaseDecision.SUBMITTED)
CASE_TAKEN_BACK = _decided(CaseDecision.TAKEN_BACK)
CASE_RETURNED = _decided(CaseDecision.RETURNED)
CASE_PUBLISHED = _decided(CaseDecision.PUBLISHED)
CASE_TAKEN_DOWN = _decided(CaseDecision.TAKEN_DOWN)
CASE_DECIDED = {
    CaseDecision.SUBMITTED: CASE_SUBMITTED,
    CaseDecision.TAKEN_BACK: CASE_TAKEN_BACK,
    CaseDecision.RETURNED: CASE_RETURNED,
    CaseDecision.PUBLISHED: CASE_PUBLISHED,
    CaseDecision.TAKEN_DOWN: CASE_TAKEN_DOWN,
}
