"""The list of cases on the desk of who writes and reviews them."""

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, FullDay
from academy.lists.listing import OfficeList

from .models import CaseStatus, PracticeCase

CASE_BADGES = {
    CaseStatus.DRAFT: "idle",
    CaseStatus.IN_REVIEW: "wait",
    CaseStatus.PUBLISHED: "ok",
    CaseStatus.TAKEN_DOWN: "bad",
}


class CaseFilter(django_filters.FilterSet):
    """A value that does not exist makes the form invalid: the page then shows an empty list."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Title"))
    status = django_filters.ChoiceFilter(
        choices=CaseStatus, label=_("State"), empty_label=pgettext_lazy("cases", "All")
    )

    class Meta:
        model = PracticeCase
        fields = ["q", "status"]


class CaseList(OfficeList):
    """The cases that one writes; the academy office sees all of them."""

    slug, address = "cases", "practicums:manage_cases"
    heading = gettext_lazy("Case library")
    filters = CaseFilter
    tie = ("code",)
    files = "cases"
    takes_ticks = True
    nothing_matches = gettext_lazy("No case stands there.")
    see_all = gettext_lazy("See all cases")

    title = Column(pgettext_lazy("column", "Case"), sort="title", width="w-title")
    code = Column(gettext_lazy("Code"), sort="code", on_phone=False)
    status = Badge(
        gettext_lazy("State"),
        lambda row: (CASE_BADGES[row.status], row.get_status_display()),
        sort="status",
    )
    theme = Column(gettext_lazy("Theme"), sort="theme")
    author = Column(gettext_lazy("Author"), "author.name", sort="author__name")
    changed = FullDay(pgettext_lazy("column", "Changed"), "updated_at", sort="updated_at")

    def rows(self) -> QuerySet[PracticeCase]:
        cases = PracticeCase.objects.worked_on_by(self.user)
        return cases.select_related("author").order_by("-updated_at", "code")

    def link(self, row: PracticeCase) -> str:
        return reverse("practicums:manage_case", args=[row.code])

    def name(self, row: PracticeCase) -> str:
        return row.title

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d case", "%(count)d cases", count) % {"count": count}

    def links(self) -> list[Link]:
        return [
            Link(_("As everybody sees it"), reverse("practicums:case_list")),
            Link(_("Write a case"), reverse("practicums:case_create"), "plus-lg", primary=True),
        ]

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("No case yet"),
            _(
                "Tell one piece of work: what the matter was, what was done, what came of it. One"
                " page is enough."
            ),
            reverse("practicums:case_create"),
            _("Write a case"),
        )


LISTS = (CaseList,)
