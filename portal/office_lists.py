"""The office's list of what the search did not answer."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.lists.actions import Nothing
from academy.lists.columns import Column, Day, Number
from academy.lists.listing import OfficeList

from .models import UnansweredQuery


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


LISTS = (UnansweredList,)
