"""The list of claims of study hours from elsewhere."""

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Nothing
from academy.lists.columns import Badge, Column, FullDay, Hours, LongText
from academy.lists.listing import OfficeList

from ..models import ClaimStatus, HourClaim

BADGES = {ClaimStatus.ASKED: "wait", ClaimStatus.APPROVED: "ok", ClaimStatus.RETURNED: "idle"}


class HourClaimList(OfficeList):
    """Those that wait first, the oldest before the others; then what was decided."""

    slug, address = "hour-claims", "trainees:hour_claims"
    heading = gettext_lazy("Claims of study hours")
    about = gettext_lazy("Training elsewhere, with its evidence. What is approved is posted.")
    files = "outside-hours"
    searched = ("trainee__user__name", "title", "organiser")
    nothing = Nothing(
        gettext_lazy("No claim has been handed in."),
        gettext_lazy("People hand them in on their page of study hours."),
    )

    training = LongText(
        pgettext_lazy("of a training", "Title of the training"), "title", sort="title"
    )
    person = Column(
        pgettext_lazy("of a person", "Name"), "trainee.name", sort="trainee__stroke_key"
    )
    unit = Column(
        pgettext_lazy("unit", "Village"), "trainee.village.name", sort="trainee__village__code"
    )
    organiser = LongText(gettext_lazy("Organiser"), sort="organiser")
    first_day = FullDay(pgettext_lazy("of a training", "First day"), "starts_on", sort="starts_on")
    hours = Hours(gettext_lazy("Study hours"), sort="hours")
    state = Badge(
        pgettext_lazy("of a claim", "State"),
        lambda row: (BADGES[row.status], row.get_status_display()),
    )

    def rows(self) -> QuerySet[HourClaim]:
        decided = Case(
            When(status=ClaimStatus.ASKED, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        return (
            HourClaim.objects.visible_to(self.user)
            .select_related("trainee__user", "trainee__village")
            .order_by(decided, "asked_at", "pk")
        )

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d claim", "%(count)d claims", count) % {"count": count}

    def name(self, row: HourClaim) -> str:
        return row.title

    def link(self, row: HourClaim) -> str:
        return reverse("trainees:hour_claim", args=[row.pk])
