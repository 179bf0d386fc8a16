"""The list of those who stand in for an approver."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Action, Column, FullDay, LongText
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import full_day

from ..models import Deputy


class DeputyList(OfficeList):
    """Who stands in for the person, now, later and before."""

    slug, address = "deputies", "trainees:deputies"
    template = "trainees/deputies.html"
    heading = gettext_lazy("Who stands in for me")
    about = gettext_lazy(
        "On these days a deputy approves what you could. You can still decide yourself; each"
        " decision says for whom it was made."
    )
    searched = ("person__name", "reason")
    has_steps_of_rows = True
    nothing = Nothing(gettext_lazy("Nobody stands in for you."))

    person = Column(pgettext_lazy("of a person", "Name"), "person.name", sort="person__name")
    phone = Column(gettext_lazy("Phone"), "person.masked_phone")
    begins = FullDay(pgettext_lazy("deputy", "First day"), "valid_from", sort="valid_from")
    ends = FullDay(pgettext_lazy("deputy", "Last day"), "valid_to", sort="valid_to")
    ended = FullDay(gettext_lazy("Ended on"), "ended_at", sort="ended_at")
    reason = LongText(gettext_lazy("Reason"))
    end = Action(pgettext_lazy("deputy", "End now"))

    @property
    def crumb(self) -> Link:
        return Link(_("Bookings to approve"), reverse("trainees:approvals"))

    def rows(self) -> QuerySet[Deputy]:
        own = Deputy.objects.filter(approver=self.user).select_related("person")
        return own.order_by("-valid_to", "pk")

    def name(self, row: Deputy) -> str:
        return row.person.name

    def show_ended(self, row: Deputy) -> str:
        if row.ended_at is None:
            return ""
        return _("ended on %(day)s") % {"day": full_day(row.ended_at)}

    @property
    def notes(self) -> list[str]:
        """Whether nobody stands in at present or later."""
        standing = self.rows().filter(ended_at__isnull=True, valid_to__gte=self.today)
        if self.page.paginator.count and not standing.exists():
            return [*super().notes, _("Nobody stands in for you.")]
        return super().notes

    def show_end(self, row: Deputy) -> str:
        if row.ended_at or row.valid_to < self.today:
            return ""
        return format_html(
            '<button class="btn btn-quiet" formaction="{}" aria-label="{}：{}">{}</button>',
            reverse("trainees:end_deputy", args=[row.pk]),
            pgettext("deputy", "End now"),
            row.person.name,
            pgettext("deputy", "End now"),
        )
