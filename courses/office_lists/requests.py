"""The list of topics asked for."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.errors import PortalError
from academy.lists.actions import Bulk, Link, Nothing, Outcomes
from academy.lists.columns import (
    Badge,
    Column,
    Day,
    LongText,
)
from academy.lists.listing import OfficeList

from ..filters import RequestFilter
from ..models import TopicRequest, TopicRequestStatus
from ..topic_requests import answer, answer_by

REQUEST_BADGES = {
    TopicRequestStatus.OPEN: "wait",
    TopicRequestStatus.ANSWERED: "ok",
    TopicRequestStatus.WITHDRAWN: "idle",
}


class RequestList(OfficeList):
    """Topics asked for: at first those that wait for an answer, who has waited longest first."""

    slug, address = "requests", "courses:manage_requests"
    heading = gettext_lazy("Topics asked for")
    about = gettext_lazy(
        "Every request gets an answer within 15 working days; who has waited longest stands first."
    )
    filters = RequestFilter
    bulk = (
        Bulk(
            "answer",
            gettext_lazy("Answer together"),
            wants=("answer", gettext_lazy("The answer that each of them reads")),
        ),
    )
    nothing_matches = gettext_lazy("Nothing here at the moment.")
    see_all = gettext_lazy("See what waits for an answer")

    topic = Column(gettext_lazy("Topic"), sort="topic", width="w-title")
    status = Badge(
        gettext_lazy("State"),
        lambda row: (REQUEST_BADGES[row.status], row.get_status_display()),
    )
    asked = Day(gettext_lazy("Asked on"), "asked_at", sort="asked_at")
    until = Day(
        gettext_lazy("Answer by"),
        lambda row: answer_by(row) if row.status == TopicRequestStatus.OPEN else None,
    )
    town = Column(gettext_lazy("Street-town"), "village.town.name", sort="village__town__code")
    village = Column(pgettext_lazy("unit", "Village"), "village.name", sort="village__code")
    item = LongText(gettext_lazy("Service item"), "service_item.name", on_phone=False)
    course = LongText(gettext_lazy("Course"), "course.title", on_phone=False)
    by = Column(gettext_lazy("Answered by"), "answered_by.name", sort="answered_by__name", on=False)

    def links(self) -> list[Link]:
        return [Link(_("Looked for and not found"), reverse("portal:unanswered"), "search")]

    def rows(self) -> QuerySet[TopicRequest]:
        return TopicRequest.objects.select_related(
            "village__town", "service_item", "course", "answered_by"
        )

    def name(self, row: TopicRequest) -> str:
        return row.topic

    def may_tick(self, row: TopicRequest) -> bool:
        return row.status == TopicRequestStatus.OPEN

    def bulk_answer(self, rows: list[TopicRequest], outcomes: Outcomes) -> None:
        """One answer to requests that ask for the same; each person is told."""
        for row in rows:
            try:
                answer(
                    request=row,
                    text=self.request.POST.get("answer", ""),
                    course=None,
                    by=self.user,
                    now=self.now,
                )
                outcomes.done.append(self.name(row))
            except PortalError as refused:
                outcomes.refused.append((self.name(row), str(refused)))
        outcomes.report(
            self.request,
            lambda count: ngettext("%(count)d answered: ", "%(count)d answered: ", count),
        )

    def link(self, row: TopicRequest) -> str:
        return reverse("courses:answer_request", args=[row.pk])

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("Nothing here at the moment."),
            _("What people ask for on the search page and on service items arrives here."),
        )
