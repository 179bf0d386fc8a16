"""The register of experts."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, Hours, LongText, Number
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import clock, short_day

from ..experts import matching, with_load
from ..forms.rooms import ExpertSearchForm
from ..models import Expert
from ..schedule.free_times import next_free_times
from ..schedule.season import Season

TIMES_SHOWN = 2


def _free_in_words(expert: Expert) -> str:
    return pgettext("between names", ", ").join(
        f"{short_day(begins)} {clock(begins)}" for begins, _ends in expert.free
    )


class ExpertList(OfficeList):
    """Who teaches what, how much in this season, and when they are free next."""

    slug, address = "experts", "courses:manage_experts"
    heading = pgettext_lazy("navigation", "Experts")
    tie = ("code",)
    files = "experts"
    nothing_matches = gettext_lazy("No expert matches.")
    see_all = gettext_lazy("See all experts")

    expert = Column(pgettext_lazy("of a person", "Name"), "name", sort="name")
    code = Column(gettext_lazy("Code"), sort="code", on=False, on_phone=False)
    category = Column(gettext_lazy("Category"), sort="category")
    unit = Column(
        gettext_lazy("Unit"),
        lambda row: row.village.name if row.village else row.organisation,
        sort=("village__name", "organisation"),
        width="w-place",
    )
    post = LongText(pgettext_lazy("of a person", "Post"), "title", sort="title", on=False)
    specialities = LongText(gettext_lazy("Specialities"), sort="specialities")
    practice = LongText(
        gettext_lazy("Signature practice"), "signature_practice", on=False, on_phone=False
    )
    lessons = Number(gettext_lazy("Lessons this season"), "season_lessons", sort="season_lessons")
    hours = Hours(gettext_lazy("Hours this season"), "season_hours", sort="season_hours")
    free = Column(gettext_lazy("Next free"), _free_in_words)
    seen_by = Badge(
        gettext_lazy("Shown to"),
        lambda row: (
            ("ok", pgettext("shown to", "everybody"))
            if row.published
            else ("idle", pgettext("shown to", "staff"))
        ),
        sort="published",
    )

    @property
    def season(self) -> Season:
        return Season.of(self.today)

    @cached_property
    def form(self) -> ExpertSearchForm:
        known = Expert.objects.visible_to(self.user).order_by("category")
        categories = known.values_list("category", flat=True).distinct()
        return ExpertSearchForm(self.request.GET, categories=categories)

    def rows(self) -> QuerySet[Expert]:
        known = Expert.objects.visible_to(self.user).select_related("village__town")
        return with_load(known, self.season).order_by("code")

    @cached_property
    def found(self) -> Any:
        if not self.is_known:
            return []
        wanted = self.form.cleaned_data
        return matching(
            self.rows(), words=wanted["q"], category=wanted["category"], span=self.form.span
        )

    def prepared(self, rows: list[Expert]) -> list[Expert]:
        """With the next times at which they are free."""
        free = next_free_times(rows, now=self.now, count=TIMES_SHOWN)
        for row in rows:
            row.free = free[row.pk]
        return rows

    def link(self, row: Expert) -> str:
        return row.get_absolute_url()

    def count_words(self, count: int) -> str:
        return ngettext("%(count)s expert", "%(count)s experts", count) % {"count": count}

    def links(self) -> list[Link]:
        if not self.user.has_perm("courses.change_expert"):
            return []
        new = reverse("courses:expert_create")
        return [Link(_("New expert"), new, "plus-lg", primary=True)]

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("No expert yet"), _("The academy office keeps the register, or sends a table of it.")
        )
