"""The lists of lecture fees, as a list of the office."""

from collections.abc import Iterable

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, Day, Number, Yuan
from academy.lists.listing import OfficeList
from courses.schedule.season import Season

from ..models import FeeListStatus, LectureFeeList
from ..owners import owner_named

BADGES = {
    FeeListStatus.DRAFT: "idle",
    FeeListStatus.RETURNED: "bad",
    FeeListStatus.MADE_OUT: "wait",
    FeeListStatus.CHECKED: "wait",
    FeeListStatus.APPROVED: "ok",
}


class FeeListFilter(django_filters.FilterSet):
    """What there are lists of. An unknown value gives an empty list and a sentence, never an error
    page.
    """

    season = django_filters.ChoiceFilter(
        method="of_season",
        label=gettext_lazy("Season"),
        empty_label=pgettext_lazy("filter", "All"),
    )
    status = django_filters.ChoiceFilter(
        choices=FeeListStatus,
        label=pgettext_lazy("of a plan", "Status"),
        empty_label=pgettext_lazy("filter", "All"),
    )
    owner = django_filters.ChoiceFilter(
        method="of_owner",
        label=pgettext_lazy("of a plan", "Unit"),
        empty_label=gettext_lazy("All units"),
    )

    class Meta:
        model = LectureFeeList
        fields = ["season", "status", "owner"]

    def __init__(self, *args, lists: Iterable[LectureFeeList], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        lists = list(lists)
        seasons = sorted({one.season for one in lists}, reverse=True)
        owners = {one.owner.code: one.owner.name for one in lists}
        self.filters["season"].extra["choices"] = [(str(one), one.in_words) for one in seasons]
        self.filters["owner"].extra["choices"] = list(owners.items())

    def of_season(self, rows, _name: str, season: str):
        return rows.in_season(Season.parse(season))

    def of_owner(self, rows, _name: str, code: str):
        return rows.of_owner(owner_named(code))


class FeeLists(OfficeList):
    """The newest season first; within it units in the order of their codes, never by value."""

    slug, address = "lecture-fees", "plans:fee_lists"
    heading = pgettext_lazy("navigation", "Lecture fees")
    about = gettext_lazy(
        "One list for a unit and a season: made out, checked and approved by three people, then"
        " signed for."
    )
    takes_ticks = True
    nothing_matches = gettext_lazy("No list fits.")
    see_all = gettext_lazy("All lists")

    owner = Column(pgettext_lazy("of a plan", "Unit"), "owner.name", width="w-place")
    season = Column(gettext_lazy("Season"), "season.in_words")
    status = Badge(
        pgettext_lazy("of a plan", "Status"),
        lambda row: (BADGES[row.status], row.get_status_display()),
        sort="status",
    )
    number = Number(pgettext_lazy("of lecture fees", "List"), "number", sort="number")
    lecturers = Number(
        pgettext_lazy("how many", "Lecturers"), "lecturer_total", sort="lecturer_total"
    )
    rows_of = Number(pgettext_lazy("of lecture fees", "Rows"), "row_total", on=False)
    fees = Yuan(gettext_lazy("Lecture fees (yuan)"), "yuan_total", sort="yuan_total")
    received = Column(
        gettext_lazy("Signed for"),
        lambda row: f"{row.received_total}/{row.paid_total}" if row.is_approved else "",
    )
    approved = Day(gettext_lazy("Approved on"), "approved_on", sort="approved_on", on_phone=False)
    reason = Column(gettext_lazy("Why a supplementary list"), "reason", on=False)

    def rows(self) -> QuerySet[LectureFeeList]:
        return self._seen.with_totals().in_code_order()

    @property
    def _seen(self) -> QuerySet[LectureFeeList]:
        return LectureFeeList.objects.visible_to(self.user).with_owner()

    @cached_property
    def filterset(self) -> FeeListFilter:
        lists = self._seen.in_code_order()
        return FeeListFilter(self.request.GET, queryset=self.rows(), lists=lists)

    def link(self, row: LectureFeeList) -> str:
        return row.get_absolute_url()

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d list", "%(count)d lists", count) % {"count": count}

    def links(self) -> list[Link]:
        begin = reverse("plans:fee_list_begin")
        return [Link(_("Begin a list of lecture fees"), begin, "plus-lg", primary=True)]

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("No list of lecture fees yet"),
            _("A list begins with the lessons that were really taught; you type the fees."),
            reverse("plans:fee_list_begin"),
            _("Begin a list of lecture fees"),
        )


LISTS = (FeeLists,)
