"""What people are told about leave, absences and their appeal."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import clock, full_day, short_day
from courses.models import Lesson
from notices.kinds import NoticeKind, Value
from notices.models import Urgency

from .on_behalf import ANSWER
from .values import ABOUT, CLASS, FULL_DAY


def _lessons(lessons: Sequence[Lesson]) -> str:
    return "；".join(
        f"{short_day(lesson.starts_at)} {clock(lesson.starts_at)} {lesson.title}"
        for lesson in lessons
    )


LESSON = Value("lesson", _("the title of the lesson"))

LEAVE_GRANTED = NoticeKind(
    key="request_decided",
    wording="leave_granted",
    urgency=Urgency.SOON,
    title=_("Your leave is granted: %(title)s"),
    body="%(answer)s",
    values=(CLASS, ANSWER),
)
LEAVE_REFUSED = NoticeKind(
    key="request_decided",
    wording="leave_refused",
    urgency=Urgency.SOON,
    title=_("Your leave is not granted: %(title)s"),
    body="%(answer)s",
    values=(CLASS, ANSWER),
)
LEAVE_OF_YOUR_VILLAGE = NoticeKind(
    key="leave_of_your_village",
    title=_("%(name)s is on leave: %(title)s"),
    body=_("%(lessons)s. You need do nothing."),
    values=(ABOUT, CLASS, Value("lessons", _("the lessons, with day and time"), _lessons)),
)
ABSENCE_APPEAL_GRANTED = NoticeKind(
    key="request_decided",
    wording="absence_appeal_granted",
    title=_("The mark is changed: %(title)s"),
    body="%(answer)s",
    values=(CLASS, ANSWER),
)
ABSENCE_APPEAL_REFUSED = NoticeKind(
    key="request_decided",
    wording="absence_appeal_refused",
    title=_("The mark stays as it is: %(title)s"),
    body="%(answer)s",
    values=(CLASS, ANSWER),
)
MARKED_ABSENT = NoticeKind(
    key="marked_absent",
    title=_("Marked absent: %(title)s"),
    body=_(
        "%(day)s, “%(lesson)s”: you are marked absent without leave. If that is not right, appeal"
        " until %(until)s."
    ),
    values=(CLASS, FULL_DAY, LESSON, Value("until", _("the last day of the appeal"), full_day)),
)
ABSENT_IN_A_ROW = NoticeKind(
    key="absent_in_a_row",
    title=_("%(name)s was absent %(count)s times in a row: %(title)s"),
    body=_(
        "Without leave, last on %(day)s from “%(lesson)s”. Please ask how they are; nothing else"
        " follows by itself."
    ),
    values=(ABOUT, CLASS, FULL_DAY, LESSON, Value("count", _("how often in a row"))),
)
