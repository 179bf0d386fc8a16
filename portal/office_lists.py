"""The lists of roles, of what visitors sent, and of what the search did not answer."""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Bulk, Nothing, Outcomes
from academy.lists.columns import Action, Badge, Column, Day, Moment, Number, Whole
from academy.lists.listing import OfficeList
from academy.lists.words import with_word
from academy.templatetags.portal_tags import short_day

from .coverage.lists import LISTS as COVERAGE_LISTS
from .models import Feedback, UnansweredQuery
from .roles.lists import RoleList


class FeedbackFilter(forms.Form):
    """A word of what was sent, and whether somebody has dealt with it."""

    q = forms.CharField(label=gettext_lazy("Find in this list"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("filter", "All")),
            ("open", gettext_lazy("Not dealt with")),
            ("done", gettext_lazy("Dealt with")),
        ],
    )


class FeedbackList(OfficeList):
    """What visitors sent from the foot of any page, the latest first."""

    slug, address = "feedback", "portal:feedback_inbox"
    heading = gettext_lazy("Feedback from visitors")
    has_steps_of_rows = True
    bulk = (Bulk("handled", gettext_lazy("Mark as dealt with")),)
    nothing = Nothing(
        gettext_lazy("No feedback yet."),
        gettext_lazy("What visitors send from the foot of any page appears here."),
    )

    sent = Moment(gettext_lazy("Sent on"), "sent_at", sort="sent_at")
    text = Whole(gettext_lazy("What they say"))
    contact = Column(gettext_lazy("How to reach them"), sort="contact")
    of_page = Column(gettext_lazy("From the page"), "page", sort="page", width="w-place")
    state = Badge(
        gettext_lazy("State"),
        lambda row: (
            ("ok", _("Dealt with by %(name)s") % {"name": row.handled_by.name})
            if row.handled_at
            else ("wait", _("Not dealt with"))
        ),
        sort="handled_at",
    )
    handled = Day(gettext_lazy("Dealt with on"), "handled_at", sort="handled_at", on=False)
    step = Action(gettext_lazy("Actions"))

    @cached_property
    def form(self) -> FeedbackFilter:
        return FeedbackFilter(self.request.GET)

    def rows(self) -> QuerySet[Feedback]:
        return Feedback.objects.select_related("handled_by")

    @cached_property
    def found(self) -> Any:
        if not self.is_known:
            return []
        wanted = self.form.cleaned_data
        rows = with_word(self.rows(), wanted["q"], ("text", "contact", "page"))
        if wanted["state"]:
            rows = rows.filter(handled_at__isnull=wanted["state"] == "open")
        return rows

    def name(self, row: Feedback) -> str:
        return f"{short_day(row.sent_at)} {row}"

    def may_tick(self, row: Feedback) -> bool:
        return row.handled_at is None

    def show_step(self, row: Feedback) -> str:
        if row.handled_at:
            return ""
        return format_html(
            '<button class="btn btn-quiet" name="feedback" value="{}" aria-label="{}">{}</button>',
            row.pk,
            _("Mark as dealt with: %(name)s") % {"name": row},
            _("Mark as dealt with"),
        )

    def bulk_handled(self, rows: list[Feedback], outcomes: Outcomes) -> None:
        for row in rows:
            if row.deal_with(by=self.user, now=self.now):
                outcomes.done.append(self.name(row))
            else:
                outcomes.changed.append(self.name(row))
        outcomes.report(
            self.request,
            lambda count: ngettext(
                "%(count)d marked as dealt with: ", "%(count)d marked as dealt with: ", count
            ),
        )


class UnansweredList(OfficeList):
    """What people typed and did not find, the latest week first."""

    slug, address = "unanswered", "portal:unanswered"
    heading = gettext_lazy("Looked for and not found")
    about = gettext_lazy(
        "Counted by week, without a person. What stands here often is missing in the topic words,"
        " or a course is missing."
    )

    words = Column(gettext_lazy("What was typed"), sort="words", width="w-title")
    times = Number(gettext_lazy("How often"), sort="times")
    week = Day(gettext_lazy("Week of"), sort="week")

    def rows(self) -> QuerySet[UnansweredQuery]:
        return UnansweredQuery.objects.all()

    def link(self, row: UnansweredQuery) -> str:
        return f"{reverse('portal:search')}?{urlencode({'q': row.words})}"

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("Every search has found something."),
            _("What people look for in vain appears here, without their names."),
        )


LISTS = (RoleList, FeedbackList, UnansweredList, *COVERAGE_LISTS)
