"""What departments are told of their courses, and whoever asked for a topic of the answer."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import NoticeKind, Value

COURSE = Value("title", _("the title of the course"))
OPINION = Value("opinion", _("the note of the reviewers, as it was written"))

COURSE_RETURNED = NoticeKind(
    key="course_returned",
    title=_("“%(title)s” came back with a note"),
    body="%(opinion)s",
    values=(COURSE, OPINION),
)
COURSE_PUBLISHED = NoticeKind(
    key="course_published",
    title=_("“%(title)s” is published: version %(number)d"),
    body="%(opinion)s",
    values=(COURSE, Value("number", _("the number of the version")), OPINION),
)
COURSE_RETIRED = NoticeKind(
    key="course_retired",
    title=_("“%(title)s” is retired"),
    body="%(opinion)s",
    values=(COURSE, OPINION),
)
COURSE_BROUGHT_BACK = NoticeKind(
    key="course_brought_back",
    title=_("“%(title)s” can be taught again"),
    body="%(opinion)s",
    values=(COURSE, OPINION),
)
TOPIC_REQUEST_ANSWERED = NoticeKind(
    key="topic_request_answered",
    title=_("Your request “%(topic)s” has an answer"),
    body="%(answer)s",
    values=(
        Value("topic", _("the topic, as it was asked for")),
        Value("answer", _("the answer, as it was written")),
    ),
)
